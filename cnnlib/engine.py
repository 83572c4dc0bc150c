"""How are the windows of a batch multiplied by weights, and how does blame flow back?

Images here are (rows, channels, columns, images), vectors (values, images): with the images of a
batch side by side in memory, what one tap of a window meets is a long contiguous run, in all
columns of all images. Each function returns a `Pass`: its output, and beside it the way back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from cnnlib.shapes import Axis, extent

Array = np.ndarray
Axes = tuple[Axis, Axis]
Back = Callable[[Array], Array]


@dataclass(frozen=True)
class Pass:
    """What a step gave, and its way back: from the output's gradient to its other gradients."""

    output: Array
    by_inputs: Back
    by_weight: Back | None = None


def images_last(batch: Array) -> Array:
    """Bring a batch (N, H, W, C) or (N, length) into the order of this module."""
    order = (1, 3, 2, 0) if batch.ndim == 4 else (1, 0)
    return np.ascontiguousarray(batch.transpose(order))


def images_first(values: Array) -> Array:
    """Undo `images_last`."""
    order = (3, 0, 2, 1) if values.ndim == 4 else (1, 0)
    return np.ascontiguousarray(values.transpose(order))


def convolve(inputs: Array, kernel: Array, axes: Axes, groups: int = 1) -> Pass:
    """Slide kernels (kh, kw, C // groups, F) over all images."""
    if groups == 1:
        return _convolve(inputs, kernel, axes)
    reads = np.arange(inputs.shape[1]).reshape(groups, -1)
    owns = np.arange(kernel.shape[-1]).reshape(groups, -1)
    kernels = [kernel[..., own] for own in owns]
    passed, by_kernels = _apart(inputs, kernels, reads, owns, axes)
    return Pass(*passed, lambda arriving: np.concatenate(by_kernels(arriving), axis=-1))


def convolve_depthwise(inputs: Array, kernel: Array, axes: Axes) -> Pass:
    """Slide over each channel kernels of its own, (kh, kw, C, multiplier)."""
    kh, kw, channels, multiplier = kernel.shape
    grouped = kernel.reshape(kh, kw, 1, channels * multiplier)
    done = convolve(inputs, grouped, axes, groups=channels)
    return Pass(
        done.output, done.by_inputs, lambda arriving: done.by_weight(arriving).reshape(kernel.shape)
    )


def convolve_by_table(inputs: Array, kernel: Array, axes: Axes, table: Any) -> Pass:
    """Let each filter read the channels that its row of the table says; kernel (kh, kw, K)."""
    reads = [np.flatnonzero(row) for row in table]
    ends = np.cumsum([len(read) for read in reads])[:-1]
    kernels = [part[..., None] for part in np.split(kernel, ends, axis=-1)]
    passed, by_kernels = _apart(inputs, kernels, reads, [[f] for f in range(len(reads))], axes)
    return Pass(
        *passed, lambda arriving: np.concatenate([k[..., 0] for k in by_kernels(arriving)], axis=-1)
    )


def convolve_transposed(inputs: Array, kernel: Array, axes: Axes) -> Pass:
    """A convolution's way back, run forward; `axes` and kernel (kh, kw, F, C) are that one's."""
    large = axes[0].size, kernel.shape[2], axes[1].size, inputs.shape[3]
    output = _convolve(np.zeros(large, inputs.dtype), kernel, axes).by_inputs(inputs)
    return Pass(
        output,
        lambda arriving: _convolve(arriving, kernel, axes).output,
        lambda arriving: _convolve(arriving, kernel, axes).by_weight(inputs),
    )


def connect_locally(inputs: Array, kernel: Array, axes: Axes) -> Pass:
    """Give each window kernels of its own, (H', W', kh, kw, C, F)."""
    rows, columns = axes
    windows = lower(inputs, axes).reshape(rows.count, -1, columns.count, inputs.shape[-1])
    windows = windows.swapaxes(1, 2)  # (rows, columns, what a window holds, images)
    weights = kernel.reshape(rows.count, columns.count, -1, kernel.shape[-1])

    def by_kernel(arriving: Array) -> Array:
        return (windows @ arriving.transpose(0, 2, 3, 1)).reshape(kernel.shape)

    def by_inputs(arriving: Array) -> Array:
        return fold((weights @ arriving.swapaxes(1, 2)).swapaxes(1, 2), axes, inputs)

    output = (weights.swapaxes(2, 3) @ windows).swapaxes(1, 2)
    return Pass(np.ascontiguousarray(output), by_inputs, by_kernel)


