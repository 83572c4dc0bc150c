"""Layers that read every value they are given, or each value by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cnnlib.derivation import Equation
from cnnlib.layers.base import Layer, Shape


def _size(shape: Shape) -> tuple[str, dict[str, int]]:
    """The number of values in a shape, as (formula, numbers)."""
    symbols = ("H", "W", "C") if len(shape) == 3 else ("n",)
    return "*".join(symbols), dict(zip(symbols, shape, strict=True))


class _Elementwise(Layer):
    """What comes out has the shape of what went in."""

    def _output_shape(self, input_shape: Shape) -> tuple[Equation, ...]:
        names = ("height", "width", "channels") if len(input_shape) == 3 else ("length",)
        symbols = _size(input_shape)[1].items()
        return tuple(
            Equation(name, symbol, {symbol: size})
            for name, (symbol, size) in zip(names, symbols, strict=True)
        )


@dataclass(frozen=True)
class Flatten(Layer):
    """An image's values in one row.

    >>> print(Flatten().derive("output_shape", (6, 6, 256)))
    flatten: output shape
      length = H·W·C = 6·6·256 = 9,216
    """

    name: str | None = None

    def _output_shape(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (Equation("length", *_size(input_shape)),)


@dataclass(frozen=True)
class Dense(Layer):
    """Every unit reads every input.

    >>> print(Dense(4096, name="fc6").derive("parameters", (9216,)))
    fc6: parameters
      parameters = (n + 1)·units = (9,216 + 1)·4,096 = 37,752,832
    """

    units: int
    activation: str | None = None
    use_bias: bool = True
    name: str | None = None

    reads_everything = True

    def weights(self, input_shape: Shape) -> dict[str, Shape]:
        kernel = {"kernel": (self._length(input_shape), self.units)}
        return kernel | ({"bias": (self.units,)} if self.use_bias else {})

    def _length(self, input_shape: Shape) -> int:
        if len(input_shape) == 1:
            return input_shape[0]
        shape, values = "×".join(map(str, input_shape)), math.prod(input_shape)
        raise ValueError(
            f"Dense reads values in a row, not an image of {shape}: put Flatten() before it to "
            f"read all {values:,} values (Keras would read the {input_shape[-1]:,} channels only, "
            "at each position)"
        )

    def _output_shape(self, input_shape: Shape) -> tuple[Equation, ...]:
        self._length(input_shape)
        return (Equation("length", "units", {"units": self.units}),)

    def _parameters(self, input_shape: Shape) -> tuple[Equation, ...]:
        formula = "(n + 1)*units" if self.use_bias else "n*units"
        numbers = {"n": self._length(input_shape), "units": self.units}
        return (Equation("parameters", formula, numbers),)

    def _connections(self, input_shape: Shape) -> tuple[Equation, ...]:
        (count,) = self._parameters(input_shape)
        return (Equation("connections", count.formula, count.numbers),)

    def _macs(self, input_shape: Shape) -> tuple[Equation, ...]:
        numbers = {"n": self._length(input_shape), "units": self.units}
        return (Equation("macs", "n*units", numbers),)


@dataclass(frozen=True)
class RBF(Layer):
    """LeNet-5's output: each unit measures the squared distance to a code fixed by hand.

    >>> rbf = RBF(10, name="output")
    >>> rbf.derive("parameters", (84,)).value, rbf.derive("connections", (84,)).value
    (0, 840)

    One MAC per squared difference. Source: LeCun et al. (1998), section II.B, equation 7.
    """

    units: int
    name: str | None = None

    reads_everything = True
    _length, _output_shape, _macs = Dense._length, Dense._output_shape, Dense._macs

    def _connections(self, input_shape: Shape) -> tuple[Equation, ...]:
        (work,) = self._macs(input_shape)
        return (Equation("connections", work.formula, work.numbers),)


@dataclass(frozen=True)
class BatchNormalization(_Elementwise):
    """Each channel shifted and scaled to a mean and spread of its own.

    >>> print(BatchNormalization().derive("parameters", (28, 28, 6)))
    batch_normalization: parameters
      parameters = 4·C = 4·6 = 24

    Two of the four are learned, gamma (unless `scale` is off) and beta (unless `center` is off);
    two are running averages; Keras counts all four. In use it is one multiplication and one
    addition per value, hence one MAC and, with the shift as a bias, two connections per unit.
    Source: Ioffe and Szegedy (2015), algorithm 2.
    """

    momentum: float = 0.99
    epsilon: float = 0.001
    center: bool = True
    scale: bool = True
    name: str | None = None

    def weights(self, input_shape: Shape) -> dict[str, Shape]:
        learned = {"gamma": self.scale, "beta": self.center}
        names = [name for name, used in learned.items() if used]
        return dict.fromkeys([*names, "moving_mean", "moving_variance"], (input_shape[-1],))

    def bias_additions(self, input_shape: Shape) -> int:
        return 0

    def _parameters(self, input_shape: Shape) -> tuple[Equation, ...]:
        arrays = len(self.weights(input_shape))
        return (Equation("parameters", f"{arrays}*C", {"C": input_shape[-1]}),)

    def _connections(self, input_shape: Shape) -> tuple[Equation, ...]:
        formula, numbers = _size(input_shape)
        return (Equation("connections", f"2*{formula}", numbers),)

    def _macs(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (Equation("macs", *_size(input_shape)),)


@dataclass(frozen=True)
class Dropout(_Elementwise):
    """In training, a share `rate` of the values is set to zero; afterwards nothing is.

    >>> Dropout(0.5).output_shape((4096,))
    (4096,)
    """

    rate: float
    name: str | None = None


@dataclass(frozen=True)
class Activation(_Elementwise):
    """The same function on every value.

    >>> Activation("relu").output_shape((28, 28, 6))
    (28, 28, 6)
    """

    activation: str
    name: str | None = None

    def _check(self) -> None:
        super()._check()
        if self.activation is None:
            raise ValueError("activation must name a function, for example 'relu'")
