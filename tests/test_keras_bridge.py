"""Do Keras and the ledger speak of the same network? Keras knows shapes, weights and outputs."""

import math
from dataclasses import fields
from importlib import import_module
from inspect import signature

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnlib import (
    ELU,
    RBF,
    Activation,
    AlphaDropout,
    Augmentation,
    AveragePooling2D,
    BatchNormalization,
    CenterCrop,
    Conv2D,
    Conv2DTranspose,
    Cropping2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    Identity,
    LayerNormalization,
    LayerScale,
    LeakyReLU,
    LocallyConnected2D,
    MaxPooling2D,
    Network,
    Normalization,
    Permute,
    PReLU,
    ReLU,
    Rescaling,
    Reshape,
    Resizing,
    SeparableConv2D,
    Softmax,
    SpatialDropout2D,
    TrainableSubsampling,
    UpSampling2D,
    ZeroPadding2D,
    architectures,
    keras_bridge,
    operations,
)
from cnnlib.keras_bridge import _kinds
from cnnlib.layers.base import ALONE, SILENT
from cnnlib.layers.chance import AUGMENTATIONS
from cnnlib.layers.settings import FUNCTIONS


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


@pytest.fixture(autouse=True)
def seed(keras):
    keras.utils.set_random_seed(0)


SIDES = st.tuples(st.integers(0, 2), st.integers(0, 2))
NAMED = st.sampled_from(["valid", "same"])
PADDINGS = NAMED | st.just("full") | st.integers(0, 2) | st.tuples(SIDES, SIDES)
PAIRS, BOOLEANS = st.tuples(st.integers(1, 3), st.integers(1, 3)), st.booleans()
ACTIVATIONS = st.sampled_from([None, "relu", "tanh", "sigmoid", "hard_sigmoid"])


@st.composite
def convolutions(draw, channels):
    """A convolution of any kind; Keras takes strides or dilation, not both."""
    how = {"padding": draw(PADDINGS), "activation": draw(ACTIVATIONS), "use_bias": draw(BOOLEANS)}
    if draw(BOOLEANS):
        how["dilation_rate"] = draw(PAIRS)
    else:
        how["strides"] = draw(st.integers(1, 3))
    kind, multiplier = draw(st.integers(0, 3)), draw(st.integers(1, 2))
    if kind == 0:
        return DepthwiseConv2D(draw(PAIRS), depth_multiplier=multiplier, **how)
    if kind == 1:
        filters = draw(st.integers(1, 3))
        return SeparableConv2D(filters, draw(PAIRS), depth_multiplier=multiplier, **how)
    if kind == 2:
        del how["padding"]
        how = {"strides": draw(PAIRS), "padding": draw(NAMED)} | how
        how.pop("dilation_rate", None)
        return Conv2DTranspose(draw(st.integers(1, 3)), draw(PAIRS), **how)
    groups = draw(st.sampled_from([g for g in range(1, channels + 1) if channels % g == 0]))
    return Conv2D(groups * draw(st.integers(1, 3)), draw(PAIRS), groups=groups, **how)


INTERPOLATIONS = st.sampled_from(["nearest", "bilinear"])
POOL = {"pool_size": PAIRS, "strides": st.none() | PAIRS, "padding": NAMED}
OTHERS = st.one_of(
    st.builds(MaxPooling2D, **POOL),
    st.builds(AveragePooling2D, **POOL),
    st.builds(ZeroPadding2D, st.tuples(SIDES, SIDES)),
    st.builds(BatchNormalization, center=BOOLEANS, scale=BOOLEANS, epsilon=st.just(0.01)),
    st.sampled_from([Activation("relu"), Activation("softplus"), Dropout(0.3)]),
    st.sampled_from(
        [
            ReLU(6, 0.1),
            ReLU(negative_slope=0.2, threshold=0.5),
            LeakyReLU(),
            ELU(0.5),
            PReLU(),
            PReLU((1, 2)),
            Identity(),
            Rescaling(0.5, offset=-1),
            Normalization(),
            Normalization(mean=0.5, variance=2),
            Normalization(mean=0.5, variance=2, invert=True),
            LayerNormalization(epsilon=0.1),
            LayerNormalization(scale=False, epsilon=0.1),
            Dropout(0.3, noise_shape=(None, 1, 1, 1)),
            SpatialDropout2D(0.3),
            GaussianNoise(0.5),
            GaussianDropout(0.3),
            AlphaDropout(0.3),
            Augmentation("RandomFlip"),
            Permute((2, 1, 3)),
            Reshape((-1, 1, 3)),
            Dense(3, at_each_place=True),
        ]
    ),
    st.builds(Cropping2D, st.tuples(SIDES, SIDES)),
    st.builds(CenterCrop, st.integers(1, 5), st.integers(1, 5)),
    st.builds(Resizing, st.integers(1, 9), st.integers(1, 9), INTERPOLATIONS),
    st.builds(UpSampling2D, PAIRS, INTERPOLATIONS),
)
ENDS = st.sampled_from(
    [[], [Flatten(), Dense(3, activation="softmax")], [GlobalMaxPooling2D(), Dense(2)],
     [GlobalMaxPooling2D(keepdims=True), Reshape((-1,)), Dense(3), Softmax(axis=1)],
     [Dense(3, at_each_place=True), Softmax()],
     [GlobalAveragePooling2D(keepdims=True), Flatten(), PReLU(), LayerNormalization(epsilon=0.1)],
     [GlobalAveragePooling2D(), BatchNormalization(), Dense(2, use_bias=False)]]
)  # fmt: skip


