"""How does a layer run, forward and backward? In the order of `engine`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from cnnlib import engine
from cnnlib.engine import Array, Pass
from cnnlib.ledger import Row

ACTIVATIONS = ("relu", "tanh", "sigmoid")


@dataclass(frozen=True)
class Step:
    """A part of a layer that uses one of its weight arrays, or none.

    `run(inputs, weight, random)` gives a `Pass`; `random` is None unless the network learns.
    """

    layer: str
    weight: int | None
    run: Callable[[Array, Array | None, np.random.Generator | None], Pass]


def steps(row: Row, is_last: bool = False) -> list[Step]:
    """Take a layer apart: a product with the kernel, a bias, an activation.

    >>> from cnnlib import architectures
    >>> [step.weight for step in steps(architectures.lenet5()["C1"])]
    [0, 1, None]

    A softmax is left out at the end, where the loss takes the logits, and refused elsewhere, as
    is every layer that cannot be run here.
    """
    activation = getattr(row.layer, "activation", None)
    if activation == "softmax" and is_last:
        activation = None
    if row.kind not in _LAYERS or getattr(row.layer, "connection_table", None):
        raise ValueError(
            f"{row.name}: NumpyModel cannot run this {row.kind}; it runs {', '.join(_LAYERS)}, "
            "without a connection_table"
        )
    if activation not in (None, *ACTIVATIONS):
        raise ValueError(
            f"{row.name}: NumpyModel cannot run {activation!r} here; it runs "
            f"{', '.join(ACTIVATIONS)}, and softmax in the last layer"
        )
    runs = [partial(run, row) for run in _LAYERS[row.kind]]
    weights = range(len(row.layer.weights(row.input_shape)))
    if weights:
        parts = [Step(row.name, i, run) for i, run in zip(weights, runs, strict=False)]
    else:
        parts = [Step(row.name, None, run) for run in runs]
    if activation:
        parts.append(Step(row.name, None, partial(_activate, activation)))
    return parts


def _convolve(row: Row, inputs: Array, kernel: Array, _: Any) -> Pass:
    return engine.convolve(inputs, kernel, row.axes, row.layer.groups)


def _connect_locally(row: Row, inputs: Array, kernel: Array, _: Any) -> Pass:
    return engine.connect_locally(inputs, kernel, row.axes)


def _multiply(row: Row, inputs: Array, kernel: Array, _: Any) -> Pass:
    return engine.multiply(inputs, kernel)


def _add_bias(row: Row, product: Array, bias: Array, _: Any) -> Pass:
    return engine.add_bias(product, bias)


def _max_pool(row: Row, inputs: Array, *_: Any) -> Pass:
    return engine.pool_max(inputs, row.axes)


def _average_pool(row: Row, inputs: Array, *_: Any) -> Pass:
    return engine.pool_average(inputs, row.axes)


def _flatten(row: Row, inputs: Array, *_: Any) -> Pass:
    return engine.flatten(inputs)


def _drop(row: Row, inputs: Array, _: Any, random: np.random.Generator | None) -> Pass:
    if random is None:
        return Pass(inputs, lambda a: a)
    kept = random.random(inputs.shape, np.float32) >= row.layer.rate
    scale = kept.astype(inputs.dtype) / (1 - row.layer.rate)  # so that the mean stays
    return Pass(inputs * scale, lambda a: a * scale)


def _copy(row: Row, inputs: Array, *_: Any) -> Pass:
    return Pass(inputs.copy(), lambda a: a)


def _activate(name: str, product: Array, *_: Any) -> Pass:
    """In place, for what comes in is this layer's own: a product, or a copy."""
    output = product
    if name == "relu":
        np.maximum(product, 0, out=output)
        return Pass(output, lambda a: a * (output > 0))
    if name == "tanh":
        np.tanh(product, out=output)
        return Pass(output, lambda a: a * (1 - output * output))
    np.exp(-np.logaddexp(0, -product), out=output)
    return Pass(output, lambda a: a * (output * (1 - output)))


_LAYERS = {
    "Conv2D": (_convolve, _add_bias),
    "LocallyConnected2D": (_connect_locally, _add_bias),
    "MaxPooling2D": (_max_pool,),
    "AveragePooling2D": (_average_pool,),
    "Flatten": (_flatten,),
    "Dense": (_multiply, _add_bias),
    "Dropout": (_drop,),
    "Activation": (_copy,),
}
