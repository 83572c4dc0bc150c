"""How large is the output of a convolution or a pool, and by which steps do we get there?

Rows and columns follow the same rule, so everything here is about one axis: an input of `size`
cells, a window that covers `kernel` of them, and steps of `stride`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from numbers import Integral
from typing import Any

import numpy as np

from cnnlib.derivation import Equation, equation

Padding = str | int | tuple[Any, Any]
NAMED_PADDINGS = ("valid", "same", "full")


def integer(value: Any, name: str, minimum: int = 1) -> int:
    """Return `value` as an int, or say what is wrong with it.

    >>> integer(3, "kernel_size")
    3
    >>> integer(2.0, "strides")
    Traceback (most recent call last):
    ValueError: strides must be a whole number of at least 1, not 2.0 (float)

    NumPy's integers pass; booleans, floats (NaN too) and strings do not.
    """
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if whole and value >= minimum:
        return int(value)
    kind = type(value).__name__
    raise ValueError(f"{name} must be a whole number of at least {minimum}, not {value!r} ({kind})")


def pair(value: Any, name: str, minimum: int = 1) -> tuple[int, int]:
    """Return (rows, columns) from one whole number or from two.

    >>> pair(3, "kernel_size"), pair((1, 5), "kernel_size")
    ((3, 3), (1, 5))
    """
    if isinstance(value, tuple | list):
        if len(value) != 2:
            raise ValueError(
                f"{name} must be one whole number or two (rows, columns), not {value!r}"
            )
        return integer(value[0], name, minimum), integer(value[1], name, minimum)
    return integer(value, name, minimum), integer(value, name, minimum)


def axis_paddings(padding: Padding) -> tuple[Padding, Padding]:
    """Split a layer's padding into that of the rows and that of the columns.

    >>> axis_paddings("same"), axis_paddings(((0, 1), (2, 3)))
    (('same', 'same'), ((0, 1), (2, 3)))
    """
    if not isinstance(padding, tuple | list):
        return axis_padding(padding), axis_padding(padding)
    if len(padding) == 2 and all(isinstance(side, tuple | list) for side in padding):
        return axis_padding(padding[0]), axis_padding(padding[1])
    raise ValueError(
        f"padding must be a name, a whole number or ((top, bottom), (left, right)), not {padding!r}"
    )


def axis_padding(padding: Any) -> Padding:
    """Return the padding of one axis, checked: a name, a whole number or (before, after)."""
    if isinstance(padding, str):
        if padding in NAMED_PADDINGS:
            return padding
        raise ValueError(f"padding must be one of {', '.join(NAMED_PADDINGS)}, not {padding!r}")
    if not isinstance(padding, tuple | list):
        return integer(padding, "padding", 0)
    if len(padding) == 2:
        return integer(padding[0], "padding", 0), integer(padding[1], "padding", 0)
    raise ValueError(f"padding of one axis must be (before, after), not {padding!r}")


def resolve_padding(
    padding: Padding, size: int, kernel: int, stride: int = 1, dilation: int = 1
) -> tuple[int, int]:
    """How many zeros go before and after one axis.

    >>> resolve_padding("same", size=28, kernel=5)
    (2, 2)
    >>> resolve_padding("same", size=6, kernel=3, stride=2)
    (0, 1)
    >>> resolve_padding("full", size=4, kernel=3), resolve_padding(1, size=4, kernel=3)
    ((2, 2), (1, 1))

    "same" is TensorFlow's: just enough for ⌈size / stride⌉ outputs, the odd zero at the end.
    """
    return Axis(size, kernel, stride, padding, dilation).zeros


def output_size(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """How many windows fit along one axis.

    >>> output_size(227, kernel=11, stride=4)
    55
    >>> output_size(55, kernel=3, stride=2)
    27
    >>> output_size(2, kernel=3)
    Traceback (most recent call last):
    ValueError: a window of 3 does not fit an input of 2: ⌊(2 + 2·0 − 3) / 1⌋ + 1 = 0; \
