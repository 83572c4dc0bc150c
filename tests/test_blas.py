"""Do products keep to the threads they are given, and convolutions called at once apart?"""

import threading

import numpy as np
import pytest

from cnnlib import blas, operations


@pytest.fixture
def three_threads():
    """Let products use three threads, whatever this process was started with."""
    put = blas._openblas("set")
    if not put:
        pytest.skip("this NumPy does not stand on OpenBLAS, whose threads these tests count")
    before = blas.threads()
    put(3)
    yield
    put(before)


class TestOneThread:
    def test_holds_within_and_ends_with_it(self):
        before = blas.threads()
        with blas.one_thread():
            assert blas.threads() == 1
        assert blas.threads() == before

    def test_ends_when_something_fails_within(self):
        before = blas.threads()
        with pytest.raises(KeyError), blas.one_thread():
            raise KeyError
        assert blas.threads() == before

    def test_lasts_until_the_last_has_left_whoever_came_first(self, three_threads):
        first, second = blas.one_thread(), blas.one_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert blas.threads() == 1
        second.__exit__(None, None, None)
        assert blas.threads() == 3

    def test_changes_nothing_where_numpy_has_no_openblas(self, monkeypatch):
        monkeypatch.setattr(blas, "_openblas", lambda verb: None)
        with blas.one_thread():
            assert blas.threads() == 1
            assert (np.ones((2, 3)) @ np.ones((3, 2)) == 3).all()

    def test_finds_no_openblas_in_a_numpy_that_hides_its_modules(self, monkeypatch):
        monkeypatch.setattr(blas, "np", None)
        assert blas._openblas.__wrapped__("get") is None


def test_convolutions_called_from_several_threads_do_not_mix(three_threads):
    images = np.random.default_rng(0).normal(size=(8, 6, 40, 40, 1))
    kernels = np.random.default_rng(1).normal(size=(5, 5, 1, 2))
    expected = [operations.conv2d(given, kernels) for given in images]
    outputs = [[] for _ in images]

    def convolve(index):
        outputs[index] += [operations.conv2d(images[index], kernels) for _ in range(20)]

    threads = [threading.Thread(target=convolve, args=(index,)) for index in range(len(images))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for found, right in zip(outputs, expected, strict=True):
        assert len(found) == 20
        assert all(np.allclose(output, right, rtol=1e-12, atol=1e-12) for output in found)
    assert blas.threads() == 3
