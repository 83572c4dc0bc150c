"""Do products keep to the threads they are given, and convolutions called at once apart?"""

import sys
import threading

import numpy as np
import pytest

from cnnlib import blas, operations


def threads():
    """How many threads a product may use, as threadpoolctl finds them anew."""
    from threadpoolctl import threadpool_info

    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@pytest.fixture
def three_threads():
    """Let products use three threads, whatever this process was started with."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(3, "blas"):
        yield
        assert set(threads()) == {3}


class TestOneThread:
    def test_holds_within_and_ends_with_it(self, three_threads):
        with blas.one_thread():
            assert set(threads()) == {1}
        assert set(threads()) == {3}

    def test_ends_when_something_fails_within(self, three_threads):
        with pytest.raises(KeyError), blas.one_thread():
            raise KeyError
        assert set(threads()) == {3}

    def test_lasts_until_the_last_has_left_whoever_came_first(self, three_threads):
        first, second = blas.one_thread(), blas.one_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert set(threads()) == {1}
        second.__exit__(None, None, None)
        assert set(threads()) == {3}

    def test_changes_nothing_where_threadpoolctl_is_not_installed(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "threadpoolctl", None)
        libraries = blas._libraries.__wrapped__
        assert libraries() == []
        monkeypatch.setattr(blas, "_libraries", libraries)
        with blas.one_thread():
            assert (np.ones((2, 3)) @ np.ones((3, 2)) == 3).all()


def test_convolutions_called_from_several_threads_do_not_mix(three_threads):
    images = np.random.default_rng(0).normal(size=(8, 6, 40, 40, 1))
    kernels = np.random.default_rng(1).normal(size=(5, 5, 1, 2))
    expected = [operations.conv2d(given, kernels) for given in images]
    outputs = [[] for _ in images]

    def convolve(index):
        outputs[index] += [operations.conv2d(images[index], kernels) for _ in range(20)]

    callers = [threading.Thread(target=convolve, args=(index,)) for index in range(len(images))]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    for found, right in zip(outputs, expected, strict=True):
        assert len(found) == 20
        assert all(np.allclose(output, right, rtol=1e-12, atol=1e-12) for output in found)
    assert set(threads()) == {3}
