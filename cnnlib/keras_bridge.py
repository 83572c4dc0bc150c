"""How does a network become a Keras model, and a Keras model a network?

What a layer is in Keras stands with the layer. This is the only module that imports Keras, and it
does so inside its functions.
"""

from __future__ import annotations

import difflib
import json
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib.keras_config import Call, read_config, read_file
from cnnlib.layers import Layer, Merge, Shape
from cnnlib.layers.settings import input_shape as checked_shape
from cnnlib.ledger import SOURCE, Row

if TYPE_CHECKING:
    import keras

OPERATIONS = ("Add", "Subtract", "Multiply", "Maximum", "Minimum")  # of keras.ops, value by value


def build(name: str, rows: Sequence[Row]) -> keras.Model:
    """Build the rows of a network in Keras, with weights freshly drawn.

    >>> from cnnlib import Dense, Network
    >>> model = build("tiny", [*Network((3,), [Dense(2, name="out")])])
    >>> model.count_params(), model.layers[0].name
    (8, 'out')

    A chain becomes a Sequential, a graph a functional model; a layer that is used again is one
    layer of Keras's. A padding that Keras does not know by name becomes a ZeroPadding2D layer in
    front of the convolution. A layer without a Keras counterpart raises ValueError.
    """
    import keras

    # TensorFlow takes these signs only, and none of _ and - at the start.
    title = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII).lstrip("_-") or "network"
    start = keras.Input(rows[0].inputs[0].output_shape)
    layers: dict[str, list[keras.layers.Layer]] = {}
    taken = {row.layer.label for row in rows}
    for row in rows:
        if not row.again:
            layers[row.name] = _twins(row, taken)
    before = [rows[0].inputs[0], *rows]
    if all(row.inputs == (b,) and not row.again for row, b in zip(rows, before, strict=False)):
        chain = [twin for row in rows for twin in layers[row.name]]
        return keras.Sequential([start, *chain], name=title)
    tensors = {SOURCE: start}
    for row in rows:
        given: Any = [tensors[source] for source in row.fed_by]
        given = given if isinstance(row.layer, Merge) else given[0]
        for twin in layers[row.layer.label]:
            given = twin(given)
        tensors[row.name] = given
    feeding = {source for row in rows for source in row.fed_by}
    outputs = [tensors[row.name] for row in rows if row.name not in feeding]
    return keras.Model(start, outputs if len(outputs) > 1 else outputs[0], name=title)


def _twins(row: Row, taken: set[str]) -> list[keras.layers.Layer]:
    """The layers of Keras that stand for one of ours; their names become taken."""
    import keras

    twins = []
    try:
        if not re.fullmatch(r"[\w.-]+", row.name, re.ASCII):
            raise ValueError(
                "in Keras a layer's name is of letters, digits, _ . and - only: rename it"
            )
        for kind, settings in row.layer.to_keras(row.input_shape):
            if settings["name"] != row.name:  # a layer that Keras needs beside it
                while settings["name"] in taken:
                    settings["name"] += "_"
                taken.add(settings["name"])
            twins.append(getattr(keras.layers, kind)(**settings))
    except ValueError as error:
        raise ValueError(f"{row.name}: {error}") from None
    return twins


def read(
    source: Any, input_shape: Sequence[int] | None = None
) -> tuple[Shape, list[Layer], str, dict[str, tuple[str, ...]]]:
    """What a Network is made of, from a Keras model, its configuration, or a file of one.

    >>> from cnnlib import architectures
    >>> shape, layers, name, inputs = read(architectures.lenet5().to_keras().get_config())
    >>> shape, layers[1], inputs
    ((32, 32, 1), MaxPooling2D(pool_size=(2, 2), strides=(2, 2), padding='valid', \
ceil_mode=False, name='S2'), {})

    See `Network.from_keras`.
    """
    graph = read_config(_config_of(source))
    starts = [place for place, call in enumerate(graph.calls) if call.kind == "InputLayer"]
    if len(starts) != 1:
        told = ", ".join(graph.calls[place].layer for place in starts)
        raise ValueError(
            f"{graph.name} has {len(starts)} inputs ({told}), and a Network has one: read a part "
            "of it that has one, as keras.Model(one_input, its_output)"
        )
    feeding = {place for call in graph.calls for place in call.inputs}
    if both := [graph.calls[place].layer for place in graph.outputs if place in feeding]:
        raise ValueError(
            f"{graph.name}: {both[0]} is an output and feeds other layers too, which a Network "
            "cannot say: read keras.Model(model.inputs, the outputs that feed nothing)"
        )
    shape = _shape_of(graph.name, graph.calls[starts[0]], input_shape)
    names, before = {starts[0]: SOURCE}, SOURCE  # of rows, by the places of calls
    layers: list[Layer] = []
    inputs: dict[str, tuple[str, ...]] = {}
    for place, call in enumerate(graph.calls):
        if place in starts:
            continue
        layers.append(_our_layer(call))
        times = [layer.label for layer in layers].count(call.layer)
        name = call.layer if times == 1 else f"{call.layer} ({times})"
        names[place] = name
        fed_by = tuple(names[source] for source in call.inputs)
        if fed_by != (before,):
            inputs[name] = fed_by
        before = name
    if not layers:
        raise ValueError(f"{graph.name} has no layer behind its input: add one")
    return shape, layers, graph.name, inputs


