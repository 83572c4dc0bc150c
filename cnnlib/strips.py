"""Into which strips does a fast convolution copy its images?

In a strip each window is a run of numbers, and the next window is the same run some steps further
on, so that a view of the strips is a matrix of windows. There are two kinds:

- A strip that goes down holds some columns of the image, row after row, and serves the windows of
  `deep` rows. So it copies little. But the product still has to be put in order.
- A strip that goes right holds the kh rows that one row of windows sees, column after column. It
  copies each pixel kh times, by itself. But the product is the output, as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnnlib import scratch
from cnnlib.windows import Windows

# What a product should have. Measured, in units of the time it takes so:
ROWS = 500  # with 100, a photograph under 11×11 takes 1.2; with 1,500, under 3×3 it takes 1.5
COLUMNS = 32  # without neighbours, LeNet's C1 takes 1.6; with 96 columns 1.4, zeros cost too
WIDEST = 16  # with 8 neighbours at most, or with 32, a photograph under 3×3 takes 1.3, 1.5


@dataclass(frozen=True)
class Strips:
    """How many windows a strip serves, in `deep` rows (0: it goes right), `wide` at a time."""

    deep: int
    wide: int
    size: int  # bytes that the padded images, the strips and the product to copy out take

    @classmethod
    def plan(cls, images: np.ndarray, windows: Windows, output: np.ndarray) -> Strips:
        """Go the way that moves fewer numbers; those that move by themselves count twice.

        >>> images, maps = np.empty((64, 32, 32, 1), "f"), np.empty((64, 28, 28, 6), "f")
        >>> Strips.plan(images, Windows.over((32, 32), 5), maps)
        Strips(deep=0, wide=4, size=1409024)

        Numbers move into strips, out of products, and with each product from the kernels.
        """
        # Always down, LeNet's C1 takes 1.3 of its time; always right, a photograph under 11×11 2.0
        (n, height, width, filters), (kh, kw) = output.shape, windows.size
        (rows, columns), (below, beside) = windows.span, windows.strides
        wide = _divisor(width, min(WIDEST, -(-COLUMNS // filters)))
        across, run = width // wide, ((wide - 1) * beside + kw) * images.shape[3]
        deep = _divisor(height, n * across * height // ROWS)
        kernels, padded = kh * run * wide * filters, n * rows * columns * images.shape[3]
        sliced = 0 if output.flags.c_contiguous else output.size  # a product to be copied out
        right = n * height * kh * columns * images.shape[3]
        down = n * (height // deep) * across * ((deep - 1) * below + kh) * run + output.size
        if 2 * (right + sliced) + across * kernels < down + output.size + deep * kernels:
            return cls(0, wide, (padded + right + sliced) * images.itemsize)
        return cls(deep, wide, (padded + down) * images.itemsize)


def parts(images: np.ndarray, windows: Windows, output: np.ndarray) -> Iterator[tuple]:
    """Halve what is too much for `scratch`, images before rows before columns; cut odd ends.

    >>> images, maps = np.empty((1, 512, 512, 1)), np.empty((1, 502, 502, 1))
    >>> [part[2].shape for part in parts(images, Windows.over((512, 512), 11), maps)]
    [(1, 496, 496, 1), (1, 496, 6, 1), (1, 6, 496, 1), (1, 6, 6, 1)]

    Yields (images, windows, output, strips) for each part.
    """
    strips, ends = Strips.plan(images, windows, output), output.shape[:3]
    axis, cut = next(((axis, end // 2) for axis, end in enumerate(ends) if end > 1), (0, 0))
    if strips.size <= scratch.SIZE or not cut:
        odd = (1, ends[1] % strips.deep if strips.deep else 0), (2, ends[2] % strips.wide)
        axis, cut = next(((axis, ends[axis] - rest) for axis, rest in odd if rest), (0, 0))
    if not cut:
        yield images, windows, output, strips
        return
    for start, stop in ((0, cut), (cut, ends[axis])):
        here = (slice(None),) * axis + (slice(start, stop),)
        part = windows.part(axis - 1, start, stop) if axis else windows
        yield from parts(images if axis else images[here], part, output[here])


def _divisor(length: int, most: int) -> int:
    """Return a divisor of the length of at most this size, or this if all are much smaller."""
    most = min(max(most, 1), length)
    return next((n for n in range(most, most // 4, -1) if length % n == 0), most)