@st.composite
def networks(draw):
    shape = (*draw(st.tuples(st.integers(3, 11), st.integers(3, 11))), draw(st.integers(1, 4)))
    layers, channels = [], shape[2]
    for _ in range(draw(st.integers(1, 4))):
        layers.append(draw(convolutions(channels) | OTHERS))
        try:
            *sides, channels = Network(shape, layers).output_shape
        except ValueError:
            assume(False)
        assume(max(sides) < 40)
    return Network(shape, layers + draw(ENDS), name="random")


@settings(max_examples=40)
@given(networks())
def test_keras_agrees_on_every_shape_and_every_parameter(network):
    model = network.to_keras()
    layers = {layer.name: layer for layer in model.layers}
    for row in network:
        assert layers[row.name].output.shape[1:] == row.output_shape
        assert layers[row.name].count_params() == row.parameters
        arrays = [tuple(weight.shape) for weight in layers[row.name].weights]
        weights = row.layer.weights(row.input_shape).values()
        assert arrays == [weight.shape for weight in weights]
    assert model.count_params() == network.parameters
    assert model.output_shape[1:] == network.output_shape


def redrawn(model):
    """Weights unlike those a fresh layer has: batch norms with means, biases that are not zero."""
    random, weights = np.random.default_rng(0), keras_bridge.get_weights(model)
    return {
        name: [random.uniform(0.1, 1, array.shape).astype(array.dtype) for array in arrays]
        for name, arrays in weights.items()
    }


@settings(max_examples=15)
@given(networks())
def test_there_and_back_again(network):
    model = network.to_keras()
    found = Network.from_keras(model)
    added = [row.kind for row in found if row.name not in [mine.name for mine in network]]
    assert set(added) <= {"ZeroPadding2D"}
    assert found.parameters == network.parameters
    assert Network.from_keras(found.to_keras()) == found
    keras_bridge.set_weights(model, redrawn(model))
    twin = found.to_keras()
    keras_bridge.set_weights(twin, keras_bridge.get_weights(model))
    images = np.random.default_rng(1).uniform(size=(2, *network.input_shape)).astype("float32")
    theirs, ours = (each(images, training=False) for each in (twin, model))  # or a flip is random
    np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=1e-6)


