"""How does NumPy convolve fast?

By handing BLAS large matrices, without copying every pixel kh * kw times (the usual "im2col").
Two ideas, both to be seen in `operations.convolution_matrix`:

- Windows overlap. So copy the kh rows of pixels that a row of windows sees into a strip, column
  after column. There a window is a run of numbers, and the next window is the same run a step
  further on: a view of the strips is a matrix of windows, and its product the output as it stands.
- Neighbours share. With few filters such a product is too narrow to be fast. So let a window be
  `wide` windows wide, and meet as many copies of the kernels, each one stride further on: a corner
  of the layer's matrix, which all the rest repeats. Its zeros are summed too: more, in less time.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator

import numpy as np

from cnnlib.windows import FLOATS, Windows

Array = np.ndarray
SCRATCH = 32 * 2**20  # bytes
# Small strips live until the next: in memory that another core has just read, C1 would take 1.3.
_last: deque[Array] = deque(maxlen=1)


def convolve(images: Array, kernels: Array, windows: Windows, output: Array) -> None:
    """Write the feature maps of images (N, H, W, C) under kernels (kh, kw, C, F) into output.

    >>> maps = np.empty((1, 1, 2, 1))
    >>> convolve(np.ones((1, 2, 3, 1)), np.ones((2, 2, 1, 1)), Windows.over((2, 3), 2), maps)
    >>> maps.ravel()
    array([4., 4.])

    Floats go by strips, the rest a tap at a time: BLAS has no integers, a dilated kernel is mostly
    zeros, a large corner takes memory, and its zeros would carry a NaN to windows that see none.
    """
    plain = images.dtype in FLOATS and max(windows.dilation) == 1 and kernels.nbytes <= SCRATCH // 2
    for given, part, maps in _parts(images, windows, output) if output.size else ():
        padded = np.ascontiguousarray(part.pad(given))
        if plain and _size(given, part, maps) <= SCRATCH and np.isfinite(np.vdot(padded, padded)):
            product = maps if maps.flags.c_contiguous else np.empty(maps.shape, maps.dtype)
            _by_strips(padded, kernels, part, product)
            maps[...] = product
        else:
            maps[...] = 0
            for row, column, pixels in part.taps():
                maps += padded[pixels] @ kernels[row, column]


def _by_strips(padded: Array, kernels: Array, windows: Windows, output: Array) -> None:
    """Cut the padded images into strips, and multiply all their windows by the corner."""
    (n, height, width, filters), (kh, kw, channels, _) = output.shape, kernels.shape
    (below, beside), item, line = windows.strides, padded.itemsize, padded[0, 0].nbytes
    blocks = _blocks(windows, output)
    rows, width = n * height * blocks, width // blocks  # of one block from here on
    # Alone, LeNet's C1 takes 2.2 of its time; with 48 columns 1.2. 32 wide, a photograph 1.3.
    wide = next(w for w in (16, 8, 4, 2, 1) if w == 1 or (w <= width and w * filters <= 32))
    block, run = (((many - 1) * beside + kw) * channels for many in (width, wide))
    step, last = (many * beside * channels for many in (wide, width - wide))
    unit = math.gcd(block, run, step, last, 16 // item)  # numbers that move as one
    corner = _corner(kernels, wide, beside, unit)
    strips = np.empty((n, height, blocks, block // unit, kh), f"V{unit * item}")
    if strips.nbytes <= SCRATCH // 16:
        _last.append(strips)
    steps = padded.strides[0], below * line, width * beside * channels * item, unit * item, line
    pixels = np.ndarray(strips.shape, strips.dtype, padded, 0, steps)
    # At once, rows under 3×3 take a photograph 1.6 of its time; one by one, under 11×11 1.2.
    for row in range(kh) if kh < 5 else [slice(None)]:
        strips[..., row] = pixels[..., row]
    maps, steps = output.reshape(rows, width, filters), (step * kh * item, block * kh * item, item)
    # Where `wide` does not divide the width, the last product writes some columns once more.
    for start, many in ((0, width // wide), (width - wide, int(width % wide > 0))):
        shape, offset = (many, rows, kh * run), start * beside * channels * kh * item
        seen = np.ndarray(shape, padded.dtype, strips, offset, steps)
        product = maps[:, start : start + many * wide].reshape(rows, many, wide * filters)
        np.matmul(seen, corner, product.swapaxes(0, 1))


def _corner(kernels: Array, wide: int, right: int, unit: int) -> Array:
    """Repeat the kernels, each one stride further on; its rows are in the order of a strip."""
    kh, kw, channels, filters = kernels.shape
    corner = np.zeros((kh, (wide - 1) * right + kw, channels, wide, filters), kernels.dtype)
    for i in range(wide):
        corner[:, i * right : i * right + kw, :, i] = kernels
    return corner.reshape(kh, -1, unit, wide * filters).swapaxes(0, 1).reshape(-1, wide * filters)


def _parts(images: Array, windows: Windows, output: Array) -> Iterator[tuple]:
    """Halve what is too much for the scratch memory: images before rows before columns."""
    axis = next((axis for axis in range(3) if output.shape[axis] > 1), None)
    if axis is None or _size(images, windows, output) <= SCRATCH:
        yield images, windows, output
        return
    end = output.shape[axis]
    for start, stop in ((0, end // 2), (end // 2, end)):
        here = (slice(None),) * axis + (slice(start, stop),)
        part = windows.part(axis - 1, start, stop) if axis else windows
        yield from _parts(images if axis else images[here], part, output[here])


def _size(images: Array, windows: Windows, output: Array) -> int:
    """Count the bytes of the padded images, their strips and a product to copy out."""
    (n, height, width, filters), (rows, columns) = output.shape, windows.span
    blocks, (kh, kw) = _blocks(windows, output), windows.size
    strip = ((width // blocks - 1) * windows.strides[1] + kw) * blocks * kh
    pixels = (rows * columns + height * strip) * images.shape[3]
    return n * (pixels + height * width * filters) * images.itemsize


def _blocks(windows: Windows, output: Array) -> int:
    """Cut strips until b copies of the pixels outweigh width / b of the kernels: BLAS's own."""
    # BLAS copies kernels for each product: in one block, an image in AlexNet's conv3 takes 1.7.
    n, height, width, filters = output.shape
    pixels, weights = n * height * windows.span[1], width * windows.size[1] * filters
    divisors = (b for b in range(1, width + 1) if width % b == 0)
    return next(b for b in divisors if b == width or b * b * pixels >= weights)
