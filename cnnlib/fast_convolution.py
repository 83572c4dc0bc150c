"""How does NumPy convolve as fast as a framework?

By handing BLAS, which multiplies matrices, few and large ones, without copying every pixel
kh * kw times first (the usual "im2col"). Two ideas, both to be seen in `convolution_matrix`:

- Windows overlap. Copy each row of windows' columns once, as a strip: the pixels of its first
  row, then those of the next row below. A window is an unbroken run of its strip, and the window
  below it starts a little later in the same strip: a view finds them all, nothing is copied.
- Neighbours share. With few filters such a product is too narrow to be fast. So let a strip be
  as wide as `block` neighbouring windows, and multiply it by `block` copies of the kernels, each
  one stride further on: a corner of the banded matrix, zeros included. More sums, in less time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cnnlib.windows import FLOATS, Windows

SCRATCH = 32 * 2**20  # bytes: what one part of a convolution may use besides input and output
WIDTH = 16  # columns of a product: one vector register of float32, see `_neighbours`


def convolve(images: np.ndarray, kernels: np.ndarray, windows: Windows) -> np.ndarray:
    """Return the feature maps of images (N, H, W, C) under kernels (kh, kw, C, F).

    >>> windows = Windows.over((2, 3), size=2)
    >>> convolve(np.ones((1, 2, 3, 1)), np.ones((2, 2, 1, 1)), windows).ravel()
    array([4., 4.])

    Scratch memory stays below 64 MB, whatever the input: a large one is cut into parts.
    """
    filters = kernels.shape[-1]
    output = np.empty((len(images), *windows.count, filters), images.dtype)
    block = _neighbours(filters, windows)
    for images_part, output_part, part in _parts(images, output, windows, block):
        if _in_strips(images_part, windows):
            _multiply_strips(images_part, kernels, part, block, output_part)
        else:
            _add_tap_by_tap(images_part, kernels, part, output_part)
    return output


def _neighbours(filters: int, windows: Windows) -> int:
    """Return how many windows side by side share one product: a divisor where that is close."""
    blocks = -(-windows.count[1] // max(1, WIDTH // filters))
    return -(-windows.count[1] // blocks)


def _in_strips(images: np.ndarray, windows: Windows) -> bool:
    """Tell whether strips serve: not where a zero of the band would do harm.

    BLAS has no integers, a dilated kernel is mostly zeros, and zero times NaN or infinity is NaN,
    which would spread from a bad pixel to windows that do not see it.
    """
    if images.dtype not in FLOATS or max(windows.dilation) > 1:
        return False
    return bool(np.isfinite(np.vdot(images, images)))


def _parts(
    images: np.ndarray, output: np.ndarray, windows: Windows, block: int
) -> Iterator[tuple[np.ndarray, np.ndarray, Windows]]:
    """Halve images, then rows, then columns until what a part needs fits into SCRATCH."""
    (rows, cols), (n, height, width) = windows.span, output.shape[:3]
    strips = -(-width // block) * (windows.size[1] + (block - 1) * windows.strides[1])
    pixels = n * rows * images.shape[-1] * (cols + strips)
    if images.itemsize * (pixels + output.size) <= SCRATCH or n * height * width <= 1:
        yield images, output, windows
        return
    axis = next(axis for axis in range(3) if output.shape[axis] > 1)
    half, end = output.shape[axis] // 2, output.shape[axis]
    for start, stop in ((0, half), (half, end)):
        here = (slice(None),) * axis + (slice(start, stop),)
        if axis == 0:
            yield from _parts(images[here], output[here], windows, block)
        else:
            part = windows.part(axis - 1, start, stop)
            yield from _parts(images, output[here], part, block)


def _multiply_strips(
    images: np.ndarray, kernels: np.ndarray, windows: Windows, block: int, output: np.ndarray
) -> None:
    (kh, kw, channels, filters), (n, height, width, _) = kernels.shape, output.shape
    (down, right), blocks = windows.strides, -(-width // block)
    wide = kw + (block - 1) * right
    band = np.zeros((kh, wide, channels, block, filters), kernels.dtype)
    for b in range(block):
        band[:, b * right : b * right + kw, :, b] = kernels
    padded = replace(windows, count=(height, blocks * block)).pad(images)
    rows, line = padded.shape[1], wide * channels
    strips = np.empty((n * blocks, rows * line), images.dtype)
    across = sliding_window_view(padded, wide, axis=2)[:, :, :: block * right]
    strips.reshape(n, blocks, rows, wide, channels)[...] = across.transpose(0, 2, 1, 4, 3)
    runs = sliding_window_view(strips, kh * line, axis=1)[:, :: down * line]
    product = runs.swapaxes(0, 1) @ band.reshape(kh * line, block * filters)
    output[...] = product.reshape(height, n, blocks * block, filters)[:, :, :width].swapaxes(0, 1)


def _add_tap_by_tap(
    images: np.ndarray, kernels: np.ndarray, windows: Windows, output: np.ndarray
) -> None:
    padded = windows.pad(images)
    output[...] = 0
    for row, col, pixels in windows.taps():
        output += padded[pixels] @ kernels[row, col]
