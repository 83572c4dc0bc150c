"""Are the strips of a fast convolution cut right, and is their memory lent to one at a time?"""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnlib import fast_convolution, scratch, strips
from cnnlib.strips import Strips
from cnnlib.windows import Windows

sizes = st.tuples(st.integers(1, 40), st.integers(1, 40))


def arrays(n, image, kernel, channels, filters, strides=1):
    """Return images, kernels, windows and an empty output."""
    random = np.random.default_rng(0)
    images = random.normal(size=(n, *image, channels))
    windows = Windows.over(image, kernel, strides, "same")
    output = np.full((n, *windows.count, filters), np.nan)
    return images, random.normal(size=(*kernel, channels, filters)), windows, output


def tap_by_tap(images, kernels, windows):
    padded = windows.pad(images)
    return sum(padded[pixels] @ kernels[row, column] for row, column, pixels in windows.taps())


@given(st.integers(1, 5), sizes, st.integers(1, 3), st.integers(1, 70), st.integers(1, 2**20))
@example(1, (13, 31), 1, 2, 2**20)
@settings(max_examples=200)
def test_parts_cover_each_output_once_and_hold_whole_strips(n, image, stride, filters, memory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scratch, "SIZE", memory)
        images, _, windows, output = arrays(n, image, (3, 2), 2, filters, stride)
        output[...] = 0
        for given_images, part, maps, cut in strips.parts(images, windows, output):
            maps += 1
            assert maps.shape == (len(given_images), *part.count, filters)
            if cut.size <= memory:
                assert maps.shape[1] % (cut.deep or 1) == 0 == maps.shape[2] % cut.wide
            else:
                assert maps.shape[:3] == (1, 1, 1)
    assert (output == 1).all()


@pytest.mark.parametrize("deep", [0, 1, 2, 3, 6])
@pytest.mark.parametrize("wide", [1, 2, 4, 8])
@pytest.mark.parametrize("strides", [1, (2, 3)])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_strips_of_every_kind_convolve(monkeypatch, deep, wide, strides, channels, dtype):
    down, right = np.array([1, 1]) * strides
    image, kernel = (6 * down, 8 * right), (5, 3)
    images, kernels, windows, output = arrays(3, image, kernel, channels, 4, strides)
    images, kernels, output = (array.astype(dtype) for array in (images, kernels, output))
    plan = Strips(deep, wide, size=2**20)
    monkeypatch.setattr(Strips, "plan", lambda *_: plan)
    twice = np.concatenate([output, output], axis=-1)
    fast_convolution.convolve(images, kernels, windows, output)
    fast_convolution.convolve(images, kernels, windows, twice[..., 4:])
    expected = tap_by_tap(images, kernels, windows)
    tolerance = {"f4": 1e-4, "f8": 1e-12}[dtype]
    np.testing.assert_allclose(output, expected, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(twice[..., 4:], expected, rtol=tolerance, atol=tolerance)
    assert np.isnan(twice[..., :4]).all()


@pytest.mark.parametrize(
    ("name", "images", "kernels", "goes_right"),
    [
        ("LeNet's C1", (64, 32, 32, 1), (5, 5, 1, 6), True),
        ("a photograph", (1, 512, 512, 1), (11, 11, 1, 1), False),
        ("MNIST under 32 filters", (64, 28, 28, 1), (3, 3, 1, 32), True),
    ],
)
def test_strips_go_the_way_that_was_measured_to_be_faster(name, images, kernels, goes_right):
    images, windows = np.empty(images, "f"), Windows.over(images[1:3], kernels[:2])
    output = np.empty((len(images), *windows.count, kernels[-1]), "f")
    plan = next(strips.parts(images, windows, output))[3]
    assert (plan.deep == 0) == goes_right, name


class TestScratch:
    @pytest.fixture(autouse=True)
    def _nothing_kept(self, monkeypatch):
        monkeypatch.setattr(scratch, "_spare", [])

    def test_is_never_lent_to_two_at_once(self):
        with scratch.borrow(1000) as one, scratch.borrow(1000) as other:
            assert not np.may_share_memory(one, other)

    def test_is_lent_by_turns_and_then_again(self):
        third = scratch.SIZE // 8 // 3
        places = []
        for _ in range(6):
            with scratch.borrow(third) as memory:
                assert memory.size == third
                places.append(memory.ctypes.data)
        assert len(set(places)) in (2, 3)
        assert len(set(places[:2])) == 2
        assert len(scratch._spare) == 1

    def test_lends_all_it_has(self):
        with scratch.borrow(1), scratch.borrow(scratch.SIZE) as memory:
            assert memory.size == scratch.SIZE
