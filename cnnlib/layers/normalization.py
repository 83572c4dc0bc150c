"""Each channel brought to a mean and a spread of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from cnnlib.engine import Array, Pass, add_bias
from cnnlib.layers.base import Layer, Place, Shape, Step
from cnnlib.layers.settings import boolean, or_none, setting, share, text
from cnnlib.layers.weights import Weight, ones, zeros


def scale(inputs: Array, factors: Array) -> Pass:
    """Multiply each channel, or each value of a vector, by its factor."""
    others = _others(inputs)
    factors = np.expand_dims(factors, others)
    return Pass(inputs * factors, lambda a: a * factors, lambda a: (a * inputs).sum(axis=others))


def _others(values: Array) -> tuple[int, ...]:
    """All axes but that of the channels."""
    return (0, 2, 3) if values.ndim == 4 else (1,)


@dataclass(frozen=True)
class BatchNormalization(Layer):
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
    name: str | None = setting(or_none(text), None)

    mixes_images = True
    keras_kinds = ("BatchNormalization",)
    keras_alone: ClassVar = {"axis": (-1, 3), "renorm": (False,)}

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        weights, channels = {}, (input_shape[-1],)
        if self.scale:
            weights["gamma"] = Weight(channels, ones)
        if self.center:
            weights["beta"] = Weight(channels, zeros)
        averages = {
            "moving_mean": Weight(channels, zeros, learned=False),
            "moving_variance": Weight(channels, ones, learned=False),
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

        yield Step(normalize if place.random is None else normalize_by_batch)
        if self.scale:
            yield Step(scale, "gamma")
        if self.center:
            yield Step(add_bias, "beta")

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        values = self._values(input_shape)
        parameters = f"{len(self.weights(input_shape))}*C"
        return {"parameters": parameters, "connections": f"2*{values}", "macs": values}
