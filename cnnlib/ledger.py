"""What does one layer, in its place in a network, cost and see?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from cnnlib.derivation import Derivation, Equation, equation, plain
from cnnlib.language import say
from cnnlib.layers import Layer, Shape
from cnnlib.names import called
from cnnlib.shapes import AnyAxis, Axis, integer

Patch = tuple[int, int] | None  # the first pixel and the last
SOURCE = "input"  # the name by which rows are fed by the network's input

CONVENTIONS = ("mac", "mac+bias", "2mac", "2mac+bias")


@dataclass(frozen=True)
class View:
    """What the units of one layer see of one axis of the input, whose pixels are at 0, 1, 2, …

    >>> from cnnlib.shapes import Axis
    >>> view = View().through(Axis(size=32, kernel=5))
    >>> view.size, view.jump, view.start
    (5, 1, 2.0)

    One unit sees `size` input pixels, its neighbour as many, `jump` pixels further on, and what
    the first sees is centred on `start`. In the equations r, j and c are the size, the jump and
    the start of the layer before, and p is the zeros before the first cell. Source: Araujo, Norris
    and Sim (2019), sections 2 and 3.

    After a transposed convolution with strides, neighbours may see more or fewer pixels than each
    other, or none: `patches` are the first pixel and the last of each unit until that repeats,
    `shift` pixels further on; `size` is that of the largest, and `jump` a mean. Where branches
    meet whose jumps differ, nothing repeats: then `shift` is None, and every unit has its patch.
    """

    patches: tuple[Patch, ...] = ((0, 0),)
    shift: int | None = 1

    @classmethod
    def joined(cls, views: Sequence[View], axes: Sequence[AnyAxis]) -> View:
        """What units see that read several maps, each with its own view and along its own axis."""
        seen = [view.through(axis) for view, axis in zip(views, axes, strict=True)]
        if len(seen) == 1:
            return seen[0]
        jump = seen[0]._jump
        if _lie_beside(axes) or any(view.shift is None or view._jump != jump for view in seen):
            units = range(axes[0].count)
            patches = tuple(
                _hull(view._across(axis.cells(i)) for view, axis in zip(views, axes, strict=True))
                for i in units
            )
            return cls(patches[:1], 0) if len(set(patches)) == 1 else cls(patches, None)
        period = lcm(*(len(view.patches) for view in seen))
        patches = tuple(_hull(view._patch(i) for view in seen) for i in range(period))
        return cls(patches, int(period * jump))

    @property
    def size(self) -> int:
        """How many pixels one unit sees at most, borders aside."""
        return max(last - first + 1 for first, last in self._seen.values())

    @property
    def jump(self) -> int | float:
        """How many pixels lie between what neighbours see."""
        return plain(self._jump)

    @property
    def start(self) -> float:
        """The centre of what the first unit sees."""
        unit, patch = next(iter(self._seen.items()))
        return float(Fraction(sum(patch), 2) - unit * self._jump)

    @property
    def same_for_all(self) -> bool:
        """Whether all units see the same."""
        return self.shift == 0 and len(self.patches) == 1

    @property
    def _seen(self) -> dict[int, tuple[int, int]]:
        """The patches of those units that see any pixel; if none does, one without a pixel."""
        return {i: patch for i, patch in enumerate(self.patches) if patch} or {0: (0, -1)}

    @property
    def _jump(self) -> Fraction:
        if self.shift is not None:
            return Fraction(self.shift, len(self.patches))
        (first, begin), *_, (last, end) = [*self._seen.items()] * 2
        return Fraction(sum(end) - sum(begin), 2 * max(last - first, 1))

    def through(self, axis: AnyAxis) -> View:
        """The view one layer further on."""
        if self.shift is None:
            patches = tuple(self._across(axis.cells(unit)) for unit in range(axis.count))
            return View(patches[:1], 0) if not axis.step else View(patches, None)
        if not axis.step:
            return View((self._across(axis.taps(0)),), 0)
        period = (len(self.patches) / axis.step).numerator
        patches = tuple(self._across(axis.taps(unit)) for unit in range(period))
        return View(patches, int(period * axis.step * self._jump))

    def _across(self, units: range) -> Patch:
        """The first and the last pixel that any of these units sees."""
        ends = units if len(self.patches) > 1 else units[:: max(len(units) - 1, 1)]
        return _hull(map(self._patch, ends))

    def _patch(self, unit: int) -> Patch:
        times, place = divmod(unit, len(self.patches))
        patch, further = self.patches[place], times * (self.shift or 0)
        return patch and (patch[0] + further, patch[1] + further)

    def equations(self, axis: AnyAxis, of: str) -> tuple[Equation, ...]:
        """The equations for size, jump and start, one layer further on."""
        size, start, numbers = axis.law()
        numbers |= {"c": self.start, "r": self.size, "j": self._jump}
        further = self.through(axis)
        jump = "j*s" if axis.step >= 1 else "j/s" if axis.step else "0"
        if len(self.patches) > 1 or self.shift is None or not self.patches[0]:
            return further.measured(equation(f"{of}jump", jump, numbers), of)
        line = equation(f"{of}jump", jump, numbers)
        numbers["jump"] = line.value
        return equation(f"{of}size", size, numbers), line, equation(f"{of}start", start, numbers)

    def measured(self, jump: Equation, of: str) -> tuple[Equation, ...]:
        """Equations where there is no law: by the largest patch, and by the first and the last."""
        seen = self._seen
        first, last = max(seen.values(), key=lambda patch: patch[1] - patch[0])
        (unit, patch), *_, (far, end) = [*seen.items()] * 2
        if self.shift is None:
            middles = {"c": Fraction(sum(patch), 2), "z": Fraction(sum(end), 2)}
            numbers = middles | {"units": max(far - unit, 1)}
            jump = Equation(f"{of}jump", "(z - c)/units", numbers)
        numbers = {"first": first, "last": last, "a": patch[0], "b": patch[1], "i": unit}
        numbers["jump"] = jump.value
        size = equation(f"{of}size", "last - first + 1", numbers)
        return size, jump, equation(f"{of}start", "(a + b)/2 - i*jump", numbers)


def _lie_beside(axes: Sequence[AnyAxis]) -> bool:
    """Whether branches lie beside each other on this side, not on each other."""
    return any(isinstance(axis, Axis) and any(axis.zeros) for axis in axes)


@dataclass(frozen=True, eq=False)
class Rectangles:
    """Cells of a grid: those in a row of `rows` and a column of `columns`, for any of k pairs.

    `rows` is (rows, k), `columns` (columns, k), both booleans; there may be gaps. A path through
    windows keeps a pair a pair, so it is only where paths meet that there are several.
    """

    rows: np.ndarray
    columns: np.ndarray

    @classmethod
    def one(cls, grid: tuple[int, int], i: int, j: int) -> Rectangles:
        """A single cell."""
        return cls(*(np.arange(n)[:, None] == at for n, at in zip(grid, (i, j), strict=True)))

    def before(self, axes: tuple[AnyAxis, AnyAxis]) -> Rectangles:
        """The cells that these cells read."""
        return Rectangles(axes[0].reads(self.rows), axes[1].reads(self.columns))

    def with_others(self, others: Rectangles) -> Rectangles:
        """The cells of both, without a pair that lies within another."""
        rows = np.hstack([self.rows, others.rows])
        columns = np.hstack([self.columns, others.columns])
        alive = rows.any(axis=0) & columns.any(axis=0)
        rows, columns = rows[:, alive], columns[:, alive]
        within = ~(rows.T @ ~rows) & ~(columns.T @ ~columns)  # [a, b]: a lies within b
        earlier = np.tri(len(within), k=-1, dtype=bool)
        kept = ~(within & (~within.T | earlier)).any(axis=1)
        rows, columns = rows[:, kept], columns[:, kept]
        if rows.shape[1] > len(rows):  # then a pair for each row says as much
            return Rectangles(np.eye(len(rows), dtype=bool), columns @ rows.T)
        return Rectangles(rows, columns)

    @property
    def bounds(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The first row and the one after the last, and the same of columns."""
        alive = self.rows.any(axis=0) & self.columns.any(axis=0)
        if not alive.any():
            return (0, 0), (0, 0)
        sides = (self.rows[:, alive], self.columns[:, alive])
        down, across = (np.flatnonzero(side.any(axis=1)) for side in sides)
        return (int(down[0]), int(down[-1]) + 1), (int(across[0]), int(across[-1]) + 1)


