"""Are the gradients those of finite differences, and those of TensorFlow?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib import operations

slow = settings(max_examples=40, deadline=None)


@pytest.fixture(scope="module")
def tf():
    import tensorflow

    return tensorflow


def normal(*shape):
    """Random numbers that depend on nothing but the shape, so that every run is the same."""
    return np.random.default_rng(shape).normal(size=shape)


def apart(*shape):
    """Numbers that differ by 0.1 at least, none near zero: no step changes which is largest."""
    size = np.prod(shape)
    return (np.random.default_rng(0).permutation(size).reshape(shape) - size // 2 + 0.5) / 10


def differences(loss, array, step):
    """The gradient of a scalar loss with respect to the array, two calls for each entry."""
    gradient = np.empty_like(array)
    for index in np.ndindex(array.shape):
        ends = []
        for sign in (1, -1):
            moved = array.copy()
            moved[index] += sign * step
            ends.append(loss(moved))
        gradient[index] = (ends[0] - ends[1]) / (2 * step)
    return gradient


def check(forward, backward, *arrays, step=1e-5):
    """Compare with finite differences, by every argument, to a relative error below 1e-7."""
    weights = normal(*np.shape(forward(*arrays)))
    gradients = backward(*arrays, weights)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert len(gradients) == len(arrays)
    for place, (array, got) in enumerate(zip(arrays, gradients, strict=True)):

        def loss(moved, place=place):
            return np.sum(weights * forward(*arrays[:place], moved, *arrays[place + 1 :]))

        expected = differences(loss, array, step)
        assert got.shape == array.shape
        assert got.dtype == np.float64
        scale = np.linalg.norm(expected) + np.linalg.norm(got)
        assert np.linalg.norm(got - expected) <= 1e-7 * scale


geometries = st.fixed_dictionaries(
    {
        "strides": st.tuples(st.integers(1, 3), st.integers(1, 3)),
        "padding": st.sampled_from(["valid", "same", "full", 1, ((2, 0), (0, 1))]),
        "dilation_rate": st.tuples(st.integers(1, 2), st.integers(1, 2)),
    }
)
sizes = st.integers(1, 3)


@slow
@given(geometries, sizes, sizes, sizes, sizes, sizes)
def test_conv2d_gradients_are_those_of_finite_differences(geometry, kh, kw, groups, depth, filters):
    images, kernels = normal(2, 6, 5, groups * depth), normal(kh, kw, depth, groups * filters)

    def forward(images, kernels, bias):
        return operations.conv2d(images, kernels, bias, **geometry, groups=groups)

    def backward(images, kernels, bias, arriving):
        return operations.conv2d_gradients(images, kernels, arriving, **geometry, groups=groups)

    # the loss is linear in each argument, so that a step of 1 is exact
    check(forward, backward, images, kernels, normal(groups * filters), step=1.0)


@pytest.mark.parametrize(
    ("geometry", "positions"),
    [
        ({}, (4, 4)),
        ({"padding": "same", "strides": (2, 1)}, (3, 5)),
        ({"dilation_rate": 2}, (2, 3)),
    ],
)
def test_locally_connected_gradients_are_those_of_finite_differences(geometry, positions):
    kernel = (3, 2)
    images = normal(2, 6, 5, 2)
    kernels, bias = normal(*positions, *kernel, 2, 3), normal(*positions, 3)

    def forward(images, kernels, bias):
        return operations.locally_connected2d(images, kernels, bias, **geometry)

    def backward(images, kernels, bias, arriving):
        return operations.locally_connected2d_gradients(images, kernels, arriving, **geometry)

    check(forward, backward, images, kernels, bias, step=1.0)


@pytest.mark.parametrize("pool", ["max_pooling2d", "average_pooling2d"])
@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"pool_size": 3, "strides": 2},
        {"pool_size": (3, 2), "strides": (1, 3), "padding": "same"},
        {"pool_size": 3, "strides": 2, "padding": 1, "ceil_mode": True},
        {"pool_size": 1, "strides": 2},
    ],
)
def test_pooling_gradients_are_those_of_finite_differences(pool, geometry):
    def forward(images):
        return getattr(operations, pool)(images, **geometry)

    def backward(images, arriving):
        return getattr(operations, f"{pool}_gradient")(images, arriving, **geometry)

    check(forward, backward, apart(2, 6, 7, 3), step=1e-2)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid"])
def test_activation_gradients_are_those_of_finite_differences(name):
    forward, backward = getattr(operations, name), getattr(operations, f"{name}_gradient")
    check(forward, backward, apart(6, 7))


@given(sizes, sizes, sizes)
@slow
def test_dense_gradients_are_those_of_finite_differences(images, inputs, units):
    arrays = normal(images, inputs), normal(inputs, units), normal(units)
    check(operations.dense, lambda x, w, b, g: operations.dense_gradients(x, w, g), *arrays)


def test_the_cross_entropy_gradient_is_that_of_finite_differences():
    logits, labels = normal(5, 4), np.array([0, 3, 1, 1, 2])
    got = operations.cross_entropy_gradient(logits, labels)
    expected = differences(lambda moved: operations.cross_entropy(moved, labels), logits, 1e-4)
    assert np.linalg.norm(got - expected) <= 1e-7 * np.linalg.norm(expected)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("strides", "dilation"), [(1, 1), (2, 1), (3, 1), (1, 2)])
def test_conv2d_gradients_agree_with_tensorflow(tf, padding, strides, dilation):
    images, kernels = (normal(*shape).astype("f") for shape in ((3, 11, 9, 4), (3, 2, 4, 5)))
    with tf.GradientTape() as tape:
        variables = tf.Variable(images), tf.Variable(kernels), tf.Variable(np.zeros(5, "f"))
        # TensorFlow has gradients of dilated kernels only with oneDNN: spread the kernels by hand
        spread = [np.eye((k - 1) * dilation + 1, dtype="f")[:, ::dilation] for k in (3, 2)]
        spread = tf.einsum("ai,bj,ijcf->abcf", *spread, variables[1])
        output = tf.nn.conv2d(variables[0], spread, strides, padding.upper())
        arriving = normal(*output.shape).astype("f")
        loss = tf.reduce_sum((output + variables[2]) * arriving)
    expected = tape.gradient(loss, variables)
    got = operations.conv2d_gradients(images, kernels, arriving, strides, padding, dilation)
    for ours, theirs in zip(got, expected, strict=True):
        assert ours.dtype == np.float32
        assert np.linalg.norm(ours - theirs) <= 1e-5 * np.linalg.norm(theirs)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("size", "strides"), [(2, 2), (3, 2), (3, 1), (2, 3)])
def test_pooling_gradients_agree_with_tensorflow_on_ties_too(tf, padding, size, strides):
    images = (
        np.random.default_rng(0).integers(0, 3, (2, 9, 8, 3)).astype("f")
    )  # few values: many ties
    for name, theirs in (("max", tf.nn.max_pool2d), ("average", tf.nn.avg_pool2d)):
        with tf.GradientTape() as tape:
            variable = tf.Variable(images)
            output = theirs(variable, size, strides, padding.upper())
            arriving = normal(*output.shape).astype("f")
            loss = tf.reduce_sum(output * arriving)
        backward = getattr(operations, f"{name}_pooling2d_gradient")
        got = backward(images, arriving, size, strides, padding)
        np.testing.assert_allclose(got, tape.gradient(loss, variable), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid"])
def test_activation_gradients_agree_with_tensorflow_at_zero_too(tf, name):
    inputs, arriving = np.linspace(-8, 8, 33, dtype="f"), normal(33).astype("f")
    with tf.GradientTape() as tape:
        variable = tf.Variable(inputs)
        loss = tf.reduce_sum(getattr(tf.nn, name)(variable) * arriving)
    got = getattr(operations, f"{name}_gradient")(inputs, arriving)
    expected = tape.gradient(loss, variable)
    assert np.linalg.norm(got - expected) <= 1e-5 * np.linalg.norm(expected)
    assert got[16] == expected[16]


def test_the_cross_entropy_gradient_agrees_with_tensorflow(tf):
    logits, labels = normal(6, 10).astype("f"), np.arange(6)
    with tf.GradientTape() as tape:
        variable = tf.Variable(logits)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, variable)
        loss = tf.reduce_mean(losses)
    got = operations.cross_entropy_gradient(logits, labels)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, tape.gradient(loss, variable), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("message", "call"),
    [
        (
            r"output_gradient must have the shape \(1, 2, 2, 3\)",
            lambda: operations.conv2d_gradients(
                normal(1, 4, 4, 2), normal(3, 3, 2, 3), normal(1, 4, 4, 3)
            ),
        ),
        (
            r"output_gradient must have the shape \(1, 2, 2, 1\)",
            lambda: operations.max_pooling2d_gradient(normal(1, 4, 4, 1), normal(1, 4, 4, 1)),
        ),
        (
            r"output_gradient must have the shape \(2, 5\)",
            lambda: operations.dense_gradients(normal(2, 3), normal(3, 5), normal(2, 3)),
        ),
        (
            r"output_gradient must have the shape \(2,\)",
            lambda: operations.relu_gradient(normal(2), normal(3)),
        ),
        (
            "must be float32 or float64, not integers",
            lambda: operations.relu_gradient([1, 2], [3, 4]),
        ),
    ],
)
def test_a_gradient_that_does_not_fit_says_so(message, call):
    with pytest.raises(ValueError, match=message):
        call()
