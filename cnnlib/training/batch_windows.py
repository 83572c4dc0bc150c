"""How do windows lie over images that come last, (rows, channels, columns, images)?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import product

import numpy as np

from cnnlib.shapes import Axis, extent

Array = np.ndarray
Axes = tuple[Axis, Axis]


def _met(axis: Axis, tap: int) -> slice:
    """Which padded cells one tap meets, in all windows."""
    first = tap * axis.dilation
    return slice(first, first + (axis.count - 1) * axis.stride + 1, axis.stride)


@lru_cache
def taps(axes: Axes) -> list[tuple[slice, slice, slice]]:
    """Where each tap of the window meets its pixels, in all windows at once."""
    pairs = product(*(range(axis.kernel) for axis in axes))
    return [(_met(axes[0], i), slice(None), _met(axes[1], j)) for i, j in pairs]


@lru_cache
def cells(axes: Axes) -> Array:
    """How many pixels each window holds, padding left out."""
    rows, columns = ([len(a.cells(w)) for w in range(a.count)] for a in axes)
    return np.multiply.outer(rows, columns)[:, None, :, None]


def _inside(axis: Axis) -> tuple[int, slice, slice]:
    """How many cells windows span, padding included; which of them are the image's; which."""
    span = (axis.count - 1) * axis.stride + extent(axis.kernel, axis.dilation)
    before = axis.zeros[0]
    read = max(min(axis.size, span - before), 0)
    return span, slice(before, before + read), slice(0, read)


def _all_read(axes: Axes) -> bool:
    """Whether windows span the image, all of it and nothing else."""
    return all(_inside(axis) == (axis.size, *2 * (slice(0, axis.size),)) for axis in axes)


def pad(inputs: Array, axes: Axes, value: float = 0) -> Array:
    """The images with exactly the cells that some window spans."""
    if _all_read(axes):
        return inputs
    (height, down, rows), (width, across, columns) = map(_inside, axes)
    padded = np.full((height, inputs.shape[1], width, inputs.shape[3]), value, inputs.dtype)
    padded[down, :, across] = inputs[rows, :, columns]
    return padded


def unpad(padded: Array, axes: Axes) -> Array:
    """Undo `pad`; cells that no window spans are zero."""
    if _all_read(axes):
        return padded
    (_, down, rows), (_, across, columns) = map(_inside, axes)
    shape = axes[0].size, padded.shape[1], axes[1].size, padded.shape[3]
    inputs = np.zeros(shape, padded.dtype)
    inputs[rows, :, columns] = padded[down, :, across]
    return inputs


def lower(inputs: Array, axes: Axes) -> Array:
    """(rows of windows, what a window holds, their columns and images): a view of one copy a tap.

    Only the taps of a kernel's row are copied; its rows overlap in memory.
    """
    padded, (rows, columns) = pad(inputs, axes), axes
    height, channels, _, images = padded.shape
    lowered = np.empty((height, columns.kernel, channels, columns.count, images), inputs.dtype)
    for tap in range(columns.kernel):
        lowered[:, tap] = padded[:, :, _met(columns, tap)]
    views = np.lib.stride_tricks.sliding_window_view(
        lowered, extent(rows.kernel, rows.dilation), axis=0
    )
    taps = np.moveaxis(views[:: rows.stride, ..., :: rows.dilation], -1, 1)
    return taps.reshape(rows.count, -1, columns.count * images)


def fold(parts: Iterable[Array], axes: Axes, like: Array) -> Array:
    """Undo `lower` for gradients: each pixel gets the sum over the windows that held it.

    One part for each row of windows; the result has the shape of the images `like`.
    """
    (height, *_), (width, *_), (rows, columns) = *map(_inside, axes), axes
    _, channels, _, images = like.shape
    size = height, columns.kernel, channels, columns.count, images
    lowered = np.zeros(size, like.dtype)
    for row, part in enumerate(parts):
        first = row * rows.stride
        held = lowered[first : first + extent(rows.kernel, rows.dilation) : rows.dilation]
        held += part.reshape(held.shape)
    padded = np.zeros((height, channels, width, images), like.dtype)
    for tap in range(columns.kernel):
        padded[:, :, _met(columns, tap)] += lowered[:, tap]
    return unpad(padded, axes)
