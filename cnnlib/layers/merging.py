"""Where branches meet: value by value, or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import Any

from cnnlib.derivation import Equation
from cnnlib.layers.base import Layer, Shape, Symbols
from cnnlib.layers.settings import input_shape as checked_shape
from cnnlib.layers.settings import or_none, setting, text

Branch = tuple[str, Shape]


class Merge(Layer):
    """What all merges share; their input_shape is a tuple of shapes, one for each branch.

    In formulas B branches come in, and H, W and C (or n) are the sizes of what comes out.
    """

    def check_branches(self, shapes: Sequence[Shape], names: Sequence[str]) -> None:
        """Raise unless branches of these shapes can be joined; the error names them."""
        with self._naming():
            self._check_number(names)
            for left, right in combinations(zip(names, shapes, strict=True), 2):
                if not self._fit(left[1], right[1]):
                    (a, b), (c, d) = ((name, _times(shape)) for name, shape in (left, right))
                    raise ValueError(
                        f"{a} gives {b} and {c} gives {d}, which {type(self).__name__} cannot "
                        f"join: {self._remedy(left, right)}"
                    )

    def _check_number(self, names: Sequence[str]) -> None:
        if len(names) < 2:
            raise ValueError(
                f"{type(self).__name__} joins branches, and only {names[0]} leads here: name them "
                f"all, inputs={{{self.label!r}: ({names[0]!r}, ...)}}"
            )

    def _fits(self, place: int, sizes: Sequence[int], dimensions: int) -> bool:
        """Whether these sizes can be joined, at a place of so many: the last is -1."""
        return len(set(sizes)) == 1 or 1 in sizes

    def _fit(self, left: Shape, right: Shape) -> bool:
        pairs = enumerate(zip(reversed(left), reversed(right), strict=False), 1)
        return all(self._fits(-place, pair, len(left)) for place, pair in pairs)

    def _checked(self, input_shape: Any) -> Any:
        if not all(isinstance(shape, tuple | list) for shape in input_shape):
            raise ValueError(
                f"{type(self).__name__} joins branches: give the shape of each, not {input_shape!r}"
            )
        shapes = tuple(checked_shape(shape) for shape in input_shape)
        self.check_branches(shapes, [f"branch {i}" for i in range(1, len(shapes) + 1)])
        return shapes

    def _joined(self, shapes: Sequence[Shape]) -> Shape:
        """The shape of what comes out."""
        return tuple(max(sizes) for sizes in zip(*_lifted(shapes), strict=True))

    def output_equations(self, input_shape: Any) -> tuple[Equation, ...]:
        lines = super().output_equations(self._joined(input_shape))
        sizes = zip(*_lifted(input_shape), strict=True)
        return tuple(map(self._line, lines, sizes))

    def _line(self, line: Equation, sizes: Sequence[int]) -> Equation:
        """The equation for one size of the output, given that of each branch."""
        if {line.value} == {*sizes}:
            return line
        numbers = {f"{line.formula}_{i}": size for i, size in enumerate(sizes, 1)}
        return Equation(line.name, self._joining(list(numbers)), numbers)

    def _joining(self, sizes: Sequence[str]) -> str:
        """The formula that joins sizes which differ."""
        return f"max({', '.join(sizes)})"

    def symbols(self, input_shape: Any) -> Symbols:
        return super().symbols(self._joined(input_shape)) | {"B": len(input_shape)}

    def formulas(self, input_shape: Any) -> dict[str, str]:
        return {"connections": f"B*{self._values(self._joined(input_shape))}"}

    def _remedy(self, left: Branch, right: Branch) -> str:
        """What mends a clash: layers that bring one branch, or both, to the other's shape."""
        if {len(left[1]), len(right[1])} != {3}:
            (name, _), (_, shape) = sorted((left, right), key=lambda branch: len(branch[1]))
            return f"put Dense({shape[-1]}) after {name}"
        pairs = zip((-3, -2), left[1], right[1], strict=False)
        goals = [
            (a, b) if self._fits(place, (a, b), 3) else (min(a, b),) * 2 for place, a, b in pairs
        ]
        branches = zip((left, right), zip(*goals, strict=True), strict=True)
        changed = {branch: goal for branch, goal in branches if branch[1][:2] != goal}
        if not changed:  # the channels clash
            narrow = min(left, right, key=lambda branch: branch[1][2])
            changed = {narrow: narrow[1][:2]}
        kept = next((branch for branch in (left, right) if branch not in changed), left)
        alike = self._fits(-1, (left[1][2], right[1][2]), 3)
        windows = {branch: _window(branch[1], goal) for branch, goal in changed.items()}
        layers = " and ".join(
            f"Conv2D({(branch if alike else kept)[1][2]}, {window}) after {branch[0]}"
            for branch, window in windows.items()
        )
        unpadded = any(window[0] != "1" for window in windows.values())
        hint = f"use padding='same' on the way to {kept[0]}, or " * (unpadded and len(changed) == 1)
        return f"{hint}put {layers}"


def _window(sizes: Shape, goal: Shape) -> str:
    """The window that brings these sizes to that goal: one pixel in strides, or a larger one."""
    pairs = [*zip(sizes, goal, strict=False)]
    strides = [next((s for s in range(1, n + 1) if ceil(n / s) == m), 0) for n, m in pairs]
    if all(strides):
        return "1" + f", strides={_pair(strides)}" * (max(strides) > 1)
    return _pair([n - m + 1 for n, m in pairs])


