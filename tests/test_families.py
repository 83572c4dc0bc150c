"""Is every family of keras.applications read as Keras, TensorFlow and publications count it?"""

from math import prod

import keras
import numpy as np
import pytest
import tensorflow as tf

from cnnlib import AveragePooling2D, MaxPooling2D, Network, keras_bridge

SMALLEST = (
    "VGG16", "ResNet50", "ResNet50V2", "InceptionV3", "Xception", "MobileNet", "MobileNetV2",
    "MobileNetV3Small", "DenseNet121", "NASNetMobile", "EfficientNetB0", "EfficientNetV2B0",
    "InceptionResNetV2", "ConvNeXtTiny",
)  # fmt: skip
TOLD = {"MobileNetV3Small": {"input_shape": (224, 224, 3)}}  # it leaves its size open unasked


@pytest.fixture(scope="module", params=SMALLEST)
def model(request):
    """The smallest model of each family, at its own size."""
    keras.utils.set_random_seed(0)
    yield getattr(keras.applications, request.param)(weights=None, **TOLD.get(request.param, {}))
    keras.backend.clear_session()


@pytest.fixture(scope="module")
def network(model):
    return Network.from_keras(model)


def layers_of(model):
    """Each layer of Keras's, those of models inside too, but no input."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from layers_of(layer)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def count(weights):
    return sum(prod(weight.shape) for weight in weights)


def test_each_layer_has_the_shape_and_the_parameters_that_keras_gives_it(model, network):
    rows = {row.name: row for row in network}
    for layer in layers_of(model):
        row = rows.pop(layer.name)
        assert row.output_shape == layer.output.shape[1:]
        assert row.trainable_parameters == count(layer.trainable_weights)
        assert row.non_trainable_parameters == count(layer.non_trainable_weights)
    assert network.parameters == model.count_params()
    # What a model computes without a layer: x + 3, say, x + y, and Inception-ResNet's scale.
    assert {row.kind for row in rows.values()} <= {"Rescaling", "Add"}


@pytest.fixture(scope="module")
def counted(model):
    """What TensorFlow's own profiler counts for one image, by the operations of its graph."""
    profiler = tf.compat.v1.profiler
    image = tf.TensorSpec((1, *model.input_shape[1:]))
    graph = tf.function(model).get_concrete_function(image).graph
    with graph.as_default():
        options = profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
        node = profiler.profile(graph, cmd="op", options=options)
    found = {"all": node.total_float_ops}
    while node.children:
        (node,) = node.children
        found[node.name] = node.float_ops
    return found


def test_the_profiler_counts_two_for_a_mac_of_a_convolution_or_a_dense_layer(network, counted):
    kinds = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense")
    # A convolution in groups is a function inside the graph, where the profiler does not look.
    rows = [r for r in network if r.kind in kinds and getattr(r.layer, "groups", 1) == 1]
    names = ("Conv2D", "DepthwiseConv2dNative", "MatMul")
    assert sum(row.macs_as("2mac") for row in rows) == sum(counted.get(name, 0) for name in names)


def besides(row, model):
    """What the profiler counts of a row that is neither two for a MAC nor one for a bias."""
    values, channels = prod(row.output_shape), row.output_shape[-1]
    if row.kind == "BatchNormalization":  # a factor and a shift for each channel, of four arrays
        return (5 + row.layer.scale) * channels
    if row.kind in ("MaxPooling2D", "AveragePooling2D"):
        return prod(row.layer.pool_size) * values
    if row.kind == "GlobalAveragePooling2D":
        return prod(row.input_shape)
    if row.kind == "Normalization":  # no channel is divided by less than a least spread
        return channels
    if row.kind == "Add":
        return (len(row.inputs) - 1) * values
    named = [layer.name for layer in model.layers]
    if row.kind == "Multiply" or (row.kind == "Rescaling" and row.name not in named):
        return -row.macs  # one operation, where a MAC has two
    each = {"softmax": 5, "silu": 2, "hard_sigmoid": 2, "hard_silu": 3}
    return each.get(getattr(row.layer, "activation", None), 0) * values


# But ConvNeXt, whose convolutions in groups the profiler misses.
@pytest.mark.parametrize("model", SMALLEST[:-1], indirect=True)
def test_the_profiler_counts_nothing_that_is_not_accounted_for(model, network, counted):
    others = sum(besides(row, model) for row in network)
    assert counted["all"] == network.macs_as("2mac+bias") + others


