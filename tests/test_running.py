"""Does each kind of layer compute what Keras does, and carry gradients back as slopes say?"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings

import cnnlib.layers
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
    keras_bridge,
)
from cnnlib.engine import images_first, images_last
from cnnlib.layers.base import Place
from cnnlib.layers.elementwise import _RUN
from cnnlib.training import NumpyModel
from cnnlib.training.chain import Chain
from tests.test_keras_bridge import networks


def drawn():
    return np.random.default_rng(2)


def normal(*shape):
    return np.random.default_rng(shape).normal(size=shape)


class Run:
    """A layer alone, in double precision, with its weights drawn."""

    def __init__(self, layer, shape, random=None):
        (self.row,) = Network(shape, [layer])
        chance = drawn()
        self.weights = {
            name: chance.uniform(0.5, 1.5, weight.shape)  # those of a variance are positive
            for name, weight in self.row.layer.weights(shape).items()
        }
        place = Place(self.row.axes, self.weights, random)
        self.steps = list(self.row.layer.steps(place))

    def passes(self, images):
        values, passes = images_last(images), []
        for step in self.steps:
            held = [] if step.weight is None else [self.weights[step.weight]]
            passes.append(step.run(values, *held))
            values = passes[-1].output
        return passes

    def __call__(self, images):
        passes = self.passes(images)
        return images_first(passes[-1].output) if passes else images

    def gradients(self, images, arriving):
        """The gradient of (output * arriving).sum() with respect to the images, and each weight."""
        passes, arriving, found = self.passes(images), images_last(arriving), {}
        for step, done in zip(reversed(self.steps), reversed(passes), strict=True):
            if step.weight:
                found[step.weight] = done.by_weight(arriving)
            arriving = done.by_inputs(arriving)
        return images_first(arriving), found


def slopes(function, array, step=1e-6):
    """The gradient of a function of this array, which it holds, by finite differences."""
    found = np.empty_like(array)
    for place in np.ndindex(array.shape):
        before = array[place]
        array[place] = before + step
        above = function()
        array[place] = before - step
        found[place] = (above - function()) / (2 * step)
        array[place] = before
    return found


TABLE = [[True, False, True], [True, True, True]]
KINDS = [
    (Conv2D(4, (3, 2), strides=(2, 1), padding="same", activation="tanh"), (5, 6, 3)),
    (Conv2D(4, 2, groups=2, dilation_rate=2, use_bias=False), (5, 6, 2)),
    (Conv2D(2, 2, connection_table=TABLE, padding=((1, 0), (0, 2))), (4, 3, 3)),
    (DepthwiseConv2D((2, 3), strides=2, padding="full", depth_multiplier=2), (4, 5, 2)),
    (SeparableConv2D(3, (2, 3), padding="same", depth_multiplier=2), (4, 5, 2)),
    (SeparableConv2D(3, 2, strides=2, use_bias=False, activation="relu"), (4, 5, 2)),
    (LocallyConnected2D(3, (2, 3), strides=2), (4, 5, 2)),
    (Conv2DTranspose(3, (3, 2), strides=2, padding="same", activation="sigmoid"), (3, 2, 2)),
    (Conv2DTranspose(2, (1, 3), strides=(2, 1), use_bias=False), (3, 2, 2)),
    (MaxPooling2D(2, strides=1), (4, 5, 2)),
    (MaxPooling2D(3, strides=2, padding="same", ceil_mode=True), (5, 4, 2)),
    (AveragePooling2D((2, 3), strides=2, padding=1), (5, 4, 2)),
    (GlobalMaxPooling2D(), (4, 3, 2)),
    (GlobalAveragePooling2D(), (4, 3, 2)),
    (TrainableSubsampling(2), (4, 6, 2)),
    (TrainableSubsampling((1, 3), strides=2, activation=None), (4, 7, 2)),
    (ZeroPadding2D(((0, 1), (2, 3))), (4, 3, 2)),
    (Flatten(), (4, 3, 2)),
    (Flatten(), (4,)),
    (Dense(3, activation="softplus"), (5,)),
    (Dense(3, use_bias=False), (5,)),
    (RBF(3), (5,)),
    (BatchNormalization(), (3, 2, 2)),
    (BatchNormalization(scale=False, epsilon=0.1), (5,)),
    (BatchNormalization(center=False), (5,)),
    (Dropout(0.4), (6,)),
    *((Activation(name), (3, 2, 4)) for name in ("linear", *_RUN)),
    (Activation("softmax"), (5,)),
    (Softmax(), (3, 2, 4)),
    (Softmax(axis=1), (5,)),
    (ReLU(), (3, 2, 4)),
    (ReLU(max_value=1, negative_slope=0.1, threshold=0.5), (3, 2, 4)),
    (LeakyReLU(), (5,)),
    (ELU(0.5), (5,)),
    (PReLU(), (3, 2, 4)),
    (PReLU(), (5,)),
    (PReLU([1, 2]), (3, 2, 4)),
    (PReLU([1, 2, 3]), (3, 2, 4)),
    (Identity(), (5,)),
    (Dropout(0.4, noise_shape=(None, 1, 1, 1)), (3, 2, 4)),
    (SpatialDropout2D(0.4), (3, 2, 4)),
    (AlphaDropout(0.4), (5,)),
    (GaussianNoise(0.5), (3, 2, 4)),
    (GaussianDropout(0.4), (5,)),
    (Augmentation("RandomFlip"), (3, 2, 4)),
    (LayerNormalization(), (3, 2, 4)),
    (LayerNormalization(center=False, epsilon=0.1), (5,)),
    (LayerNormalization(scale=False), (5,)),
    (Normalization(), (3, 2, 4)),
    (Normalization(mean=(1, 2), variance=0.5, invert=True), (3, 2, 2)),
    (Rescaling((2, 3), offset=-1), (3, 2, 2)),
    (Rescaling(2, offset=[0.5] * 5), (5,)),
    (LayerScale(4, 0.5), (3, 2, 4)),
    (LayerScale(5), (5,)),
    (Dense(3, at_each_place=True), (3, 2, 4)),
    (GlobalMaxPooling2D(keepdims=True), (4, 3, 2)),
    (GlobalAveragePooling2D(keepdims=True), (4, 3, 2)),
    (Cropping2D(((0, 1), (2, 1))), (4, 5, 2)),
    (CenterCrop(2, 3), (5, 3, 2)),
    (UpSampling2D((2, 3)), (4, 3, 2)),
    (UpSampling2D((2, 3), interpolation="bilinear"), (4, 3, 2)),
    (Resizing(5, 2), (4, 7, 2)),
    (Resizing(5, 2, interpolation="nearest"), (4, 7, 2)),
    (Reshape((3, -1, 2)), (24,)),
    (Reshape((2, 4, 3)), (4, 3, 2)),
    (Reshape((-1,)), (4, 3, 2)),
    (Permute((3, 1, 2)), (4, 3, 2)),
    (Permute((1,)), (5,)),
]
AT_LEARNING = [case for case in KINDS if not isinstance(case[0], Augmentation)]


def test_every_kind_of_the_library_is_among_those_tried():
    kinds = {getattr(cnnlib.layers, name) for name in cnnlib.layers.__all__}
    layers = {kind for kind in kinds if "__dataclass_fields__" in getattr(kind, "__dict__", ())}
    # What joins branches does not run in NumPy; tests/test_graphs.py tries that it says so.
    layers -= set(cnnlib.layers.Merge.__subclasses__())
    assert {type(layer) for layer, _ in KINDS} == layers


@pytest.mark.parametrize(
    ("layer", "shape", "learns"),
    [(*case, False) for case in KINDS] + [(*case, True) for case in AT_LEARNING],
)
def test_the_way_back_is_that_of_finite_differences(layer, shape, learns):
    class Again(np.random.Generator):
        """Chance that throws the same dice at each pass."""

        def random(self, *arguments):
            return np.random.default_rng(0).random(*arguments)

        def normal(self, *arguments):
            return np.random.default_rng(0).normal(*arguments)

    random = Again(np.random.PCG64(0)) if learns else None
    run, images = Run(layer, shape, random), 2 * normal(3, *shape)
    before = images.copy()
    arriving = normal(*run(images).shape)
    by_images, by_weights = run.gradients(images, arriving)
    np.testing.assert_array_equal(images, before)

    def loss():
        return float((run(images) * arriving).sum())

    np.testing.assert_allclose(by_images, slopes(loss, images), rtol=1e-5, atol=1e-6)
    learned = [n for n, weight in run.row.layer.weights(shape).items() if weight.trainable]
    assert sorted(by_weights) == sorted(learned)
    for name, found in by_weights.items():
        assert found.shape == run.weights[name].shape
        np.testing.assert_allclose(found, slopes(loss, run.weights[name]), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("layer", "shape"), KINDS)
def test_the_shape_that_comes_out_is_the_one_described(layer, shape):
    assert Run(layer, shape)(normal(2, *shape)).shape == (2, *layer.output_shape(shape))


@pytest.mark.parametrize(("layer", "shape"), KINDS)
def test_single_precision_stays_single(layer, shape):
    network = Network(shape, [layer])
    chain = Chain(network, np.random.default_rng(0))
    images = images_last(normal(2, *shape).astype("f"))
    assert chain.use(images.copy()).dtype == np.float32
    if isinstance(layer, Augmentation):
        return
    for done in chain.forward(images):
        assert done.output.dtype == np.float32
        assert done.by_inputs(np.ones_like(done.output)).dtype == np.float32


def redrawn(weights):
    """Arrays unlike those a fresh layer has: averages that are not 0 and 1, biases not 0."""
    chance = drawn()
    return {
        name: [chance.uniform(0.1, 1, array.shape).astype(array.dtype) for array in arrays]
        for name, arrays in weights.items()
    }


def as_logits(network):
    """The network without what Keras does by chance, and without a softmax."""
    chance = Dropout | AlphaDropout | GaussianNoise | GaussianDropout | Augmentation
    layers = [layer for layer in network.layers if not isinstance(layer, chance)] or [Flatten()]
    if isinstance(layers[-1], Softmax):
        layers[-1] = Identity()
    if getattr(layers[-1], "activation", None) == "softmax":
        layers[-1] = replace(layers[-1], activation=None)
    return Network(network.input_shape, layers)


@settings(max_examples=60, deadline=None)
@given(networks())
@example(Network((3, 3, 1), [Normalization()]))
@example(Network((3, 3, 1), [Dropout(0.5)]))
def test_networks_compute_and_learn_as_those_of_keras(network):
    """Outputs in use; then, learning, outputs and the gradient of each weight."""
    import tensorflow as tf

    network = as_logits(network)
    model, chain = network.to_keras(), Chain(network, np.random.default_rng(0))
    weights = redrawn(keras_bridge.get_weights(model))
    keras_bridge.set_weights(model, weights)
    chain.replace_weights(weights)
    images = normal(4, *network.input_shape).astype("f")
    close = {"rtol": 1e-3, "atol": 1e-3}
    found = images_first(chain.use(images_last(images)))
    np.testing.assert_allclose(found, model(images, training=False), **close)
    passes = chain.forward(images_last(images))
    with tf.GradientTape() as tape:
        output = model(images, training=True)
        arriving = normal(*output.shape).astype("f")
        loss = tf.reduce_sum(output * arriving)
    learned = passes[-1].output if passes else images_last(images)
    np.testing.assert_allclose(images_first(learned), output, **close)
    if not model.trainable_weights:
        return
    expected = tape.gradient(loss, model.trainable_variables)
    _, gradients = chain.zeros()
    chain.backward(passes, images_last(arriving), gradients)
    found = [array for own in gradients.values() for array in own.values()]
    largest = max(float(np.abs(array).max()) for array in expected)
    # Against double precision, neither was seen to err by more than 3e-6 of the largest; where all
    # is 0 but for rounding, both err by up to 9e-6.
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=max(1e-4 * largest, 1e-5))


def test_a_weight_that_is_a_single_number_is_replaced_too():
    chain = Chain(Network((3,), [Normalization()]), np.random.default_rng(0))
    given = [np.full_like(array, 7) for array in chain.lists()["normalization"]]
    assert [array.shape for array in given] == [(3,), (3,), ()]
    chain.replace_weights({"normalization": given})
    assert all((array == 7).all() for array in chain.lists()["normalization"])


def test_a_network_without_a_step_gives_its_input_back():
    chain = Chain(Network((3,), [Dropout(0.5)]), np.random.default_rng(0))
    np.testing.assert_array_equal(chain.use(np.ones((3, 2))), np.ones((3, 2)))


def test_dropout_drops_its_share_and_keeps_the_mean():
    inputs = np.ones((100, 1000))
    run = Run(Dropout(0.3), (1000,), np.random.default_rng(0))
    (done,) = run.passes(inputs)
    assert set(np.unique(done.output)) == {0, 1 / 0.7}
    assert (done.output == 0).mean() == pytest.approx(0.3, abs=0.01)  # 7 standard deviations
    np.testing.assert_array_equal(done.by_inputs(done.output * 0 + 1), done.output)


def test_chance_keeps_the_mean_and_a_selus_spread():
    inputs = np.random.default_rng(0).normal(size=(100, 1000))
    kinds = GaussianNoise(0.5), GaussianDropout(0.3), AlphaDropout(0.3)
    found = [Run(kind, (1000,), np.random.default_rng(1))(inputs) for kind in kinds]
    assert [values.mean() for values in found] == pytest.approx([0] * 3, abs=0.02)
    spreads = np.sqrt(1 + 0.5**2), np.sqrt(1 + 0.3 / 0.7), 1
    assert [values.std() for values in found] == pytest.approx(spreads, rel=0.01)


def test_values_that_share_their_noise_are_dropped_together():
    images, random = np.ones((50, 4, 3, 20)), np.random.default_rng(0)
    whole = Run(Dropout(0.5, noise_shape=(None, 1, 1, 1)), (4, 3, 20), random)(images)
    assert set(whole.sum(axis=(1, 2, 3))) == {0, 2 * 4 * 3 * 20}
    maps = Run(SpatialDropout2D(0.5), (4, 3, 20), random)(images)
    assert set(maps.sum(axis=(1, 2)).ravel()) == {0, 2 * 4 * 3}
    assert not np.array_equal(maps, np.broadcast_to(maps[..., :1], maps.shape))


def test_a_network_with_an_augmentation_runs_but_does_not_learn():
    layers = [Augmentation("RandomFlip", name="flip"), Flatten(), Dense(2)]
    model = NumpyModel(Network((4, 4, 1), layers))
    images = np.ones((2, 4, 4, 1), "f")
    without = NumpyModel(Network((4, 4, 1), layers[1:]))
    np.testing.assert_array_equal(model.predict(images), without.predict(images))
    with pytest.raises(
        ValueError, match=r"^flip: NumpyModel does not distort .*fit\(augment=...\)"
    ):
        model.fit(images, [0, 1], verbose=0)


def test_a_layer_that_does_not_train_stays_as_it_is():
    layers = [
        Dense(3, name="kept", trainable=False),
        BatchNormalization(name="still", trainable=False),
        Dense(2, name="out"),
    ]
    network = Network((4,), layers)
    model, images = NumpyModel(network), normal(6, 4).astype("f")
    before = model.weights
    model.fit(images, [0, 1] * 3, epochs=2, verbose=0)
    for name, arrays in model.weights.items():
        for old, new in zip(before[name], arrays, strict=True):
            assert np.array_equal(old, new) == (name != "out")
    theirs = network.to_keras()
    assert theirs.trainable_weights == theirs.get_layer("out").weights
    keras_bridge.set_weights(theirs, model.weights)
    logits = theirs(images, training=True)  # a BatchNormalization that does not train is in use
    np.testing.assert_allclose(model.forward(images), logits, rtol=1e-5, atol=1e-5)


def test_sigmoid_does_not_overflow():
    output = Run(Activation("sigmoid"), (2,))(np.array([[-1000.0, 1000.0]], dtype=np.float32))
    np.testing.assert_array_equal(output, [[0, 1]])


@pytest.mark.parametrize("shape", [(3, 2, 4), (4,)])
def test_a_softmax_adds_up_over_the_channels(shape):
    images = normal(2, *shape)
    expected = np.exp(images) / np.exp(images).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(Run(Activation("softmax"), shape)(images), expected)


def test_an_rbf_gives_minus_the_distance_to_its_codes():
    layer, inputs = RBF(10), normal(5, 84)
    codes = layer.codes(84)
    assert set(codes.ravel()) == {-1, 1}
    assert codes.shape == (84, 10)
    assert len({tuple(code) for code in codes.T}) == 10
    expected = [[-(math.dist(image, code) ** 2) for code in codes.T] for image in inputs]
    np.testing.assert_allclose(Run(layer, (84,))(inputs), expected)
    np.testing.assert_array_equal(RBF(10).codes(84), codes, err_msg="the same in every network")


def test_gradients_stop_at_the_first_layer_that_learns():
    layers = [MaxPooling2D(2, name="pool"), Flatten(), Dense(2, name="out")]
    chain = Chain(Network((4, 4, 1), layers), drawn())
    passes = chain.forward(images_last(normal(3, 4, 4, 1)))
    assert len(passes) == 4  # pool, flatten, kernel, bias
    _, gradients = chain.zeros()
    chain.backward(passes, np.ones((2, 3)), gradients)
    assert len(passes) == 2
    np.testing.assert_allclose(gradients["out"]["bias"], [3, 3])


WIDE = [
    (Conv2D(24, 5, groups=2), (9, 9, 8)),
    (DepthwiseConv2D(5, depth_multiplier=8), (9, 9, 16)),
    (SeparableConv2D(40, 5, depth_multiplier=8), (9, 9, 16)),
    (Conv2DTranspose(24, 5), (9, 9, 8)),
    (Dense(40), (30,)),
    (BatchNormalization(), (3, 3, 8)),
    (LayerNormalization(), (3, 3, 8)),
    (LayerScale(8, 0.1), (3, 3, 8)),
]


@pytest.mark.parametrize(("layer", "shape"), WIDE)
def test_weights_begin_as_those_of_keras(layer, shape):
    """Kernels uniform within the same limits; every other array the same."""
    network = Network(shape, [layer])
    (theirs,) = keras_bridge.get_weights(network.to_keras()).values()
    (ours,) = Chain(network, np.random.default_rng(0)).lists().values()
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        if mine.ndim == 1:
            np.testing.assert_array_equal(mine, other)
            continue
        limit = np.abs(other).max()
        assert np.abs(mine).max() == pytest.approx(limit, rel=0.03)
        assert mine.std() == pytest.approx(limit / np.sqrt(3), rel=0.1)


def test_a_table_draws_each_filter_by_the_channels_that_it_reads():
    table = np.zeros((40, 40), bool)
    np.fill_diagonal(table, True)  # one channel each: as a convolution of one channel and filter
    chain = Chain(Network((5, 5, 40), [Conv2D(40, 5, connection_table=table)]), drawn())
    (kernel, _), limit = chain.lists()["conv2d"], np.sqrt(6 / (25 + 25))
    assert np.abs(kernel).max() == pytest.approx(limit, rel=0.03)


def test_a_trainable_pool_begins_as_an_average():
    images = normal(2, 6, 6, 3).astype("f")
    chain = Chain(Network((6, 6, 3), [TrainableSubsampling(2, activation=None)]), drawn())
    found = images_first(chain.use(images_last(images)))
    expected = images.reshape(2, 3, 2, 3, 2, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
