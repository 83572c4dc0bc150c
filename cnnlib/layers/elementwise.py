"""Each value by itself: a function of it, also at the end of other layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib.engine import Array, Pass, add_bias
from cnnlib.layers.base import AlongLast, Layer, Place, Shape, Step
from cnnlib.layers.settings import amount, axis, function, number, or_none, setting, text
from cnnlib.layers.weights import Weight, zeros
from cnnlib.shapes import integer


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


def finish(use_bias: bool, activation: str | None) -> Iterator[Step]:
    """The steps after a product: add a bias, if there is one, and activate."""
    if use_bias:
        yield Step(add_bias, "bias")
    yield from activate(activation)


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

    keras_kinds = ("Activation",)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(lambda inputs: Pass(inputs.copy(), lambda a: a))
        yield from activate(self.activation)


@dataclass(frozen=True)
class Softmax(AlongLast):
    """Shares that add up to 1: of the channels at each place, or of a vector's values.

    >>> Softmax().output_shape((10,)) == Softmax(axis=1).output_shape((10,))
    True
    """

    axis: int = setting(axis, -1)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Softmax",)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(_softmax)


@dataclass(frozen=True)
class Identity(Layer):
    """What comes in.

    >>> Identity().output_shape((10,))
    (10,)
    """

    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Identity", "ActivityRegularization")
    keras_silent = ("l1", "l2")  # what the values add to the loss while Keras learns

    def steps(self, place: Place) -> Iterator[Step]:
        return iter(())


class _Bend(Layer):
    """A function of each value that is steeper in one part than in another."""

    def steps(self, place: Place) -> Iterator[Step]:
        def bend(inputs: Array) -> Pass:
            slopes = self._slopes(inputs).astype(inputs.dtype)
            return Pass(self._bent(inputs).astype(inputs.dtype), lambda a: a * slopes)

        yield Step(bend)

    def _bent(self, inputs: Array) -> Array:
        raise TypeError(f"{type(self).__name__} does not say what it computes")

    def _slopes(self, inputs: Array) -> Array:
        raise TypeError(f"{type(self).__name__} does not say how steep it is")


@dataclass(frozen=True)
class ReLU(_Bend):
    """What is above the threshold, up to a largest value; below it, a slope.

    >>> ReLU(max_value=6).output_shape((28, 28, 6))
    (28, 28, 6)
    """

    max_value: float | None = setting(or_none(amount), None)
    negative_slope: float = setting(amount, 0)
    threshold: float = setting(amount, 0)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("ReLU",)

    def _bent(self, inputs: Array) -> Array:
        below = self.negative_slope * (inputs - self.threshold)
        bent = np.where(inputs > self.threshold, inputs, np.minimum(below, 0))
        return bent if self.max_value is None else np.minimum(bent, self.max_value)

    def _slopes(self, inputs: Array) -> Array:
        slopes = np.where(inputs > self.threshold, 1, self.negative_slope)
        return slopes if self.max_value is None else slopes * (inputs < self.max_value)


@dataclass(frozen=True)
class LeakyReLU(_Bend):
    """What is above zero; what is below, times a slope.

    >>> LeakyReLU(0.1).output_shape((100,))
    (100,)
    """

    negative_slope: float = setting(amount, 0.3)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("LeakyReLU",)

    def _bent(self, inputs: Array) -> Array:
        return np.where(inputs > 0, inputs, self.negative_slope * inputs)

    def _slopes(self, inputs: Array) -> Array:
        return np.where(inputs > 0, 1, self.negative_slope)

    @classmethod
    def from_keras(cls, kind: str, config: Mapping[str, Any]) -> Layer:
        names = {"alpha": "negative_slope"}  # Keras 2's
        return super().from_keras(kind, {names.get(key, key): config[key] for key in config})


@dataclass(frozen=True)
class ELU(_Bend):
    """What is above zero; what is below bends towards -alpha.

    >>> ELU().output_shape((100,))
    (100,)
    """

    alpha: float = setting(number, 1)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("ELU",)

    def _bent(self, inputs: Array) -> Array:
        return np.where(inputs > 0, inputs, self.alpha * np.expm1(np.minimum(inputs, 0)))

    def _slopes(self, inputs: Array) -> Array:
        return np.where(inputs > 0, 1, self.alpha * np.exp(np.minimum(inputs, 0)))


def _axes(value: Any, name: str) -> tuple[int, ...]:
    """Numbers of axes."""
    several = value if isinstance(value, list | tuple) else [value]
    return tuple(integer(each, f"each of {name}") for each in several)


@dataclass(frozen=True)
class PReLU(Layer):
    """What is above zero; what is below, times a slope that is learned.

    >>> PReLU().derive("parameters", (28, 28, 6)).value
    4704
    >>> print(PReLU(shared_axes=(1, 2)).derive("parameters", (28, 28, 6)))
    p_re_lu: parameters
      parameters = C = 6

    Each value has a slope of its own, unless it is the same along `shared_axes` (1 is the rows, 2
    the columns, 3 the channels). One link and one MAC per value. Source: He et al. (2015),
    section 2.1.
    """

    shared_axes: tuple[int, ...] | None = setting(or_none(_axes), None)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("PReLU",)

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        shared = self.shared_axes or ()
        if any(one > len(input_shape) for one in shared):
            raise ValueError(
                f"shared_axes={shared} are not all there: its input has {len(input_shape)}"
            )
        shape = (1 if i in shared else size for i, size in enumerate(input_shape, 1))
        return {"alpha": Weight(tuple(shape), zeros)}

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        values = self._values(input_shape)
        letters = enumerate(values.split("*"), 1)
        own = [letter for i, letter in letters if i not in (self.shared_axes or ())]
        return {"parameters": "*".join(own) or "1", "connections": values, "macs": values}

    def steps(self, place: Place) -> Iterator[Step]:
        def bend(inputs: Array, alpha: Array) -> Pass:
            image = alpha.ndim == 3
            shared = tuple(axis - 1 for axis in self.shared_axes or ())
            slopes = (alpha.swapaxes(1, 2) if image else alpha)[..., None]
            below = np.minimum(inputs, 0)

            def by_alpha(arriving: Array) -> Array:
                blame = (arriving * below).sum(axis=-1)
                return (blame.swapaxes(1, 2) if image else blame).sum(axis=shared, keepdims=True)

            return Pass(
                np.maximum(inputs, 0) + slopes * below,
                lambda a: np.where(inputs > 0, a, a * slopes),
                by_alpha,
            )

        yield Step(bend, "alpha")
