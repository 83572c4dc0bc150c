"""How does NumPy convolve fast?

By handing BLAS large matrices, without copying every pixel kh * kw times (the usual "im2col").
Two ideas, both to be seen in `operations.convolution_matrix`:

- Windows overlap. So copy the images into strips that several windows share: see `strips.py`.
- Neighbours share. With few filters such a product is too narrow to be fast. So let a window be
  `wide` windows wide, and meet as many copies of the kernels, each one stride further on: a corner
  of the layer's matrix, zeros included, which all the rest repeats. More sums, in less time.
"""

from __future__ import annotations

import math

import numpy as np

from cnnlib import scratch
from cnnlib.strips import Strips, parts
from cnnlib.windows import FLOATS, Windows

Array = np.ndarray


def convolve(images: Array, kernels: Array, windows: Windows, output: Array) -> None:
    """Write the feature maps of images (N, H, W, C) under kernels (kh, kw, C, F) into output.

    >>> maps = np.empty((1, 1, 2, 1))
    >>> convolve(np.ones((1, 2, 3, 1)), np.ones((2, 2, 1, 1)), Windows.over((2, 3), 2), maps)
    >>> maps.ravel()
    array([4., 4.])

    Floats go by strips, the rest a tap at a time: BLAS has no integers, a dilated kernel is mostly
    zeros, and a zero of the corner times NaN or infinity would carry a bad pixel over to windows
    that do not see it.
    """
    plain = images.dtype in FLOATS and max(windows.dilation) == 1
    for given, part, maps, strips in parts(images, windows, output) if output.size else ():
        padded = np.ascontiguousarray(part.pad(given))
        if plain and strips.size <= scratch.SIZE and np.isfinite(np.vdot(padded, padded)):
            corner = _corner(kernels, strips.wide, part.strides[1])
            with scratch.borrow(strips.size) as memory:
                (_down if strips.deep else _right)(padded, corner, part, strips, memory, maps)
        else:
            _taps(padded, kernels, part, maps)


def _corner(kernels: Array, wide: int, right: int) -> Array:
    """Repeat the kernels, each one stride further on: (rows, columns and channels, maps)."""
    kh, kw, channels, filters = kernels.shape
    corner = np.zeros((kh, (wide - 1) * right + kw, channels, wide, filters), kernels.dtype)
    for i in range(wide):
        corner[:, i * right : i * right + kw, :, i] = kernels
    return corner.reshape(kh, -1, wide * filters)


def _down(
    padded: Array, corner: Array, windows: Windows, strips: Strips, memory: Array, output: Array
) -> None:
    (n, rows, columns, channels), (kh, run, maps) = padded.shape, corner.shape
    (below, beside), (deep, wide) = windows.strides, (strips.deep, strips.wide)
    down, across = output.shape[1] // deep, output.shape[2] // wide
    tall, line, many = (deep - 1) * below + kh, columns * channels, n * down * across
    copied = np.ndarray((n, down, across, tall, run), padded.dtype, memory)
    steps = rows * line, deep * below * line, wide * beside * channels, line
    as_one = np.dtype(f"V{run * padded.itemsize}")  # a short run is copied in half the time
    copied.view(as_one)[..., 0] = _view(padded, copied.shape[:-1], steps, as_one)
    seen = _view(copied, (deep, many, kh * run), (below * run, tall * run, 1))
    product = np.ndarray((deep, many, maps), padded.dtype, memory, copied.nbytes)
    np.matmul(seen, corner.reshape(-1, maps), product)
    ordered = product.reshape(deep, n, down, *output.shape[2:]).transpose(1, 2, 0, 3, 4)
    output.reshape(ordered.shape)[...] = ordered


def _right(
    padded: Array, corner: Array, windows: Windows, strips: Strips, memory: Array, output: Array
) -> None:
    (n, rows, columns, channels), (kh, run, maps) = padded.shape, corner.shape
    (below, beside), height = windows.strides, output.shape[1]
    line, step = columns * channels, strips.wide * beside * channels
    unit = math.gcd(line, step, run, 16 // padded.itemsize)  # numbers that move as one
    copied = np.ndarray((n, height, line // unit, kh), f"V{unit * padded.itemsize}", memory)
    pixels = padded.reshape(n, rows, line).view(copied.dtype)
    for row in range(kh):
        copied[..., row] = pixels[:, row::below][:, :height]
    corner = corner.reshape(kh, -1, unit, maps).swapaxes(0, 1).reshape(-1, maps)
    shape = output.shape[2] // strips.wide, n * height, kh * run
    seen = _view(copied.view(padded.dtype), shape, (step * kh, line * kh, 1))
    product = output.reshape(n * height, -1, maps)
    np.matmul(seen, corner, product.swapaxes(0, 1))
    if not np.may_share_memory(product, output):  # output is a slice, which reshape copied
        output[...] = product.reshape(output.shape)


def _view(array: Array, shape: tuple, steps: tuple, item: np.dtype | None = None) -> Array:
    """See an array in another shape: so many numbers from item to item."""
    return np.ndarray(shape, item or array.dtype, array, 0, [n * array.itemsize for n in steps])


def _taps(padded: Array, kernels: Array, windows: Windows, output: Array) -> None:
    output[...] = 0
    for row, column, pixels in windows.taps():
        output += padded[pixels] @ kernels[row, column]
