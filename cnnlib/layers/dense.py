"""Layers whose units each read every value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from cnnlib.derivation import Equation, equation
from cnnlib.engine import Array, Axes, Pass, convolve, multiply
from cnnlib.layers.base import Layer, Place, Shape, Step, Symbols, Twins
from cnnlib.layers.elementwise import finish
from cnnlib.layers.settings import activation, boolean, or_none, setting, text
from cnnlib.layers.weights import Weight, bias
from cnnlib.shapes import Axis, integer


class _ReadsAll(Layer):
    """Every one of the units reads every one of the n inputs."""

    reads_everything = True
    units: int

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (equation("length", "units", self.symbols(input_shape)),)

    def symbols(self, input_shape: Shape) -> Symbols:
        if len(input_shape) == 1:
            return {"n": input_shape[0], "units": self.units}
        shape, values = "×".join(map(str, input_shape)), math.prod(input_shape)
        theirs = (
            f"Keras would read the {input_shape[-1]:,} channels only, at each position; say "
            "at_each_place=True if that is meant"
        )
        raise ValueError(
            f"{type(self).__name__} reads values in a row, not an image of {shape}: put Flatten() "
            f"before it to read all {values:,} values" + f" ({theirs})" * bool(self.keras_kinds)
        )


@dataclass(frozen=True)
class Dense(_ReadsAll):
    """Every unit reads every input.

    >>> print(Dense(4096, name="fc6").derive("parameters", (9216,)))
    fc6: parameters
      parameters = (n + 1)·units = (9,216 + 1)·4,096 = 37,752,832

    An image has to be flattened first, unless the units are to read the n channels
    `at_each_place`, as Keras's do; those read from Keras do so too.
    """

    units: int = setting(integer)
    activation: str | None = setting(activation, None)
    use_bias: bool = setting(boolean, True)
    name: str | None = setting(or_none(text), None)
    at_each_place: bool = field(
        default=False, compare=False, repr=False, metadata={"check": boolean}
    )

    keras_kinds = ("Dense",)
    ours_alone = ("at_each_place",)

    def axes(self, input_shape: Shape) -> Axes | None:
        if not self._is_spread(input_shape):
            return None
        return Axis(input_shape[0], 1), Axis(input_shape[1], 1)

    def _is_spread(self, input_shape: Shape) -> bool:
        return self.at_each_place and len(input_shape) == 3

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        if not self._is_spread(input_shape):
            return super().output_equations(input_shape)
        channels = equation("channels", "units", self.symbols(input_shape))
        return (*Layer.output_equations(self, input_shape)[:2], channels)

    def symbols(self, input_shape: Shape) -> Symbols:
        if not self._is_spread(input_shape):
            return super().symbols(input_shape)
        names = dict(zip(("H", "W", "n"), input_shape, strict=True))
        return {**names, "units": self.units}

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        kernel = Weight((self.symbols(input_shape)["n"], self.units))
        return {"kernel": kernel, **bias(self.use_bias, self.units)}

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(_multiply, axes=place.axes), "kernel")
        yield from finish(self.use_bias, self.activation)

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        parameters = "(n + 1)*units" if self.use_bias else "n*units"
        places = "H*W*" * self._is_spread(input_shape)
        links = f"{places}({parameters})" if places else parameters
        return {"parameters": parameters, "connections": links, "macs": f"{places}n*units"}

    def to_keras(self, input_shape: Shape) -> Twins:
        here = replace(self, at_each_place=False)  # it is so in Keras, unasked
        return super(Dense, here).to_keras(input_shape)

    @classmethod
    def from_keras(cls, kind: str, config: Mapping[str, Any]) -> Layer:
        return super().from_keras(kind, {**config, "at_each_place": True})


def _multiply(inputs: Array, kernel: Array, axes: Axes) -> Pass:
    """Multiply vectors by a kernel (inputs, units), or the channels at each place of images."""
    if inputs.ndim == 2:
        return multiply(inputs, kernel)
    done = convolve(inputs, kernel[np.newaxis, np.newaxis], axes)
    by_kernel = done.by_weight
    return Pass(done.output, done.by_inputs, by_kernel and (lambda a: by_kernel(a)[0, 0]))


@dataclass(frozen=True)
class RBF(_ReadsAll):
    """LeNet-5's output: each unit measures the squared distance to a code fixed by hand.

    >>> rbf = RBF(10, name="output")
    >>> rbf.derive("parameters", (84,)).value, rbf.derive("connections", (84,)).value
    (0, 840)

    One MAC per squared difference. The published codes are drawings of the characters on 7×12
    pixels; here they are the alternative that the paper names, -1 and +1 at random, the same ones
    in every network. Where the layer runs it gives minus the distance y, so that the nearest code
    has the largest value. The cross-entropy of these logits is y_D + log Σ exp(−y_i), with D the
    true class: the paper's loss, but for the exp(−j) that it adds to the sum for what belongs to no
    class. Source: LeCun et al. (1998), sections II.B and II.C.
    """

    units: int = setting(integer)
    name: str | None = setting(or_none(text), None)

    def codes(self, length: int) -> Array:
        """The code of each unit, (length, units), of -1 and +1."""
        random = np.random.default_rng(1998)
        return random.choice(np.array([-1, 1], np.float32), (self.units, length)).T

    def steps(self, place: Place) -> Iterator[Step]:
        def measure(inputs: Array) -> Pass:
            apart = inputs[:, None] - self.codes(len(inputs))[..., None]
            return Pass(-(apart * apart).sum(axis=0), lambda a: -2 * (apart * a).sum(axis=1))

        yield Step(measure)

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        return {"connections": "n*units", "macs": "n*units"}