# Receptive field, stride and padding, as the library of Araujo, Norris and Sim (2019) computes them
# for TF-Slim's models (its RECEPTIVE_FIELD_TABLE). Its ResNets stride where a block ends, Keras's
# where it begins: what they see is as large, but lies elsewhere, and between blocks further apart.
PUBLISHED = {
    "vgg16": {"block5_pool": (212, 32, 90)},
    "resnet50": {
        "conv2_block3_out": (35, None, None),
        "conv3_block4_out": (99, None, None),
        "conv4_block6_out": (291, None, None),
        "conv5_block3_out": (483, 32, None),
    },
    "resnet50v2": {"post_relu": (483, 32, None)},
    "inception_v3": {
        "mixed0": (63, 8, 18),
        "mixed1": (95, 8, 34),
        "mixed2": (127, 8, 50),
        "mixed3": (159, 16, 58),
        "mixed4": (351, 16, 154),
        "mixed5": (543, 16, 250),
        "mixed6": (735, 16, 346),
        "mixed7": (927, 16, 442),
        "mixed8": (1055, 32, 490),
        "mixed9": (1183, 32, 554),
        "mixed10": (1311, 32, 618),
    },
    "inception_resnet_v2": {
        "mixed_5b": (63, 8, 18),
        "mixed_6a": (415, 16, 186),
        "block17_20_ac": (2335, 16, 1146),
        "mixed_7a": (2399, 32, 1162),
        "conv_7b_ac": (3039, 32, 1482),
    },
    "mobilenet_1.00_224": {
        "conv1_relu": (3, 2, 0),
        "conv_pw_1_relu": (7, 2, 2),
        "conv_pw_2_relu": (11, 4, 2),
        "conv_pw_3_relu": (19, 4, 6),
        "conv_pw_4_relu": (27, 8, 6),
        "conv_pw_5_relu": (43, 8, 14),
        "conv_pw_6_relu": (59, 16, 14),
        "conv_pw_11_relu": (219, 16, 94),
        "conv_pw_12_relu": (251, 32, 94),
        "conv_pw_13_relu": (315, 32, 126),
    },
}
HAVE_ONE = [
    "VGG16", "ResNet50", "ResNet50V2", "InceptionV3", "MobileNet", "InceptionResNetV2",
]  # fmt: skip


@pytest.mark.parametrize("model", HAVE_ONE, indirect=True)
def test_receptive_fields_are_the_published_ones(network):
    for name, (size, stride, padding) in PUBLISHED[network.name].items():
        row = network[name]
        assert row.receptive_field == (size, size)
        if stride is not None:
            assert row.jump == (stride, stride)
        if padding is not None:
            assert row.start == ((size - 1) / 2 - padding,) * 2


# The first block or two of a family: up to which row, for images of which size.
BEGINNINGS = {
    "ResNet50": ("conv2_block2_out", 48),
    "InceptionV3": ("mixed0", 75),
    "MobileNetV3Small": ("expanded_conv_squeeze_excite_mul", 32),
    "DenseNet121": ("conv2_block2_concat", 48),
    "NASNetMobile": ("reduction_concat_stem_1", 48),
    "InceptionResNetV2": ("block35_1_ac", 75),
}


def beginning(network, last, size):
    """The rows up to that one; its largest pass no gradient to the others, so pools average."""
    layers = [row.layer for row in network][: network[last].position + 1]
    names = [layer.name for layer in layers]
    for place, layer in enumerate(layers):
        if isinstance(layer, MaxPooling2D):
            pool = layer.pool_size, layer.strides, layer.padding
            layers[place] = AveragePooling2D(*pool, name=layer.name)
    inputs = {name: fed_by for name, fed_by in network.inputs if name in names}
    return Network((size, size, 3), layers, inputs=inputs)


@pytest.mark.parametrize("model", BEGINNINGS, indirect=True)
def test_the_gradient_of_a_unit_reaches_the_pixels_that_it_sees(network, request):
    last, size = BEGINNINGS[request.node.callspec.params["model"]]
    row = beginning(network, last, size)[last]
    small = beginning(network, last, size).to_keras()
    random = np.random.default_rng(0)
    for layer in small.layers:  # all above zero, and no sum of them grows
        layer.set_weights(
            [random.uniform(0.5, 1, w.shape) / prod(w.shape[:-1]) for w in layer.weights]
        )
    part = keras.Model(small.input, small.get_layer(last).output)
    image = tf.constant(random.uniform(0.5, 1, (1, size, size, 3)), tf.float32)
    middle = row.grid[0] // 2
    for i, j in ((0, 0), (middle, middle)):
        with tf.GradientTape() as tape:
            tape.watch(image)
            unit = tf.reduce_sum(part(image)[0, i, j])
        rows, columns = np.nonzero(tape.gradient(unit, image).numpy()[0].any(axis=-1))
        seen = (rows.min(), rows.max() + 1), (columns.min(), columns.max() + 1)
        assert row.input_patch(i, j) == seen
        assert ("excite" not in last) or seen == ((0, size), (0, size))


# Of models that take long, the first blocks will do; VGG is a chain, with most weights of all.
PARTS = {"InceptionResNetV2": "block35_2_ac", "NASNetMobile": "normal_concat_1"}


@pytest.mark.parametrize("model", [f for f in SMALLEST if f != "VGG16"], indirect=True)
def test_keras_computes_the_same_with_what_comes_back(model, request):
    if end := PARTS.get(request.node.callspec.params["model"]):
        model = keras.Model(model.input, model.get_layer(end).output)
    twin = Network.from_keras(model).to_keras()
    keras_bridge.set_weights(twin, keras_bridge.get_weights(model))
    image = np.random.default_rng(1).uniform(size=(1, *model.input_shape[1:])).astype("float32")
    np.testing.assert_allclose(twin(image), model(image), rtol=1e-4, atol=1e-6)
