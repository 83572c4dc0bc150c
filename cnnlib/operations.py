"""What does each layer compute, and how does the error travel back through it, in NumPy?

Thin doors to `engine`. Images are (N, H, W, C): images, rows, columns, channels. One rule for
numbers: all arrays of a call are float32, or all float64, and so is the result; or all are
integers, and the result is exact, in int64. A mixture raises a ValueError. A gradient's function
takes what its layer took, then `output_gradient`, the gradient of the loss with respect to the
layer's output, and returns the gradients with respect to the layer's arguments, in their order.
"""

from __future__ import annotations

import contextlib
import math
from functools import lru_cache
from typing import Any

import numpy as np

from cnnlib import engine, shapes
from cnnlib.activations import (  # noqa: F401  (offered here too)
    cross_entropy,
    cross_entropy_gradient,
    relu,
    relu_gradient,
    sigmoid,
    sigmoid_gradient,
    softmax,
    tanh,
    tanh_gradient,
)
from cnnlib.arrays import (
    check_axes,
    check_channels,
    check_dense,
    check_images,
    check_shape,
    check_sums,
    floats,
    quiet,
    same_kind,
)
from cnnlib.blas import one_thread
from cnnlib.engine import Axes, images_last
from cnnlib.shapes import Axis

SCRATCH = 32 * 2**20  # bytes
SHARED = 2**22  # multiplications that are worth a second thread
Gradients = tuple[np.ndarray, np.ndarray, np.ndarray]


@quiet
def conv2d(
    images: Any,
    kernels: Any,
    bias: Any = None,
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
    groups: int = 1,
) -> np.ndarray:
    """Slide every kernel over every image and sum pixels times weights.

    >>> image = np.arange(16).reshape(1, 4, 4, 1)
    >>> edge = np.array([[-1, 1]]).reshape(1, 2, 1, 1)
    >>> conv2d(image, edge)[0, :, :, 0]
    array([[1, 1, 1],
           [1, 1, 1],
           [1, 1, 1],
           [1, 1, 1]])

    images (N, H, W, C), kernels (kh, kw, C // groups, F), bias (F,); returns (N, H', W', F).
    The kernel is not flipped. Padding as in `shapes`. A window larger than the image, channels
    that clash or groups that do not divide raise a ValueError. Source: Goodfellow, Bengio and
    Courville, Deep Learning (2016), section 9.1, with the channels of section 9.5.
    """
    images, kernels, bias = same_kind(images=images, kernels=kernels, bias=bias)
    check_channels(images, kernels, groups)
    check_sums((0, 1, 2), images=images, kernels=kernels, bias=bias)
    axes = _axes(images, kernels.shape[:2], strides, padding, dilation_rate)
    output = _blank(images, axes, kernels.shape[-1])
    with _threads(images, kernels, axes, groups):
        for pixels, windows, part in _parts(images, axes, kernels.shape[-1]):
            done = engine.convolve(images_last(images[pixels]), kernels, part, groups)
            output[windows] = _images_first(done.output)
    return _add_bias(output, bias)


@quiet
def conv2d_gradients(
    images: Any,
    kernels: Any,
    output_gradient: Any,
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
    groups: int = 1,
) -> Gradients:
    """Return the gradients of `conv2d` with respect to its images, kernels and bias.

    >>> images, kernels = np.arange(3.0).reshape(1, 1, 3, 1), np.ones((1, 2, 1, 1))
    >>> by_images, by_kernels, by_bias = conv2d_gradients(images, kernels, np.ones((1, 1, 2, 1)))
    >>> by_images.ravel(), by_kernels.ravel(), by_bias
    (array([1., 2., 1.]), array([1., 3.]), array([2.]))

    images (N, H, W, C), kernels (kh, kw, C // groups, F), output_gradient (N, H', W', F); the
    results have the shapes of images, kernels and (F,). A weight's gradient is the sum of the
    pixels it met times the gradients of the outputs they went to; a pixel's, the sum over the
    weights it met. Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.5.
    """
    images, kernels, output_gradient = floats(
        images=images, kernels=kernels, output_gradient=output_gradient
    )
    check_channels(images, kernels, groups)
    axes = _axes(images, kernels.shape[:2], strides, padding, dilation_rate)
    _check_output(output_gradient, images, axes, kernels.shape[-1])
    by_images, by_kernels = np.zeros_like(images), np.zeros_like(kernels)
    with _threads(images, kernels, axes, groups):
        for pixels, windows, part in _parts(images, axes, kernels.shape[-1]):
            arriving = images_last(output_gradient[windows])
            blame = engine.blame_inputs(arriving, kernels, part, groups)
            by_images[pixels] += _images_first(blame)
            seen = engine.lower(images_last(images[pixels]), part, groups)
            by_kernels += engine.blame_kernel(seen, arriving, kernels.shape, part)
    return by_images, by_kernels, output_gradient.sum(axis=(0, 1, 2))


