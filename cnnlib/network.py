"""What does a graph of layers add up to, row by row, receptive fields included?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cnnlib.derivation import Derivation, Equation
from cnnlib.language import say
from cnnlib.layers import Concatenate, Layer, Merge, Shape
from cnnlib.layers.settings import input_shape as checked_shape
from cnnlib.ledger import SOURCE, Input, Row
from cnnlib.names import called
from cnnlib.shapes import AnyAxis, Axis, SharedAxis
from cnnlib.table import Table

if TYPE_CHECKING:
    import keras

COLUMNS = ("kind", "output_shape", "receptive_field", "parameters", "connections", "macs")
MORE_COLUMNS = (
    "input_shape",
    "jump",
    "start",
    "activation_bytes",
    "parameter_bytes",
    "trainable_parameters",
    "non_trainable_parameters",
    "fed_by",
    "misalignment",
)

TOTALS = ("parameters", "connections", "macs")


@dataclass(frozen=True)
class Network:
    """An architecture, written down once: an input shape and layers.

    >>> from cnnlib import Add, Conv2D, Dense, Flatten
    >>> net = Network((4, 4, 1), [Conv2D(1, 2, strides=2), Flatten(), Dense(10)], name="toy")
    >>> net.output_shape, net.parameters, net.macs
    ((10,), 55, 56)
    >>> [row.name for row in net], net["conv2d"].output_shape
    (['conv2d', 'flatten', 'dense'], (2, 2, 1))
    >>> Network((4, 4, 1), [Conv2D(1, 5, name="C1")])
    Traceback (most recent call last):
    ValueError: C1: a 5×5 window does not fit its 4×4 input: ⌊(4 + 2·0 − 5) / 1⌋ + 1 = 0; \
