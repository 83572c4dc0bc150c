"""A convolution: the same kernels at every position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cnnlib.engine import Axes, convolve, convolve_by_table
from cnnlib.layers.base import Place, Shape, Step, Symbols, Twins, Windowed
from cnnlib.layers.elementwise import finish
from cnnlib.layers.settings import (
    Pair,
    Table,
    activation,
    boolean,
    or_none,
    setting,
    table,
    text,
    zeros_around,
)
from cnnlib.layers.weights import Weight, bias, glorot_uniform
from cnnlib.shapes import Padding, integer, pair


class Convolution(Windowed):
    """What slides kernels over an image: how they lie on it, and who lays zeros around it."""

    kernel_size: Pair
    strides: Pair
    padding: Padding
    dilation_rate: Pair

    def axes(self, input_shape: Shape) -> Axes:
        return self._slide(
            input_shape, self.kernel_size, self.strides, self.padding, self.dilation_rate
        )

    def to_keras(self, input_shape: Shape) -> Twins:
        ((kind, settings),) = super().to_keras(input_shape)
        if settings["padding"] in ("valid", "same"):
            return [(kind, settings)]
        zeros = tuple(axis.zeros for axis in self.axes(input_shape))
        before = {"padding": zeros, "name": f"{settings['name']}_padding"}
        return [("ZeroPadding2D", before), (kind, settings | {"padding": "valid"})]


@dataclass(frozen=True)
class Conv2D(Convolution):
    """A convolution: the same kernels at every position.

    >>> c1 = Conv2D(6, 5, name="C1")
    >>> c1.output_shape((32, 32, 1))
    (28, 28, 6)
    >>> print(c1.derive("connections", (32, 32, 1)))
    C1: connections
      connections = (k_h·k_w·C + 1)·F·H′·W′ = (5·5·1 + 1)·6·28·28 = 122,304

    With `groups`, each filter reads C / groups channels. With a `connection_table`, one row of
    booleans per filter says which channels it reads, as in LeNet-5's C3 (LeCun et al. 1998,
    Table I); the table's True entries are the K planes of weights there are, (kh, kw, K) in all.
    """

    filters: int = setting(integer)
    kernel_size: Pair = setting(pair)
    strides: Pair = setting(pair, 1)
    padding: Padding = setting(zeros_around, "valid")
    dilation_rate: Pair = setting(pair, 1)
    groups: int = setting(integer, 1)
    activation: str | None = setting(activation, None)
    use_bias: bool = setting(boolean, True)
    name: str | None = setting(or_none(text), None)
    connection_table: Table | None = setting(or_none(table), None)

    keras_kinds = ("Conv2D",)
    ours_alone = ("connection_table",)

    def _check(self) -> None:
        if self.filters % self.groups:
            raise ValueError(
                f"{self.filters} filters do not divide into {self.groups} groups: "
                f"use a multiple of {self.groups} filters"
            )
        if self.connection_table is None:
            return
        lengths = [len(row) for row in self.connection_table]
        if len(lengths) != self.filters or len(set(lengths)) != 1:
            raise ValueError(
                f"connection_table must have one row of booleans for each of {self.filters} "
                f"filters, all equally long, not rows of {lengths}"
            )
        if not all(map(any, self.connection_table)):
            raise ValueError("connection_table has a filter that reads no channel: drop it")
        if self.groups != 1:
            raise ValueError("a connection_table already says who reads what: drop groups")

    def _image(self, input_shape: Shape) -> Shape:
        channels = super()._image(input_shape)[2]
        if channels % self.groups:
            raise ValueError(
                f"{channels} input channels do not divide into {self.groups} groups: "
                f"use a divisor of {channels}"
            )
        if self.connection_table and len(self.connection_table[0]) != channels:
            raise ValueError(
                f"the connection_table names {len(self.connection_table[0])} input channels, "
                f"the input has {channels}: give each row {channels} entries"
            )
        return input_shape

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        kh, kw = (axis.kernel for axis in self.axes(input_shape))
        channels, planes = input_shape[2], self._planes
        kernel = Weight((kh, kw, channels // self.groups, self.filters))
        if planes:
            fans = kh * kw * planes / self.filters, kh * kw * planes / channels
            kernel = Weight((kh, kw, planes), partial(glorot_uniform, fans=fans))
        return {"kernel": kernel, **bias(self.use_bias, self.filters)}

    def steps(self, place: Place) -> Iterator[Step]:
        if self.connection_table:
            by_table = partial(convolve_by_table, axes=place.axes, table=self.connection_table)
            yield Step(by_table, "kernel")
        else:
            yield Step(partial(convolve, axes=place.axes, groups=self.groups), "kernel")
        yield from finish(self.use_bias, self.activation)

    @property
    def _planes(self) -> int:
        """How many channels all filters read together, by the table."""
        return sum(map(sum, self.connection_table or ()))

    def _channels(self) -> str:
        return "F"

    def symbols(self, input_shape: Shape) -> Symbols:
        own = {"F": self.filters, "G": self.groups, "K": self._planes}
        return super().symbols(input_shape) | own

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        depth = "C" if self.groups == 1 else "(C/G)"
        planes, biases = f"{depth}*F", "F" * self.use_bias
        kernels, at_one_place = f"k_h*k_w*{planes}", f"(k_h*k_w*{depth} + 1)*F"
        if self.connection_table:
            planes, kernels, at_one_place = "K", "k_h*k_w*K", "(k_h*k_w*K + F)"
        parameters = at_one_place if self.use_bias else kernels
        return {
            "parameters": parameters,
            "connections": self._links(input_shape, parameters, planes, biases),
            "macs": f"H_out*W_out*{kernels}",
        }