@quiet
def locally_connected2d(
    images: Any,
    kernels: Any,
    bias: Any = None,
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
) -> np.ndarray:
    """Convolve without sharing: every output position has kernels of its own.

    >>> image = np.array([1, 2, 3]).reshape(1, 1, 3, 1)
    >>> kernels = np.array([[1, 1], [10, 100]]).reshape(1, 2, 1, 2, 1, 1)
    >>> locally_connected2d(image, kernels)[0, :, :, 0]
    array([[  3, 320]])

    images (N, H, W, C), kernels (H', W', kh, kw, C, F), bias (H', W', F);
    returns (N, H', W', F).
    """
    images, kernels, bias = same_kind(images=images, kernels=kernels, bias=bias)
    axes = _local_axes(images, kernels, strides, padding, dilation_rate)
    check_sums((2, 3, 4), images=images, kernels=kernels, bias=bias)
    output = _blank(images, axes, kernels.shape[-1])
    for pixels, windows, part in _parts(images, axes, kernels.shape[-1]):
        done = engine.connect_locally(images_last(images[pixels]), kernels[windows[1:]], part)
        output[windows] = _images_first(done.output)
    return _add_bias(output, bias, 3, "one for each output of one image")


@quiet
def locally_connected2d_gradients(
    images: Any,
    kernels: Any,
    output_gradient: Any,
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
) -> Gradients:
    """Return `locally_connected2d`'s gradients with respect to its images, kernels and bias.

    >>> images, kernels = np.arange(3.0).reshape(1, 1, 3, 1), np.ones((1, 2, 1, 2, 1, 1))
    >>> by_images, by_kernels, by_bias = locally_connected2d_gradients(
    ...     images, kernels, np.ones((1, 1, 2, 1)))
    >>> by_images.ravel(), by_kernels[0, :, 0, :, 0, 0]
    (array([1., 2., 1.]), array([[0., 1.],
           [1., 2.]]))

    The same sums as `conv2d_gradients`, but only over the images: no position shares a weight.
    """
    images, kernels, output_gradient = floats(
        images=images, kernels=kernels, output_gradient=output_gradient
    )
    axes = _local_axes(images, kernels, strides, padding, dilation_rate)
    _check_output(output_gradient, images, axes, kernels.shape[-1])
    by_images, by_kernels = np.zeros_like(images), np.zeros_like(kernels)
    for pixels, windows, part in _parts(images, axes, kernels.shape[-1]):
        done = engine.connect_locally(images_last(images[pixels]), kernels[windows[1:]], part)
        arriving = images_last(output_gradient[windows])
        by_images[pixels] += _images_first(done.by_inputs(arriving))
        assert done.by_weight
        by_kernels[windows[1:]] += done.by_weight(arriving)
    return by_images, by_kernels, output_gradient.sum(axis=0)


@quiet
def max_pooling2d(
    images: Any,
    pool_size: Any = 2,
    strides: Any = None,
    padding: shapes.Padding = "valid",
    ceil_mode: bool = False,
) -> np.ndarray:
    """Keep the largest value of each window.

    >>> max_pooling2d(np.arange(16).reshape(1, 4, 4, 1))[0, :, :, 0]
    array([[ 5,  7],
           [13, 15]])

    images (N, H, W, C); returns (N, H', W', C). Strides default to the window; padded cells
    never win.
    """
    (images,) = same_kind(images=images)
    return _pool(engine.pool_max, images, pool_size, strides, padding, ceil_mode)


