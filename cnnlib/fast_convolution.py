"""How does NumPy convolve fast?

By handing BLAS large matrices to multiply, without first copying every pixel kh * kw times (the
usual "im2col"). Two ideas, both to be seen in `operations.convolution_matrix`:

- Windows overlap. Copy the columns that a window covers as one strip, row after row: the window
  starts it, and the window below starts a little later in the same strip, so that a view of the
  strips holds them all. A strip serves `deep` windows, one below the other.
- Neighbours share. With few filters such a product is too narrow to be fast. So make a strip
  `wide` windows wide, and multiply it by as many copies of the kernels, each one stride further
  on: a corner of the banded matrix, zeros included. More sums, in less time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnnlib.windows import FLOATS, Windows

Array = np.ndarray
SCRATCH = 40 * 2**20  # bytes that a part of a convolution may need besides input and output
NARROW = 16  # columns: filling them took LeNet's C1 0.61 of the time, a photograph's 3×3 0.21
LOW = 300  # rows: cutting strips for them took AlexNet's conv1 0.93 of the time, conv2 0.96


def convolve(images: Array, kernels: Array, windows: Windows, output: Array) -> None:
    """Write the feature maps of images (N, H, W, C) under kernels (kh, kw, C, F) into output.

    >>> maps = np.empty((1, 1, 2, 1))
    >>> convolve(np.ones((1, 2, 3, 1)), np.ones((2, 2, 1, 1)), Windows.over((2, 3), 2), maps)
    >>> maps.ravel()
    array([4., 4.])

    Floats, undilated and finite, go by strips, the rest tap by tap: BLAS has no integers, a
    dilated kernel is mostly zeros, and a zero of the band times NaN or infinity would carry a bad
    pixel over to windows that do not see it.
    """
    plain = images.dtype in FLOATS and max(windows.dilation) == 1
    for given, maps, part in _parts(images, output, windows):
        if plain and np.isfinite(np.vdot(given, given)):
            _multiply_strips(given, kernels, part, maps)
        else:
            _add_taps(given, kernels, part, maps)


def _parts(
    images: Array, output: Array, windows: Windows
) -> Iterator[tuple[Array, Array, Windows]]:
    """Halve the images, then the rows, then the columns, until a part fits into SCRATCH."""
    n, height, width, _ = output.shape
    down, across, rows, columns = _strips(output, windows)[2:]
    pixels = (windows.span[0] * windows.span[1] + down * across * rows * columns) * n
    scratch = images.itemsize * (pixels * images.shape[-1] + output.size)
    if scratch <= SCRATCH or n * height * width <= 1:
        yield images, output, windows
        return
    axis = next(axis for axis in range(3) if output.shape[axis] > 1)
    middle, end = output.shape[axis] // 2, output.shape[axis]
    for start, stop in ((0, middle), (middle, end)):
        here = (slice(None),) * axis + (slice(start, stop),)
        part = windows if axis == 0 else windows.part(axis - 1, start, stop)
        yield from _parts(images[here] if axis == 0 else images, output[here], part)


def _strips(output: Array, windows: Windows) -> tuple[int, ...]:
    """Return how many windows share a strip, how many strips there are, and their size."""
    n, height, width, filters = output.shape
    wide = 1 if filters > NARROW else _divisor(width, max(2, NARROW // filters))
    across = -(-width // wide)
    deep = height if wide > 1 else _divisor(height, n * across * height // LOW)
    (down, right), (kh, kw) = windows.strides, windows.size
    return deep, wide, -(-height // deep), across, (deep - 1) * down + kh, (wide - 1) * right + kw


def _divisor(length: int, most: int) -> int:
    """Return a divisor of the length of at most this size, if there is one not much smaller."""
    most = min(max(most, 1), length)
    return next((n for n in range(most, most // 4, -1) if length % n == 0), most)


def _multiply_strips(images: Array, kernels: Array, windows: Windows, output: Array) -> None:
    (n, channels, filters), (below, beside) = (len(images), *kernels.shape[2:]), windows.strides
    deep, wide, down, across, rows, columns = _strips(output, windows)
    padded = replace(windows, count=(down * deep, across * wide)).pad(images)
    row, line = padded.shape[2] * channels, columns * channels
    steps = padded.shape[1] * row, deep * below * row, wide * beside * channels, row, 1
    strips = _overlapping(padded, (n, down, across, rows, line), steps)
    shape = deep, n * down * across, len(kernels) * line
    seen = _overlapping(strips, shape, (below * line, rows * line, 1))
    product = seen @ _band(kernels, wide, columns, beside)
    maps = product.reshape(deep, n, down, across * wide, filters).transpose(1, 2, 0, 3, 4)
    for i in range(down):
        there = output[:, i * deep : (i + 1) * deep]
        there[...] = maps[:, i, : there.shape[1], : there.shape[2]]


def _overlapping(array: Array, shape: tuple[int, ...], steps: tuple[int, ...]) -> Array:
    """See the array, laid out without gaps, in another shape: so many numbers from item to item."""
    array = np.ascontiguousarray(array)
    return as_strided(array, shape, [step * array.itemsize for step in steps])


def _band(kernels: Array, wide: int, columns: int, stride: int) -> Array:
    kh, kw, channels, filters = kernels.shape
    band = kernels if wide == 1 else np.zeros((kh, columns, channels, wide, filters), kernels.dtype)
    for i in range(wide if wide > 1 else 0):
        band[:, i * stride : i * stride + kw, :, i] = kernels
    return band.reshape(kh * columns * channels, wide * filters)


def _add_taps(images: Array, kernels: Array, windows: Windows, output: Array) -> None:
    padded = windows.pad(images)
    output[...] = 0
    for row, col, pixels in windows.taps():
        output += padded[pixels] @ kernels[row, col]
