"""What does a stack of layers add up to, layer by layer, receptive fields included?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cnnlib.derivation import Derivation, Equation
from cnnlib.layers import Layer, Shape
from cnnlib.layers.settings import input_shape as checked_shape
from cnnlib.ledger import Row, View
from cnnlib.shapes import Axis
from cnnlib.table import Table

if TYPE_CHECKING:
    import keras

COLUMNS = ("kind", "output_shape", "receptive_field", "parameters", "connections", "macs")
MORE_COLUMNS = ("input_shape", "jump", "start", "activation_bytes", "parameter_bytes")

TOTALS = ("parameters", "connections", "macs")


@dataclass(frozen=True)
class Network:
    """An architecture, written down once: an input shape and layers in a chain.

    >>> from cnnlib import Conv2D, Dense, Flatten
    >>> net = Network((4, 4, 1), [Conv2D(1, 2, strides=2), Flatten(), Dense(10)], name="toy")
    >>> net.output_shape, net.parameters, net.macs
    ((10,), 55, 56)
    >>> [row.name for row in net], net["conv2d"].output_shape
    (['conv2d', 'flatten', 'dense'], (2, 2, 1))
    >>> Network((4, 4, 1), [Conv2D(1, 5, name="C1")])
    Traceback (most recent call last):
    ValueError: C1: a 5×5 window does not fit its 4×4 input: ⌊(4 + 2·0 − 5) / 1⌋ + 1 = 0; \