use padding='same', a smaller window, or drop the layer

    Each layer is fed by the one before it, unless `inputs` names the rows that feed it; "input" is
    the network's input. What feeds no other is an output.

    >>> layers = [Conv2D(3, 3, padding="same", name="conv"), Add(name="sum")]
    >>> net = Network((8, 8, 3), layers, inputs={"sum": ("input", "conv")})
    >>> net["sum"].fed_by, net["sum"].receptive_field
    (('input', 'conv'), (3, 3))

    Layers without a name get Keras's: the kind, then the kind with _1, _2, … A layer that stands
    there again under its name is one layer: it is counted once, and works in each place. What
    cannot be built raises at once and names the layer.
    """

    input_shape: Shape
    layers: Sequence[Layer]
    name: str = "network"
    inputs: Mapping[str, Sequence[str]] | Sequence[tuple[str, Sequence[str]]] = ()
    _rows: tuple[Row, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"a network's name must be a non-empty string, not {self.name!r}")
        object.__setattr__(self, "input_shape", checked_shape(self.input_shape))
        object.__setattr__(self, "layers", _named(self.layers))
        names = _row_names(self.layers)
        object.__setattr__(self, "inputs", _checked_inputs(self.inputs, names))
        object.__setattr__(self, "_rows", self._build(names))

    def __reduce__(self) -> tuple[type, tuple]:
        """Rows are told anew: they hold each other, as deep as the network is."""
        return type(self), (self.input_shape, self.layers, self.name, self.inputs)

    def _build(self, names: Sequence[str]) -> tuple[Row, ...]:
        shape, fed_by = self.input_shape, dict(self.inputs)
        height, width = _sides(shape)
        place = (Axis(height, 1), Axis(width, 1))
        source = Row(Input(), SOURCE, shape, shape, (), (place,), -1)
        rows, known = [source], {SOURCE: source}
        first: dict[str, Row] = {}
        for position, (name, layer) in enumerate(zip(names, self.layers, strict=True)):
            inputs = tuple(known[x] for x in fed_by[name]) if name in fed_by else (rows[-1],)
            shape = _what_comes_in(layer, inputs)
            output = layer.output_shape(shape)
            paths = _paths(layer, inputs, output)
            row = Row(layer, name, shape, output, inputs, paths, position, layer.label in first)
            _check_same_weights(first.setdefault(layer.label, row), row)
            _ = row.views  # one after the other: asked for at the end, they would lie too deep
            rows.append(row)
            known[name] = row
        return tuple(rows[1:])

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
    def is_chain(self) -> bool:
        """Whether each row is fed by the one before it, and no layer is used again."""
        return all(
            len(row.inputs) == 1 and row.inputs[0].position == row.position - 1 and not row.again
            for row in self
        )

    @property
    def outputs(self) -> tuple[Row, ...]:
        """The rows that feed no other."""
        feeding = {source.position for row in self for source in row.inputs}
        return tuple(row for row in self if row.position not in feeding)

    @property
    def output_shape(self) -> Shape:
        """The shape of what the network gives, if that is one thing; else ask `outputs`."""
        if len(self.outputs) > 1:
            given = ", ".join(f"{row.name} {row.output_shape}" for row in self.outputs)
            raise ValueError(
                f"{self.name} has {len(self.outputs)} outputs: {given}; ask outputs[0].output_shape"
            )
        return self.outputs[0].output_shape

    @property
    def parameters(self) -> int:
        """All weights and biases."""
        return sum(row.parameters for row in self)

    @property
    def trainable_parameters(self) -> int:
        """Those that learn."""
        return sum(row.trainable_parameters for row in self)

    @property
    def non_trainable_parameters(self) -> int:
        """Those that do not: running averages, and those of layers that do not train."""
        return sum(row.non_trainable_parameters for row in self)

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
        >>> lenet, names = architectures.lenet5(), ("mac", "mac+bias", "2mac", "2mac+bias")
        >>> [lenet.macs_as(name) for name in names]
        [416520, 423038, 833040, 839558]

        "mac": one for each weight used. "2mac": a multiplication and an addition for each MAC,
        often called FLOPs. With "+bias", one more for each bias added: so "2mac+bias" is what
        TensorFlow's profiler counts for convolutions and dense layers.

        In all of them a normalisation is one MAC per value, for its averages are fixed in use. The
        profiler adds what it takes to make a factor and a shift for each channel of the averages,
        and counts pools, merges and some activations, in which nothing is multiplied by a weight.
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
        title = say("{layer}: {quantity}", layer=self.name, quantity=called(quantity))
        return Derivation(title, tuple(equations), getattr(self, quantity))

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

        Without names of columns, the usual ones; memory, jump, start and which parameters
        learn can be asked for.
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
        """The same network in Keras, its weights freshly drawn: a chain as a Sequential.

        A padding that Keras does not know by name becomes a ZeroPadding2D layer in front of the
        convolution. A layer without a Keras counterpart raises ValueError.
        """
        from cnnlib import keras_bridge  # TensorFlow only when asked for

        return keras_bridge.build(self.name, self._rows)

    @classmethod
    def from_keras(cls, source: Any, input_shape: Sequence[int] | None = None) -> Network:
        """The network that a Keras model describes, a file of one, or its configuration.

        >>> from cnnlib import architectures
        >>> Network.from_keras(architectures.lenet5().to_keras()) == architectures.lenet5()
        True

        A file is `.keras`, `.json` (what `model.to_json()` gives) or `.h5`; a configuration is what
        `model.get_config()` gives. Neither needs TensorFlow, and nothing in them is ever run. Where
        the model leaves a size of its images open, `input_shape` gives it. The parameters are
        `model.count_params()`. What cannot be read raises ValueError, which names the layer.

        Each family of `keras.applications` is read: VGG, ResNet and ResNetV2, Inception, Xception,
        Inception-ResNet, MobileNet 1 to 3, DenseNet, NASNet, EfficientNet and EfficientNetV2,
        ConvNeXt. A number that a model adds or multiplies by is a Rescaling in a row of its own.
        """
        from cnnlib import keras_bridge  # TensorFlow only when asked for

        network = cls(*keras_bridge.read(source, input_shape))
        if getattr(source, "built", False) and network.parameters != source.count_params():
            raise ValueError(
                f"{network.name}: read as {network.parameters:,} parameters, "
                f"Keras counts {source.count_params():,}"
            )
        return network


def _named(layers: Any) -> tuple[Layer, ...]:
    """The layers, each with a name that no other has."""
    if isinstance(layers, Layer) or not isinstance(layers, Sequence) or not layers:
        raise ValueError(f"layers must be a list of at least one layer, not {layers!r}")
    for position, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise ValueError(f"layers[{position}] must be a layer, not {layer!r}")
    given: dict[str, Layer] = {}
    for layer in layers:
        if layer.name and given.setdefault(layer.name, layer) != layer:
            count = sum(other.name == layer.name for other in layers)
            raise ValueError(
                f"{count} layers are named {layer.name!r}: give each its own name, or the same "
                "settings if they are one layer in several places"
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


def _row_names(layers: Sequence[Layer]) -> list[str]:
    """A name for each row: that of its layer, with a number where the layer is used again."""
    names: list[str] = []
    labels = [layer.label for layer in layers]
    for position, label in enumerate(labels):
        name, number = label, labels[: position + 1].count(label)
        while number > 1 and (name == label or name in {*labels, *names}):
            name, number = f"{label} ({number})", number + 1
        names.append(name)
    return names


def _checked_inputs(inputs: Any, names: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which rows feed a row, for each that is not simply fed by the one before it."""
    try:
        given = {
            name: (sources,) if isinstance(sources, str) else tuple(sources)
            for name, sources in dict(inputs).items()
        }
    except (TypeError, ValueError):
        raise ValueError(
            f"inputs must name for a row those that feed it, as in {{'sum': ('input', 'conv')}}, "
            f"not {inputs!r}"
        ) from None
    if unknown := [name for name in given if name not in names]:
        raise ValueError(f"inputs names a row {unknown[0]!r}; there are {', '.join(names)}")
    if given and SOURCE in names:
        raise ValueError(
            f"a layer is named {SOURCE!r}, which in inputs means the network's input: rename it"
        )
    kept = []
    for position, name in enumerate(names):
        before = (SOURCE, *names[:position])
        sources = given.get(name, before[-1:])
        if not sources or not set(sources) <= {*before}:
            wrong = next((source for source in sources if source not in before), None)
            why = "stands after it" if wrong in names else "is no row"
            fault = f"{wrong!r}, which {why}" if sources else "nothing"
            raise ValueError(
                f"{name}: inputs feeds it {fault}; it has {', '.join(before)} before it"
            )
        if sources != before[-1:]:
            kept.append((name, sources))
    return tuple(kept)