@quiet
def max_pooling2d_gradient(
    images: Any,
    output_gradient: Any,
    pool_size: Any = 2,
    strides: Any = None,
    padding: shapes.Padding = "valid",
    ceil_mode: bool = False,
) -> np.ndarray:
    """Return `max_pooling2d`'s gradient with respect to its images: the winner gets all of it.

    >>> images = np.array([[1.0, 5.0], [5.0, 2.0]]).reshape(1, 2, 2, 1)
    >>> max_pooling2d_gradient(images, np.ones((1, 1, 1, 1)))[0, :, :, 0]
    array([[0., 1.],
           [0., 0.]])

    Of equal pixels the first of the window wins, row by row, as in TensorFlow.
    """
    images, arriving = floats(images=images, output_gradient=output_gradient)
    how = pool_size, strides, padding, ceil_mode
    return _pool_gradient(engine.pool_max, images, arriving, *how)


@quiet
def average_pooling2d(
    images: Any,
    pool_size: Any = 2,
    strides: Any = None,
    padding: shapes.Padding = "valid",
    ceil_mode: bool = False,
) -> np.ndarray:
    """Average each window over the cells that lie in the image.

    >>> average_pooling2d(np.arange(16.0).reshape(1, 4, 4, 1))[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])

    images (N, H, W, C), floats; returns (N, H', W', C). Padded cells are not counted, as in
    Keras. Strides default to the window.
    """
    (images,) = floats(images=images)
    return _pool(engine.pool_average, images, pool_size, strides, padding, ceil_mode)


