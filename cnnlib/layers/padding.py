"""More or less of the image at its borders, as a layer of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from cnnlib.derivation import Equation
from cnnlib.engine import Axes, pool_sum
from cnnlib.layers.base import Place, Shape, Step, Windowed
from cnnlib.layers.settings import or_none, setting, text, zeros_around
from cnnlib.shapes import CroppedAxis, Padding, integer, pair


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


Cuts = tuple[tuple[int, int], tuple[int, int]]


def _cuts(value: Any, name: str) -> Cuts:
    """One number for all sides, or ((top, bottom), (left, right))."""
    nested = isinstance(value, list | tuple) and len(value) == 2
    if nested and all(isinstance(side, list | tuple) for side in value):
        return pair(value[0], name, 0), pair(value[1], name, 0)
    all_sides = pair(integer(value, name, 0), name, 0)
    return all_sides, all_sides


class _Crop(Windowed):
    """A part of the image; which, `_cut` says."""

    def axes(self, input_shape: Shape) -> Axes:
        cuts = self._cut(self._image(input_shape))
        rows, columns = (
            CroppedAxis(size, 1, padding=(-before, -after))
            for size, (before, after) in zip(input_shape, cuts, strict=False)
        )
        return rows, columns

    def _cut(self, input_shape: Shape) -> Cuts:
        """What falls away: ((top, bottom), (left, right))."""
        raise TypeError(f"{type(self).__name__} does not say what it cuts off")

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        sides = zip(("height", "width"), "HW", input_shape, self._cut(input_shape), strict=False)
        lines = [
            Equation(name, f"{n} - p_1 - p_2", {n: size, "p_1": before, "p_2": after})
            for name, n, size, (before, after) in sides
        ]
        return (*lines, Equation("channels", "C", {"C": input_shape[2]}))

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(pool_sum, axes=place.axes))  # of windows of one pixel


@dataclass(frozen=True)
class Cropping2D(_Crop):
    """The image without its borders.

    >>> print(Cropping2D(((1, 0), (2, 3))).derive("output_shape", (28, 28, 1)))
    cropping2d: output shape
      height = H − p_1 − p_2 = 28 − 1 − 0 = 27
      width = W − p_1 − p_2 = 28 − 2 − 3 = 23
      channels = C = 1

    An int crops all four sides; ((top, bottom), (left, right)) each side.
    """

    cropping: Cuts = setting(_cuts, 0)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Cropping2D",)

    def _cut(self, input_shape: Shape) -> Cuts:
        for size, cut in zip(self._image(input_shape), self.cropping, strict=False):
            if sum(cut) >= size:
                raise ValueError(
                    f"cropping={self.cropping!r} leaves nothing of an image of "
                    f"{input_shape[0]}×{input_shape[1]}: crop less"
                )
        return self.cropping


@dataclass(frozen=True)
class CenterCrop(_Crop):
    """The middle of the image.

    >>> CenterCrop(224, 224).output_shape((256, 320, 3))
    (224, 224, 3)
    """

    height: int = setting(integer)
    width: int = setting(integer)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("CenterCrop",)

    def _cut(self, input_shape: Shape) -> Cuts:
        too_much = [
            n - m for n, m in zip(self._image(input_shape), (self.height, self.width), strict=False)
        ]
        if min(too_much) < 0:
            raise ValueError(
                f"{self.height}×{self.width} do not lie within an image of {input_shape[0]}×"
                f"{input_shape[1]}: use Resizing({self.height}, {self.width}) to enlarge it"
            )
        (above, below), (left, right) = ((n // 2, n - n // 2) for n in too_much)
        return (above, below), (left, right)
