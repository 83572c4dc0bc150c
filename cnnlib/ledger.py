"""What does one layer, in its place in a network, cost and see?"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from cnnlib.derivation import Derivation, Equation, equation, plain
from cnnlib.layers import Layer, Shape
from cnnlib.shapes import AnyAxis, integer

CONVENTIONS = ("mac", "mac+bias", "2mac")


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
    `shift` pixels further on; `size` is that of the largest, and `jump` a mean.
    """

    patches: tuple[tuple[int, int] | None, ...] = ((0, 0),)
    shift: int = 1

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
    def _seen(self) -> dict[int, tuple[int, int]]:
        """The patches of those units that see any pixel; if none does, one without a pixel."""
        return {i: patch for i, patch in enumerate(self.patches) if patch} or {0: (0, -1)}

    @property
    def _jump(self) -> Fraction:
        return Fraction(self.shift, len(self.patches))

    def through(self, axis: AnyAxis) -> View:
        """The view one layer further on."""
        period = (len(self.patches) / axis.step).numerator
        patches = tuple(self._across(axis.taps(unit)) for unit in range(period))
        return View(patches, int(period * axis.step * self._jump))

    def _across(self, units: range) -> tuple[int, int] | None:
        """The first and the last pixel that any of these units sees."""
        ends = units if len(self.patches) > 1 else units[:: max(len(units) - 1, 1)]
        seen = [
            (patch[0] + times * self.shift, patch[1] + times * self.shift)
            for times, place in (divmod(unit, len(self.patches)) for unit in ends)
            if (patch := self.patches[place])
        ]
        return (min(first for first, _ in seen), max(last for _, last in seen)) if seen else None

    def equations(self, axis: AnyAxis, of: str) -> tuple[Equation, ...]:
        """The equations for size, jump and start, one layer further on."""
        size, start, numbers = axis.law()
        numbers |= {"c": self.start, "r": self.size, "j": self._jump}
        if len(self.patches) > 1:  # no law: the largest patch, and the first
            seen = self.through(axis)._seen
            first, last = max(seen.values(), key=lambda patch: patch[1] - patch[0])
            unit, patch = next(iter(seen.items()))
            size, start = "last - first + 1", "(a + b)/2 - i*jump"
            numbers |= {"first": first, "last": last, "a": patch[0], "b": patch[1], "i": unit}
        jump = equation(f"{of}jump", "j*s" if axis.step >= 1 else "j/s", numbers)
        numbers["jump"] = jump.value
        return equation(f"{of}size", size, numbers), jump, equation(f"{of}start", start, numbers)


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
    After Flatten a unit is at the place that it had before.
    """

    layer: Layer
    input_shape: Shape
    output_shape: Shape
    axes: tuple[AnyAxis, AnyAxis] = field(repr=False)
    views_before: tuple[View, View] = field(repr=False)
    before: Row | None = field(repr=False)

    @property
    def name(self) -> str:
        """The layer's name; no other layer of the network has it."""
        return self.layer.label

    @property
    def kind(self) -> str:
        """The layer's class."""
        return type(self.layer).__name__

    @cached_property
    def parameters(self) -> int:
        """How many weights and biases the layer stores."""
        return self.derive("parameters").value

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
        if convention == "2mac":
            return 2 * self.macs
        return self.macs + (convention == "mac+bias") * self.layer.bias_additions(self.input_shape)

    @cached_property
    def views(self) -> tuple[View, View]:
        """What one unit sees of the input's rows and of its columns."""
        (rows, columns), (down, across) = self.views_before, self.axes
        return rows.through(down), columns.through(across)

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

    def input_patch(self, i: int = 0, j: int = 0) -> tuple[tuple[int, int], tuple[int, int]]:
        """The input rows and columns that unit (i, j) sees: ((top, bottom), (left, right)).

        Half open, and clipped to the image; padding on the way is no pixel.
        """
        return self._reach(0, i, "row"), self._reach(1, j, "column")

    def _reach(self, side: int, position: int, name: str) -> tuple[int, int]:
        count = self.axes[side].count
        if integer(position, name, 0) >= count:
            raise ValueError(f"{self.name} has {count} {name}s: there is no {name} {position}")
        row: Row | None = self
        seen = np.arange(count) == position
        while row:
            seen = row.axes[side].reads(seen)
            row = row.before
        cells = np.flatnonzero(seen)
        return (int(cells[0]), int(cells[-1]) + 1) if cells.size else (0, 0)

    def derive(self, quantity: str) -> Derivation:
        """The steps that lead to one of the layer's numbers, or to its receptive field."""
        if quantity != "receptive_field":
            return self.layer.derive(quantity, self.input_shape)
        (rows, columns), (down, across) = self.views_before, self.axes
        equations = rows.equations(down, "")
        if equations != columns.equations(across, ""):
            equations = rows.equations(down, "row ") + columns.equations(across, "column ")
        return Derivation(f"{self.name}: receptive field", equations, self.receptive_field)
