"""Pools: one value from each window of each channel. One kind, of 1998, learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from cnnlib.derivation import Equation
from cnnlib.engine import Axes, add_bias, flatten, pool_average, pool_max, pool_sum
from cnnlib.layers.base import Place, Shape, Step, Twins, Windowed
from cnnlib.layers.elementwise import activate
from cnnlib.layers.normalization import scale
from cnnlib.layers.settings import Pair, activation, boolean, or_none, setting, text, zeros_around
from cnnlib.layers.weights import Weight, zeros
from cnnlib.shapes import Padding, pair


class _Pool(Windowed):
    """What the two pools share: all but what they make of a window."""

    pool_size: Pair
    strides: Pair | None
    padding: Padding
    ceil_mode: bool

    ours_alone = ("ceil_mode",)

    def _check(self) -> None:
        if self.strides is None:
            self._settle("strides", self.pool_size)

    def axes(self, input_shape: Shape) -> Axes:
        strides = self.strides or self.pool_size
        axes = self._slide(
            input_shape, self.pool_size, strides, self.padding, ceil_mode=self.ceil_mode
        )
        if not all(axis.cells(0) and axis.cells(axis.count - 1) for axis in axes):
            raise ValueError(
                f"some of its windows lie on padding alone (padding={self.padding!r}): "
                "use a padding smaller than the window"
            )
        return axes

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        taps = "t_h*t_w" if self._pads(input_shape) else "k_h*k_w*H_out*W_out"
        return {"connections": f"{taps}*C"}

    def to_keras(self, input_shape: Shape) -> Twins:
        if self.padding not in ("valid", "same"):
            raise ValueError(
                f"Keras pads a pool by 'valid' or 'same', not {self.padding!r}: use one of these, "
                "or run it with NumpyModel"
            )
        return super().to_keras(input_shape)


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

    pool_size: Pair = setting(pair, 2)
    strides: Pair | None = setting(or_none(pair), None)
    padding: Padding = setting(zeros_around, "valid")
    ceil_mode: bool = setting(boolean, False)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("MaxPooling2D",)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(pool_max, axes=place.axes))


@dataclass(frozen=True)
class AveragePooling2D(_Pool):
    """The mean of each window; cells outside the image are not counted.

    >>> AveragePooling2D((2, 3)).output_shape((28, 27, 6))
    (14, 9, 6)
    """

    pool_size: Pair = setting(pair, 2)
    strides: Pair | None = setting(or_none(pair), None)
    padding: Padding = setting(zeros_around, "valid")
    ceil_mode: bool = setting(boolean, False)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("AveragePooling2D",)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(pool_average, axes=place.axes))


class _GlobalPool(Windowed):
    """One window as large as the image; with `keepdims` what comes out is an image of one pixel."""

    keepdims: bool

    def axes(self, input_shape: Shape) -> Axes:
        height, width, _ = self._image(input_shape)
        return self._slide(input_shape, (height, width))

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        equations = super().output_equations(input_shape)
        return equations if self.keepdims else equations[-1:]

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        return {"connections": "k_h*k_w*H_out*W_out*C"}


@dataclass(frozen=True)
class GlobalMaxPooling2D(_GlobalPool):
    """The largest value of each channel.

    >>> GlobalMaxPooling2D().output_shape((6, 6, 256))
    (256,)
    """

    keepdims: bool = setting(boolean, False)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("GlobalMaxPooling2D",)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(pool_max, axes=place.axes))
        if not self.keepdims:
            yield Step(flatten)


@dataclass(frozen=True)
class GlobalAveragePooling2D(_GlobalPool):
    """The mean of each channel.

    >>> GlobalAveragePooling2D().derive("connections", (6, 6, 256)).value
    9216
    """

    keepdims: bool = setting(boolean, False)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("GlobalAveragePooling2D",)

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(pool_average, axes=place.axes))
        if not self.keepdims:
            yield Step(flatten)


@dataclass(frozen=True)
class TrainableSubsampling(Windowed):
    """LeNet-5's S2 and S4: the sum of each window, times a coefficient, plus a bias.

    >>> s2 = TrainableSubsampling(2, name="S2")
    >>> s2.derive("parameters", (28, 28, 6)).value, s2.derive("connections", (28, 28, 6)).value
    (12, 5880)

    One coefficient and one bias per channel; one MAC per unit, for coefficient and bias. The
    coefficient begins where the layer is an average. Source: LeCun et al. (1998), section II.B.
    """

    pool_size: Pair = setting(pair, 2)
    strides: Pair | None = setting(or_none(pair), None)
    activation: str | None = setting(activation, "tanh")
    name: str | None = setting(or_none(text), None)

    def _check(self) -> None:
        if self.strides is None:
            self._settle("strides", self.pool_size)

    def axes(self, input_shape: Shape) -> Axes:
        return self._slide(input_shape, self.pool_size, self.strides or self.pool_size)

    def weights(self, input_shape: Shape) -> dict[str, Weight]:
        rows, columns = self.axes(input_shape)
        mean, channels = 1 / (rows.kernel * columns.kernel), (input_shape[2],)
        coefficient = Weight(channels, lambda shape, random: np.full(shape, mean))
        return {"coefficient": coefficient, "bias": Weight(channels, zeros)}

    def steps(self, place: Place) -> Iterator[Step]:
        yield Step(partial(pool_sum, axes=place.axes))
        yield Step(scale, "coefficient")
        yield Step(add_bias, "bias")
        yield from activate(self.activation)

    def formulas(self, input_shape: Shape) -> dict[str, str]:
        return {
            "parameters": "2*C",
            "connections": "(k_h*k_w + 1)*H_out*W_out*C",
            "macs": "H_out*W_out*C",
        }
