"""What does each layer compute, in NumPy? (Forward here; backward in `gradients.py`.)

Images are (N, H, W, C): images, rows, columns, channels. One rule for numbers: all arrays of a
call are float32, or all float64, and so is the result; or all are integers, and the result is
exact, in int64. A mixture raises a ValueError.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cnnlib import shapes
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
from cnnlib.fast_convolution import convolve
from cnnlib.gradients import (  # noqa: F401  (offered here too)
    average_pooling2d_gradient,
    check_dense,
    conv2d_gradients,
    dense_gradients,
    depthwise_conv2d_gradients,
    locally_connected2d_gradients,
    max_pooling2d_gradient,
)
from cnnlib.windows import (
    Windows,
    cells,
    check_channels,
    check_shape,
    each_group,
    floats,
    grouped_kernels,
    local_windows,
    lowest,
    pooling_windows,
    same_kind,
)


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
    images, kernels = same_kind(images=images, kernels=kernels)
    check_channels(images, kernels, groups)
    windows = Windows.over(images.shape[1:3], kernels.shape[:2], strides, padding, dilation_rate)
    filters = kernels.shape[-1]
    output = np.empty((len(images), *windows.count, filters), images.dtype)
    for read, own in each_group(images.shape[-1], filters, groups):
        convolve(images[..., read], kernels[..., own], windows, output[..., own])
    return _add_bias(output, bias)


def _add_bias(output: np.ndarray, bias: Any) -> np.ndarray:
    """Add one bias to each filter, in place: the output is ours."""
    if bias is None:
        return output
    _, bias = same_kind(output=output, bias=bias)
    check_shape(bias, "bias", output.shape[-1:], "one for each filter")
    output += bias
    return output


def depthwise_conv2d(
    images: Any,
    kernels: Any,
    bias: Any = None,
    strides: Any = 1,
    padding: shapes.Padding = "valid",
    dilation_rate: Any = 1,
) -> np.ndarray:
    """Convolve each channel by kernels of its own, without summing over channels.

    >>> image = np.arange(8).reshape(1, 2, 2, 2)
    >>> depthwise_conv2d(image, np.ones((2, 2, 2, 1), int))
    array([[[[12, 16]]]])

    images (N, H, W, C), kernels (kh, kw, C, multiplier); returns (N, H', W', C * multiplier),
    the outputs of channel 0 first. It is `conv2d` with one group for each channel.
    """
    images, kernels = same_kind(images=images, kernels=kernels)
    grouped = grouped_kernels(images, kernels)
    geometry = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
    return conv2d(images, grouped, bias, **geometry, groups=images.shape[-1])


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
    images, kernels = same_kind(images=images, kernels=kernels)
    windows = local_windows(images, kernels, strides, padding, dilation_rate)
    padded = windows.pad(images)
    output = np.zeros((len(images), *windows.count, kernels.shape[-1]), images.dtype)
    for row, col, pixels in windows.taps():
        output += np.einsum("nijc,ijcf->nijf", padded[pixels], kernels[:, :, row, col])
    if bias is not None:
        _, bias = same_kind(output=output, bias=bias)
        check_shape(bias, "bias", output.shape[1:], "one for each output of one image")
        output += bias
    return output


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
    windows = pooling_windows(images, pool_size, strides, padding, ceil_mode)
    padded = windows.pad(images, lowest(images.dtype))
    output = np.full(
        (len(images), *windows.count, images.shape[-1]), lowest(images.dtype), images.dtype
    )
    for *_, pixels in windows.taps():
        np.maximum(output, padded[pixels], out=output)
    return output


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
    windows = pooling_windows(images, pool_size, strides, padding, ceil_mode)
    padded = windows.pad(images)
    return sum(padded[pixels] for *_, pixels in windows.taps()) / cells(windows, images.dtype)


def dense(inputs: Any, weights: Any, bias: Any = None) -> np.ndarray:
    """Connect every input to every output.

    >>> dense([[1, 2]], [[1, 0, 1], [0, 1, 1]], bias=[10, 10, 10])
    array([[11, 12, 13]])

    inputs (N, inputs), weights (inputs, units), bias (units,); returns (N, units).
    """
    inputs, weights = same_kind(inputs=inputs, weights=weights)
    check_dense(inputs, weights)
    return _add_bias(inputs @ weights, bias)


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
    pixels = math.prod(input_shape)
    lit = np.eye(pixels, dtype=kernels.dtype).reshape(pixels, *input_shape)
    answers = conv2d(lit, kernels, None, strides, padding, dilation_rate, groups)
    return answers.reshape(pixels, -1).T