def _pair(numbers: Sequence[int]) -> str:
    return str(numbers[0] if numbers[0] == numbers[1] else tuple(numbers))


def _times(shape: Shape) -> str:
    return "×".join(map(str, shape))


def _lifted(shapes: Sequence[Shape]) -> list[Shape]:
    """The shapes, all as long as the longest: a size that is not there is 1, as in NumPy."""
    longest = max(map(len, shapes))
    return [(1,) * (longest - len(shape)) + shape for shape in shapes]


@dataclass(frozen=True)
class Add(Merge):
    """The sum of the branches, value by value.

    >>> print(Add(name="sum").derive("connections", ((28, 28, 6), (28, 28, 6))))
    sum: connections
      connections = B·H·W·C = 2·28·28·6 = 9,408

    Each unit has a link from each branch. A MAC is a multiplication with its addition: additions
    alone are none, as in a pool that averages. A branch with 1 row, column or channel is added to
    all of them, as NumPy and Keras broadcast.
    """

    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Add",)


@dataclass(frozen=True)
class Subtract(Merge):
    """The first branch less the second, value by value.

    >>> Subtract().output_shape(((8,), (8,)))
    (8,)
    """

    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Subtract",)

    def _check_number(self, names: Sequence[str]) -> None:
        super()._check_number(names)
        if len(names) > 2:
            raise ValueError(f"Subtract takes one branch from another: drop {', '.join(names[2:])}")


@dataclass(frozen=True)
class Multiply(Merge):
    """The product of the branches, value by value.

    >>> print(Multiply(name="excite").derive("macs", ((14, 14, 6), (1, 1, 6))))
    excite: macs
      macs = (B − 1)·H·W·C = (2 − 1)·14·14·6 = 1,176

    One MAC per multiplication, as where a batch normalisation scales. A branch with 1 row, column
    or channel multiplies all of them: so squeeze-and-excitation weighs channels. Source: Hu, Shen
    and Sun (2018), section 3.
    """

    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Multiply",)

    def formulas(self, input_shape: Any) -> dict[str, str]:
        values = self._values(self._joined(input_shape))
        return super().formulas(input_shape) | {"macs": f"(B - 1)*{values}"}


@dataclass(frozen=True)
class Average(Merge):
    """The mean of the branches, value by value.

    >>> Average().output_shape(((8, 8, 2), (8, 8, 2), (8, 8, 2)))
    (8, 8, 2)
    """

    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Average",)


@dataclass(frozen=True)
class Maximum(Merge):
    """The largest of the branches, value by value.

    >>> Maximum().output_shape(((8, 8, 2), (8, 8, 2)))
    (8, 8, 2)
    """

    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Maximum",)


@dataclass(frozen=True)
class Minimum(Merge):
    """The smallest of the branches, value by value.

    >>> Minimum().output_shape(((8, 8, 2), (8, 8, 2)))
    (8, 8, 2)
    """

    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Minimum",)


def _axis(value: Any, name: str) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and -3 <= value <= 3 and value:
        return value
    raise ValueError(
        f"{name} must be -1 for channels, -2 for columns or -3 for rows, or 1, 2 or 3 from the "
        f"front, where 0 is the batch, not {value!r}"
    )


@dataclass(frozen=True)
class Concatenate(Merge):
    """The branches side by side: their channels, unless `axis` says rows or columns.

    >>> print(Concatenate().derive("output_shape", ((8, 8, 2), (8, 8, 16))))
    concatenate: output shape
      height = H = 8
      width = W = 8
      channels = C_1 + C_2 = 2 + 16 = 18

    It only passes values on: no connections, no MACs. `axis` counts as in Keras, where 0 is the
    batch: rows are 1 or -3, columns 2 or -2, channels 3 or -1.
    """

    axis: int = setting(_axis, -1)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Concatenate",)

    def place(self, dimensions: int) -> int:
        """Which of so many sizes grows: -1 is the channels."""
        place = self.axis if self.axis < 0 else self.axis - dimensions - 1
        if not -dimensions <= place < 0:
            raise ValueError(
                f"its branches have {dimensions} axes behind the batch, so none is {self.axis}: "
                "use axis=-1, the last"
            )
        return place

    def _fits(self, place: int, sizes: Sequence[int], dimensions: int) -> bool:
        return place == self.place(dimensions) or len(set(sizes)) == 1

    def _fit(self, left: Shape, right: Shape) -> bool:
        return len(left) == len(right) and super()._fit(left, right)

    def _joined(self, shapes: Sequence[Shape]) -> Shape:
        joined = [sizes[0] for sizes in zip(*shapes, strict=True)]
        place = self.place(len(joined))
        joined[place] = sum(shape[place] for shape in shapes)
        return tuple(joined)

    def _joining(self, sizes: Sequence[str]) -> str:
        return " + ".join(sizes)

    def formulas(self, input_shape: Any) -> dict[str, str]:
        return {}

    def _remedy(self, left: Branch, right: Branch) -> str:
        if len(left[1]) == len(right[1]):
            return super()._remedy(left, right)
        image = max(left, right, key=lambda branch: len(branch[1]))
        return f"put Flatten() after {image[0]}"
