"""What do activations and the loss compute, forward and backward?

A gradient takes the layer's inputs and the loss's gradient with respect to its output.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnlib.arrays import check_axes, check_labels, check_shape, floats, quiet, same_kind


@quiet
def relu(inputs: Any) -> np.ndarray:
    """Set what is below zero to zero.

    >>> relu([-2, 0, 3])
    array([0, 0, 3])
    """
    (inputs,) = same_kind(inputs=inputs)
    return np.maximum(inputs, 0)


@quiet
def tanh(inputs: Any) -> np.ndarray:
    """Squash to between -1 and 1.

    >>> tanh([0.0, 1.0]).round(4)
    array([0.    , 0.7616])
    """
    return np.tanh(*floats(inputs=inputs))


@quiet
def sigmoid(inputs: Any) -> np.ndarray:
    """Squash to between 0 and 1: 1 / (1 + exp(-x)), without overflow.

    >>> sigmoid([-1000.0, 0.0, 1.0]).round(4)
    array([0.    , 0.5   , 0.7311])
    """
    (inputs,) = floats(inputs=inputs)
    return np.exp(-np.logaddexp(0, -inputs))


@quiet
def softmax(logits: Any) -> np.ndarray:
    """Turn the logits on the last axis into probabilities that add up to 1.

    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    return np.exp(_log_softmax(*floats(logits=logits)))


@quiet
def cross_entropy(logits: Any, labels: Any) -> float:
    """Return the mean of -log(probability of the true class), from logits.

    >>> round(cross_entropy([[0.0, 0.0], [0.0, 0.0]], [0, 1]), 4)
    0.6931

    logits (N, classes), labels (N,) whole numbers; the loss is in nats. Labels outside the
    classes, or one-hot, raise a ValueError.
    """
    (logits,) = floats(logits=logits)
    check_axes(logits, "logits", "N, classes")
    labels = check_labels(labels, logits.shape)
    if not len(labels):
        raise ValueError("there is no mean over no logits: give at least one row, and its label")
    return float(-_log_softmax(logits)[np.arange(len(labels)), labels].mean())


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    """Subtract the largest logit first, so that no exponential overflows."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@quiet
def relu_gradient(inputs: Any, output_gradient: Any) -> np.ndarray:
    """Let the gradient pass where the input was above zero.

    >>> relu_gradient([-2.0, 0.0, 3.0], [1.0, 1.0, 1.0])
    array([0., 0., 1.])
    """
    inputs, output_gradient = _pair(inputs, output_gradient)
    return output_gradient * (inputs > 0)


@quiet
def tanh_gradient(inputs: Any, output_gradient: Any) -> np.ndarray:
    """Multiply the gradient by 1 - tanh², at most 1.

    >>> tanh_gradient([0.0, 1.0], [1.0, 1.0]).round(4)
    array([1.  , 0.42])
    """
    inputs, output_gradient = _pair(inputs, output_gradient)
    return output_gradient * (1 - np.tanh(inputs) ** 2)


@quiet
def sigmoid_gradient(inputs: Any, output_gradient: Any) -> np.ndarray:
    """Multiply the gradient by s * (1 - s), at most 1/4.

    >>> sigmoid_gradient([0.0, 1.0], [1.0, 1.0]).round(4)
    array([0.25  , 0.1966])
    """
    inputs, output_gradient = _pair(inputs, output_gradient)
    return output_gradient * sigmoid(inputs) * sigmoid(-inputs)


def _pair(inputs: Any, output_gradient: Any) -> tuple[np.ndarray, np.ndarray]:
    inputs, output_gradient = floats(inputs=inputs, output_gradient=output_gradient)
    check_shape(output_gradient, "output_gradient", inputs.shape, "that of the inputs")
    return inputs, output_gradient


@quiet
def cross_entropy_gradient(logits: Any, labels: Any) -> np.ndarray:
    """Return `cross_entropy`'s gradient with respect to the logits: (probability - truth) / N.

    >>> cross_entropy_gradient([[0.0, 0.0], [0.0, 0.0]], [0, 1])
    array([[-0.25,  0.25],
           [ 0.25, -0.25]])
    """
    (logits,) = floats(logits=logits)
    check_axes(logits, "logits", "N, classes")
    labels = check_labels(labels, logits.shape)
    gradient = softmax(logits)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)