@quiet
def average_pooling2d_gradient(
    images: Any,
    output_gradient: Any,
    pool_size: Any = 2,
    strides: Any = None,
    padding: shapes.Padding = "valid",
    ceil_mode: bool = False,
) -> np.ndarray:
    """Return `average_pooling2d`'s gradient with respect to its images: each pixel gets its share.

    >>> average_pooling2d_gradient(np.zeros((1, 2, 2, 1)), np.ones((1, 1, 1, 1)))[0, :, :, 0]
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    images, arriving = floats(images=images, output_gradient=output_gradient)
    how = pool_size, strides, padding, ceil_mode
    return _pool_gradient(engine.pool_average, images, arriving, *how)


@quiet
def dense(inputs: Any, weights: Any, bias: Any = None) -> np.ndarray:
    """Connect every input to every output.

    >>> dense([[1, 2]], [[1, 0, 1], [0, 1, 1]], bias=[10, 10, 10])
    array([[11, 12, 13]])

    inputs (N, inputs), weights (inputs, units), bias (units,); returns (N, units).
    """
    inputs, weights, bias = same_kind(inputs=inputs, weights=weights, bias=bias)
    check_dense(inputs, weights)
    check_sums((0,), inputs=inputs, weights=weights, bias=bias)
    return _add_bias(inputs @ weights, bias)


@quiet
def dense_gradients(inputs: Any, weights: Any, output_gradient: Any) -> Gradients:
    """Return the gradients of `dense` with respect to its inputs, weights and bias.

    >>> by_inputs, by_weights, by_bias = dense_gradients([[1.0, 2.0]], [[3.0], [4.0]], [[10.0]])
    >>> by_inputs, by_weights.ravel(), by_bias
    (array([[30., 40.]]), array([10., 20.]), array([10.]))

    inputs (N, inputs), weights (inputs, units), output_gradient (N, units).
    """
    inputs, weights, output_gradient = floats(
        inputs=inputs, weights=weights, output_gradient=output_gradient
    )
    check_dense(inputs, weights)
    shape = len(inputs), weights.shape[1]
    check_shape(output_gradient, "output_gradient", shape, "that of the output")
    return output_gradient @ weights.T, inputs.T @ output_gradient, output_gradient.sum(axis=0)


def convolution_matrix(
    kernels: Any,
    input_shape: tuple[int, int, int],
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
    groups: int = 1,
) -> np.ndarray:
    """Return the convolution as one dense matrix: its zeros are the sparsity.

    >>> convolution_matrix(np.array([3, 5]).reshape(1, 2, 1, 1), input_shape=(1, 4, 1))
    array([[3, 5, 0, 0],
           [0, 3, 5, 0],
           [0, 0, 3, 5]])

    kernels (kh, kw, C // groups, F), input_shape (H, W, C); returns (H'·W'·F, H·W·C), so that
    `matrix @ image.ravel()` is `conv2d(image[None], kernels).ravel()`. Column p is the layer's
    answer to an image whose only lit pixel is p.
    """
    (kernels,) = same_kind(kernels=kernels)
    pixels, numbers = math.prod(input_shape), np.arange(1.0, kernels.size + 1)
    lit = np.eye(pixels).reshape(pixels, *input_shape)
    how = strides, padding, dilation_rate, groups
    # Each answer is one weight or none: weights that are numbered tell which, and 0 is none.
    which = conv2d(lit, numbers.reshape(kernels.shape), None, *how).astype(int)
    return np.append(kernels.dtype.type(0), kernels)[which.reshape(pixels, -1).T]


def _axes(
    images: np.ndarray,
    size: Any,
    strides: Any,
    padding: shapes.Padding,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> Axes:
    """Lay windows of this size over the rows and columns of images (N, H, W, C)."""
    size = shapes.pair(size, "window size")
    strides, dilation = shapes.pair(strides, "strides"), shapes.pair(dilation, "dilation_rate")
    paddings = shapes.axis_paddings(padding)
    each = zip(images.shape[1:3], size, strides, paddings, dilation, strict=True)
    rows, columns = (_axis(*numbers, ceil_mode) for numbers in each)
    return rows, columns


@lru_cache
def _axis(*numbers: Any) -> Axis:
    axis = Axis(*numbers)
    shapes.check_fit(axis)
    return axis


def _local_axes(
    images: np.ndarray, kernels: np.ndarray, strides: Any, padding: shapes.Padding, dilation: Any
) -> Axes:
    check_images(images, kernels.shape[4] if kernels.ndim == 6 else None)
    check_axes(kernels, "kernels", "H', W', kh, kw, C, F")
    rows, columns = axes = _axes(images, kernels.shape[2:4], strides, padding, dilation)
    shape = rows.count, columns.count, *kernels.shape[2:4], images.shape[-1], kernels.shape[-1]
    check_shape(kernels, "kernels", shape, "H', W', kh, kw, C, F for these images")
    return axes


def _pool_axes(
    images: np.ndarray, size: Any, strides: Any, padding: shapes.Padding, ceil_mode: bool
) -> Axes:
    """Lay the windows of a pool; every one must hold a pixel, for padding has no value."""
    check_images(images)
    axes = _axes(images, size, size if strides is None else strides, padding, 1, ceil_mode)
    if any(_on_image(axis) != (0, axis.count) for axis in axes):
        raise ValueError(
            f"some windows of {axes[0].kernel}×{axes[1].kernel} lie on padding alone with "
            f"padding={padding!r}: use a padding smaller than the window"
        )
    return axes


def _check_output(
    output_gradient: np.ndarray, images: np.ndarray, axes: Axes, channels: int
) -> None:
    shape = len(images), axes[0].count, axes[1].count, channels
    check_shape(output_gradient, "output_gradient", shape, "that of the output")


def _threads(
    images: np.ndarray, kernels: np.ndarray, axes: Axes, groups: int
) -> contextlib.AbstractContextManager:
    """Let one thread do products so small that sharing them takes longer than doing them."""
    macs = len(images) * axes[1].count * kernels.size // groups  # of a row of windows
    return contextlib.nullcontext() if macs >= SHARED else one_thread()


def _blank(images: np.ndarray, axes: Axes, channels: int) -> np.ndarray:
    """Return an output to fill; windows on padding alone are in no part, and stay zero."""
    shape = len(images), axes[0].count, axes[1].count, channels
    full = all(_on_image(axis) == (0, axis.count) for axis in axes)
    return (np.empty if full else np.zeros)(shape, images.dtype)


def _images_first(values: np.ndarray) -> np.ndarray:
    """See the engine's images as (N, H, W, C), without a copy."""
    return values.transpose(3, 0, 2, 1)


def _pool(pool: Any, images: np.ndarray, *how: Any) -> np.ndarray:
    axes, channels = _pool_axes(images, *how), images.shape[-1]
    output = _blank(images, axes, channels)
    for pixels, windows, part in _parts(images, axes, channels):
        output[windows] = _images_first(pool(images_last(images[pixels]), part).output)
    return output


def _pool_gradient(pool: Any, images: np.ndarray, arriving: np.ndarray, *how: Any) -> np.ndarray:
    axes, channels = _pool_axes(images, *how), images.shape[-1]
    _check_output(arriving, images, axes, channels)
    by_images = np.zeros_like(images)
    for pixels, windows, part in _parts(images, axes, channels):
        done = pool(images_last(images[pixels]), part)
        by_images[pixels] += _images_first(done.by_inputs(images_last(arriving[windows])))
    return by_images


def _add_bias(
    output: np.ndarray, bias: Any, axes: int = 1, why: str = "one for each filter"
) -> np.ndarray:
    """Add a bias in place, one for each place of the last so many axes, for the output is ours."""
    if bias is not None:
        check_shape(bias, "bias", output.shape[-axes:], why)
        output += bias
    return output


def _parts(images: np.ndarray, axes: Axes, filters: int) -> list[tuple[tuple, tuple, Axes]]:
    """Where the pixels of a part of the work are, where its windows, and how these lie on those."""
    return _cut(images.shape, axes, filters, SCRATCH // images.itemsize)


@lru_cache
def _cut(shape: tuple[int, ...], axes: Axes, filters: int, limit: int) -> list:
    """Cut what takes too many numbers of scratch memory: images before rows before columns."""
    todo, parts = [((0, shape[0]), *map(_on_image, axes))], []
    while todo:
        ranges = todo.pop()
        if any(start >= stop for start, stop in ranges):
            continue
        cells, (rows, columns) = zip(*map(_part, axes, ranges[1:]), strict=True)
        numbers = shape[3] * rows.size * (columns.size + columns.kernel * columns.count)
        numbers += filters * rows.count * columns.count
        numbers *= 2 * (ranges[0][1] - ranges[0][0])  # what goes forth, and its gradient
        axis = next((i for i, (start, stop) in enumerate(ranges) if stop - start > 1), None)
        if axis is None or numbers <= limit:
            each, *windows = (slice(*bounds) for bounds in ranges)
            parts.append(((each, *cells), (each, *windows), (rows, columns)))
            continue
        start, stop = ranges[axis]
        middle = (start + stop) // 2
        halves = (middle, stop), (start, middle)
        todo += [(*ranges[:axis], half, *ranges[axis + 1 :]) for half in halves]
    return parts


def _on_image(axis: Axis) -> tuple[int, int]:
    """From which window to which some cell of the image lies between first and last tap."""
    start = max((axis.zeros[0] - axis.extent) // axis.stride + 1, 0)
    return start, min(-(-(axis.size + axis.zeros[0]) // axis.stride), axis.count)


def _part(axis: Axis, windows: tuple[int, int]) -> tuple[slice, Axis]:
    """The cells that some windows span, and how these windows lie over them."""
    first = windows[0] * axis.stride - axis.zeros[0]
    stop = (windows[1] - 1) * axis.stride - axis.zeros[0] + axis.extent
    cells = slice(max(first, 0), min(stop, axis.size))
    zeros = cells.start - first, stop - cells.stop
    size = cells.stop - cells.start
    return cells, Axis(size, axis.kernel, axis.stride, zeros, axis.dilation)