use padding='same', a smaller window, or drop the layer

    Layers without a name get Keras's: the kind, then the kind with _1, _2, … A stack that cannot
    be built raises at once and names the layer.
    """

    input_shape: Shape
    layers: Sequence[Layer]
    name: str = "network"
    _rows: tuple[Row, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"a network's name must be a non-empty string, not {self.name!r}")
        object.__setattr__(self, "input_shape", checked_shape(self.input_shape))
        object.__setattr__(self, "layers", _named(self.layers))
        object.__setattr__(self, "_rows", self._build())

    def _build(self) -> tuple[Row, ...]:
        rows: list[Row] = []
        shape, seen = self.input_shape, (View(), View())
        grid = (shape[0], shape[1]) if len(shape) == 3 else (1, shape[0])
        for layer in self.layers:
            output = layer.output_shape(shape)
            axes = layer.axes(shape) or _grid_axes(layer, grid)
            rows.append(Row(layer, shape, output, axes, seen, rows[-1] if rows else None))
            shape, grid, seen = output, (axes[0].count, axes[1].count), rows[-1].views
        return tuple(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __getitem__(self, key: str | int) -> Row:
        if not isinstance(key, str):
            return self._rows[key]
        for row in self._rows:
            if row.name == key:
                return row
        raise KeyError(
            f"{self.name} has no layer {key!r}; it has {', '.join(r.name for r in self)}"
        )

    @property
    def output_shape(self) -> Shape:
        """The shape of what the last layer gives."""
        return self._rows[-1].output_shape

    @property
    def parameters(self) -> int:
        """All weights and biases."""
        return sum(row.parameters for row in self)

    @property
    def connections(self) -> int:
        """All links into units, those of biases included."""
        return sum(row.connections for row in self)

    @property
    def macs(self) -> int:
        """All multiply-accumulates for one image."""
        return sum(row.macs for row in self)

    def macs_as(self, convention: str) -> int:
        """The same work as other tools count it.

        >>> from cnnlib import architectures
        >>> [architectures.lenet5().macs_as(name) for name in ("mac", "mac+bias", "2mac")]
        [416520, 423038, 833040]

        "mac": one for each weight used. "mac+bias": one more for each bias added. "2mac": a
        multiplication and an addition for each MAC, often called FLOPs.
        """
        return sum(row.macs_as(convention) for row in self)

    def derive(self, quantity: str) -> Derivation:
        """The steps that lead to a total: an equation for each layer that adds to it.

        >>> from cnnlib import Dense
        >>> print(Network((2,), [Dense(3), Dense(1)], name="tiny").derive("parameters"))
        tiny: parameters
          dense = (n + 1)·units = (2 + 1)·3 = 9
          dense_1 = (n + 1)·units = (3 + 1)·1 = 4

        `quantity` is one of "parameters", "connections" and "macs".
        """
        if quantity not in TOTALS:
            raise ValueError(f"a network has no total {quantity!r}: choose {', '.join(TOTALS)}")
        equations = [
            equation
            for row in self
            if getattr(row, quantity)
            for equation in _named_after(row.name, row.derive(quantity).equations)
        ]
        return Derivation(f"{self.name}: {quantity}", tuple(equations), getattr(self, quantity))

    def table(self, *columns: str) -> Table:
        """The ledger as a table: a line per layer, the totals below.

        >>> from cnnlib import Dense
        >>> print(Network((2,), [Dense(3), Dense(1)], name="tiny").table("parameters"))
        tiny
        layer      parameters
        -------  ------------
        dense               9
        dense_1             4
        total              13

        Without names of columns, the usual ones; memory, jump and start can be asked for.
        """
        columns = columns or COLUMNS
        for column in columns:
            if column not in COLUMNS + MORE_COLUMNS:
                known = ", ".join(COLUMNS + MORE_COLUMNS)
                raise ValueError(f"a table has no column {column!r}; it can have {known}")
        rows = tuple(
            {"layer": row.name} | {column: getattr(row, column) for column in columns}
            for row in self
        )
        return Table(self.name, rows)

    def to_keras(self) -> keras.Model:
        """The same network as a Keras Sequential, its weights freshly drawn.

        A padding that Keras does not know by name becomes a ZeroPadding2D layer in front of the
        convolution. A layer without a Keras counterpart raises ValueError.
        """
        from cnnlib import keras_bridge  # TensorFlow only when asked for

        return keras_bridge.build(self.name, self._rows)

    @classmethod
    def from_keras(cls, model: keras.Model) -> Network:
        """The network that a chain-shaped Keras model describes, functional or Sequential.

        >>> from cnnlib import architectures
        >>> Network.from_keras(architectures.lenet5().to_keras()) == architectures.lenet5()
        True

        The parameters are `model.count_params()`: weights and biases, never the optimizer's slots.
        A model that branches, or a layer that has no counterpart here, raises ValueError.
        """
        from cnnlib import keras_bridge  # TensorFlow only when asked for

        network = cls(*keras_bridge.read(model))
        if network.parameters != model.count_params():
            raise ValueError(
                f"{model.name}: read as {network.parameters:,} parameters, "
                f"Keras counts {model.count_params():,}"
            )
        return network


def _named(layers: Any) -> tuple[Layer, ...]:
    """The layers, each with a name that no other has."""
    if isinstance(layers, Layer) or not isinstance(layers, Sequence) or not layers:
        raise ValueError(f"layers must be a list of at least one layer, not {layers!r}")
    for position, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise ValueError(f"layers[{position}] must be a layer, not {layer!r}")
    given = [layer.name for layer in layers if layer.name]
    for name in given:
        if given.count(name) > 1:
            raise ValueError(
                f"{given.count(name)} layers are named {name!r}: give each its own name"
            )
    named, taken = [], set(given)
    for layer in layers:
        name, number = layer.label, 0
        while layer.name is None and name in taken:
            number += 1
            name = f"{layer.label}_{number}"
        taken.add(name)
        named.append(_renamed(layer, name))
    return tuple(named)


def _renamed(layer: Any, name: str) -> Layer:
    return replace(layer, name=name)


def _named_after(layer: str, equations: Sequence[Equation]) -> Iterator[Equation]:
    """A layer's steps, the last of them under the layer's name."""
    yield from equations[:-1]
    yield replace(equations[-1], name=layer)


def _grid_axes(layer: Layer, grid: tuple[int, int]) -> tuple[Axis, Axis]:
    """The windows of a layer that has none of its own: all of the grid, or one place of it."""
    rows, columns = grid
    kernels = grid if layer.reads_everything else (1, 1)
    return Axis(rows, kernels[0]), Axis(columns, kernels[1])