@settings(max_examples=25)
@given(
    st.tuples(st.integers(3, 8), st.integers(3, 8), st.just(2)), PADDINGS, PAIRS, st.integers(1, 2)
)
def test_every_padding_computes_what_numpy_computes(shape, padding, size, strides):
    layer = Conv2D(3, size, strides, padding, name="c")
    try:
        model = Network(shape, [layer]).to_keras()
    except ValueError:
        assume(False)
    keras_bridge.set_weights(model, redrawn(model))
    kernels, bias = keras_bridge.get_weights(model)["c"]
    images = np.random.default_rng(1).normal(size=(2, *shape)).astype("float32")
    expected = operations.conv2d(images, kernels, bias, strides, padding)
    np.testing.assert_allclose(model(images), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("make", [architectures.lenet5, architectures.alexnet])
def test_the_networks_of_the_course_come_back_the_same(make):
    network = make()
    if network.input_shape[0] > 100:  # the same layers, fewer pixels and units
        layers = [Dense(8, name=x.name) if "fc" in x.name else x for x in network.layers]
        network = Network((67, 67, 3), layers, name=network.name)
    assert Network.from_keras(network.to_keras()) == network


def float_operations(network):
    """What TensorFlow's own profiler counts for one image."""
    import tensorflow as tf

    profiler = tf.compat.v1.profiler
    image = tf.TensorSpec((1, *network.input_shape))
    graph = tf.function(network.to_keras()).get_concrete_function(image).graph
    with graph.as_default():
        options = profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
        return profiler.profile(graph, options=options).total_float_ops


@pytest.mark.parametrize(
    "layers",
    [
        [Conv2D(4, (3, 2), strides=2, padding="same"), Conv2D(2, 2, use_bias=False)],
        [DepthwiseConv2D(3, padding="same", depth_multiplier=2)],
        [Flatten(), Dense(5), Dense(2, use_bias=False)],
    ],
    ids=["convolutions", "depthwise", "dense"],
)
def test_tensorflows_profiler_counts_two_operations_a_mac_and_one_a_bias(layers):
    network = Network((9, 8, 3), layers)
    biases = network.macs_as("mac+bias") - network.macs
    assert float_operations(network) == network.macs_as("2mac") + biases


def test_tensorflows_profiler_on_lenet():
    # It counts a pool's window cells too, and five operations for each value of a softmax.
    network = architectures.lenet5()
    pools = network["S2"].connections + network["S4"].connections
    assert float_operations(network) == 833_040 + (423_038 - 416_520) + pools + 5 * 10


class TestFromKeras:
    """Models as readers build them."""

    def test_a_sequential(self, keras):
        layers = keras.layers
        model = keras.Sequential(
            [
                keras.Input((32, 32, 1)),
                layers.Conv2D(6, 5, activation="relu"),
                layers.ReLU(),
                layers.ReLU(max_value=6),
                layers.MaxPooling2D(),
                layers.Activation("linear"),
                layers.Flatten(),
                layers.Dense(10),
                layers.Softmax(),
            ]
        )
        network = Network.from_keras(model)
        assert network.parameters == model.count_params()
        assert [row.name for row in network] == [layer.name for layer in model.layers]
        assert [row.kind for row in network] == [type(layer).__name__ for layer in model.layers]
        assert [row.layer.max_value for row in network if row.kind == "ReLU"] == [None, 6]

    def test_a_functional_chain(self, keras):
        layers = keras.layers
        x = inputs = keras.Input((16, 16, 3))
        x = layers.ZeroPadding2D(((0, 1), (2, 3)))(x)
        x = layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False)(x)
        x = layers.BatchNormalization(scale=False, axis=3)(x)
        x = layers.GlobalAveragePooling2D()(x)
        model = keras.Model([inputs], [layers.Dense(4)(x)], name="chain")
        network = Network.from_keras(model)
        assert network.parameters == model.count_params() == 3 * 3 * 6 + 3 * 6 + 7 * 4
        assert network.name == "chain"
        assert len(network) == 5

    def test_nested_models_with_layers_of_one_name(self, keras):
        def block(filters):
            layers = [keras.layers.Conv2D(filters, 3, name="conv"), keras.layers.ReLU(name="relu")]
            return keras.Sequential(layers)

        inputs = keras.Input((12, 12, 1))
        inner = keras.Input((8, 8, 3))
        functional = keras.Model(inner, keras.layers.Conv2D(2, 3, name="conv")(inner))
        outputs = functional(block(3)(block(2)(inputs)))
        nested = keras.Sequential([keras.Input((12, 12, 1)), keras.Model(inputs, outputs)])
        for model in (keras.Model(inputs, outputs), nested):
            network = Network.from_keras(model)
            names = ["conv", "relu", "conv_1", "relu_1", "conv_2"]
            assert [row.name for row in network] == names
            assert network.parameters == model.count_params()
            weights = keras_bridge.get_weights(model)
            assert list(weights) == ["conv", "conv_1", "conv_2"]
            twin = network.to_keras()
            keras_bridge.set_weights(twin, weights)
            image = np.random.default_rng(1).normal(size=(1, 12, 12, 1)).astype("float32")
            np.testing.assert_allclose(twin(image), model(image), atol=1e-6)

    def test_after_a_fit_the_optimizers_slots_do_not_count(self, keras):
        model = Network((4,), [Dense(3), Dense(2)]).to_keras()
        model.compile("adam", "mse")
        model.fit(np.zeros((4, 4)), np.zeros((4, 2)), verbose=0)
        slots = sum(math.prod(variable.shape) for variable in model.optimizer.variables)
        assert slots > 2 * model.count_params()
        assert Network.from_keras(model).parameters == model.count_params() == 15 + 8

    def test_a_part_of_another_model(self, keras):
        whole = architectures.lenet5().to_keras()
        part = keras.Model(whole.inputs, whole.get_layer("S4").output)
        assert [row.name for row in Network.from_keras(part)] == ["C1", "S2", "C3", "S4"]
        assert Network.from_keras(whole).parameters == 61_706, "a second model changes nothing"

    def test_a_sequential_built_by_its_first_images(self, keras):
        model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(2)])
        model(np.zeros((5, 4, 4, 1), "float32"))
        assert Network.from_keras(model).input_shape == (4, 4, 1)


