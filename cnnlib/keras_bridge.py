"""How does a network become a Keras model, and a Keras model a network?

What a layer is in Keras stands with the layer. This is the only module that imports Keras, and it
does so inside its functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib.layers import Layer, Shape
from cnnlib.layers.settings import FUNCTIONS
from cnnlib.ledger import Row

if TYPE_CHECKING:
    import keras


def build(name: str, rows: Sequence[Row]) -> keras.Model:
    """Build the rows of a network as a Keras Sequential, with weights freshly drawn.

    >>> from cnnlib import Dense, Network
    >>> model = build("tiny", [*Network((3,), [Dense(2, name="out")])])
    >>> model.count_params(), model.layers[0].name
    (8, 'out')

    A padding that Keras does not know by name becomes a ZeroPadding2D layer in front of the
    convolution. A layer without a Keras counterpart raises ValueError.
    """
    import keras

    # TensorFlow takes these signs only, and none of _ and - at the start.
    title = re.sub(r"[^\w.-]", "_", name, flags=re.ASCII).lstrip("_-")
    model = keras.Sequential(name=title or "network")
    model.add(keras.Input(rows[0].input_shape))
    taken = {row.name for row in rows}
    for row in rows:
        try:
            if not re.fullmatch(r"[\w.-]+", row.name, re.ASCII):
                raise ValueError(
                    "in Keras a layer's name is of letters, digits, _ . and - only: rename it"
                )
            for kind, settings in row.layer.to_keras(row.input_shape):
                if settings["name"] != row.name:  # a layer that Keras needs beside it
                    while settings["name"] in taken:
                        settings["name"] += "_"
                model.add(getattr(keras.layers, kind)(**settings))
        except ValueError as error:
            raise ValueError(f"{row.name}: {error}") from None
    return model


def read(model: keras.Model) -> tuple[Shape, list[Layer], str]:
    """Read a chain-shaped Keras model, nested ones too: its input shape, its layers, its name.

    >>> from cnnlib import architectures
    >>> shape, layers, name = read(architectures.lenet5().to_keras())
    >>> shape, layers[0]
    ((32, 32, 1), Conv2D(filters=6, kernel_size=(5, 5), strides=(1, 1), padding='valid', \
dilation_rate=(1, 1), groups=1, activation='relu', use_bias=True, name='C1', connection_table=None))

    A model that branches, or a layer that has no counterpart here, raises ValueError.
    """
    layers = [_our_layer(layer, name) for name, layer in _named_chain(model).items()]
    sizes = model.inputs[0].shape[1:]
    if None in sizes:
        raise ValueError(f"{model.name}: its input {sizes} has an open size: give it numbers")
    return tuple(sizes), layers, model.name


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
        raise ValueError(f"the model's layers are {[*layers]}, the weights' are {[*weights]}")
    for name, arrays in weights.items():
        wanted = [tuple(weight.shape) for weight in layers[name].weights]
        given = [np.shape(array) for array in arrays]
        if wanted != given:
            raise ValueError(f"{name}: its weights have the shapes {wanted}, not {given}")
    for name, arrays in weights.items():
        layers[name].set_weights(arrays)


def _chain(model: keras.Model) -> list[keras.layers.Layer]:
    """The model's layers in order, nested models opened; or an error if they are no chain."""
    import keras

    if not isinstance(model, keras.Model):
        raise ValueError(f"only a Keras model can be read, not {model!r}")
    if not hasattr(model, "inputs"):
        raise ValueError(
            f"{model.name} shows no chain of layers: begin a Sequential with keras.Input(...) and "
            "give it a layer; a model subclassed from keras.Model cannot be read"
        )
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError(
            f"{model.name} has {len(model.inputs)} inputs and {len(model.outputs)} outputs: "
            "only chains with one of each can be read"
        )
    chain: list[keras.layers.Layer] = []
    tensor = model.outputs[0]
    while True:  # from the output back to the input: each step must have one source
        step, node, _ = tensor._keras_history
        if isinstance(step, keras.layers.InputLayer):
            return chain
        sources = step._inbound_nodes[node].input_tensors
        if len(sources) != 1:
            raise ValueError(
                f"{step.name} ({type(step).__name__}) joins {len(sources)} branches: "
                "only chains can be read"
            )
        chain = (_chain(step) if isinstance(step, keras.Model) else [step]) + chain
        tensor = sources[0]


def _named_chain(model: keras.Model) -> dict[str, keras.layers.Layer]:
    """The chain by names that are unique even where nested models have layers of one name."""
    chain, named = _chain(model), {}
    for layer in chain:
        if chain.count(layer) > 1:
            raise ValueError(
                f"{layer.name} is used {chain.count(layer)} times: shared layers cannot be read"
            )
        name, number = layer.name, 0
        while name in named:
            number += 1
            name = f"{layer.name}_{number}"
        named[name] = layer
    return named


def _weighted(model: keras.Model) -> dict[str, keras.layers.Layer]:
    return {name: layer for name, layer in _named_chain(model).items() if layer.weights}


def _our_layer(layer: keras.layers.Layer, name: str) -> Layer:
    import keras

    kinds, kind = _kinds(), type(layer).__name__
    if kind not in kinds or type(layer) is not getattr(keras.layers, kind):
        raise ValueError(f"{name}: a {kind} cannot be read; supported are {', '.join(kinds)}")
    activation = getattr(layer, "activation", None)
    known = {keras.activations.get(function) for function in (None, *FUNCTIONS)}
    if activation not in known and activation is not None:
        raise ValueError(f"{name}: its activation {activation!r} cannot be read")
    try:
        return kinds[kind].from_keras(kind, {**layer.get_config(), "name": name})
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _kinds() -> dict[str, type[Layer]]:
    """Each kind of layer, those defined elsewhere too, by its names in Keras."""
    found: dict[str, type[Layer]] = {}
    classes = [Layer]
    for kind in classes:
        classes += kind.__subclasses__()
        found |= dict.fromkeys(kind.__dict__.get("keras_kinds", ()), kind)
    return found
