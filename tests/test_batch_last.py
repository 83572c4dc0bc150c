"""Do the layers with the images last compute what `operations` and `gradients` compute?"""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnlib import (
    Activation,
    AveragePooling2D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LocallyConnected2D,
    MaxPooling2D,
    Network,
    operations,
)
from cnnlib.engine import images_first, images_last
from cnnlib.training.batch_last import steps
from cnnlib.training.chain import Chain

RANDOM = np.random.default_rng(2)
slow = settings(max_examples=60, deadline=None)
sizes = st.integers(1, 3)
pairs = st.tuples(sizes, sizes)
paddings = st.sampled_from(["valid", "same", "full", 1, ((2, 0), (0, 1))])


def normal(*shape):
    return RANDOM.normal(size=shape)


def run(layer, images, weights=(), random=None):
    """A layer's output, and a function from its gradient to all others, in the usual order."""
    (row,) = Network(images.shape[1:], [layer])
    values, passes = images_last(images), []
    for step in steps(row):
        weight = None if step.weight is None else weights[step.weight]
        passes.append(step.run(values, weight, random))
        values = passes[-1].output

    def back(arriving):
        arriving, by_weights = images_last(arriving), []
        for done in reversed(passes):
            by_weights += [done.by_weight(arriving)] if done.by_weight else []
            arriving = done.by_inputs(arriving)
        return images_first(arriving), *reversed(by_weights)

    return images_first(values), back


def check(layer, images, weights, expected, expected_gradients):
    output, back = run(layer, images, weights)
    assert output.dtype == expected.dtype
    np.testing.assert_allclose(output, expected, rtol=1e-10, atol=1e-10)
    arriving = normal(*output.shape)
    wanted = expected_gradients(arriving)
    found = back(arriving)
    assert len(found) == len(wanted) == 1 + len(weights)
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@slow
@given(pairs, pairs, paddings, pairs, sizes, sizes, sizes)
@example((1, 2), (1, 3), "full", (1, 1), 1, 1, 1)  # windows span as many cells as there are
def test_a_convolution_is_that_of_operations(
    kernel, strides, padding, dilation, groups, depth, filters
):
    images = normal(3, 7, 8, groups * depth)
    kernels, bias = normal(*kernel, depth, groups * filters), normal(groups * filters)
    geometry = strides, padding, dilation, groups
    check(
        Conv2D(groups * filters, kernel, *geometry),
        images,
        [kernels, bias],
        operations.conv2d(images, kernels, bias, *geometry),
        lambda arriving: operations.conv2d_gradients(images, kernels, arriving, *geometry),
    )


def test_a_convolution_without_a_bias_has_one_gradient():
    images, kernels = normal(2, 5, 5, 2), normal(3, 3, 2, 4)
    check(
        Conv2D(4, 3, use_bias=False),
        images,
        [kernels],
        operations.conv2d(images, kernels),
        lambda arriving: operations.conv2d_gradients(images, kernels, arriving)[:2],
    )


@slow
@given(pairs, pairs, sizes, sizes)
def test_a_locally_connected_layer_is_that_of_operations(kernel, strides, channels, filters):
    images = normal(3, 5, 4, channels)
    layer = LocallyConnected2D(filters, kernel, strides)
    kernels, bias = (normal(*shape) for shape in layer.weights(images.shape[1:]).values())
    check(
        layer,
        images,
        [kernels, bias],
        operations.locally_connected2d(images, kernels, bias, strides),
        lambda arriving: operations.locally_connected2d_gradients(
            images, kernels, arriving, strides
        ),
    )


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"pool_size": 3, "strides": 2},
        {"pool_size": 2, "strides": 3},
        {"pool_size": (3, 2), "strides": (1, 3), "padding": "same"},
        {"pool_size": 3, "strides": 2, "padding": 1, "ceil_mode": True},
        {"pool_size": 3, "strides": 1, "padding": ((1, 0), (0, 2))},
    ],
)
def test_a_pool_is_that_of_operations_on_ties_too(kind, geometry):
    images = RANDOM.integers(-1, 2, (4, 7, 8, 3)).astype(float)  # few values: many ties
    layer = {"max": MaxPooling2D, "average": AveragePooling2D}[kind](**geometry)
    pool = getattr(operations, f"{kind}_pooling2d")
    gradient = getattr(operations, f"{kind}_pooling2d_gradient")
    check(
        layer,
        images,
        [],
        pool(images, **geometry),
        lambda arriving: [gradient(images, arriving, **geometry)],
    )


def test_a_dense_layer_is_that_of_operations():
    inputs, kernel, bias = normal(5, 7), normal(7, 3), normal(3)
    check(
        Dense(3),
        inputs,
        [kernel, bias],
        operations.dense(inputs, kernel, bias),
        lambda arriving: operations.dense_gradients(inputs, kernel, arriving),
    )


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("shape", [(4, 3, 2, 5), (4, 6)])
def test_an_activation_is_that_of_operations(name, shape):
    inputs = 3 * normal(*shape)
    inputs[0] = 0
    check(
        Activation(name),
        inputs,
        [],
        getattr(operations, name)(inputs),
        lambda arriving: [getattr(operations, f"{name}_gradient")(inputs, arriving)],
    )


def test_an_activation_within_a_layer_comes_after_its_bias():
    inputs, kernel, bias = normal(5, 7), normal(7, 3), normal(3)
    output, _ = run(Dense(3, activation="tanh"), inputs, [kernel, bias])
    np.testing.assert_allclose(output, np.tanh(inputs @ kernel + bias), rtol=1e-12)


def test_sigmoid_does_not_overflow():
    inputs = np.array([[-1000.0, 1000.0]], dtype=np.float32)
    output, _ = run(Activation("sigmoid"), inputs)
    np.testing.assert_array_equal(output, [[0, 1]])


def test_flatten_keeps_keras_order_and_undoes_it():
    images = normal(3, 2, 4, 5)
    check(
        Flatten(),
        images,
        [],
        images.reshape(3, -1),
        lambda arriving: [arriving.reshape(images.shape)],
    )


def test_dropout_passes_everything_on_unless_the_network_learns():
    inputs = normal(4, 50)
    output, back = run(Dropout(0.9), inputs)
    np.testing.assert_array_equal(output, inputs)
    np.testing.assert_array_equal(back(inputs)[0], inputs)


def test_dropout_drops_its_share_and_keeps_the_mean():
    inputs = np.ones((100, 1000))
    output, back = run(Dropout(0.3), inputs, random=np.random.default_rng(0))
    assert set(np.unique(output)) == {0, 1 / 0.7}
    assert (output == 0).mean() == pytest.approx(0.3, abs=0.01)  # 7 standard deviations
    np.testing.assert_array_equal(back(inputs)[0], output)  # what was dropped learns nothing


def test_gradients_stop_at_the_first_layer_with_weights():
    layers = [MaxPooling2D(2, name="pool"), Flatten(), Dense(2, name="out")]
    chain = Chain(Network((4, 4, 1), layers), RANDOM)
    passes = chain.forward(images_last(normal(3, 4, 4, 1)))
    assert len(passes) == 4  # pool, flatten, kernel, bias
    _, gradients = chain.zeros()
    chain.backward(passes, np.ones((2, 3)), gradients)
    assert len(passes) == 2
    np.testing.assert_allclose(gradients["out"][1], [3, 3])