def test_a_kind_derived_from_another_does_not_read_its_twin(keras):
    class Mine(Conv2D):
        """A kind that says nothing of Keras."""

    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(1, 2)])
    assert type(Network.from_keras(model)[0].layer) is Conv2D is not Mine


def branching(keras):
    x = keras.Input((4,), name="in")
    y = keras.layers.Dense(4, name="left")(x)
    return keras.Model(x, keras.layers.Add(name="sum")([x, y]))


def two_outputs(keras):
    x = keras.Input((4,))
    return keras.Model(x, [keras.layers.Dense(1)(x), keras.layers.Dense(2)(x)], name="two")


def two_inputs(keras):
    inputs = [keras.Input((4,), name="a"), keras.Input((4,), name="b")]
    return keras.Model(inputs, keras.layers.Concatenate()(inputs), name="two")


def output_inside(keras):
    x = keras.Input((4,))
    y = keras.layers.Dense(4, name="left")(x)
    return keras.Model(x, [y, keras.layers.Dense(2)(y)])


def with_lambda(keras):
    return keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x, name="code")])


def with_operation(keras):
    x = keras.Input((4,))
    return keras.Model(x, keras.ops.tanh(x))


def called_in_training(keras):
    x = keras.Input((4,))
    return keras.Model(x, keras.layers.Dropout(0.5, name="d")(x, training=True))


def nested_branch(keras):
    x = keras.Input((4,))
    return keras.Model(x, branching(keras)(x))


def shared(keras):
    x, layer = keras.Input((4,)), keras.layers.Dense(4, name="again")
    return keras.Model(x, layer(layer(x)))


def shared_in_sequential(keras):
    layer = keras.layers.Dense(4, name="again")
    return keras.Sequential([keras.Input((4,)), layer, layer])


def shared_model(keras):
    x, model = keras.Input((4,)), keras.Sequential([keras.layers.Dense(4, name="again")])
    return keras.Model(x, model(model(x)))


def subclassed(keras):
    class Mine(keras.Model):
        def call(self, x):
            return x

    return Mine(name="mine")


def subclassed_layer(keras):
    class Conv2D(keras.layers.Conv2D):
        def call(self, x):
            return -super().call(x)

    return keras.Sequential([keras.Input((4, 4, 1)), Conv2D(1, 2, name="mine")])


def chain(shape, *layers):
    def make(keras):
        names = [(getattr(keras.layers, kind), how) for kind, how in layers]
        return keras.Sequential([keras.Input(shape), *(kind(**how) for kind, how in names)])

    return make