use padding='same', a smaller window, or drop the layer

    Sizes are cells of one axis. Formula: Dumoulin and Visin (2016), relationship 6; with
    dilation, relationship 15.
    """
    axis = Axis(size, kernel, stride, padding, dilation, ceil_mode)
    check_fit(axis)
    return axis.count


def check_fit(*axes: Axis) -> None:
    """Raise unless a window fits along each axis; the error shows the step that fails."""
    short = next((axis for axis in axes if axis.count < 1), None)
    if short is None:
        return
    lengths = zip(*((a.extent, a.size, a.size + sum(a.zeros)) for a in axes), strict=True)
    window, size, padded = ("×".join(map(str, each)) for each in lengths)
    clash = f"a {window} window does not fit its {size} input"
    if len(axes) == 1:
        clash = f"a window of {window} does not fit an input of {size}"
    if padded != size:
        clash += f", padded to {padded}"
    step = " = ".join(short.equations("")[-1].text().split(" = ")[-2:])
    raise ValueError(f"{clash}: {step}; use padding='same', a smaller window, or drop the layer")


@dataclass(frozen=True)
class Axis:
    """One axis of a layer with windows: what slides over it, and where it lands.

    >>> rows = Axis(size=4, kernel=3, padding="same")
    >>> rows.count, rows.taps_outside
    (4, 2)
    >>> rows.cells(0), rows.cells(1)
    (range(0, 2), range(0, 3))
    >>> for step in Axis(size=32, kernel=3, dilation=2).equations("height"): print(step)
    window = (k − 1)·d + 1 = (3 − 1)·2 + 1 = 5
    height = ⌊(n + 2·p − window) / s⌋ + 1 = ⌊(32 + 2·0 − 5) / 1⌋ + 1 = 28
    """

    size: int
    kernel: int
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        for name in ("size", "kernel", "stride", "dilation"):
            object.__setattr__(self, name, integer(getattr(self, name), name))
        object.__setattr__(self, "padding", self._checked_padding())
        if not isinstance(self.ceil_mode, bool):
            raise ValueError(f"ceil_mode must be True or False, not {self.ceil_mode!r}")

    def _checked_padding(self) -> Padding:
        return axis_padding(self.padding)

    @property
    def extent(self) -> int:
        """How many cells a window spans from its first tap to its last."""
        return (self.kernel - 1) * self.dilation + 1

    @cached_property
    def zeros(self) -> tuple[int, int]:
        """The zeros before the first cell and after the last."""
        if isinstance(self.padding, tuple):
            return self.padding
        if self.padding == "same":
            total = self._zeros_of_same().value
            return total // 2, total - total // 2
        if isinstance(self.padding, int):
            return self.padding, self.padding
        amount = {"valid": 0, "full": self.extent - 1}[self.padding]
        return amount, amount

    @cached_property
    def count(self) -> int:
        """How many windows there are; less than one if none fits."""
        return self.equations("count")[-1].value

    def equations(self, name: str) -> tuple[Equation, ...]:
        """The equations that lead to `count`; the last one holds it."""
        steps, pads = [], "2*p" if self.zeros[0] == self.zeros[1] else "p_1 + p_2"
        if self.dilation > 1:
            steps.append(equation("window", "(k - 1)*d + 1", self._numbers))
        if self.padding == "same":
            steps.append(self._zeros_of_same())
            pads = "zeros"
        if self.padding == "full":
            steps.append(equation("p", f"{self._span} - 1", self._numbers))
        before, after = self.zeros
        numbers = self._numbers | {
            "p": before,
            "p_1": before,
            "p_2": after,
            "zeros": before + after,
        }
        rounding = "ceil" if self.ceil_mode else "floor"
        whole = equation(name, f"{rounding}((n + {pads} - {self._span}) / s) + 1", numbers)
        if self.ceil_mode and (whole.value - 1) * self.stride >= self.size + before:
            steps.append(Equation("windows", whole.formula, whole.numbers))
            whole = Equation(name, "windows - 1", {"windows": whole.value})
        return (*steps, whole)

    @property
    def _span(self) -> str:
        return "window" if self.dilation > 1 else "k"

    @property
    def _numbers(self) -> dict[str, int]:
        n, k, s, d = self.size, self.kernel, self.stride, self.dilation
        return {"n": n, "k": k, "s": s, "d": d, "window": self.extent}

    def _zeros_of_same(self) -> Equation:
        formula = f"max((ceil(n / s) - 1)*s + {self._span} - n, 0)"
        return equation("zeros", formula, self._numbers)

    @property
    def step(self) -> Fraction:
        """How many cells of the input lie between one window and the next."""
        return Fraction(self.stride)

    def law(self) -> tuple[str, str, dict[str, Any]]:
        """Formulas for the size and the centre of what a unit sees (see `ledger.View`)."""
        reach = "(k - 1)*d" if self.dilation > 1 else "(k - 1)"
        numbers = self._numbers | {"p": self.zeros[0]}
        return f"r + {reach}*j", f"c + ({reach}/2 - p)*j", numbers

    def taps(self, window: int) -> range:
        """The places under this window's taps, as if the input went on beyond its borders."""
        first = window * self.stride - self.zeros[0]
        return range(first, first + self.extent, self.dilation)

    def cells(self, window: int) -> range:
        """The cells of the input under this window's taps; padding is no cell."""
        return self._inside(window * self.stride, self.dilation, self.kernel)

    def reads(self, windows: np.ndarray) -> np.ndarray:
        """Which cells of the input these windows touch.

        >>> Axis(size=6, kernel=2, stride=4).reads(np.array([True, True]))
        array([ True,  True, False, False,  True,  True])

        Both are booleans, one for each window, or for each cell; axes behind the first stay.
        """
        touched = np.zeros((self.size, *windows.shape[1:]), bool)
        some = np.flatnonzero(windows.reshape(len(windows), -1).any(axis=1))
        if len(some) < self.kernel:
            for window in some:
                touched[_slice(self.cells(int(window)))] |= windows[window]
            return touched
        for tap in range(0, self.extent, self.dilation):
            under = self._inside(tap, self.stride, self.count)
            first = (under.start + self.zeros[0] - tap) // self.stride
            touched[_slice(under)] |= windows[first : first + len(under)]
        return touched

    @cached_property
    def taps_outside(self) -> int:
        """How many taps of all windows together land on padding."""
        taps, windows = (self.kernel, self.dilation), (self.count, self.stride)
        (few, step), (many, apart) = sorted([taps, windows])
        inside = sum(len(self._inside(i * step, apart, many)) for i in range(few))
        return self.count * self.kernel - inside

    def _inside(self, first: int, step: int, count: int) -> range:
        """Of the places first, first + step, …, counted from the padding's edge, those on cells."""
        first -= self.zeros[0]
        start = first % step if first < 0 else first
        return range(start, max(start, min(first + count * step, self.size)), step)


