"""Zeros around the image, as a layer of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cnnlib.engine import Axes, pool_sum
from cnnlib.layers.base import Place, Shape, Step, Windowed
from cnnlib.layers.settings import or_none, setting, text, zeros_around
from cnnlib.shapes import Padding


@dataclass(frozen=True)
class ZeroPadding2D(Windowed):
    """Zeros around the image.

    >>> ZeroPadding2D(2).output_shape((28, 28, 1)), ZeroPadding2D(((0, 1), (2, 3))).padding
    ((32, 32, 1), ((0, 1), (2, 3)))

    An int pads all four sides; ((top, bottom), (left, right)) each side.
    """

    padding: Padding = setting(zeros_around, 1)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("ZeroPadding2D",)

    def _check(self) -> None:
        if isinstance(self.padding, str):
            raise ValueError(f"padding must be numbers of zeros here, not {self.padding!r}")

    def axes(self, input_shape: Shape) -> Axes:
        return self._slide(input_shape, 1, padding=self.padding)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(pool_sum, axes=place.axes))  # of windows of one pixel, or one zero