IMAGE = (8, 8, 4)
CONVOLUTION = {"filters": 2, "kernel_size": 3, "name": "c"}
REFUSED = {
    two_inputs: r"two has 2 inputs \(a, b\), and a Network has one: read a part",
    output_inside: "left is an output and feeds other layers too",
    subclassed: "lists no layers, so it cannot be read: of a model subclassed from keras.Model",
    subclassed_layer: r"mine: a Conv2D of .* cannot be read, for it may compute anything",
    with_lambda: "code: a Lambda holds program code, which is never run here",
    with_operation: "keras.ops' Tanh cannot be read: use a layer of keras.layers",
    called_in_training: "d: it is called with training=True, which cannot be read: leave it out",
    lambda keras: keras.Sequential([keras.layers.Dense(1)], name="bare"): (
        r"bare: its input has an open size: .*input_shape=\(224, 224, 3\)"
    ),
    lambda keras: "a model": "a model: there is no such file",
    lambda keras: 3: r"only a Keras model, a file of one or its get_config\(\) can be read, not 3",
    lambda keras: keras.layers.Dense(1): "only a Keras model, .* not <Dense",
    chain(IMAGE, ("RandomCrop", {"height": 2, "width": 2, "name": "r"})): "r: a RandomCrop cannot",
    chain(IMAGE, ("UpSampling2D", {"interpolation": "bicubic", "name": "up"})): (
        "up: interpolation must be one of nearest, bilinear, not 'bicubic'"
    ),
    chain(IMAGE, ("Resizing", {"height": 9, "width": 9, "antialias": True, "name": "r"})): (
        "r: antialias=True cannot be read; only False can, so build the model with it"
    ),
    chain(
        IMAGE,
        ("Conv2DTranspose", {**CONVOLUTION, "strides": 2, "output_padding": 0}),
    ): "c: output_padding=.* cannot be read; only None can",
    chain(IMAGE, ("Conv2DTranspose", {**CONVOLUTION, "dilation_rate": 2})): "c: dilation_rate=",
    chain((8,), ("Dropout", {"rate": 0.5, "noise_shape": (2, 4), "name": "d"})): (
        r"d: noise_shape=\(2, 4\) does not fit images of \(8,\): give None or 1"
    ),
    chain((8,), ("Dense", {"units": 2, "dtype": "float16", "name": "d"})): (
        "d: dtype='float16' cannot be read; only 'float32' can"
    ),
    chain((None, None, 3), ("Conv2D", {"filters": 1, "kernel_size": 2})): "has an open size",
    chain((8, 8), ("Flatten", {})): r"a grey image has one channel, keras.Input\(\(8, 8, 1\)\)",
    chain(IMAGE, ("Conv2D", {**CONVOLUTION, "data_format": "channels_first"})): (
        "c: data_format='channels_first' cannot be read; only 'channels_last' can"
    ),
    chain(IMAGE, ("BatchNormalization", {"axis": 1, "name": "b"})): "b: axis=1 cannot be read",
    chain((8,), ("Dense", {"units": 2, "activation": "glu", "name": "d"})): "d: activation must be",
    chain((8,), ("Dense", {"units": 2, "activation": np.sin, "name": "d"})): "Keras cannot write",
    chain(IMAGE, ("Softmax", {"axis": 1, "name": "s"})): (
        r"s: axis=1 cannot be read, .* use -1, and put Permute\(\(2, 3, 1\)\) before it"
    ),
    chain(IMAGE, ("LayerNormalization", {"axis": [1, 2], "name": "n"})): "n: axis must be a whole",
    chain((8,), ("Activation", {"activation": lambda x: x, "name": "a"})): "a: its activation",
}


@pytest.mark.parametrize(("make", "message"), REFUSED.items(), ids=REFUSED.values())
def test_what_cannot_be_read_says_why(keras, make, message):
    with pytest.raises(ValueError, match=message):
        Network.from_keras(make(keras))


MODULES = {"LayerScale": "keras.src.applications.convnext"}
FIRST = {
    "filters": 2,
    "kernel_size": 3,
    "units": 3,
    "rate": 0.5,
    "stddev": 0.5,
    "scale": 2.0,
    "height": 3,
    "width": 3,
    "factor": 0.5,
    "height_factor": 0.1,
    "width_factor": 0.1,
    "pool_size": 2,
    "target_shape": (4,),
    "dims": (1, 2, 3),
    "activation": "relu",
    "init_values": 0.1,
    "projection_dim": 4,
}


def kinds_of_keras():
    """Each name in Keras that a kind of the library reads."""
    return sorted(name for name, kind in _kinds().items() if kind.__module__.startswith("cnnlib"))


def built(name):
    """Keras's layer of this name, with as few settings as it takes."""
    kind = getattr(import_module(MODULES.get(name, "keras.layers")), name)
    asked = signature(kind.__init__).parameters.items()
    needed = {key: FIRST[key] for key, one in asked if key in FIRST and one.default is one.empty}
    if name == "RandomPosterization":
        needed["factor"] = 2, 4  # bits
    return kind(**needed)