def _hull(patches: Iterable[Patch]) -> Patch:
    """From the first pixel of all these patches to the last."""
    seen = [patch for patch in patches if patch]
    return (min(first for first, _ in seen), max(last for _, last in seen)) if seen else None


@dataclass(frozen=True)
class Input(Layer):
    """The network's input, which stands before its first row."""

    name: str = SOURCE


@dataclass(frozen=True)
class Row:
    """One layer in its place: what goes in, what comes out, what it costs, what it sees.

    >>> from cnnlib import architectures
    >>> row = architectures.lenet5()["C3"]
    >>> row.input_shape, row.output_shape, row.parameters, row.receptive_field
    ((14, 14, 6), (10, 10, 16), 2416, (14, 14))
    >>> row.input_patch(0, 9)
    ((0, 14), (18, 32))

    `receptive_field`, `jump` and `start` are (rows, columns) in pixels of the network's input.
    After Flatten a unit is at the place that it had before; after Reshape and Permute, fields and
    patches are upper bounds, for each unit is said to read all that came in. `inputs` are the rows
    that feed this one; the input of a network is a row too, of the kind Input. A merge has an
    `input_shape` for each. A layer that is used again has another row, whose parameters are counted
    with the first.
    """

    layer: Layer
    name: str
    input_shape: Any  # a Shape, or one for each branch
    output_shape: Shape
    inputs: tuple[Row, ...] = field(repr=False, compare=False)
    paths: tuple[tuple[AnyAxis, AnyAxis], ...] = field(repr=False)
    position: int = field(repr=False)
    again: bool = field(default=False, repr=False)

    @property
    def kind(self) -> str:
        """The layer's class."""
        return type(self.layer).__name__

    @property
    def axes(self) -> tuple[AnyAxis, AnyAxis]:
        """What slides over the rows and the columns of the input; of a merge, the first's."""
        return self.paths[0]

    @property
    def grid(self) -> tuple[int, int]:
        """How many rows and columns of units there are."""
        return self.axes[0].count, self.axes[1].count

    @property
    def fed_by(self) -> tuple[str, ...]:
        """The names of the rows that feed this one."""
        return tuple(row.name for row in self.inputs)

    @cached_property
    def parameters(self) -> int:
        """How many weights and biases the layer stores."""
        return self.derive("parameters").value

    @cached_property
    def trainable_parameters(self) -> int:
        """How many of them learn: not averages, and none of a layer that does not train."""
        if self.again:
            return 0
        arrays = self.layer.arrays(self.input_shape).values()
        return sum(math.prod(array.shape) for array in arrays if array.trainable)

    @property
    def non_trainable_parameters(self) -> int:
        """How many of them do not."""
        return self.parameters - self.trainable_parameters

    @cached_property
    def connections(self) -> int:
        """How many links lead into the layer's units, those of biases included."""
        return self.derive("connections").value

    @cached_property
    def macs(self) -> int:
        """How many multiply-accumulates one image costs."""
        return self.derive("macs").value

    @property
    def activation_bytes(self) -> int:
        """Memory for the layer's output for one image, float32."""
        return self.derive("activation_bytes").value

    @property
    def parameter_bytes(self) -> int:
        """Memory for the layer's weights and biases, float32."""
        return self.derive("parameter_bytes").value

    def macs_as(self, convention: str) -> int:
        """The same work in another tool's count; see `Network.macs_as`."""
        if convention not in CONVENTIONS:
            raise ValueError(
                f"convention must be one of {', '.join(CONVENTIONS)}, not {convention!r}"
            )
        counted = (1 + convention.startswith("2mac")) * self.macs
        biases = self.layer.bias_additions(self.input_shape)
        return counted + convention.endswith("+bias") * biases

    @cached_property
    def views(self) -> tuple[View, View]:
        """What one unit sees of the input's rows and of its columns."""
        if not self.inputs:
            return View(), View()
        return View.joined(*self._sides(0)), View.joined(*self._sides(1))

    def _sides(self, side: int) -> tuple[list[View], list[AnyAxis]]:
        """The views of all branches on the rows or on the columns, and how each is read."""
        return [row.views[side] for row in self.inputs], [path[side] for path in self.paths]

    @property
    def receptive_field(self) -> tuple[int, int]:
        """The size of the input patch that one unit sees, borders aside."""
        return self.views[0].size, self.views[1].size

    @property
    def jump(self) -> tuple[float, float]:
        """How far apart in the input the patches of two neighbouring units lie."""
        return self.views[0].jump, self.views[1].jump

    @property
    def start(self) -> tuple[float, float]:
        """The input coordinates of the centre of the first unit's patch."""
        return self.views[0].start, self.views[1].start

    @property
    def misalignment(self) -> str | None:
        """Where branches meet whose patches do not lie on each other: by how much; else None.

        >>> from cnnlib import Add, Conv2D, Network
        >>> right = Conv2D(1, 8, padding=((0, 1), (0, 1)), name="right")
        >>> layers = [Conv2D(1, 7, name="left"), right, Add(name="sum")]
        >>> inputs = {"right": "input", "sum": ("left", "right")}
        >>> Network((32, 32, 1), layers, inputs=inputs)["sum"].misalignment
        'misaligned by half a pixel: left starts at 3, right at 3.5'
        """
        if len(self.output_shape) == 1:
            return None
        rows, columns = (self._apart(side) for side in (0, 1))
        if rows == columns:
            return rows and say("misaligned {how}", how=rows)
        told = [say("rows misaligned {how}", how=rows)] if rows else []
        told += [say("columns misaligned {how}", how=columns)] if columns else []
        return "; ".join(told)

    def _apart(self, side: int) -> str | None:
        """What the branches disagree about on one side: their jumps, or else where they start."""
        views, axes = self._sides(side)
        if _lie_beside(axes):
            return None
        seen = [view.through(axis) for view, axis in zip(views, axes, strict=True)]
        named = [pair for pair in zip(self.fed_by, seen, strict=True) if not pair[1].same_for_all]
        jumps, starts = (
            {name: getattr(view, what) for name, view in named} for what in ("jump", "start")
        )
        if self.grid[side] > 1 and len({*jumps.values()}) > 1:
            (first, jump), *others = jumps.items()
            told = [say("{branch} jumps by {n}", branch=first, n=f"{jump:g}")]
            told += [say("{branch} by {n}", branch=name, n=f"{jump:g}") for name, jump in others]
            return say("in jump: {branches}", branches=", ".join(told))
        if len({*starts.values()}) > 1:
            apart = max(starts.values()) - min(starts.values())
            (first, start), *others = starts.items()
            told = [say("{branch} starts at {n}", branch=first, n=f"{start:g}")]
            told += [say("{branch} at {n}", branch=name, n=f"{start:g}") for name, start in others]
            return say("by {pixels}: {branches}", pixels=_pixels(apart), branches=", ".join(told))
        return None

    def input_patch(self, i: int = 0, j: int = 0) -> tuple[tuple[int, int], tuple[int, int]]:
        """The input rows and columns that unit (i, j) sees: ((top, bottom), (left, right)).

        Half open, and clipped to the image; padding on the way is no pixel. Where branches meet
        it holds what reaches the unit by any of them.
        """
        asked = zip(("row", "column"), (i, j), self.grid, strict=True)
        for name, position, count in asked:
            if integer(position, name, 0) >= count:
                raise ValueError(
                    f"{self.name} has {count} {name}s: there is no {name} {position}, for they "
                    "count from 0"
                )
        row, seen = self, Rectangles.one(self.grid, i, j)
        waiting: dict[int, tuple[Row, Rectangles]] = {}
        while row.inputs:
            for source, axes in zip(row.inputs, row.paths, strict=True):
                cells = seen.before(axes)
                if source.position in waiting:
                    cells = cells.with_others(waiting[source.position][1])
                waiting[source.position] = source, cells
            row, seen = waiting.pop(max(waiting))  # the last: all that it feeds is done
        return seen.bounds

    def derive(self, quantity: str) -> Derivation:
        """The steps that lead to one of the layer's numbers, or to its receptive field."""
        if self.again and quantity.startswith("parameter"):
            words = {"layer": self.name, "quantity": called(quantity), "first": self.layer.label}
            title = say("{layer}: {quantity}, those of {first}", **words)
            return Derivation(title, (Equation(quantity, "0", {}),), 0)
        if quantity != "receptive_field":
            return self.layer.derive(quantity, self.input_shape)
        equations = self._field(0, "")
        if equations != self._field(1, ""):
            equations = self._field(0, "row ") + self._field(1, "column ")
        title = say("{layer}: {quantity}", layer=self.name, quantity=called(quantity))
        title = ", ".join(filter(None, (title, self.misalignment)))
        return Derivation(title, equations, self.receptive_field)

    def _field(self, side: int, of: str) -> tuple[Equation, ...]:
        """The equations for what one unit sees on one side."""
        views, axes = self._sides(side)
        if len(views) == 1:
            return views[0].equations(axes[0], of)
        joined, seen = self.views[side], [v.through(a) for v, a in zip(views, axes, strict=True)]
        jump = Equation(f"{of}jump", "j", {"j": joined._jump})
        simple = joined.shift and all(len(view.patches) == 1 for view in (*seen, joined))
        if not simple or len({view.start for view in seen}) > 1:
            return joined.measured(jump, of)
        sizes = {f"r_{i}": view.size for i, view in enumerate(seen, 1)}
        size = Equation(f"{of}size", f"max({', '.join(sizes)})", sizes)
        return size, jump, Equation(f"{of}start", "c", {"c": Fraction(joined.start)})


def _pixels(number: float) -> str:
    """A distance in words."""
    words = {0.5: say("half a pixel"), 1: say("1 pixel")}
    return words.get(number, say("{n} pixels", n=f"{number:g}"))
