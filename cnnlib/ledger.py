"""What does one layer, in its place in a network, cost and see?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from cnnlib.derivation import Derivation, Equation
from cnnlib.layers import Layer, Shape
from cnnlib.shapes import Axis, integer

CONVENTIONS = ("mac", "mac+bias", "2mac")


@dataclass(frozen=True)
class View:
    """What the units of one layer see of one axis of the input, whose pixels are at 0, 1, 2, …

    >>> View().through(Axis(size=32, kernel=5))
    View(size=5, jump=1, start=2.0)

    One unit sees `size` input pixels, its neighbour as many, `jump` pixels further on, and what
    the first sees is centred on `start`. In the equations r, j and c are the size, the jump and
    the start of the layer before, and p is the zeros before the first cell. Source: Araujo, Norris
    and Sim (2019), sections 2 and 3.
    """

    size: int = 1
    jump: int = 1
    start: float = 0.0

    def through(self, axis: Axis) -> View:
        """The view one layer further on."""
        size, jump, start = (equation.value for equation in self.equations(axis, ""))
        return View(size, jump, float(start))

    def equations(self, axis: Axis, of: str) -> tuple[Equation, ...]:
        """The equations for size, jump and start, one layer further on."""
        reach, numbers = "(k - 1)", {"k": axis.kernel, "j": self.jump}
        if axis.dilation > 1:
            reach, numbers = "(k - 1)*d", numbers | {"d": axis.dilation}
        before = {"c": self.start, "p": axis.zeros[0]}
        return (
            Equation(f"{of}size", f"r + {reach}*j", {"r": self.size, **numbers}),
            Equation(f"{of}jump", "j*s", {"j": self.jump, "s": axis.stride}),
            Equation(f"{of}start", f"c + ({reach}/2 - p)*j", before | numbers),
        )


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
    axes: tuple[Axis, Axis] = field(repr=False)
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
    def jump(self) -> tuple[int, int]:
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
