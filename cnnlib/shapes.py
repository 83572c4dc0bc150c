"""How large is the output of a convolution or a pool, and by which steps do we get there?

Rows and columns follow the same rule, so everything here is about one axis: an input of `size`
cells, a window that covers `kernel` of them, and steps of `stride`.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

from cnnlib.derivation import Equation

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
    if isinstance(value, Integral) and not isinstance(value, bool) and value >= minimum:
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
    if isinstance(padding, str):
        if padding not in NAMED_PADDINGS:
            raise ValueError(f"padding must be one of {', '.join(NAMED_PADDINGS)}, not {padding!r}")
        return padding, padding
    if isinstance(padding, tuple | list):
        if len(padding) == 2 and all(isinstance(p, tuple | list) and len(p) == 2 for p in padding):
            (top, bottom), (left, right) = padding
            names = "top", "bottom", "left", "right"
            values = (top, bottom, left, right)
            t, b, le, r = (
                integer(v, f"padding ({n})", 0) for v, n in zip(values, names, strict=True)
            )
            return (t, b), (le, r)
        raise ValueError(
            "padding must be a name, a whole number or ((top, bottom), (left, right)), "
            f"not {padding!r}"
        )
    amount = integer(padding, "padding", 0)
    return amount, amount


def extent(kernel: int, dilation: int = 1) -> int:
    """How many cells a window spans from its first tap to its last.

    >>> extent(3), extent(3, dilation=2)
    (3, 5)
    """
    return (kernel - 1) * dilation + 1


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
    if isinstance(padding, tuple):
        return padding
    if padding == "valid":
        return 0, 0
    window = extent(kernel, dilation)
    if padding == "full":
        return window - 1, window - 1
    if padding == "same":
        missing = max((-(-size // stride) - 1) * stride + window - size, 0)
        return missing // 2, missing - missing // 2
    return padding, padding


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
    ValueError: a window of 3 does not fit an input of 2: use padding='same', a smaller window, \
or drop the layer

    Sizes are cells of one axis. Formula: Dumoulin and Visin (2016), relationship 6; with
    dilation, relationship 15.
    """
    return derive_output_size("output", size, kernel, stride, padding, dilation, ceil_mode)[
        -1
    ].value


def derive_output_size(
    name: str,
    size: int,
    kernel: int,
    stride: int = 1,
    padding: Padding = "valid",
    dilation: int = 1,
    ceil_mode: bool = False,
) -> tuple[Equation, ...]:
    """The equations that lead to `output_size`; the last one holds it.

    >>> for step in derive_output_size("height", 32, kernel=3, dilation=2): print(step)
    window = (k − 1)·d + 1 = (3 − 1)·2 + 1 = 5
    height = ⌊(n + 2·p − window) / s⌋ + 1 = ⌊(32 + 2·0 − 5) / 1⌋ + 1 = 28
    """
    before, after = resolve_padding(padding, size, kernel, stride, dilation)
    window = extent(kernel, dilation)
    if window > size + before + after:
        padded = f" padded to {size + before + after}" if before + after else ""
        raise ValueError(
            f"a window of {window} does not fit an input of {size}{padded}: "
            "use padding='same', a smaller window, or drop the layer"
        )
    steps, span = (), "k"
    if dilation > 1:
        steps, span = (Equation("window", "(k - 1)*d + 1", {"k": kernel, "d": dilation}),), "window"
    pads, zeros = (
        ("2*p", {"p": before}) if before == after else ("p_1 + p_2", {"p_1": before, "p_2": after})
    )
    numbers = {"n": size, **zeros, span: window, "s": stride}
    rounding = "ceil" if ceil_mode else "floor"
    whole = Equation(name, f"{rounding}((n + {pads} - {span}) / s) + 1", numbers)
    starts_outside = ceil_mode and (whole.value - 1) * stride >= size + before
    if starts_outside:
        dropped = {"windows": whole.value}
        whole = Equation("windows", whole.formula, numbers)
        return (*steps, whole, Equation(name, "windows - 1", dropped))
    return (*steps, whole)


@dataclass(frozen=True)
class Axis:
    """One axis of a layer with windows: what slides over it, and where it lands.

    >>> rows = Axis(size=4, kernel=3, padding="same")
    >>> rows.count, rows.taps_outside
    (4, 2)
    >>> rows.reads({0}), rows.reads({1, 2})
    ({0, 1}, {0, 1, 2, 3})
    """

    size: int
    kernel: int
    stride: int = 1
    padding: Padding = "valid"
    dilation: int = 1
    ceil_mode: bool = False

    @cached_property
    def zeros(self) -> tuple[int, int]:
        """The zeros before the first cell and after the last."""
        return resolve_padding(self.padding, self.size, self.kernel, self.stride, self.dilation)

    @cached_property
    def count(self) -> int:
        """How many windows there are."""
        return self.equations("count")[-1].value

    @property
    def reach(self) -> int:
        """From the first tap of a window to its last, in steps of one cell."""
        return (self.kernel - 1) * self.dilation

    def equations(self, name: str) -> tuple[Equation, ...]:
        """The equations that lead to `count`."""
        return derive_output_size(name, *astuple(self))

    def reads(self, windows: set[int]) -> set[int]:
        """Which cells of the input these windows touch; padding is no cell."""
        before = self.zeros[0]
        taps = range(0, self.reach + 1, self.dilation)
        touched = {w * self.stride - before + tap for w in windows for tap in taps}
        return touched & set(range(self.size))

    @cached_property
    def taps_outside(self) -> int:
        """How many taps of all windows together land on padding."""
        return self.count * self.kernel - sum(len(self.reads({w})) for w in range(self.count))
