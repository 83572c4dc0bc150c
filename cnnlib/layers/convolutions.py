"""Layers that multiply a window by weights: shared, unshared, or channel by channel."""

from __future__ import annotations

from dataclasses import dataclass

from cnnlib.derivation import Equation, equation
from cnnlib.layers.base import Shape, Windowed
from cnnlib.shapes import Padding

Table = tuple[tuple[bool, ...], ...]


class _Weighted(Windowed):
    """A window times weights, plus a bias: what the three kinds below have in common.

    Formulas are in C input channels, F filters, and the windows' own symbols.
    """

    def _depth(self) -> str:
        """How many channels one filter reads."""
        return "C"

    def _outputs(self) -> str:
        """How many channels come out."""
        return "F"

    def _symbols(self, input_shape: Shape) -> dict[str, int]:
        return {"C": input_shape[2], "F": self.filters}

    def _numbers(self, input_shape: Shape) -> dict[str, int]:
        return self._taps(input_shape)[2] | self._symbols(input_shape)

    def _channels(self, input_shape: Shape) -> Equation:
        return equation("channels", self._outputs(), self._symbols(input_shape))

    def _planes(self) -> str:
        """How many two-dimensional kernels all filters have together."""
        return f"{self._depth()}*{self._outputs()}"

    def _one_position(self) -> str:
        """Weights and biases at work where the windows stand at one position."""
        if self.use_bias:
            return f"(k_h*k_w*{self._depth()} + 1)*{self._outputs()}"
        return f"k_h*k_w*{self._planes()}"

    def _parameters(self, input_shape: Shape) -> tuple[Equation, ...]:
        numbers = self._numbers(input_shape)
        return (equation("parameters", self._one_position(), numbers),)

    def _connections(self, input_shape: Shape) -> tuple[Equation, ...]:
        steps, taps, _ = self._taps(input_shape)
        if steps:
            biases = f" + H_out*W_out*{self._outputs()}" if self.use_bias else ""
            formula = f"{taps}*{self._planes()}{biases}"
        else:
            formula = f"({self._one_position()})*H_out*W_out"
        return (*steps, equation("connections", formula, self._numbers(input_shape)))

    def _macs(self, input_shape: Shape) -> tuple[Equation, ...]:
        formula = f"H_out*W_out*k_h*k_w*{self._planes()}"
        return (equation("macs", formula, self._numbers(input_shape)),)


@dataclass(frozen=True)
class Conv2D(_Weighted):
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

    filters: int
    kernel_size: int | tuple[int, int]
    strides: int | tuple[int, int] = 1
    padding: Padding = "valid"
    dilation_rate: int | tuple[int, int] = 1
    groups: int = 1
    activation: str | None = None
    use_bias: bool = True
    name: str | None = None
    connection_table: Table | None = None

    def _check(self) -> None:
        super()._check()
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

    def weights(self, input_shape: Shape) -> dict[str, Shape]:
        planes = self._image(input_shape)[2] // self.groups, self.filters
        if self.connection_table:
            planes = (self._symbols(input_shape)["K"],)
        kernels = {"kernel": (*self.kernel_size, *planes)}
        return kernels | ({"bias": (self.filters,)} if self.use_bias else {})

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

    def _depth(self) -> str:
        return "C" if self.groups == 1 else "(C/G)"

    def _planes(self) -> str:
        return "K" if self.connection_table else super()._planes()

    def _one_position(self) -> str:
        if self.connection_table:
            return "k_h*k_w*K + F" if self.use_bias else "k_h*k_w*K"
        return super()._one_position()

    def _symbols(self, input_shape: Shape) -> dict[str, int]:
        kernels = sum(map(sum, self.connection_table or ()))
        return super()._symbols(input_shape) | {"G": self.groups, "K": kernels}


@dataclass(frozen=True)
class LocallyConnected2D(_Weighted):
    """A convolution's windows without its sharing: every position has kernels of its own.

    >>> LocallyConnected2D(6, 5).derive("parameters", (32, 32, 1)).value
    122304

    Padding is "valid", as in the Keras 2 layer of this name (Keras 3 has none).
    """

    filters: int
    kernel_size: int | tuple[int, int]
    strides: int | tuple[int, int] = 1
    activation: str | None = None
    use_bias: bool = True
    name: str | None = None

    def weights(self, input_shape: Shape) -> dict[str, Shape]:
        rows, columns = (axis.count for axis in self.axes(input_shape))
        kernels = {"kernel": (rows, columns, *self.kernel_size, input_shape[2], self.filters)}
        return kernels | ({"bias": (rows, columns, self.filters)} if self.use_bias else {})

    def _parameters(self, input_shape: Shape) -> tuple[Equation, ...]:
        formula = f"({self._one_position()})*H_out*W_out"
        return (equation("parameters", formula, self._numbers(input_shape)),)


@dataclass(frozen=True)
class DepthwiseConv2D(_Weighted):
    """A convolution that keeps the channels apart: m kernels for each, and no sum over them.

    >>> print(DepthwiseConv2D(3, padding="same").derive("parameters", (28, 28, 6)))
    depthwise_conv2d: parameters
      parameters = (k_h·k_w + 1)·C·m = (3·3 + 1)·6·1 = 60
    """

    kernel_size: int | tuple[int, int]
    strides: int | tuple[int, int] = 1
    padding: Padding = "valid"
    depth_multiplier: int = 1
    dilation_rate: int | tuple[int, int] = 1
    activation: str | None = None
    use_bias: bool = True
    name: str | None = None

    def weights(self, input_shape: Shape) -> dict[str, Shape]:
        channels = self._image(input_shape)[2]
        kernels = {"kernel": (*self.kernel_size, channels, self.depth_multiplier)}
        biases = {"bias": (channels * self.depth_multiplier,)} if self.use_bias else {}
        return kernels | biases

    def _planes(self) -> str:
        return self._outputs()

    def _outputs(self) -> str:
        return "C*m"

    def _one_position(self) -> str:
        return "(k_h*k_w + 1)*C*m" if self.use_bias else "k_h*k_w*C*m"

    def _symbols(self, input_shape: Shape) -> dict[str, int]:
        return {"C": input_shape[2], "m": self.depth_multiplier}
