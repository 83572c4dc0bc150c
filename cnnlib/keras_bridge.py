"""How does a network become a Keras model, and a Keras model a network?

The only module that imports Keras, and it does so inside its functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnnlib import layers as ours
from cnnlib.layers import Layer
from cnnlib.network import Network

if TYPE_CHECKING:
    import keras

_WINDOW = ("strides", "padding", "name")
_FIELDS = {
    "Conv2D": (
        "filters", "kernel_size", "dilation_rate", "groups", "activation", "use_bias", *_WINDOW
    ),
    "DepthwiseConv2D": (
        "kernel_size", "depth_multiplier", "dilation_rate", "activation", "use_bias", *_WINDOW
    ),
    "MaxPooling2D": ("pool_size", *_WINDOW),
    "AveragePooling2D": ("pool_size", *_WINDOW),
    "GlobalMaxPooling2D": ("name",),
    "GlobalAveragePooling2D": ("name",),
    "ZeroPadding2D": ("padding", "name"),
    "BatchNormalization": ("name",),
    "Flatten": ("name",),
    "Dense": ("units", "activation", "use_bias", "name"),
    "Dropout": ("rate", "name"),
    "Activation": ("activation", "name"),
}  # fmt: skip
"""What a layer has in both worlds, under the same names."""

_DEFAULTS = {
    "data_format": "channels_last",
    "keepdims": False,
    "axis": -1,
    "center": True,
    "scale": True,
}
"""What Keras can also say and a description here cannot: it has to be this, or it is refused."""


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

    model = keras.Sequential(name=_keras_name(network.name))
    model.add(keras.Input(network.input_shape))
    for row in network:
        for layer in _keras_layers(row):
            model.add(layer)
    return model


def from_keras(model: keras.Model) -> Network:
    """Read a chain-shaped Keras model, functional or Sequential, nested ones too.

    >>> from cnnlib import architectures
    >>> from_keras(to_keras(architectures.lenet5())) == architectures.lenet5()
    True

    The parameters are `model.count_params()`: weights and biases, never the optimizer's slots.
    A model that branches, or a layer that has no counterpart here, raises ValueError.
    """
    chain = list(_chain(model))
    network = Network(
        _one_image(model.input_shape), [_our_layer(layer) for layer in chain], model.name
    )
    if network.parameters != model.count_params():
        raise ValueError(
            f"{model.name}: read as {network.parameters:,} parameters, "
            f"Keras counts {model.count_params():,}"
        )
    return network


def get_weights(model: keras.Model) -> dict[str, list[Any]]:
    """The arrays of each layer that has any, by the layer's name, in Keras's order.

    >>> from cnnlib import architectures
    >>> weights = get_weights(architectures.lenet5().to_keras())
    >>> [array.shape for array in weights["C1"]]
    [(5, 5, 1, 6), (6,)]
    """
    return {layer.name: layer.get_weights() for layer in _chain(model) if layer.weights}


def set_weights(model: keras.Model, weights: dict[str, list[Any]]) -> None:
    """Put arrays, as `get_weights` gives them, into the layers of the same names."""
    layers = {layer.name: layer for layer in _chain(model) if layer.weights}
    if layers.keys() != weights.keys():
        raise ValueError(f"the model's layers are {[*layers]}, the weights' are {[*weights]}")
    for name, arrays in weights.items():
        wanted = [tuple(weight.shape) for weight in layers[name].weights]
        given = [array.shape for array in arrays]
        if wanted != given:
            raise ValueError(f"{name}: its weights have the shapes {wanted}, not {given}")
    for name, arrays in weights.items():
        layers[name].set_weights(arrays)


def _keras_name(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)


def _keras_layers(row: Any) -> list[keras.layers.Layer]:
    """The Keras layer for one row, after the zero padding that it may need."""
    import keras

    layer, fields = row.layer, _FIELDS.get(row.kind)
    if fields is None or getattr(layer, "connection_table", None):
        raise ValueError(f"{row.name}: Keras has no built-in layer for this {row.kind}")
    settings = {field: getattr(layer, field) for field in fields}
    padding, before = settings.get("padding"), []
    if getattr(layer, "ceil_mode", False):
        raise ValueError(f"{row.name}: Keras's pools have no ceil_mode: use padding='same'")
    if row.kind != "ZeroPadding2D" and padding not in (None, "valid", "same"):
        if "Pooling" in row.kind:
            raise ValueError(f"{row.name}: Keras pads a pool by 'valid' or 'same', not {padding!r}")
        zeros = tuple(axis.zeros for axis in row.axes)
        before = [keras.layers.ZeroPadding2D(zeros, name=f"{row.name}_padding")]
        settings["padding"] = "valid"
    return [*before, getattr(keras.layers, row.kind)(**settings)]


def _chain(model: keras.Model) -> list[keras.layers.Layer]:
    """The model's layers in order, nested models opened; or an error if they are no chain."""
    import keras

    if not isinstance(model, keras.Sequential):
        _refuse_branches(model)
    chain = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            chain += _chain(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            chain.append(layer)
    return chain


def _refuse_branches(model: keras.Model) -> None:
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError(
            f"{model.name} has {len(model.inputs)} inputs and {len(model.outputs)} outputs: "
            "only chains with one of each can be read"
        )
    for operation in model.operations:
        for node in operation._inbound_nodes:
            if len(node.input_tensors) > 1:
                raise ValueError(
                    f"{operation.name} ({type(operation).__name__}) joins "
                    f"{len(node.input_tensors)} branches: only chains can be read"
                )
    sources = [id(t) for o in model.operations for n in o._inbound_nodes for t in n.input_tensors]
    for operation in model.operations:
        fans_out = sum(sources.count(id(tensor)) for tensor in [operation.output])
        if fans_out > 1:
            raise ValueError(f"{operation.name} feeds {fans_out} layers: only chains can be read")


def _our_layer(layer: keras.layers.Layer) -> Layer:
    import keras

    kind = type(layer).__name__
    if kind in ("ReLU", "Softmax"):
        return ours.Activation(kind.lower(), name=layer.name)
    if kind not in _FIELDS or not isinstance(layer, getattr(keras.layers, kind)):
        supported = ", ".join(["ReLU", "Softmax", *_FIELDS])
        raise ValueError(f"{layer.name}: a {kind} cannot be read; supported are {supported}")
    config = layer.get_config()
    for setting, expected in _DEFAULTS.items():
        if setting in config and config[setting] != expected:
            raise ValueError(
                f"{layer.name}: {setting}={config[setting]!r} cannot be read; only {expected!r} can"
            )
    return getattr(ours, kind)(**{f: _plain(config[f]) for f in _FIELDS[kind]})


def _plain(value: Any) -> Any:
    """Keras's lists as tuples; its activation "linear" as none."""
    if isinstance(value, list | tuple):
        return tuple(_plain(v) for v in value)
    return None if value == "linear" else value


def _one_image(shape: tuple[Any, ...]) -> tuple[int, ...]:
    if any(size is None for size in shape[1:]):
        raise ValueError(
            f"the model's input {shape[1:]} has an open size: give keras.Input numbers"
        )
    return tuple(shape[1:])
