"""How does a network become a Keras model, and a Keras model a network?

The only module that imports Keras, and it does so inside its functions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib import layers as ours
from cnnlib.layers import Layer
from cnnlib.layers.fields import ACTIVATIONS
from cnnlib.ledger import Row
from cnnlib.network import Network

if TYPE_CHECKING:
    import keras

_WINDOW = ("strides", "padding")
_FIELDS = {
    "Conv2D": (
        "filters", "kernel_size", "dilation_rate", "groups", "activation", "use_bias", *_WINDOW
    ),
    "DepthwiseConv2D": (
        "kernel_size", "depth_multiplier", "dilation_rate", "activation", "use_bias", *_WINDOW
    ),
    "MaxPooling2D": ("pool_size", *_WINDOW),
    "AveragePooling2D": ("pool_size", *_WINDOW),
    "GlobalMaxPooling2D": (),
    "GlobalAveragePooling2D": (),
    "ZeroPadding2D": ("padding",),
    "BatchNormalization": ("momentum", "epsilon", "center", "scale"),
    "Flatten": (),
    "Dense": ("units", "activation", "use_bias"),
    "Dropout": ("rate",),
    "Activation": ("activation",),
}  # fmt: skip
"""What a layer has in both worlds, under the same names; its own name besides."""

_READABLE = {
    "data_format": ("channels_last",),
    "keepdims": (False,),
    "axis": (-1, 3),
    "renorm": (False,),
    "negative_slope": (0,),
    "threshold": (0,),
    "max_value": (None, 6),
}
"""What Keras can also say and a description here cannot: the values that mean the same."""


def to_keras(network: Network) -> keras.Model:
    """Build the network as a Keras Sequential, with weights freshly drawn.

    >>> from cnnlib import Dense, Network
    >>> model = to_keras(Network((3,), [Dense(2, name="out")], name="tiny"))
    >>> model.count_params(), model.layers[0].name
    (8, 'out')

    A padding that Keras does not know by name becomes a ZeroPadding2D layer in front of the
    convolution. A layer without a Keras counterpart raises ValueError.
    """
    import keras

    # TensorFlow takes these signs only, and none of _ and - at the start.
    title = re.sub(r"[^\w.-]", "_", network.name, flags=re.ASCII).lstrip("_-")
    model = keras.Sequential(name=title or "network")
    model.add(keras.Input(network.input_shape))
    for row in network:
        try:
            for layer in _keras_layers(row, {other.name for other in network}):
                model.add(layer)
        except ValueError as error:
            raise ValueError(f"{row.name}: {error}") from None
    return model


def from_keras(model: keras.Model) -> Network:
    """Read a chain-shaped Keras model, functional or Sequential, nested ones too.

    >>> from cnnlib import architectures
    >>> from_keras(to_keras(architectures.lenet5())) == architectures.lenet5()
    True

    The parameters are `model.count_params()`: weights and biases, never the optimizer's slots.
    A model that branches, or a layer that has no counterpart here, raises ValueError.
    """
    layers = [_our_layer(layer, name) for name, layer in _named_chain(model).items()]
    sizes = model.inputs[0].shape[1:]
    if None in sizes:
        raise ValueError(f"{model.name}: its input {sizes} has an open size: give it numbers")
    network = Network(sizes, layers, model.name)
    if network.parameters != model.count_params():
        raise ValueError(
            f"{model.name}: read as {network.parameters:,} parameters, "
            f"Keras counts {model.count_params():,}"
        )
    return network


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


def _keras_layers(row: Row, taken: set[str]) -> list[keras.layers.Layer]:
    """The Keras layer for one row, after the zero padding that it may need."""
    import keras

    layer, kind, padding = row.layer, row.kind, getattr(row.layer, "padding", "valid")
    if not re.fullmatch(r"[\w.-]+", row.name, re.ASCII):
        raise ValueError("in Keras a layer's name is of letters, digits, _ . and - only: rename it")
    if getattr(layer, "connection_table", None):
        raise ValueError("Keras's Conv2D has no connection_table: drop it, or use groups")
    if kind not in _FIELDS:
        raise ValueError(f"Keras has no built-in layer for a {kind}")
    if getattr(layer, "ceil_mode", False):
        raise ValueError("Keras's pools have no ceil_mode: use padding='same'")
    settings = {field: getattr(layer, field) for field in _FIELDS[kind]}
    before = []
    if kind != "ZeroPadding2D" and padding not in ("valid", "same"):
        if "Pooling" in kind:
            raise ValueError(f"Keras pads a pool by 'valid' or 'same', not {padding!r}")
        name = f"{row.name}_padding"
        while name in taken:
            name += "_"
        zeros = tuple(axis.zeros for axis in row.axes)
        before = [keras.layers.ZeroPadding2D(zeros, name=name)]
        settings["padding"] = "valid"
    return [*before, getattr(keras.layers, kind)(**settings, name=row.name)]


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
    chain, tensor = [], model.outputs[0]
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

    kind = type(layer).__name__
    known = ["ReLU", "Softmax", *_FIELDS]
    if kind not in known or type(layer) is not getattr(keras.layers, kind):
        raise ValueError(f"{name}: a {kind} cannot be read; supported are {', '.join(known)}")
    for setting, values in _READABLE.items():
        if getattr(layer, setting, values[0]) not in values:
            raise ValueError(
                f"{name}: {setting}={getattr(layer, setting)!r} cannot be read; "
                f"only {' or '.join(map(repr, values))} can"
            )
    if kind == "ReLU":
        return ours.Activation("relu6" if layer.max_value else "relu", name=name)
    if kind == "Softmax":
        return ours.Activation("softmax", name=name)
    settings = {field: getattr(layer, field) for field in _FIELDS[kind]}
    if "activation" in settings:
        settings["activation"] = _activation(layer, name)
    return getattr(ours, kind)(**settings, name=name)


def _activation(layer: keras.layers.Layer, name: str) -> str | None:
    """The name of the layer's activation, if it is one of Keras's own."""
    import keras

    activation = getattr(layer.activation, "__name__", None)
    if activation not in ACTIVATIONS or keras.activations.get(activation) is not layer.activation:
        raise ValueError(f"{name}: its activation {layer.activation!r} cannot be read")
    keeps_linear = isinstance(layer, keras.layers.Activation)
    return None if activation == "linear" and not keeps_linear else activation
