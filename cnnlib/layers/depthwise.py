"""Convolutions that keep the channels apart: depthwise, and then mixed point by point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cnnlib.engine import convolve, convolve_depthwise
from cnnlib.layers.base import Place, Shape, Step, Symbols
from cnnlib.layers.convolution import Convolution
from cnnlib.layers.elementwise import finish
from cnnlib.layers.settings import (
    Pair,
    activation,
    boolean,
    or_none,
    setting,
    text,
    zeros_around,
)
from cnnlib.layers.weights import Weight, bias
from cnnlib.shapes import Axis, Padding, integer, pair


@dataclass(frozen=True)
class DepthwiseConv2D(Convolution):
    """A convolution that keeps the channels apart: m kernels for each, and no sum over them.

    >>> print(DepthwiseConv2D(3, padding="same").derive("parameters", (28, 28, 6)))
    depthwise_conv2d: parameters
      parameters = (k_h·k_w + 1)·C·m = (3·3 + 1)·6·1 = 60
    """

    kernel_size: Pair = setting(pair)
    strides: Pair = setting(pair, 1)
    padding: Padding = setting(zeros_around, "valid")
    depth_multiplier: int = setting(integer, 1)
    dilation_rate: Pair = setting(pair, 1)
    activation: str | None = setting(activation, None)
    use_bias: bool = setting(boolean, True)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("DepthwiseConv2D",)

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        kh, kw = (axis.kernel for axis in self.axes(input_shape))
        channels, multiplier = input_shape[2], self.depth_multiplier
        kernel = Weight((kh, kw, channels, multiplier))
        return {"kernel": kernel, **bias(self.use_bias, channels * multiplier)}

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(convolve_depthwise, axes=place.axes), "kernel")
        yield from finish(self.use_bias, self.activation)

    def _channels(self) -> str:
        return "C*m"

    def symbols(self, input_shape: Shape) -> Symbols:
        return super().symbols(input_shape) | {"m": self.depth_multiplier}

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        biases = "C*m" * self.use_bias
        parameters = "(k_h*k_w + 1)*C*m" if self.use_bias else "k_h*k_w*C*m"
        return {
            "parameters": parameters,
            "connections": self._links(input_shape, parameters, "C*m", biases),
            "macs": "H_out*W_out*k_h*k_w*C*m",
        }


@dataclass(frozen=True)
class SeparableConv2D(Convolution):
    """A depthwise convolution, then a 1×1 convolution that mixes its channels.

    >>> print(SeparableConv2D(64, 3).derive("parameters", (28, 28, 32)))
    separable_conv2d: parameters
      parameters = k_h·k_w·C·m + (C·m + 1)·F = 3·3·32·1 + (32·1 + 1)·64 = 2,400

    The first keeps m channels for each of C, and has no bias. Both are counted: links of the
    second are those from its m·C values at one position. Source: Chollet (2017), section 1.1.
    """

    filters: int = setting(integer)
    kernel_size: Pair = setting(pair)
    strides: Pair = setting(pair, 1)
    padding: Padding = setting(zeros_around, "valid")
    dilation_rate: Pair = setting(pair, 1)
    depth_multiplier: int = setting(integer, 1)
    activation: str | None = setting(activation, None)
    use_bias: bool = setting(boolean, True)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("SeparableConv2D",)

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        kh, kw = (axis.kernel for axis in self.axes(input_shape))
        channels, multiplier = input_shape[2], self.depth_multiplier
        return {
            "depthwise_kernel": Weight((kh, kw, channels, multiplier)),
            "pointwise_kernel": Weight((1, 1, channels * multiplier, self.filters)),
            **bias(self.use_bias, self.filters),
        }

    def steps(self, place: Place) -> Iterator[Step]:
        rows, columns = place.axes
        points = Axis(rows.count, 1), Axis(columns.count, 1)
        yield Step(partial(convolve_depthwise, axes=place.axes), "depthwise_kernel")
        yield Step(partial(convolve, axes=points), "pointwise_kernel")
        yield from finish(self.use_bias, self.activation)

    def _channels(self) -> str:
        return "F"

    def symbols(self, input_shape: Shape) -> Symbols:
        own = {"F": self.filters, "m": self.depth_multiplier}
        return super().symbols(input_shape) | own

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        points = "(C*m + 1)*F" if self.use_bias else "C*m*F"
        windows = self._links(input_shape, "k_h*k_w*C*m", "C*m")
        return {
            "parameters": f"k_h*k_w*C*m + {points}",
            "connections": f"{windows} + {points}*H_out*W_out",
            "macs": "H_out*W_out*(k_h*k_w*C*m + C*m*F)",
        }
