"""How does NumPy convolve fast?

By handing BLAS large matrices, without copying every pixel kh * kw times (the usual "im2col").
Two ideas, both to be seen in `operations.convolution_matrix`:

- Windows overlap. So copy each pixel kh times only: a strip holds the kh image rows under one row
  of the output, column by column, and each window of that row is a run of its numbers. The windows
  of one output column, in all rows of all images, are then a matrix without a copy.
- Neighbours share. With few filters that product is too narrow to be fast. So let it give several
  output columns, from as many copies of the kernels, each one stride further on: a corner of the
  layer's matrix, zeros included, which all the rest repeats. More sums, in less time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnnlib.windows import FLOATS, Windows

Array = np.ndarray
SCRATCH = 32 * 2**20  # bytes that a part of a convolution may need besides input and output
NARROW = 8  # columns: filling these took LeNet's C1 0.76 of the time, a photograph's 3×3 0.37
_spare: list[Array] = []  # scratch, kept for the next call: new pages took LeNet's C1 2.2 times


def convolve(images: Array, kernels: Array, windows: Windows, output: Array) -> None:
    """Write the feature maps of images (N, H, W, C) under kernels (kh, kw, C, F) into output.

    >>> maps = np.empty((1, 1, 2, 1))
    >>> convolve(np.ones((1, 2, 3, 1)), np.ones((2, 2, 1, 1)), Windows.over((2, 3), 2), maps)
    >>> maps.ravel()
    array([4., 4.])
    """
    if output.size == 0:
        return
    try:
        scratch = _spare.pop()
    except IndexError:  # the first call, or another thread has it
        scratch = np.empty(SCRATCH, np.uint8)
    for part in _parts(images, windows, output):
        _convolve_part(kernels, scratch, *part)
    _spare.append(scratch)


def _parts(images: Array, windows: Windows, output: Array) -> Iterator[tuple]:
    """Halve the images, then the rows, then the columns, until a part fits into SCRATCH."""
    axis = next((axis for axis in range(3) if output.shape[axis] > 1), None)
    if _bytes(images, windows, output) <= SCRATCH or axis is None:
        yield images, windows, output
        return
    end = output.shape[axis]
    for start, stop in ((0, end // 2), (end // 2, end)):
        here = (slice(None),) * axis + (slice(start, stop),)
        half = windows if axis == 0 else windows.part(axis - 1, start, stop)
        yield from _parts(images[here] if axis == 0 else images, half, output[here])


def _bytes(images: Array, windows: Windows, output: Array) -> int:
    pixels = len(images) * windows.span[1] * (windows.span[0] + windows.count[0] * windows.size[0])
    return images.itemsize * (pixels * images.shape[3] + output.size)  # padded, in strips; maps


def _convolve_part(
    kernels: Array, scratch: Array, images: Array, windows: Windows, output: Array
) -> None:
    """Choose how: floats go by strips, the rest a tap at a time.

    BLAS has no integers, a dilated kernel is mostly zeros, and a zero of the corner times NaN or
    infinity would carry a bad pixel over to windows that do not see it.
    """
    padded = np.ascontiguousarray(windows.pad(images))
    plain = images.dtype in FLOATS and max(windows.dilation) == 1
    fits = _bytes(images, windows, output) <= scratch.size
    if plain and fits and np.isfinite(np.vdot(padded, padded)):
        _strips(padded, kernels, windows, scratch, output)
    else:
        _taps(padded, kernels, windows, output)


def _corner(kernels: Array, wide: int, right: int) -> Array:
    """Repeat the kernels, each time one stride further on: (taps of all, columns and filters)."""
    kh, kw, channels, filters = kernels.shape
    corner = np.zeros(((wide - 1) * right + kw, channels, kh, wide, filters), kernels.dtype)
    for i in range(wide):
        corner[i * right : i * right + kw, :, :, i] = kernels.transpose(1, 2, 0, 3)
    return corner.reshape(-1, wide * filters)


def _taps(padded: Array, kernels: Array, windows: Windows, output: Array) -> None:
    output[...] = 0
    for row, column, pixels in windows.taps():
        output += padded[pixels] @ kernels[row, column]


def _strips(padded: Array, kernels: Array, windows: Windows, scratch: Array, output: Array) -> None:
    (n, height, width, filters), (down, right), kh = output.shape, windows.strides, len(kernels)
    wide = min(width, -(-NARROW // filters))
    corner, (_, rows, columns, channels) = _corner(kernels, wide, right), padded.shape
    line, step, many = columns * channels, right * channels * kh, n * height
    pixels = _view(padded, (kh, n, height, line), (line, rows * line, down * line, 1))
    strips = np.ndarray((n, height, line, kh), padded.dtype, scratch)
    maps = output if output.flags.c_contiguous else np.empty(output.shape, output.dtype)
    np.positive(pixels, strips.transpose(3, 0, 1, 2), order="C")
    for at, times in ((0, width // wide), (width - wide, int(width % wide > 0))):
        seen = _view(strips, (times, many, len(corner)), (wide * step, line * kh, 1), at * step)
        shape, steps = (times, many, wide * filters), (wide * filters, width * filters, 1)
        np.matmul(seen, corner, _view(maps, shape, steps, at * filters))
    if maps is not output:
        output[...] = maps


def _view(array: Array, shape: tuple[int, ...], steps: tuple[int, ...], start: int = 0) -> Array:
    """See an array in another shape, from one number on: so many numbers from item to item."""
    size = array.itemsize
    return np.ndarray(shape, array.dtype, array, start * size, [step * size for step in steps])
