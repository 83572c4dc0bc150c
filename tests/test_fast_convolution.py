"""Does a fast convolution sum what it should, in parts that fit, in memory of its own?"""

from collections import deque

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnlib import fast_convolution
from cnnlib.windows import Windows

sizes = st.tuples(st.integers(1, 40), st.integers(1, 40))


@pytest.fixture
def scratch(monkeypatch):
    """Give convolutions so many bytes, and nothing of an earlier one's."""
    monkeypatch.setattr(fast_convolution, "_last", deque(maxlen=1))
    return lambda size: monkeypatch.setattr(fast_convolution, "SCRATCH", size)


def arrays(n, image, kernel, channels, filters, strides=1, dtype="f8"):
    """Return images, kernels, windows and an empty output."""
    random = np.random.default_rng(0)
    images = random.normal(size=(n, *image, channels)).astype(dtype)
    kernels = random.normal(size=(*kernel, channels, filters)).astype(dtype)
    windows = Windows.over(image, kernel, strides, "same")
    return images, kernels, windows, np.full((n, *windows.count, filters), np.nan, dtype)


def tap_by_tap(images, kernels, windows):
    padded = windows.pad(images)
    return sum(padded[pixels] @ kernels[row, column] for row, column, pixels in windows.taps())


@given(st.integers(1, 5), sizes, st.integers(1, 3), st.integers(1, 70), st.integers(1, 2**20))
@example(1, (13, 31), 1, 2, 2**20)
@settings(max_examples=200)
def test_parts_fit_and_cover_each_output_once(n, image, stride, filters, memory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_convolution, "SCRATCH", memory)
        images, _, windows, output = arrays(n, image, (3, 2), 2, filters, stride)
        output[...] = 0
        for some, part, maps in fast_convolution._parts(images, windows, output):
            maps += 1
            assert maps.shape == (len(some), *part.count, filters)
            fits = fast_convolution._size(some, part, maps) <= memory
            assert fits or maps.shape[:3] == (1, 1, 1)
    assert (output == 1).all()


@pytest.mark.parametrize("filters", [1, 3, 5, 16, 40])
@pytest.mark.parametrize("width", [1, 8, 15, 33])
@pytest.mark.parametrize("strides", [1, (2, 3)])
@pytest.mark.parametrize("kernel", [(5, 3), (2, 4)])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_strips_convolve(scratch, filters, width, strides, kernel, channels, dtype):
    image = np.array([6, width]) * strides
    shape = 3, tuple(image), kernel, channels, filters
    images, kernels, windows, output = arrays(*shape, strides, dtype)
    twice = np.concatenate([output, output], axis=-1)
    fast_convolution.convolve(images, kernels, windows, output)
    fast_convolution.convolve(images, kernels, windows, twice[..., filters:])
    assert len(fast_convolution._last) == 1  # so strips were cut
    expected = tap_by_tap(images, kernels, windows)
    tolerance = {"f4": 1e-4, "f8": 1e-12}[dtype]
    np.testing.assert_allclose(output, expected, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(twice[..., filters:], expected, rtol=tolerance, atol=tolerance)
    assert np.isnan(twice[..., :filters]).all()


def test_a_window_too_large_for_the_scratch_is_summed_tap_by_tap(scratch):
    scratch(640)
    images, kernels, output = np.ones((1, 9, 9, 3)), np.ones((9, 9, 3, 2)), np.empty((1, 1, 1, 2))
    fast_convolution.convolve(images, kernels, Windows.over((9, 9), 9), output)
    assert output.ravel().tolist() == [243, 243]
    assert not fast_convolution._last


def test_small_strips_lie_where_the_last_did_not(scratch):
    images, kernels, windows, output = arrays(4, (20, 20), (5, 5), 1, 6)
    places = []
    for _ in range(3):
        fast_convolution.convolve(images, kernels, windows, output)
        places.append(fast_convolution._last[0].ctypes.data)
    assert places[0] != places[1] != places[2]


@pytest.mark.parametrize(
    ("name", "images", "kernels", "strides", "padding", "blocks"),
    [
        ("LeNet's C1", (64, 32, 32), (5, 5, 1, 6), 1, "valid", 1),
        ("a photograph", (1, 512, 512), (11, 11, 1, 1), 1, "valid", 1),
        ("AlexNet's conv2", (4, 27, 27), (5, 5, 96, 256), 1, "same", 9),
        ("one image in AlexNet's conv3", (1, 13, 13), (3, 3, 256, 384), 1, "same", 13),
    ],
)
def test_large_kernels_get_more_windows_to_a_product(
    name, images, kernels, strides, padding, blocks
):
    windows = Windows.over(images[1:], kernels[:2], strides, padding)
    output = np.empty((images[0], *windows.count, kernels[3]), "f")
    assert fast_convolution._blocks(windows, output) == blocks, name