@pytest.mark.parametrize("name", kinds_of_keras())
def test_each_setting_of_keras_is_said_or_means_nothing_or_is_refused(name):
    kind = _kinds()[name]
    settings = set(built(name).get_config()) - set(Augmentation.own)
    own = {field.name for field in fields(kind)}
    silent = {s for s in settings if s in kind.keras_silent or SILENT.search(s)}
    alone = settings & {*ALONE, *kind.keras_alone}
    if kind is Augmentation:
        own |= settings - silent  # it keeps them all, for Keras
    assert settings == (settings & own) | silent | alone
    assert not own & silent
    assert not own & alone
    assert not silent & alone
    kind.from_keras(name, built(name).get_config())  # what a layer of its own has can be read


@pytest.mark.parametrize("name", kinds_of_keras())
def test_a_setting_that_is_new_in_keras_is_refused(name):
    config = built(name).get_config() | {"sparsity": 0.5}
    if _kinds()[name] is Augmentation:
        assert _kinds()[name].from_keras(name, config).settings["sparsity"] == 0.5
        return
    with pytest.raises(ValueError, match=r"sparsity=0\.5 cannot be read; .* has no such setting"):
        _kinds()[name].from_keras(name, config)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_in_use_an_augmentation_of_keras_does_nothing_and_holds_nothing(name):
    layer, images = (
        built(name),
        np.random.default_rng(0).uniform(size=(2, 6, 7, 3)).astype("float32"),
    )
    np.testing.assert_array_equal(layer(images, training=False), images)
    assert layer.count_params() == 0, "the state of its chance is none"
    assert layer.compute_output_shape(images.shape) == images.shape


def test_channels_first_says_what_to_do_and_that_works(keras):
    def model(order, shape):
        layers = [keras.layers.Conv2D(2, 3, data_format=order, name="c")]
        return keras.Sequential([keras.Input(shape), *layers])

    with pytest.raises(ValueError, match="only 'channels_last' can, so build the model with it"):
        Network.from_keras(model("channels_first", (4, 8, 8)))
    network = Network.from_keras(model("channels_last", (8, 8, 4)))
    assert network.output_shape == (6, 6, 2)


def test_an_application_with_channels_first_is_refused_until_it_has_them_last(keras):
    def model(order, shape):
        before = keras.config.image_data_format()
        keras.config.set_image_data_format(order)
        try:
            return keras.applications.MobileNet(weights=None, alpha=0.25, input_shape=shape)
        finally:
            keras.config.set_image_data_format(before)

    with pytest.raises(
        ValueError, match="conv1: data_format='channels_first' cannot be read; only"
    ):
        Network.from_keras(model("channels_first", (3, 64, 64)))
    last = model("channels_last", (64, 64, 3))
    assert Network.from_keras(last).parameters == last.count_params()


def test_the_first_axis_of_a_vector_is_its_last_to_every_layer_that_has_an_axis(keras):
    x = keras.Input((5,))
    y = keras.layers.BatchNormalization(axis=1)(x)
    z = keras.layers.Concatenate(axis=1)([keras.layers.LayerNormalization(axis=1)(y), x])
    model = keras.Model(x, keras.layers.Softmax(axis=1)(z))
    twin = Network.from_keras(model).to_keras()
    keras_bridge.set_weights(twin, keras_bridge.get_weights(model))
    vectors = np.random.default_rng(0).normal(size=(2, 5)).astype("float32")
    np.testing.assert_allclose(twin(vectors), model(vectors), rtol=1e-6)
    np.testing.assert_allclose(np.sum(model(vectors), axis=1), 1, rtol=1e-6)


def test_weights_are_told_of_layers_and_not_of_what_is_only_computed(keras):
    x = keras.Input((4,))
    model = keras.Model(x, keras.layers.Dense(2, name="d")(x * 2.0 + 1.0))
    assert list(keras_bridge.get_weights(model)) == ["d"]
    assert [row.kind for row in Network.from_keras(model)] == ["Rescaling", "Rescaling", "Dense"]


def test_a_layer_scale_computes_what_keras_has_among_its_applications():
    theirs, images = (
        built("LayerScale"),
        np.random.default_rng(0).normal(size=(2, 3, 3, 4)).astype("float32"),
    )
    ours = LayerScale.from_keras("LayerScale", theirs.get_config())
    assert ours == LayerScale(4, 0.1, name=theirs.name)
    twin = Network((3, 3, 4), [ours]).to_keras()
    np.testing.assert_allclose(twin(images), theirs(images))
    assert twin.count_params() == theirs.count_params() == 4


