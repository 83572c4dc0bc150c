"""How does the error travel back through each layer? (Forward in `operations.py`.)

Every function takes what its layer took, then `output_gradient`, the gradient of the loss by the
layer's output, and returns the gradients by the layer's arguments, in their order. All arrays are
float32, or all float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnlib import shapes
from cnnlib.windows import (
    Windows,
    cells,
    check_axes,
    check_channels,
    check_shape,
    each_group,
    floats,
    grouped_kernels,
    local_windows,
    lowest,
    pooling_windows,
)

Gradients = tuple[np.ndarray, np.ndarray, np.ndarray]
POSITIONS = (0, 1, 2)  # image, row, column: the axes along which a kernel is shared


def conv2d_gradients(
    images: Any,
    kernels: Any,
    output_gradient: Any,
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
    groups: int = 1,
) -> Gradients:
    """Return the gradients of `conv2d` by its images, kernels and bias.

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
    windows = Windows.over(images.shape[1:3], kernels.shape[:2], strides, padding, dilation_rate)
    _check_output(output_gradient, images, windows, kernels.shape[-1])
    padded, by_kernels = windows.pad(images), np.zeros_like(kernels)
    by_padded = np.zeros_like(padded)
    for read, own in each_group(images.shape[-1], kernels.shape[-1], groups):
        arriving = output_gradient[..., own]
        for row, col, pixels in windows.taps():
            met = padded[pixels][..., read]
            by_kernels[row, col, :, own] = np.tensordot(met, arriving, axes=(POSITIONS, POSITIONS))
            by_padded[pixels][..., read] += arriving @ kernels[row, col, :, own].T
    return windows.unpad(by_padded), by_kernels, output_gradient.sum(axis=POSITIONS)


def depthwise_conv2d_gradients(
    images: Any,
    kernels: Any,
    output_gradient: Any,
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
) -> Gradients:
    """Return the gradients of `depthwise_conv2d` by its images, kernels and bias.

    >>> images, kernels = np.ones((1, 1, 1, 2)), np.array([2.0, 3.0]).reshape(1, 1, 2, 1)
    >>> by_images, by_kernels, by_bias = depthwise_conv2d_gradients(images, kernels, images)
    >>> by_images.ravel(), by_kernels.ravel()
    (array([2., 3.]), array([1., 1.]))
    """
    images, kernels, output_gradient = floats(
        images=images, kernels=kernels, output_gradient=output_gradient
    )
    grouped = grouped_kernels(images, kernels)
    geometry = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
    by_images, by_kernels, by_bias = conv2d_gradients(
        images, grouped, output_gradient, **geometry, groups=images.shape[-1]
    )
    return by_images, by_kernels.reshape(kernels.shape), by_bias


def locally_connected2d_gradients(
    images: Any,
    kernels: Any,
    output_gradient: Any,
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
) -> Gradients:
    """Return the gradients of `locally_connected2d` by its images, kernels and bias.

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
    windows = local_windows(images, kernels, strides, padding, dilation_rate)
    _check_output(output_gradient, images, windows, kernels.shape[-1])
    padded, by_kernels = windows.pad(images), np.zeros_like(kernels)
    by_padded = np.zeros_like(padded)
    for row, col, pixels in windows.taps():
        by_kernels[:, :, row, col] = np.einsum("nijc,nijf->ijcf", padded[pixels], output_gradient)
        here = kernels[:, :, row, col]
        by_padded[pixels] += np.einsum("nijf,ijcf->nijc", output_gradient, here)
    return windows.unpad(by_padded), by_kernels, output_gradient.sum(axis=0)


def max_pooling2d_gradient(
    images: Any,
    output_gradient: Any,
    pool_size: Any = 2,
    strides: Any = None,
    padding: shapes.Padding = "valid",
    ceil_mode: bool = False,
) -> np.ndarray:
    """Return the gradient of `max_pooling2d` by its images: all of it goes to the winner.

    >>> images = np.array([[1.0, 5.0], [5.0, 2.0]]).reshape(1, 2, 2, 1)
    >>> max_pooling2d_gradient(images, np.ones((1, 1, 1, 1)))[0, :, :, 0]
    array([[0., 1.],
           [0., 0.]])

    Of equal pixels the first of the window wins, row by row, as in TensorFlow.
    """
    images, output_gradient = floats(images=images, output_gradient=output_gradient)
    windows = pooling_windows(images, pool_size, strides, padding, ceil_mode)
    _check_output(output_gradient, images, windows, images.shape[-1])
    padded = windows.pad(images, lowest(images.dtype))
    by_padded, won = np.zeros_like(padded), np.zeros(output_gradient.shape, bool)
    largest = np.max([padded[pixels] for *_, pixels in windows.taps()], axis=0)
    for *_, pixels in windows.taps():
        wins = (padded[pixels] == largest) & ~won
        by_padded[pixels] += output_gradient * wins
        won |= wins
    return windows.unpad(by_padded)


def average_pooling2d_gradient(
    images: Any,
    output_gradient: Any,
    pool_size: Any = 2,
    strides: Any = None,
    padding: shapes.Padding = "valid",
    ceil_mode: bool = False,
) -> np.ndarray:
    """Return the gradient of `average_pooling2d` by its images: each pixel gets its share.

    >>> average_pooling2d_gradient(np.zeros((1, 2, 2, 1)), np.ones((1, 1, 1, 1)))[0, :, :, 0]
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    images, output_gradient = floats(images=images, output_gradient=output_gradient)
    windows = pooling_windows(images, pool_size, strides, padding, ceil_mode)
    _check_output(output_gradient, images, windows, images.shape[-1])
    share = output_gradient / cells(windows, images.dtype)
    by_padded = np.zeros_like(windows.pad(images))
    for *_, pixels in windows.taps():
        by_padded[pixels] += share
    return windows.unpad(by_padded)


def dense_gradients(inputs: Any, weights: Any, output_gradient: Any) -> Gradients:
    """Return the gradients of `dense` by its inputs, weights and bias.

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


def _check_output(
    output_gradient: np.ndarray, images: np.ndarray, windows: Windows, channels: int
) -> None:
    shape = len(images), *windows.count, channels
    check_shape(output_gradient, "output_gradient", shape, "that of the output")


def check_dense(inputs: np.ndarray, weights: np.ndarray) -> None:
    """Raise unless inputs (N, inputs) fit weights (inputs, units)."""
    check_axes(weights, "weights", "inputs, units")
    if inputs.ndim != 2:
        raise ValueError(
            f"inputs must have the axes (N, inputs), not the shape {inputs.shape}: "
            "flatten them first, with inputs.reshape(len(inputs), -1)"
        )
    shape = len(inputs), len(weights)
    check_shape(inputs, "inputs", shape, f"the weights {weights.shape} take {len(weights)}")
