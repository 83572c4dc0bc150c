"""Each value by itself: a function of it, also at the end of other layers, or chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from cnnlib.engine import Array, Pass
from cnnlib.layers.base import Layer, Place, Step
from cnnlib.layers.settings import function, or_none, setting, share, text


def _softmax(product: Array) -> Pass:
    """Over the channels, or over the values of a vector."""
    axis = product.ndim // 4  # the engine's order: channels second, values first
    output = np.exp(product - product.max(axis=axis, keepdims=True))
    output /= output.sum(axis=axis, keepdims=True)
    return Pass(output, lambda a: output * (a - (a * output).sum(axis=axis, keepdims=True)))


def _sloped(values: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Any:
    """A function that may work in place, and its slope, told by what came out."""

    def run(product: Array) -> Pass:
        output = values(product)
        return Pass(output, lambda a: a * slope(output))

    return run


_RUN: dict[str, Callable[[Array], Pass]] = {
    "relu": _sloped(lambda x: np.maximum(x, 0, out=x), lambda y: y > 0),
    "relu6": _sloped(lambda x: np.clip(x, 0, 6, out=x), lambda y: (y > 0) & (y < 6)),
    "leaky_relu": _sloped(
        lambda x: np.where(x > 0, x, x * x.dtype.type(0.2)),
        lambda y: np.where(y > 0, 1, 0.2).astype(y.dtype),
    ),
    "elu": _sloped(
        lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        lambda y: np.where(y > 0, 1, y + 1),
    ),
    "tanh": _sloped(lambda x: np.tanh(x, out=x), lambda y: 1 - y * y),
    "sigmoid": _sloped(lambda x: np.exp(-np.logaddexp(0, -x), out=x), lambda y: y * (1 - y)),
    "hard_sigmoid": _sloped(
        lambda x: np.clip(x / 6 + 0.5, 0, 1), lambda y: ((y > 0) & (y < 1)) * y.dtype.type(1 / 6)
    ),
    "softplus": _sloped(lambda x: np.logaddexp(0, x, out=x), lambda y: -np.expm1(-y)),
    "softsign": _sloped(lambda x: x / (1 + np.abs(x)), lambda y: (1 - np.abs(y)) ** 2),
    "exponential": _sloped(lambda x: np.exp(x, out=x), lambda y: y),
    "softmax": _softmax,
}


def activate(name: str | None) -> Iterator[Step]:
    """The step of this activation, or none.

    It may work in place: what it is given must be the product of the step before, which that step
    no longer needs.
    """
    if name in (None, "linear"):
        return
    if name not in _RUN:
        raise ValueError(f"NumpyModel cannot run {name!r}; it runs linear, {', '.join(_RUN)}")
    yield Step(_RUN[name])


def is_softmax(step: Step) -> bool:
    """Whether the step turns logits into probabilities."""
    return step.run is _softmax


@dataclass(frozen=True)
class Activation(Layer):
    """The same function on every value.

    >>> Activation("relu").output_shape((28, 28, 6))
    (28, 28, 6)
    """

    activation: str = setting(function)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Activation", "ReLU", "Softmax")
    keras_alone: ClassVar = {
        "negative_slope": (0,),
        "threshold": (0,),
        "max_value": (None, 6),
        "axis": (-1, 3),
    }

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(lambda inputs: Pass(inputs.copy(), lambda a: a))
        yield from activate(self.activation)

    @classmethod
    def from_keras(cls, kind: str, config: Mapping[str, Any]) -> Layer:
        named = {"ReLU": "relu6" if config.get("max_value") else "relu", "Softmax": "softmax"}
        return super().from_keras(kind, {"activation": named.get(kind), **config})


@dataclass(frozen=True)
class Dropout(Layer):
    """In training, a share `rate` of the values is set to zero; afterwards nothing is.

    >>> Dropout(0.5).output_shape((4096,))
    (4096,)
    """

    rate: float = setting(share)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Dropout",)
    keras_alone: ClassVar = {"noise_shape": (None,)}

    def steps(self, place: Place) -> Iterator[Step]:
        random = place.random
        if random is None:
            return

        def drop(inputs: Array) -> Pass:
            kept = random.random(inputs.shape, "f") >= self.rate
            scale = kept.astype(inputs.dtype) / (1 - self.rate)  # so that the mean stays
            return Pass(inputs * scale, lambda a: a * scale)

        yield Step(drop)