def multiply(inputs: Array, kernel: Array) -> Pass:
    """Connect every value (inputs, images) to every unit by a kernel (inputs, units)."""
    return Pass(kernel.T @ inputs, lambda a: kernel @ a, lambda a: inputs @ a.T)


def add_bias(product: Array, bias: Array) -> Pass:
    """Add a bias to each unit, channel or place, in place: the product must be the caller's own."""
    if product.ndim == 2:
        product += bias[:, None]
        return Pass(product, lambda a: a, lambda a: a.sum(axis=1))
    if bias.ndim == 1:
        product += bias[:, None, None]
        return Pass(product, lambda a: a, lambda a: a.sum(axis=(0, 2, 3)))
    product += bias.swapaxes(1, 2)[..., None]
    return Pass(product, lambda a: a, lambda a: a.sum(axis=3).swapaxes(1, 2))


def pool_max(inputs: Array, axes: Axes) -> Pass:
    """Keep the largest value of each window; of equal ones the first takes the gradient."""
    padded = pad(inputs, axes, _lowest(inputs.dtype))
    output = padded[taps(axes)[0]].copy()
    for pixels in taps(axes)[1:]:
        np.maximum(output, padded[pixels], out=output)

    def by_inputs(arriving: Array) -> Array:
        by_padded, free = np.zeros_like(padded), np.ones(output.shape, bool)
        for pixels in taps(axes):
            wins = (padded[pixels] == output) & free
            by_padded[pixels] += arriving * wins
            free ^= wins
        return unpad(by_padded, axes)

    return Pass(output, by_inputs)


def pool_average(inputs: Array, axes: Axes) -> Pass:
    """Average each window over the pixels it holds, padding left out."""
    share = 1 / cells(axes).astype(inputs.dtype)
    total = pool_sum(inputs, axes)
    return Pass(total.output * share, lambda arriving: total.by_inputs(arriving * share))


def pool_sum(inputs: Array, axes: Axes) -> Pass:
    """Sum each window."""
    padded = pad(inputs, axes)

    def by_inputs(arriving: Array) -> Array:
        by_padded = np.zeros_like(padded)
        for pixels in taps(axes):
            by_padded[pixels] += arriving
        return unpad(by_padded, axes)

    return Pass(sum(padded[pixels] for pixels in taps(axes)), by_inputs)


def flatten(inputs: Array) -> Pass:
    """Write images out as vectors in Keras's order: rows, columns, channels."""
    if inputs.ndim == 2:
        return Pass(inputs, lambda a: a)
    by_pixel = inputs.swapaxes(1, 2)
    return Pass(
        by_pixel.reshape(-1, inputs.shape[-1]),
        lambda a: np.ascontiguousarray(a.reshape(by_pixel.shape).swapaxes(1, 2)),
    )


def _lowest(dtype: np.dtype) -> float:
    return -np.inf if np.issubdtype(dtype, np.floating) else np.iinfo(dtype).min


def _convolve(inputs: Array, kernel: Array, axes: Axes) -> Pass:
    rows, columns = axes
    windows = lower(inputs, axes)
    weights = kernel.reshape(-1, kernel.shape[-1])
    shape = rows.count, weights.shape[1], columns.count, inputs.shape[-1]

    def by_kernel(arriving: Array) -> Array:
        arriving = arriving.reshape(*shape[:2], -1).swapaxes(1, 2)
        return (windows @ arriving).sum(axis=0).reshape(kernel.shape)

    def by_inputs(arriving: Array) -> Array:
        parts = (weights @ part for part in arriving.reshape(*shape[:2], -1))
        return fold(parts, axes, inputs)

    return Pass((weights.T @ windows).reshape(shape), by_inputs, by_kernel)


def _apart(
    inputs: Array, kernels: list[Array], reads: Iterable, owns: Iterable, axes: Axes
) -> tuple[tuple[Array, Back], Callable[[Array], list[Array]]]:
    """Convolve part by part: each reads some channels and owns some filters."""
    parts = [_convolve(inputs[:, r], k, axes) for r, k in zip(reads, kernels, strict=True)]

    def by_inputs(arriving: Array) -> Array:
        gradient = np.zeros_like(inputs)
        for part, read, own in zip(parts, reads, owns, strict=True):
            gradient[:, read] += part.by_inputs(arriving[:, own])
        return gradient

    def by_kernels(arriving: Array) -> list[Array]:
        return [part.by_weight(arriving[:, own]) for part, own in zip(parts, owns, strict=True)]

    return (np.concatenate([part.output for part in parts], axis=1), by_inputs), by_kernels


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
    rows, columns = ([len(a.reads({w})) for w in range(a.count)] for a in axes)
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
