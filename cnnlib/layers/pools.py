"""Layers that look through a window without kernels: pools, padding, LeNet-5's subsampling."""

from __future__ import annotations

from dataclasses import dataclass

from cnnlib.derivation import Equation, equation
from cnnlib.layers.base import Shape, Windowed
from cnnlib.shapes import Axis, Padding


class _Pool(Windowed):
    """One value from each window of each channel."""

    def _check(self) -> None:
        if self.strides is None:
            self._settle("strides", self.pool_size)
        super()._check()

    def axes(self, input_shape: Shape) -> tuple[Axis, Axis]:
        axes = super().axes(input_shape)
        if not all(axis.cells(0) and axis.cells(axis.count - 1) for axis in axes):
            raise ValueError(
                f"some of its windows lie on padding alone (padding={self.padding!r}): "
                "use a padding smaller than the window"
            )
        return axes

    def _connections(self, input_shape: Shape) -> tuple[Equation, ...]:
        steps, taps, numbers = self._taps(input_shape)
        numbers["C"] = input_shape[2]
        return (*steps, equation("connections", f"{taps}*C", numbers))


@dataclass(frozen=True)
class MaxPooling2D(_Pool):
    """The largest value in each window.

    >>> MaxPooling2D(2).output_shape((28, 28, 6))
    (14, 14, 6)
    >>> MaxPooling2D(3, strides=2, ceil_mode=True).output_shape((54, 54, 96))
    (27, 27, 96)

    Without `strides` the windows lie side by side. `ceil_mode` keeps a last window that hangs
    over the edge, as long as it starts inside.
    """

    pool_size: int | tuple[int, int] = 2
    strides: int | tuple[int, int] | None = None
    padding: Padding = "valid"
    ceil_mode: bool = False
    name: str | None = None


@dataclass(frozen=True)
class AveragePooling2D(_Pool):
    """The mean of each window; cells outside the image are not counted.

    >>> AveragePooling2D((2, 3)).output_shape((28, 27, 6))
    (14, 9, 6)
    """

    pool_size: int | tuple[int, int] = 2
    strides: int | tuple[int, int] | None = None
    padding: Padding = "valid"
    ceil_mode: bool = False
    name: str | None = None


class _GlobalPool(_Pool):
    """One window as large as the image."""

    strides = (1, 1)

    def axes(self, input_shape: Shape) -> tuple[Axis, Axis]:
        height, width, _ = self._image(input_shape)
        return Axis(height, height), Axis(width, width)

    def _output_shape(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (self._channels(self._image(input_shape)),)


@dataclass(frozen=True)
class GlobalMaxPooling2D(_GlobalPool):
    """The largest value of each channel.

    >>> GlobalMaxPooling2D().output_shape((6, 6, 256))
    (256,)
    """

    name: str | None = None


@dataclass(frozen=True)
class GlobalAveragePooling2D(_GlobalPool):
    """The mean of each channel.

    >>> GlobalAveragePooling2D().derive("connections", (6, 6, 256)).value
    9216
    """

    name: str | None = None


@dataclass(frozen=True)
class TrainableSubsampling(_Pool):
    """LeNet-5's S2 and S4: the sum of each window, times a coefficient, plus a bias.

    >>> s2 = TrainableSubsampling(2, name="S2")
    >>> s2.derive("parameters", (28, 28, 6)).value, s2.derive("connections", (28, 28, 6)).value
    (12, 5880)

    One coefficient and one bias per channel; one MAC per unit, for coefficient and bias. Source:
    LeCun et al. (1998), section II.B.
    """

    pool_size: int | tuple[int, int] = 2
    strides: int | tuple[int, int] | None = None
    activation: str | None = "tanh"
    name: str | None = None

    def weights(self, input_shape: Shape) -> dict[str, Shape]:
        channels = self._image(input_shape)[2]
        return {"coefficient": (channels,), "bias": (channels,)}

    def _parameters(self, input_shape: Shape) -> tuple[Equation, ...]:
        return (Equation("parameters", "2*C", {"C": self._image(input_shape)[2]}),)

    def _connections(self, input_shape: Shape) -> tuple[Equation, ...]:
        numbers = self._taps(input_shape)[2] | {"C": input_shape[2]}
        return (equation("connections", "(k_h*k_w + 1)*H_out*W_out*C", numbers),)

    def _macs(self, input_shape: Shape) -> tuple[Equation, ...]:
        numbers = self._taps(input_shape)[2] | {"C": input_shape[2]}
        return (equation("macs", "H_out*W_out*C", numbers),)


@dataclass(frozen=True)
class ZeroPadding2D(Windowed):
    """Zeros around the image.

    >>> ZeroPadding2D(2).output_shape((28, 28, 1)), ZeroPadding2D(((0, 1), (2, 3))).padding
    ((32, 32, 1), ((0, 1), (2, 3)))

    An int pads all four sides; ((top, bottom), (left, right)) each side.
    """

    padding: Padding = 1
    name: str | None = None

    pool_size = strides = (1, 1)

    def _check(self) -> None:
        super()._check()
        if isinstance(self.padding, str):
            raise ValueError(f"padding must be numbers of zeros here, not {self.padding!r}")