@dataclass(frozen=True)
class TransposedAxis:
    """One axis of a transposed convolution, which turns round the windows of `turned`.

    >>> columns = TransposedAxis(Axis(size=6, kernel=3, stride=2, padding="same"))
    >>> columns.size, columns.count
    (3, 6)
    >>> [list(columns.cells(unit)) for unit in range(6)]
    [[0], [0], [0, 1], [1], [1, 2], [2]]

    Each of its `size` cells is spread over a window of `turned`, which lies over the larger output
    and has no dilation.
    """

    turned: Axis

    @property
    def size(self) -> int:
        """How many cells the input has."""
        return self.turned.count

    @property
    def count(self) -> int:
        """How many units the output has."""
        return self.turned.size

    @property
    def kernel(self) -> int:
        """How many units each cell is spread over."""
        return self.turned.kernel

    @property
    def step(self) -> Fraction:
        """How many cells of the input lie between one unit and the next: a part of one."""
        return Fraction(1, self.turned.stride)

    def law(self) -> tuple[str, str, dict[str, Any]]:
        """Formulas for the size and the centre of what a unit sees (see `ledger.View`)."""
        numbers = {"k": self.turned.kernel, "s": self.turned.stride, "p": self.turned.zeros[0]}
        start = "c + (ceil((p - k + 1) / s) + floor(p / s))/2*j"
        return "r + (ceil(k / s) - 1)*j", start, numbers

    def taps(self, unit: int) -> range:
        """The places that reach this unit, as if the input went on beyond its borders."""
        reached = unit + self.turned.zeros[0]
        first = -(-(reached - self.turned.kernel + 1) // self.turned.stride)
        return range(first, reached // self.turned.stride + 1)

    def cells(self, unit: int) -> range:
        """The cells of the input that reach this unit."""
        taps = self.taps(unit)
        return range(max(taps.start, 0), min(taps.stop, self.size))

    def reads(self, units: np.ndarray) -> np.ndarray:
        """Which cells reach any of these units: a mask of units in, a mask of cells out."""
        there = (self._places >= 0) & (self._places < self.count)
        there = np.expand_dims(there, tuple(range(2, units.ndim + 1)))
        return (units[self._places.clip(0, self.count - 1)] & there).any(axis=1)

    @cached_property
    def _places(self) -> np.ndarray:
        """Where each cell is spread to, beyond the borders too."""
        return np.array([self.turned.taps(cell) for cell in range(self.size)])


@dataclass(frozen=True)
class SharedAxis:
    """One axis along which every unit reads every cell, as when one value is for all places.

    >>> axis = SharedAxis(size=1, count=3)
    >>> [list(axis.cells(unit)) for unit in range(axis.count)]
    [[0], [0], [0]]
    """

    size: int
    count: int

    @property
    def kernel(self) -> int:
        """How many cells a unit reads."""
        return self.size

    @property
    def step(self) -> Fraction:
        """How many cells of the input lie between one unit and the next: none."""
        return Fraction(0)

    def law(self) -> tuple[str, str, dict[str, Any]]:
        """Formulas for the size and the centre of what a unit sees (see `ledger.View`)."""
        return "r + (n - 1)*j", "c + (n - 1)/2*j", {"n": self.size}

    def taps(self, unit: int) -> range:
        """The places that this unit reads."""
        return range(self.size)

    cells = taps

    def reads(self, units: np.ndarray) -> np.ndarray:
        """Which cells any of these units reads: a mask of units in, a mask of cells out."""
        return np.repeat(units.any(axis=0, keepdims=True), self.size, axis=0)


@dataclass(frozen=True)
class CroppedAxis(Axis):
    """One axis of an image that loses cells at its ends: its padding is below zero.

    >>> CroppedAxis(size=6, kernel=1, padding=(-1, -2)).count
    3
    """

    def _checked_padding(self) -> Padding:
        return self.padding


@dataclass(frozen=True)
class ResampledAxis:
    """One axis of an image that is drawn anew with more cells or fewer, all of it.

    >>> axis = ResampledAxis(size=2, count=4, smooth=True)
    >>> [list(axis.cells(unit)) for unit in range(axis.count)]
    [[0], [0, 1], [0, 1], [1]]
    >>> axis.matrix()
    array([[1.  , 0.  ],
           [0.75, 0.25],
           [0.25, 0.75],
           [0.  , 1.  ]])

    Each unit lies at a place between the cells, and reads the nearest, or, where it is `smooth`,
    the two beside it, each the more, the nearer it lies.
    """

    size: int
    count: int
    smooth: bool = False

    @property
    def kernel(self) -> int:
        """How many cells a unit reads at most."""
        return max(len(self.cells(unit)) for unit in range(self.count))

    @property
    def step(self) -> Fraction:
        """How many cells of the input lie between one unit and the next."""
        return Fraction(self.size, self.count)

    def _place(self, unit: int) -> Fraction:
        """Where the unit's centre lies, if the cells' centres are at 0, 1, 2, …"""
        place = (unit + Fraction(1, 2)) * self.step
        return place - Fraction(1, 2) if self.smooth else Fraction(floor(place))

    def law(self) -> tuple[str, str, dict[str, Any]]:
        """Formulas for the size and the centre of what a unit sees (see `ledger.View`)."""
        between = any(self._place(unit).denominator > 1 for unit in range(self.step.denominator))
        numbers = {"p": self._place(0), "s": max(self.step, 1 / self.step)}
        return "r + j" if between else "r", "c + (floor(p) + ceil(p))/2*j", numbers

    def taps(self, unit: int) -> range:
        """The places that this unit reads, as if the input went on beyond its borders."""
        return range(floor(self._place(unit)), ceil(self._place(unit)) + 1)

    def cells(self, unit: int) -> range:
        """The cells of the input that this unit reads."""
        taps = self.taps(unit)
        return range(max(taps.start, 0), min(taps.stop, self.size))

    def reads(self, units: np.ndarray) -> np.ndarray:
        """Which cells any of these units reads: a mask of units in, a mask of cells out."""
        touched = np.zeros((self.size, *units.shape[1:]), bool)
        for end in self._ends:  # it reads one cell or two
            np.logical_or.at(touched, end, units)
        return touched

    @cached_property
    def _ends(self) -> tuple[list[int], list[int]]:
        """The first cell and the last that each unit reads."""
        cells = [self.cells(unit) for unit in range(self.count)]
        return [each[0] for each in cells], [each[-1] for each in cells]

    def matrix(self) -> np.ndarray:
        """How much each unit takes of each cell, (count, size)."""
        places = np.array([float(self._place(unit)) for unit in range(self.count)])
        apart = places.clip(0, self.size - 1)[:, np.newaxis] - np.arange(self.size)
        return np.maximum(1 - np.abs(apart), 0)


AnyAxis = Axis | TransposedAxis | SharedAxis | ResampledAxis


def _slice(places: range) -> slice:
    return slice(places.start, places.stop, places.step)
