"""A convolution turned round: each pixel is spread over a window of the output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from cnnlib.derivation import Equation, equation
from cnnlib.engine import convolve_transposed
from cnnlib.layers.base import Layer, Place, Shape, Step, Symbols, taps_inside
from cnnlib.layers.elementwise import finish
from cnnlib.layers.settings import Pair, activation, boolean, one_of, or_none, setting, text
from cnnlib.layers.weights import Weight, bias
from cnnlib.shapes import Axis, Padding, TransposedAxis, integer, pair


@dataclass(frozen=True)
class Conv2DTranspose(Layer):
    """A convolution turned round: each pixel is spread over a window, and windows add up.

    >>> up = Conv2DTranspose(8, 4, strides=2, padding="same", name="up")
    >>> print(up.derive("output_shape", (7, 7, 16)))
    up: output shape
      height = n·s = 7·2 = 14
      width = height = 14
      channels = F = 8

    With strides above 1 the output is larger than the input. "same" crops to strides times the
    input, "valid" keeps all. Source: Dumoulin and Visin (2016), section 4.
    """

    filters: int = setting(integer)
    kernel_size: Pair = setting(pair)
    strides: Pair = setting(pair, 1)
    padding: Padding = setting(one_of("valid", "same"), "valid")
    activation: str | None = setting(activation, None)
    use_bias: bool = setting(boolean, True)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Conv2DTranspose",)
    keras_alone: ClassVar = {"output_padding": (None,), "dilation_rate": ((1, 1), [1, 1], 1)}

    def axes(self, input_shape: Shape) -> tuple[TransposedAxis, TransposedAxis]:
        kernels, strides = pair(self.kernel_size, "kernel_size"), pair(self.strides, "strides")
        sizes = (equation.value for equation in self.output_equations(input_shape))
        rows, columns = (
            TransposedAxis(Axis(int(size), kernel, stride, self.padding))
            for size, kernel, stride in zip(sizes, kernels, strides, strict=False)
        )
        return rows, columns

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        height, width, _ = self._image(input_shape)
        (k_h, k_w), (s_h, s_w) = pair(self.kernel_size, "window"), pair(self.strides, "strides")
        rows, columns = {"n": height, "k": k_h, "s": s_h}, {"n": width, "k": k_w, "s": s_w}
        size = "n*s" if self.padding == "same" else "n*s + max(k - s, 0)"
        across = equation("width", size, columns)
        if rows == columns:
            across = Equation("width", "height", {"height": across.value})
        channels = Equation("channels", "F", {"F": self.filters})
        return equation("height", size, rows), across, channels

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        k_h, k_w = pair(self.kernel_size, "kernel_size")
        kernel = Weight((k_h, k_w, self.filters, input_shape[2]))
        return {"kernel": kernel, **bias(self.use_bias, self.filters)}

    def steps(self, place: Place) -> Iterator[Step]:
        turned = tuple(axis.turned for axis in place.axes)
        yield Step(partial(convolve_transposed, axes=turned), "kernel")
        yield from finish(self.use_bias, self.activation)

    def symbols(self, input_shape: Shape) -> Symbols:
        symbols = super().symbols(input_shape) | {"F": self.filters}
        rows, columns = (axis.turned for axis in self.axes(input_shape))
        symbols |= {
            "k_h": rows.kernel, "k_w": columns.kernel, "H_out": rows.size, "W_out": columns.size,
            "t_h": taps_inside("h", "H", rows), "t_w": taps_inside("w", "W", columns),
        }  # fmt: skip
        return symbols

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        crops = any(axis.turned.taps_outside for axis in self.axes(input_shape))
        taps = "t_h*t_w" if crops else "H*W*k_h*k_w"
        return {
            "parameters": "(k_h*k_w*C + 1)*F" if self.use_bias else "k_h*k_w*C*F",
            "connections": f"{taps}*C*F" + " + H_out*W_out*F" * self.use_bias,
            "macs": "H*W*k_h*k_w*C*F",
        }
