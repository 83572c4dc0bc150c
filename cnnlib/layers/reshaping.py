"""The same values in another order: in one row, as an image, with other axes first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib.derivation import Equation, equation
from cnnlib.engine import Array, Pass, flatten
from cnnlib.layers.base import Layer, Place, Shape, Step
from cnnlib.layers.settings import or_none, setting, text
from cnnlib.shapes import integer


@dataclass(frozen=True)
class Flatten(Layer):
    """An image's values in one row.

    >>> print(Flatten().derive("output_shape", (6, 6, 256)))
    flatten: output shape
      length = H·W·C = 6·6·256 = 9,216
    """

    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Flatten",)

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (equation("length", self._values(input_shape), self.symbols(input_shape)),)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(flatten)


def _target(value: Any, name: str) -> Shape:
    """A shape of one size or three; one of them may be -1, for what is left."""
    if isinstance(value, list | tuple) and len(value) in (1, 3):
        sizes = tuple(-1 if size == -1 else integer(size, f"each of {name}") for size in value)
        if sizes.count(-1) < 2:
            return sizes
    raise ValueError(
        f"{name} must be (rows, columns, channels) or (length,), -1 at most once, not {value!r}"
    )


@dataclass(frozen=True)
class Reshape(Layer):
    """The values, in Keras's order, as an image or a vector of another shape.

    >>> Reshape((7, 7, -1)).output_shape((6272,))
    (7, 7, 128)

    What a unit sees is all that came in: exact after a layer whose units see everything, as Dense.
    """

    target_shape: Shape = setting(_target)
    name: str | None = setting(or_none(text), None)

    reads_everything = True
    keras_kinds = ("Reshape",)

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        given, values = math.prod(x for x in self.target_shape if x > 0), math.prod(input_shape)
        left = values // given if -1 in self.target_shape else 1
        if given * left != values:
            raise ValueError(
                f"target_shape={self.target_shape} does not hold the {values:,} values of its "
                f"input: use one whose product is {values:,}"
            )
        names = ("height", "width", "channels") if len(self.target_shape) == 3 else ("length",)
        sizes = zip(names, self.target_shape, strict=True)
        return tuple(Equation(n, n, {n: left if size == -1 else size}) for n, size in sizes)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(flatten)
        if len(self.target_shape) == 3:
            yield Step(self._fold)

    def _fold(self, values: Array) -> Pass:
        """Make images of vectors."""
        by_pixel = values.reshape(*self.output_shape(values.shape[:1]), -1)
        return Pass(
            np.ascontiguousarray(by_pixel.swapaxes(1, 2)),
            lambda a: a.swapaxes(1, 2).reshape(values.shape),
        )


def _dims(value: Any, name: str) -> tuple[int, ...]:
    if isinstance(value, list | tuple) and sorted(value) in ([1], [1, 2, 3]):
        return tuple(value)
    raise ValueError(f"{name} must be (1,), or 1, 2 and 3 in some order, not {value!r}")


@dataclass(frozen=True)
class Permute(Layer):
    """The image with its axes in another order: 1 is the rows, 2 the columns, 3 the channels.

    >>> Permute((2, 3, 1)).output_shape((3, 224, 200))
    (224, 200, 3)

    What a unit sees is said of all together: everything.
    """

    dims: tuple[int, ...] = setting(_dims)
    name: str | None = setting(or_none(text), None)

    reads_everything = True
    keras_kinds = ("Permute",)

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        if len(self.dims) != len(input_shape):
            raise ValueError(
                f"dims={self.dims} are the axes of another input: for this one, give "
                f"{', '.join(str(i) for i, _ in enumerate(input_shape, 1))} in some order"
            )
        lines = super().output_equations(input_shape)
        sources = (lines[dim - 1] for dim in self.dims)
        return tuple(
            Equation(line.name, source.formula, source.numbers)
            for line, source in zip(lines, sources, strict=True)
        )

    def steps(self, place: Place) -> Iterator[Step]:
        if len(self.dims) == 1:
            return
        here = {1: 0, 2: 2, 3: 1}  # where the engine has rows, columns and channels
        order = [here[self.dims[axis - 1]] for axis in (1, 3, 2)] + [3]

        def turn(inputs: Array) -> Pass:
            return Pass(
                np.ascontiguousarray(inputs.transpose(order)),
                lambda a: np.ascontiguousarray(a.transpose(np.argsort(order))),
            )

        yield Step(turn)