def _config_of(source: Any) -> Mapping[str, Any]:
    if isinstance(source, str | Path):
        return read_file(source)
    if isinstance(source, Mapping):
        return source
    if not hasattr(source, "to_json") or not hasattr(source, "layers"):
        raise ValueError(
            f"only a Keras model, a file of one or its get_config() can be read, not {source!r}"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras's, about code in a file: it is not run here
            return json.loads(source.to_json())
    except (RuntimeError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(
            f"{source.name} cannot be read, for Keras cannot write its configuration down "
            f"({type(error).__name__}: {' '.join(str(error).split()).partition('. ')[0]}): use "
            "layers and functions of Keras's, by name"
        ) from None


def _shape_of(model: str, start: Call, given: Sequence[int] | None) -> tuple[int, ...]:
    """The shape of one image; `given` fills what the model leaves open."""
    told = start.settings.get("batch_shape") or start.settings.get("batch_input_shape")
    sizes = tuple(told[1:]) if told else None
    if sizes is not None and len(sizes) == 2:
        numbers = tuple(size or 224 for size in sizes)
        raise ValueError(
            f"{model}: its input {sizes} is neither an image nor a vector: a grey image has one "
            f"channel, keras.Input({(*numbers, 1)}); of a sequence make a row, "
            f"keras.Input({(1, *numbers)}), with Conv2D(filters, (1, k)) for Conv1D(filters, k)"
        )
    if given is None:
        if sizes is None or None in sizes:
            example = tuple(size or 224 for size in sizes or (224, 224, 3))
            raise ValueError(
                f"{model}: its input{f' {sizes}' if sizes else ''} has an open size: give it "
                f"numbers, as in from_keras(..., input_shape={example}), on the command line "
                f"--input-shape {','.join(map(str, example))}"
            )
        try:
            return checked_shape(sizes)
        except ValueError as error:
            raise ValueError(f"{model}: {start.layer}: {error}") from None
    shape = checked_shape(tuple(given))
    if sizes is not None and (
        len(sizes) != len(shape)
        or any(a not in (None, b) for a, b in zip(sizes, shape, strict=True))
    ):
        raise ValueError(f"{model} reads {sizes}, not input_shape={shape}: leave it out")
    return shape


def get_weights(model: keras.Model) -> dict[str, list[np.ndarray]]:
    """The arrays of each layer that has any, by the layer's name, in Keras's order.

    >>> from cnnlib import architectures
    >>> weights = get_weights(architectures.lenet5().to_keras())
    >>> [array.shape for array in weights["C1"]]
    [(5, 5, 1, 6), (6,)]
    """
    return {name: layer.get_weights() for name, layer in _weighted(model).items()}


def set_weights(model: keras.Model, weights: dict[str, list[Any]]) -> None:
    """Put arrays, as `get_weights` gives them, into the layers of the same names."""
    layers = _weighted(model)
    if layers.keys() != weights.keys():
        raise ValueError(
            f"the model's layers are {[*layers]}, the weights' are {[*weights]}: give a list of "
            "arrays for each of the model's"
        )
    for name, arrays in weights.items():
        wanted = [tuple(weight.shape) for weight in layers[name].weights]
        given = [np.shape(array) for array in arrays]
        if wanted != given:
            raise ValueError(
                f"{name}: its weights have the shapes {wanted}, not {given}: give such arrays"
            )
    for name, arrays in weights.items():
        layers[name].set_weights(arrays)
        if finalize := getattr(layers[name], "finalize_state", None):
            finalize()  # Normalization computes with a copy of its weights


def _weighted(model: keras.Model) -> dict[str, keras.layers.Layer]:
    """The layers that have weights, by names that are unique where models hold models."""
    found = {}
    for call in read_config(_config_of(model)).calls:
        if call.kind == "InputLayer" or ".ops." in call.module:
            continue  # these are no layers of the model's
        layer = model
        for name in call.path:
            layer = layer.get_layer(name)
        if layer.weights:
            found[call.layer] = layer
    return found


def _our_layer(call: Call) -> Layer:
    try:
        kind, settings = _told(call)
        kinds = _kinds()
        if kind not in kinds:
            raise ValueError(f"a {kind} cannot be read: {_way_out(kind, settings)}")
        activation = settings.get("activation")
        if isinstance(activation, Mapping):
            told = activation.get("config")
            told = told if isinstance(told, str) else "given as program code"
            raise ValueError(
                f"its activation {told} is none of Keras's own functions and cannot be read: use "
                "one by its name"
            )
        return kinds[kind].from_keras(kind, {**settings, "name": call.layer})
    except ValueError as error:
        words = str(error).removeprefix(f"{call.layer}: ")
        raise ValueError(f"{call.layer}: {words}") from None


def _told(call: Call) -> tuple[str, Mapping[str, Any]]:
    """The kind and the settings of a call; what it is called with besides becomes a setting."""
    kind, rest = call.kind, dict(call.arguments)
    if rest.get("training") is False:
        del rest["training"]  # what layers do in use
    if kind == "Lambda":
        raise ValueError(
            "a Lambda holds program code, which is never run here: put a layer of Keras's in its "
            "place, such as Rescaling"
        )
    ours = getattr(_kinds().get(kind), "__module__", "cnnlib.").startswith("cnnlib.")
    if ours and not call.module.startswith("keras."):
        raise ValueError(
            f"a {kind} of {call.module or 'unknown origin'} cannot be read, for it may compute "
            f"anything: {_way_out(kind, call.settings)}"
        )
    if ".ops." in call.module and kind not in (*OPERATIONS, "Concatenate"):
        raise ValueError(f"keras.ops' {kind} cannot be read: use a layer of keras.layers for it")
    numbers = {place: value for place, value in rest.items() if isinstance(value, int | float)}
    if len(call.inputs) == len(numbers) == len(rest) == 1 and kind in OPERATIONS[:3]:
        ((place, number),) = numbers.items()
        scale, offset = {
            "Add": (1.0, number), "Multiply": (number, 0.0),
            "Subtract": (1.0, -number) if place in (1, "x2") else (-1.0, number),
        }[kind]  # fmt: skip
        return "Rescaling", {"scale": scale, "offset": offset}
    if rest:
        name, value = next(iter(rest.items()))
        raise ValueError(f"it is called with {name}={value!r}, which cannot be read: leave it out")
    return kind, call.settings


def _way_out(kind: str, settings: Mapping[str, Any]) -> str:
    """What to do about a kind that cannot be read."""
    kinds = _kinds()
    if kind == "RandomCrop":
        sizes = f"{settings.get('height')}, {settings.get('width')}"
        return f"put CenterCrop({sizes}) in its place, whose shapes are the same"
    if kind.endswith("1D") and (flat := f"{kind[:-2]}2D") in kinds:
        return f"build the model with {flat} over images of one row, its windows (1, k)"
    near = difflib.get_close_matches(kind, kinds, n=1, cutoff=0.8)
    meant = f"if {near[0]} is meant, name it so; else " if near else ""
    return (
        f"{meant}leave it out, or write a class of Layer with keras_kinds = ({kind!r},); supported "
        f"are {', '.join(kinds)}"
    )


def _kinds() -> dict[str, type[Layer]]:
    """Each kind of layer, those defined elsewhere too, by its names in Keras."""
    found: dict[str, type[Layer]] = {}
    classes = [Layer]
    for kind in classes:
        classes += kind.__subclasses__()
        found |= dict.fromkeys(kind.__dict__.get("keras_kinds", ()), kind)
    return found
