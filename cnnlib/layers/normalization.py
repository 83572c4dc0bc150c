"""Values brought to another mean and spread, by what is learned, measured or given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from cnnlib.derivation import Equation
from cnnlib.engine import Array, Pass, add_bias
from cnnlib.layers.base import AlongLast, Layer, Place, Shape, Step, Twins
from cnnlib.layers.settings import axis, boolean, number, numbers, or_none, setting, share, text
from cnnlib.layers.weights import Weight, ones, zeros
from cnnlib.shapes import integer


def scale(inputs: Array, factors: Array) -> Pass:
    """Multiply each channel, or each value of a vector, by its factor."""
    others = _others(inputs)
    factors = np.expand_dims(factors, others)
    return Pass(inputs * factors, lambda a: a * factors, lambda a: (a * inputs).sum(axis=others))


def _others(values: Array) -> tuple[int, ...]:
    """All axes but that of the channels."""
    return (0, 2, 3) if values.ndim == 4 else (1,)


@dataclass(frozen=True)
class BatchNormalization(AlongLast):
    """Each channel shifted and scaled to a mean and spread of its own.

    >>> print(BatchNormalization().derive("parameters", (28, 28, 6)))
    batch_normalization: parameters
      parameters = 4·C = 4·6 = 24

    Two of the four are learned, gamma (unless `scale` is off) and beta (unless `center` is off);
    two are running averages; Keras counts all four. In use it is one multiplication and one
    addition per value, hence one MAC and, with the shift as a bias, two connections per unit.
    Source: Ioffe and Szegedy (2015), algorithms 1 and 2.
    """

    momentum: float = setting(share, 0.99)
    epsilon: float = setting(share, 0.001)
    center: bool = setting(boolean, True)
    scale: bool = setting(boolean, True)
    axis: int = setting(axis, -1)
    name: str | None = setting(or_none(text), None)

    mixes_images = True
    keras_kinds = ("BatchNormalization",)
    keras_alone: ClassVar = {"renorm": (False,)}
    keras_silent = ("synchronized", "renorm_clipping", "renorm_momentum")

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        weights, channels = {}, (input_shape[-1],)
        if self.scale:
            weights["gamma"] = Weight(channels, ones)
        if self.center:
            weights["beta"] = Weight(channels, zeros)
        averages = {
            "moving_mean": Weight(channels, zeros, trainable=False),
            "moving_variance": Weight(channels, ones, trainable=False),
        }
        return weights | averages

    def steps(self, place: Place) -> Iterator[Step]:
        averages = place.weights["moving_mean"], place.weights["moving_variance"]

        def normalize(inputs: Array) -> Pass:
            mean, variance = averages
            spread = np.sqrt(variance + inputs.dtype.type(self.epsilon))
            mean, spread = (np.expand_dims(x, _others(inputs)) for x in (mean, spread))
            return Pass((inputs - mean) / spread, lambda a: a / spread)

        def normalize_by_batch(inputs: Array) -> Pass:
            others = _others(inputs)
            mean, variance = inputs.mean(others, keepdims=True), inputs.var(others, keepdims=True)
            for average, found in zip(averages, (mean, variance), strict=True):
                average += (1 - self.momentum) * (found.ravel() - average)
            spread = np.sqrt(variance + inputs.dtype.type(self.epsilon))

            def by_inputs(a: Array) -> Array:
                normal = (inputs - mean) / spread  # what was put out may hold a bias by now
                along = (a * normal).mean(others, keepdims=True)
                return (a - a.mean(others, keepdims=True) - normal * along) / spread

            return Pass((inputs - mean) / spread, by_inputs)

        in_use = place.random is None or not self.trainable  # as Keras has it
        yield Step(normalize if in_use else normalize_by_batch)
        if self.scale:
            yield Step(scale, "gamma")
        if self.center:
            yield Step(add_bias, "beta")

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        values = self._values(input_shape)
        parameters = f"{len(self.weights(input_shape))}*C"
        return {"parameters": parameters, "connections": f"2*{values}", "macs": values}


@dataclass(frozen=True)
class LayerNormalization(AlongLast):
    """The channels at each place, or a vector's values, brought to a mean and spread of their own.

    >>> print(LayerNormalization().derive("parameters", (56, 56, 96)))
    layer_normalization: parameters
      parameters = 2·C = 2·96 = 192

    Gamma and beta are learned (unless `scale` or `center` is off). One MAC and two links per value,
    as of a BatchNormalization; the way to mean and spread is not counted. Source: Ba, Kiros and
    Hinton (2016), section 3.
    """

    axis: int = setting(axis, -1)
    epsilon: float = setting(share, 0.001)
    center: bool = setting(boolean, True)
    scale: bool = setting(boolean, True)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("LayerNormalization",)
    keras_alone: ClassVar = {"rms_scaling": (False,)}

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        gamma = {"gamma": Weight((input_shape[-1],), ones)} if self.scale else {}
        return gamma | ({"beta": Weight((input_shape[-1],), zeros)} if self.center else {})

    def steps(self, place: Place) -> Iterator[Step]:
        def normalize(inputs: Array) -> Pass:
            along = inputs.ndim // 4  # the engine's order: channels second, values first
            mean = inputs.mean(along, keepdims=True)
            spread = np.sqrt(inputs.var(along, keepdims=True) + inputs.dtype.type(self.epsilon))

            def by_inputs(a: Array) -> Array:
                normal = (inputs - mean) / spread  # what was put out may hold a bias by now
                tilt = (a * normal).mean(along, keepdims=True)
                return (a - a.mean(along, keepdims=True) - normal * tilt) / spread

            return Pass((inputs - mean) / spread, by_inputs)

        yield Step(normalize)
        if self.scale:
            yield Step(scale, "gamma")
        if self.center:
            yield Step(add_bias, "beta")

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        values, held = self._values(input_shape), len(self.weights(input_shape))
        parameters = f"{held}*C" if held else "0"
        return {"parameters": parameters, "connections": f"2*{values}", "macs": values}


class _Fixed(Layer):
    """Each value multiplied by a number and shifted by one, neither of which is learned.

    One MAC per value, and two links: from the value and from the shift.
    """

    def _line(self, place: Place) -> tuple[Any, Any]:
        """By what the values are multiplied, and what is added: a number, or one a channel."""
        raise TypeError(f"{type(self).__name__} does not say what it multiplies by")

    def steps(self, place: Place) -> Iterator[Step]:
        def run(inputs: Array) -> Pass:
            factor, shift = (
                np.expand_dims(np.asarray(x, inputs.dtype).reshape(-1), _others(inputs))
                for x in self._line(place)
            )
            return Pass(inputs * factor + shift, lambda a: a * factor)

        yield Step(run)

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        values = self._values(input_shape)
        return {"connections": f"2*{values}", "macs": values}

    def _fit(self, input_shape: Shape, *settings: str) -> None:
        """Raise unless each of these settings has one number, or one for each channel."""
        for name in settings:
            value = getattr(self, name)
            if isinstance(value, tuple) and len(value) != input_shape[-1]:
                raise ValueError(
                    f"{name} has {len(value)} numbers, the input {input_shape[-1]:,} channels: "
                    "give one for each, or one for all"
                )


@dataclass(frozen=True)
class Rescaling(_Fixed):
    """Each value times `scale`, plus `offset`: numbers for all channels, or one for each.

    >>> Rescaling(1 / 255).derive("macs", (28, 28, 1)).value
    784
    """

    scale: float | tuple[float, ...] = setting(numbers)
    offset: float | tuple[float, ...] = setting(numbers, 0)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Rescaling",)

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        self._fit(input_shape, "scale", "offset")
        return super().output_equations(input_shape)

    def _line(self, place: Place) -> tuple[Any, Any]:
        return self.scale, self.offset


@dataclass(frozen=True)
class Normalization(AlongLast, _Fixed):
    """Each channel brought to mean 0 and spread 1, by what was measured or is given.

    >>> Normalization().derive("parameters", (28, 28, 3)).value
    7
    >>> Normalization(mean=(0.5, 0.5, 0.4), variance=0.1).derive("parameters", (28, 28, 3)).value
    0

    Without `mean` and `variance` it holds them, and how many were measured; none of the three is
    learned. With `invert` it goes the other way.
    """

    axis: int = setting(axis, -1)
    mean: float | tuple[float, ...] | None = setting(or_none(numbers), None)
    variance: float | tuple[float, ...] | None = setting(or_none(numbers), None)
    invert: bool = setting(boolean, False)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Normalization",)

    def _check(self) -> None:
        if (self.mean is None) != (self.variance is None):
            raise ValueError("mean and variance belong together: give both, or none")

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        self._fit(input_shape, "mean", "variance")
        return super().output_equations(input_shape)

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        if self.mean is not None:
            return {}
        channels = (input_shape[-1],)
        return {
            "mean": Weight(channels, zeros, trainable=False),
            "variance": Weight(channels, ones, trainable=False),
            "count": Weight((), zeros, trainable=False, dtype="int64"),
        }

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        return super().formulas(input_shape) | {
            "parameters": "2*C + 1" if self.mean is None else "0"
        }

    def _line(self, place: Place) -> tuple[Any, Any]:
        held = place.weights
        mean = np.asarray(held["mean"] if self.mean is None else self.mean)
        variance = held["variance"] if self.variance is None else self.variance
        spread = np.maximum(np.sqrt(variance), 1e-7)  # as Keras keeps from dividing by zero
        return (spread, mean) if self.invert else (1 / spread, -mean / spread)


@dataclass(frozen=True)
class LayerScale(Layer):
    """Each channel times a factor that is learned, as in ConvNeXt.

    >>> LayerScale(96).derive("parameters", (56, 56, 96)).value
    96

    One MAC and one link per value. Keras has it among its applications only; `to_keras` gives an
    EinsumDense, which computes the same with the same array. Source: Touvron et al. (2021),
    section 2.
    """

    projection_dim: int = setting(integer)
    init_values: float = setting(number, 1e-6)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("LayerScale",)

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        if self.projection_dim != input_shape[-1]:
            raise ValueError(
                f"projection_dim={self.projection_dim} is not the {input_shape[-1]:,} channels of "
                f"its input: use projection_dim={input_shape[-1]}"
            )
        start = partial(_full, value=self.init_values)
        return {"gamma": Weight((self.projection_dim,), start)}

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(scale, "gamma")

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        values = self._values(input_shape)
        return {"parameters": "C", "connections": values, "macs": values}

    def to_keras(self, input_shape: Shape) -> Twins:
        axes = "abcd"[: len(input_shape) + 1]
        start = {"class_name": "Constant", "config": {"value": self.init_values}}
        settings = {"equation": f"{axes},{axes[-1]}->{axes}", "output_shape": input_shape}
        named = {"name": self.name, "trainable": self.trainable, "kernel_initializer": start}
        return [("EinsumDense", settings | named)]


def _full(shape: tuple[int, ...], random: np.random.Generator, value: float) -> Array:
    return np.full(shape, value)