def test_parameters_that_learn_are_those_that_keras_summarizes(keras):
    layers = [Conv2D(2, 3), BatchNormalization(), Conv2D(3, 1, trainable=False), Normalization()]
    network = Network((8, 8, 1), layers)
    model = network.to_keras()
    for row, layer in zip(network, model.layers, strict=True):
        assert row.trainable_parameters == keras_count(layer.trainable_weights)
        assert row.non_trainable_parameters == keras_count(layer.non_trainable_weights)
    assert network.trainable_parameters == keras_count(model.trainable_weights) == 20 + 4
    assert network.non_trainable_parameters == keras_count(model.non_trainable_weights)
    assert Network.from_keras(model) == network
    line = str(network.table("trainable_parameters", "non_trainable_parameters")).splitlines()[-1]
    assert line.split() == ["total", "24", str(network.parameters - 24)]


def keras_count(weights):
    return sum(math.prod(weight.shape) for weight in weights)


CANNOT = [
    (
        Conv2D(1, 2, connection_table=[[True, True]]),
        "Conv2D has no connection_table: leave",
    ),
    (LocallyConnected2D(1, 2), "Keras has no built-in layer for a LocallyConnected2D"),
    (TrainableSubsampling(2), "Keras has no built-in layer for a TrainableSubsampling"),
    (MaxPooling2D(2, ceil_mode=True), "Keras's MaxPooling2D has no ceil_mode: leave it at False"),
    (MaxPooling2D(2, padding=1), "Keras pads a pool by 'valid' or 'same', not 1"),
    (AveragePooling2D(2, padding="full"), "Keras pads a pool by 'valid' or 'same', not 'full'"),
    (Conv2D(1, 2, strides=2, dilation_rate=2), "strides"),
    (Conv2D(1, 2, name="a/b"), "in Keras a layer's name is of letters, digits"),
    (Conv2D(1, 2, name="C 1"), "rename it"),
    (Conv2D(1, 2, name="né"), "rename it"),
]


@pytest.mark.parametrize(("layer", "message"), CANNOT)
def test_what_keras_cannot_build_says_why(layer, message):
    network = Network((9, 9, 2), [layer])
    with pytest.raises(ValueError, match=f"^{network[0].name}: .*{message}"):
        network.to_keras()


def test_an_rbf_has_no_keras_layer():
    with pytest.raises(ValueError, match=r"^rbf: Keras has no built-in layer for a RBF"):
        Network((84,), [RBF(10)]).to_keras()


@pytest.mark.parametrize("title", ["LeNet-5", "AlexNet (2012)", "_x", "网络", "a/b"])
def test_a_network_of_any_title_trains(title):
    model = Network((4,), [Dense(2, name="_F.6-a")], name=title).to_keras()
    model.compile("sgd", "mse")
    model.fit(np.zeros((1, 4)), np.zeros((1, 2)), verbose=0)


def test_a_padding_layer_takes_a_name_that_is_free():
    layers = [Conv2D(1, 3, padding=1, name="C1"), Conv2D(1, 3, name="C1_padding")]
    model = Network((9, 9, 1), layers).to_keras()
    assert [layer.name for layer in model.layers] == ["C1_padding_", "C1", "C1_padding"]


def test_weights_that_do_not_fit_are_refused_and_change_nothing():
    model = Network((4,), [Dense(3, name="a"), Dense(2, name="b")]).to_keras()
    before = keras_bridge.get_weights(model)
    wrong = {"a": [np.ones((4, 3)), np.ones(3)], "b": [np.ones((3, 2))]}
    message = r"b: its weights have the shapes \[\(3, 2\), \(2,\)\], not \[\(3, 2\)\]"
    with pytest.raises(ValueError, match=message):
        keras_bridge.set_weights(model, wrong)
    with pytest.raises(ValueError, match=r"layers are \['a', 'b'\], the weights' are \['a'\]"):
        keras_bridge.set_weights(model, {"a": wrong["a"]})
    after = keras_bridge.get_weights(model)
    for name, arrays in before.items():
        for old, new in zip(arrays, after[name], strict=True):
            np.testing.assert_array_equal(old, new)


def test_every_activation_that_a_layer_may_name_is_one_of_keras(keras):
    values = np.random.default_rng(1).normal(size=(2, 4)).astype("float32")
    for name in FUNCTIONS:
        assert keras.activations.get(name)(values).shape == values.shape
