"""Images drawn anew with more pixels or fewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from cnnlib.derivation import Equation
from cnnlib.engine import Array, Pass
from cnnlib.layers.base import Layer, Place, Shape, Step, Symbols
from cnnlib.layers.settings import Pair, one_of, or_none, setting, text
from cnnlib.shapes import ResampledAxis, integer, pair

_interpolation = one_of("nearest", "bilinear")


class _Resampled(Layer):
    """An image drawn anew: each unit takes the nearest pixel, or mixes the four around its place.

    The nearest is passed on, and is no link. In a mixture each pixel is a link and a MAC; t_h·t_w
    are the pixels that all units of one channel read.
    """

    interpolation: str

    def _size(self, input_shape: Shape) -> tuple[int, int]:
        """How many rows and columns come out."""
        raise TypeError(f"{type(self).__name__} does not say how large it makes an image")

    def axes(self, input_shape: Shape) -> tuple[ResampledAxis, ResampledAxis]:
        smooth, sizes = self.interpolation == "bilinear", self._size(self._image(input_shape))
        rows, columns = (
            ResampledAxis(n, m, smooth) for n, m in zip(input_shape, sizes, strict=False)
        )
        return rows, columns

    def symbols(self, input_shape: Shape) -> Symbols:
        sides = zip(("t_h", "t_w"), self.axes(input_shape), strict=True)
        taps = {name: sum(len(axis.cells(i)) for i in range(axis.count)) for name, axis in sides}
        return super().symbols(input_shape) | taps

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        mixes = self.interpolation == "bilinear"
        return {"connections": "t_h*t_w*C", "macs": "t_h*t_w*C"} if mixes else {}

    def steps(self, place: Place) -> Iterator[Step]:
        for along, axis in zip((0, 2), place.axes, strict=True):

            def draw(inputs: Array, along: int = along, axis: ResampledAxis = axis) -> Pass:
                matrix = axis.matrix().astype(inputs.dtype)

                def mixed(shares: Array, values: Array) -> Array:
                    return np.moveaxis(np.tensordot(shares, values, (1, along)), 0, along)

                return Pass(mixed(matrix, inputs), lambda a: mixed(matrix.T, a))

            yield Step(draw)


@dataclass(frozen=True)
class UpSampling2D(_Resampled):
    """Each pixel in several rows and columns; "bilinear" goes smoothly from one to the next.

    >>> print(UpSampling2D(2).derive("output_shape", (7, 7, 16)))
    up_sampling2d: output shape
      height = H·s_h = 7·2 = 14
      width = W·s_w = 7·2 = 14
      channels = C = 16
    """

    size: Pair = setting(pair, 2)
    interpolation: str = setting(_interpolation, "nearest")
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("UpSampling2D",)

    def _size(self, input_shape: Shape) -> tuple[int, int]:
        down, across = pair(self.size, "size")
        return input_shape[0] * down, input_shape[1] * across

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        height, width, channels = self._image(input_shape)
        down, across = pair(self.size, "size")
        return (
            Equation("height", "H*s_h", {"H": height, "s_h": down}),
            Equation("width", "W*s_w", {"W": width, "s_w": across}),
            Equation("channels", "C", {"C": channels}),
        )


@dataclass(frozen=True)
class Resizing(_Resampled):
    """The image in another size.

    >>> Resizing(224, 224).output_shape((240, 320, 3))
    (224, 224, 3)
    """

    height: int = setting(integer)
    width: int = setting(integer)
    interpolation: str = setting(_interpolation, "bilinear")
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Resizing",)
    keras_alone: ClassVar = {
        "crop_to_aspect_ratio": (False,), "pad_to_aspect_ratio": (False,), "antialias": (False,),
    }  # fmt: skip
    keras_silent = ("fill_mode", "fill_value")  # for what is padded

    def _size(self, input_shape: Shape) -> tuple[int, int]:
        return self.height, self.width

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        channels = Equation("channels", "C", {"C": self._image(input_shape)[2]})
        sizes = {"height": self.height, "width": self.width}
        return (*(Equation(name, name, {name: size}) for name, size in sizes.items()), channels)
