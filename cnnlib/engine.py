"""How are the windows of a batch multiplied by weights, and how does blame flow back?

Images here are (rows, channels, columns, images), vectors (values, images): with the images of a
batch side by side in memory, what one tap of a window meets is a long run, in all columns of all
images at once. Each function returns a `Pass`: its output, and beside it the way back.

A convolution is one matrix W, that of `operations.convolution_matrix`, used in three products:
outputs = Wᵀ · pixels; back to the pixels, W · blame; back to the weights, pixels · blameᵀ. Kernels
are shared, so a corner of W will do for one row of windows after the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from cnnlib.shapes import Axis

Array = np.ndarray
Axes = tuple[Axis, Axis]
Back = Callable[[Array], Array]
THIN = 12  # columns; with fewer, BLAS is slow
FEW = 5  # taps along an axis; with more, a largest value is found along one axis after the other
PRODUCT = 2**22  # numbers that one product may add to a kernel's blame


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


# Where do windows lie?


def _inside(first: int, step: int, count: int, size: int) -> tuple[slice, slice]:
    """Which of `count` steps from cell `first` land on one of `size` cells, and on which."""
    start = max(-(first // step), 0)
    stop = max(min(count, -((first - size) // step)), start)
    return slice(start, stop), slice(first + start * step, first + stop * step, step)


def _met(axis: Axis, tap: int) -> tuple[slice, slice]:
    """Which windows meet a pixel at this tap, and which pixel each meets; the rest meet padding."""
    return _inside(tap * axis.dilation - axis.zeros[0], axis.stride, axis.count, axis.size)


@lru_cache
def _taps(axes: Axes) -> list[tuple[tuple, tuple]]:
    """For each tap, row by row: which windows meet pixels there, and which pixels."""
    rows, columns = ([_met(axis, tap) for tap in range(axis.kernel)] for axis in axes)
    every = slice(None)
    return [((i, every, j), (p, every, q)) for (i, p), (j, q) in product(rows, columns)]


@lru_cache
def _blocks(rows: Axis, many: int) -> list[tuple[slice, slice, tuple]]:
    """So many rows of windows after the other, the rows of pixels they see, their part of a corner.

    Rows of taps that meet padding are left out of that part.
    """
    blocks = []
    for start in range(0, rows.count, many):
        here = min(many, rows.count - start)
        taps = (here - 1) * rows.stride + rows.kernel
        met, pixels = _inside(start * rows.stride - rows.zeros[0], rows.dilation, taps, rows.size)
        part = np.s_[:, met, :, :, :here]
        blocks.append((slice(start, start + here), pixels, part))
    return blocks


# Convolution


def lower(inputs: Array, axes: Axes, groups: int = 1) -> Array:
    """Lay above each column of windows what their taps meet: (groups, H, kw, C // groups, W', N).

    What a row of windows sees is then kh neighbouring rows: a matrix with a column for each
    window, which need not be copied.
    """
    (height, channels, _, images), columns = inputs.shape, axes[1]
    shape = groups, height, columns.kernel, channels // groups, columns.count, images
    lowered = np.empty(shape, inputs.dtype)
    by_group = _by_group(_together(np.ascontiguousarray(inputs)), groups)
    for tap in range(columns.kernel):
        windows, pixels = _met(columns, tap)
        lowered[:, :, tap, :, : windows.start] = lowered[:, :, tap, :, windows.stop :] = 0
        _together(lowered)[:, :, tap, :, windows] = by_group[..., pixels, :]
    return lowered


def _lift(lowered: Array, axes: Axes) -> Array:
    """Undo `lower` for gradients: each pixel gets the sum over the places where it was laid."""
    groups, height, _, channels, _, images = lowered.shape
    inputs = np.zeros((height, groups * channels, axes[1].size, images), lowered.dtype)
    for tap in range(axes[1].kernel):
        windows, pixels = _met(axes[1], tap)
        _by_group(inputs, groups)[..., pixels, :] += lowered[:, :, tap, :, windows]
    return inputs


def _by_group(values: Array, groups: int) -> Array:
    """See (rows, channels, columns, images) as (groups, rows, channels // groups, ...)."""
    rows, channels, *rest = values.shape
    return values.reshape(rows, groups, channels // groups, *rest).swapaxes(0, 1)


def _together(values: Array) -> Array:
    """See all images of a pixel as one number, to be moved in one go."""
    return values.view(f"V{values.shape[-1] * values.itemsize}")


def _matrix(array: Array) -> Array:
    """See an array as a matrix for each group, which comes first; the last two axes are columns."""
    groups, *lines, width, depth = array.shape
    return array.reshape(groups, math.prod(lines), width * depth)


def _rows_at_once(rows: Axis, filters: int, finite: bool = True) -> int:
    """How many rows of windows to multiply at once: several, where few filters make a thin matrix.

    The zeros between their kernels are multiplied too, and would carry a NaN to windows that do
    not see it: so one, where not all is finite.
    """
    if rows.dilation > 1 or not finite:
        return 1
    return min(max(THIN // filters, 1), rows.count)


def _finite(values: Array) -> bool:
    """Whether all are finite; in doubt, as where squares overflow, they are not."""
    return bool(np.isfinite(np.vdot(values, values)))


def _corner(kernel: Array, groups: int, many: int, stride: int) -> Array:
    """Repeat the kernels for many rows of windows, each one stride further on.

    Returns (groups, rows of taps, kw, C // groups, many, F // groups).
    """
    kh, kw, channels, filters = kernel.shape
    kernel = kernel.reshape(kh, kw, channels, groups, filters // groups).transpose(3, 0, 1, 2, 4)
    if many == 1:
        return kernel[..., None, :]
    shape = groups, (many - 1) * stride + kh, kw, channels, many, filters // groups
    corner = np.zeros(shape, kernel.dtype)
    for row in range(many):
        corner[:, row * stride : row * stride + kh, :, :, row] = kernel
    return corner


def _outputs(lowered: Array, corner: Array, rows: Axis) -> Array:
    groups, *_, many, filters = corner.shape
    output = np.empty((groups, rows.count, filters, *lowered.shape[-2:]), lowered.dtype)
    for windows, pixels, part in _blocks(rows, many):
        weights, seen, place = corner[part], lowered[:, pixels], output[:, windows]
        np.matmul(_matrix(weights).mT, _matrix(seen), out=_matrix(place))
    return output.swapaxes(0, 1).reshape(rows.count, groups * filters, *lowered.shape[-2:])


def blame_inputs(arriving: Array, kernel: Array, axes: Axes, groups: int = 1) -> Array:
    """Carry the gradient of a convolution's output back to its inputs."""
    rows, filters = axes[0], kernel.shape[-1] // groups
    many = _rows_at_once(rows, filters, _finite(arriving))
    corner, arriving = _corner(kernel, groups, many, rows.stride), _by_group(arriving, groups)
    shape = groups, rows.size, *kernel.shape[1:3], *arriving.shape[-2:]
    lowered = np.zeros(shape, arriving.dtype)
    for windows, pixels, part in _blocks(rows, many):
        held = lowered[:, pixels]
        held += (_matrix(corner[part]) @ _matrix(arriving[:, windows])).reshape(held.shape)
    return _lift(lowered, axes)


def blame_kernel(lowered: Array, arriving: Array, shape: tuple[int, ...], axes: Axes) -> Array:
    """Carry the gradient of a convolution's output back to its kernel, of this shape."""
    rows, groups, (kh, kw, channels, filters) = axes[0], len(lowered), shape
    filters //= groups
    many = _rows_at_once(rows, filters)
    taps = (many - 1) * rows.stride + kh
    corner = np.zeros((groups, taps, kw, channels, many, filters), arriving.dtype)
    arriving = _by_group(arriving, groups)
    few = max(PRODUCT // (kh * kw * channels), 1)
    for windows, pixels, part in _blocks(rows, many):
        seen = _matrix(lowered[:, pixels])
        for own in (slice(f, f + few) for f in range(0, filters, few)):
            place, blame = corner[part][..., own], _matrix(arriving[:, windows, own])
            place += (seen @ blame.mT).reshape(place.shape)
    kernel = corner[:, :kh, :, :, 0]
    for row in range(1, many):
        kernel += corner[:, row * rows.stride : row * rows.stride + kh, :, :, row]
    return kernel.transpose(1, 2, 3, 0, 4).reshape(shape)


def convolve(inputs: Array, kernel: Array, axes: Axes, groups: int = 1) -> Pass:
    """Slide kernels (kh, kw, C // groups, F) over all images."""
    lowered = lower(inputs, axes, groups)
    many = _rows_at_once(axes[0], kernel.shape[-1] // groups, _finite(inputs))
    corner = _corner(kernel, groups, many, axes[0].stride)
    return Pass(
        _outputs(lowered, corner, axes[0]),
        lambda arriving: blame_inputs(arriving, kernel, axes, groups),
        lambda arriving: blame_kernel(lowered, arriving, kernel.shape, axes),
    )


def convolve_depthwise(inputs: Array, kernel: Array, axes: Axes) -> Pass:
    """Slide over each channel kernels of its own, (kh, kw, C, multiplier)."""
    kh, kw, channels, multiplier = kernel.shape
    grouped = kernel.reshape(kh, kw, 1, channels * multiplier)
    done = convolve(inputs, grouped, axes, groups=channels)

    def by_kernel(arriving: Array) -> Array:
        lowered = lower(inputs, axes, channels)
        return blame_kernel(lowered, arriving, grouped.shape, axes).reshape(kernel.shape)

    return Pass(done.output, done.by_inputs, by_kernel)


def convolve_by_table(
    inputs: Array, kernel: Array, axes: Axes, table: Sequence[Sequence[bool]]
) -> Pass:
    """Let each filter read only the channels that its row of the table says; kernel (kh, kw, K)."""
    reads = [np.flatnonzero(row) for row in table]
    ends = np.cumsum([len(read) for read in reads])[:-1]
    kernels = np.split(kernel[..., np.newaxis], ends, axis=2)
    filters = list(enumerate(zip(reads, kernels, strict=True)))

    def by_inputs(arriving: Array) -> Array:
        total = np.zeros_like(inputs)
        for f, (read, own) in filters:
            total[:, read] += blame_inputs(arriving[:, [f]], own, axes)
        return total

    def by_kernel(arriving: Array) -> Array:
        blames = [
            blame_kernel(lower(inputs[:, read], axes), arriving[:, [f]], own.shape, axes)[..., 0]
            for f, (read, own) in filters
        ]
        return np.concatenate(blames, axis=2)

    maps = [convolve(inputs[:, read], own, axes).output for _, (read, own) in filters]
    return Pass(np.concatenate(maps, axis=1), by_inputs, by_kernel)


def convolve_transposed(inputs: Array, kernel: Array, axes: Axes) -> Pass:
    """A convolution's way back, run forward; `axes` and kernel (kh, kw, F, C) are that one's."""
    return Pass(
        blame_inputs(inputs, kernel, axes),
        lambda arriving: convolve(arriving, kernel, axes).output,
        lambda arriving: blame_kernel(lower(arriving, axes), inputs, kernel.shape, axes),
    )


def connect_locally(inputs: Array, kernel: Array, axes: Axes) -> Pass:
    """Give each window kernels of its own, (H', W', kh, kw, C, F)."""
    lowered, (rows, columns) = lower(inputs, axes)[0], axes
    output = np.empty((rows.count, kernel.shape[-1], columns.count, inputs.shape[-1]), inputs.dtype)

    def by_row(lowered: Array) -> Iterator[tuple[int, tuple, Array]]:
        """Each row of windows: its place in the kernel, and for each column what a window holds."""
        for row, (_, pixels, (_, taps, *_)) in enumerate(_blocks(rows, 1)):
            yield row, np.s_[row, :, taps], np.moveaxis(lowered[pixels], 3, 0)

    def matrices(each: Array) -> Array:
        return _matrix(each[..., np.newaxis, :])  # one for each column of windows

    for row, place, seen in by_row(lowered):
        output[row] = (matrices(kernel[place]).mT @ matrices(seen)).swapaxes(0, 1)

    def by_inputs(arriving: Array) -> Array:
        blame = np.zeros_like(lowered)
        for row, place, held in by_row(blame):
            held += (matrices(kernel[place]) @ arriving[row].swapaxes(0, 1)).reshape(held.shape)
        return _lift(blame[np.newaxis], axes)

    def by_kernel(arriving: Array) -> Array:
        blame = np.zeros_like(kernel)
        for row, place, seen in by_row(lowered):
            here = matrices(seen) @ arriving[row].transpose(1, 2, 0)
            blame[place] = here.reshape(blame[place].shape)
        return blame

    return Pass(output, by_inputs, by_kernel)


# Pools


def pool_max(inputs: Array, axes: Axes) -> Pass:
    """Keep the largest value of each window; of equal ones, the first takes the blame."""
    if min(axis.kernel for axis in axes) > FEW:
        wide = pool_max(inputs, (Axis(axes[0].size, 1), axes[1]))
        high = pool_max(wide.output, (axes[0], Axis(axes[1].count, 1)))
        return Pass(high.output, lambda arriving: wide.by_inputs(high.by_inputs(arriving)))
    exact = np.issubdtype(inputs.dtype, np.integer)
    lowest = np.iinfo(inputs.dtype).min if exact else -np.inf
    output = np.full(_shape(inputs, axes), lowest, inputs.dtype)
    for windows, pixels in _taps(axes):
        np.maximum(output[windows], inputs[pixels], out=output[windows])

    def by_inputs(arriving: Array) -> Array:
        blame, free = np.zeros_like(inputs), np.ones(output.shape, bool)
        finite = _finite(arriving)  # NaN times 0 is no 0, and np.where takes three times as long
        for windows, pixels in _taps(axes):
            wins, here = (inputs[pixels] == output[windows]) & free[windows], arriving[windows]
            blame[pixels] += here * wins if finite else np.where(wins, here, 0)
            free[windows] ^= wins
        return blame

    return Pass(output, by_inputs)


def pool_sum(inputs: Array, axes: Axes) -> Pass:
    """Sum each window."""
    output = np.zeros(_shape(inputs, axes), inputs.dtype)
    for windows, pixels in _taps(axes):
        output[windows] += inputs[pixels]

    def by_inputs(arriving: Array) -> Array:
        blame = np.zeros_like(inputs)
        for windows, pixels in _taps(axes):
            blame[pixels] += arriving[windows]
        return blame

    return Pass(output, by_inputs)


def pool_average(inputs: Array, axes: Axes) -> Pass:
    """Average each window over the pixels it holds, padding left out."""
    pixels = np.ones((axes[0].size, 1, axes[1].size, 1), inputs.dtype)
    share = 1 / pool_sum(pixels, axes).output
    total = pool_sum(inputs, axes)
    return Pass(total.output * share, lambda arriving: total.by_inputs(arriving * share))


def _shape(inputs: Array, axes: Axes) -> tuple[int, ...]:
    return axes[0].count, inputs.shape[1], axes[1].count, inputs.shape[3]


# Vectors


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


def flatten(inputs: Array) -> Pass:
    """Write images out as vectors in Keras's order: rows, columns, channels."""
    if inputs.ndim == 2:
        return Pass(inputs, lambda a: a)
    by_pixel = inputs.swapaxes(1, 2)
    return Pass(
        by_pixel.reshape(-1, inputs.shape[-1]),
        lambda a: np.ascontiguousarray(a.reshape(by_pixel.shape).swapaxes(1, 2)),
    )