def _renamed(layer: Any, name: str) -> Layer:
    return replace(layer, name=name)


def _named_after(layer: str, equations: Sequence[Equation]) -> Iterator[Equation]:
    """A layer's steps, the last of them under the layer's name."""
    yield from equations[:-1]
    yield replace(equations[-1], name=layer)


def _what_comes_in(layer: Layer, inputs: Sequence[Row]) -> Any:
    """The shape that a layer reads, or the shape of each branch that it joins."""
    shapes, names = tuple(row.output_shape for row in inputs), [row.name for row in inputs]
    if isinstance(layer, Merge):
        layer.check_branches(shapes, names)
        return shapes
    if len(inputs) > 1:
        raise ValueError(
            f"{layer.label}: {type(layer).__name__} reads one row, not {len(inputs)} "
            f"({', '.join(names)}): join them before it, by Add() or Concatenate()"
        )
    return shapes[0]


def _check_same_weights(first: Row, again: Row) -> None:
    """Raise if the weights of a layer that is used again would have other shapes there."""
    if not again.again:
        return
    ours, theirs = (
        [weight.shape for weight in row.layer.weights(row.input_shape).values()]
        for row in (first, again)
    )
    if ours != theirs:
        raise ValueError(
            f"{again.name}: the weights of {first.name} have the shapes {ours}, and here they "
            f"would be {theirs}: give the layer here a name of its own"
        )


def _sides(shape: Shape) -> tuple[int, int]:
    """Rows and columns: of a vector, one row."""
    return (shape[0], shape[1]) if len(shape) == 3 else (1, shape[0])


def _paths(
    layer: Layer, inputs: Sequence[Row], output: Shape
) -> tuple[tuple[AnyAxis, AnyAxis], ...]:
    """What slides over the rows and the columns of each input."""
    if not isinstance(layer, Merge):
        axes = layer.axes(inputs[0].output_shape)
        return (axes or _grid_axes(layer, inputs[0].grid, output),)
    return tuple(_joined_paths(layer, inputs, output))


def _joined_paths(
    layer: Merge, inputs: Sequence[Row], output: Shape
) -> Iterator[tuple[AnyAxis, AnyAxis]]:
    grids, dimensions = [row.grid for row in inputs], len(output)
    rows, columns = zip(*grids, strict=True)
    sides = _sides(output) if dimensions > 1 else (max(rows), max(columns))
    if dimensions == 1 and not ({*rows} <= {1, sides[0]} and {*columns} <= {1, sides[1]}):
        yield from ((Axis(down, down), Axis(across, across)) for down, across in grids)
        return
    beside = layer.place(dimensions) + 3 if isinstance(layer, Concatenate) else None
    before = 0
    for row in inputs:
        axes: list[AnyAxis] = []
        for side, (size, count) in enumerate(zip(row.grid, sides, strict=True)):
            if side == beside:
                axes.append(Axis(size, 1, padding=(before, count - size - before)))
                before += size
            elif size == count and len(row.output_shape) == dimensions:
                axes.append(Axis(size, 1))
            else:
                axes.append(SharedAxis(size, count))
        yield axes[0], axes[1]


def _grid_axes(layer: Layer, grid: tuple[int, int], output: Shape) -> tuple[AnyAxis, AnyAxis]:
    """The windows of a layer that has none of its own: all of the grid, or one place of it."""
    rows, columns = grid
    if len(output) > 1 and _sides(output) != grid:  # values find new places: all may be anywhere
        down, across = _sides(output)
        return SharedAxis(rows, down), SharedAxis(columns, across)
    kernels = grid if layer.reads_everything else (1, 1)
    return Axis(rows, kernels[0]), Axis(columns, kernels[1])
