"""Does each layer's ledger count what is there: weights, links, multiplications, bytes?"""

import math
import re

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
    operations,
)

few = settings(max_examples=40)
PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))
SIDES = st.tuples(st.integers(0, 3), st.integers(0, 3))
PADDINGS = st.sampled_from(["valid", "same", "full"]) | st.integers(0, 3) | st.tuples(SIDES, SIDES)
KERNELS = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def convolutions(draw):
    """Draw the arguments that a convolution's layer and its matrix have in common, and a shape."""
    groups = draw(st.integers(1, 3))
    shape = (
        *draw(st.tuples(st.integers(1, 7), st.integers(1, 7))),
        groups * draw(st.integers(1, 2)),
    )
    how = {"strides": draw(PAIRS), "padding": draw(PADDINGS), "dilation_rate": draw(PAIRS)}
    return shape, groups, groups * draw(st.integers(1, 2)), draw(KERNELS), how


def links(kernels, shape, **how):
    """The links of a layer: the nonzeros of the layer as one matrix."""
    try:
        return np.count_nonzero(operations.convolution_matrix(kernels, shape, **how))
    except ValueError as error:
        assume("does not fit" not in str(error))
        raise


@few
@given(convolutions(), st.booleans())
def test_connections_of_a_convolution_are_the_nonzeros_of_its_matrix(case, use_bias):
    shape, groups, filters, size, how = case
    layer = Conv2D(filters, size, groups=groups, use_bias=use_bias, **how)
    found = links(np.ones((*size, shape[2] // groups, filters), int), shape, groups=groups, **how)
    units = math.prod(layer.output_shape(shape))
    assert layer.derive("connections", shape).value == found + use_bias * units
    assert layer.bias_additions(shape) == use_bias * units


@few
@given(convolutions(), st.integers(1, 3), st.booleans())
def test_connections_of_a_depthwise_convolution_are_the_nonzeros_of_its_matrix(
    case, multiplier, use_bias
):
    shape, _, _, size, how = case
    layer = DepthwiseConv2D(size, depth_multiplier=multiplier, use_bias=use_bias, **how)
    kernels = np.ones((*size, 1, shape[2] * multiplier), int)
    found = links(kernels, shape, groups=shape[2], **how)
    units = math.prod(layer.output_shape(shape))
    assert layer.derive("connections", shape).value == found + use_bias * units


@few
@given(convolutions(), st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_connections_of_a_separable_convolution_are_those_of_both_its_parts(
    case, multiplier, filters, use_bias
):
    shape, _, _, size, how = case
    kernels = np.ones((*size, 1, shape[2] * multiplier), int)
    depthwise = links(kernels, shape, groups=shape[2], **how)
    layer = SeparableConv2D(filters, size, depth_multiplier=multiplier, use_bias=use_bias, **how)
    height, width, _ = layer.output_shape(shape)
    points = links(
        np.ones((1, 1, shape[2] * multiplier, filters), int), (height, width, shape[2] * multiplier)
    )
    expected = depthwise + points + use_bias * height * width * filters
    assert layer.derive("connections", shape).value == expected
    by_parts = [
        DepthwiseConv2D(size, depth_multiplier=multiplier, use_bias=False, **how),
        Conv2D(filters, 1, use_bias=use_bias),
    ]
    macs = sum(
        part.derive("macs", (*place, channels)).value
        for part, place, channels in zip(
            by_parts, (shape[:2], (height, width)), (shape[2], shape[2] * multiplier), strict=True
        )
    )
    assert layer.derive("macs", shape).value == macs


@few
@given(
    st.tuples(*3 * [st.integers(1, 5)]), st.integers(1, 3), KERNELS, PAIRS,
    st.sampled_from(["valid", "same"]), st.booleans(),
)  # fmt: skip
def test_connections_of_a_transposed_convolution_are_those_of_the_one_turned_round(
    shape, filters, size, strides, padding, use_bias
):
    layer = Conv2DTranspose(filters, size, strides, padding, use_bias=use_bias)
    large, kernels = layer.output_shape(shape), np.ones((*size, filters, shape[2]), int)
    turned = Conv2D(shape[2], size, strides, padding)
    assert turned.output_shape(large) == shape
    found = links(kernels, large, strides=strides, padding=padding)
    assert layer.derive("connections", shape).value == found + use_bias * math.prod(large)
    assert layer.derive("macs", shape).value == turned.derive("macs", large).value
    assert layer.bias_additions(shape) == use_bias * math.prod(large)


@few
@given(convolutions(), st.data())
def test_connections_by_a_table_are_the_nonzeros_of_its_matrix(case, data):
    shape, _, filters, size, how = case
    row = st.lists(st.booleans(), min_size=shape[2], max_size=shape[2]).filter(any)
    table = data.draw(st.lists(row, min_size=filters, max_size=filters))
    layer = Conv2D(filters, size, connection_table=table, **how)
    kernels = np.ones((*size, 1, 1), int) * np.array(table, int).T
    found = links(kernels, shape, **how)
    assert layer.weights(shape)["kernel"].shape == (*size, np.sum(table))
    assert layer.derive("parameters", shape).value == np.count_nonzero(kernels) + filters
    units = math.prod(layer.output_shape(shape))
    assert layer.derive("connections", shape).value == found + units


@few
@given(convolutions())
def test_a_full_table_is_no_table(case):
    shape, _, filters, size, how = case
    assume(links(np.ones((*size, shape[2], filters), int), shape, **how))
    plain = Conv2D(filters, size, **how)
    tabled = Conv2D(filters, size, connection_table=np.ones((filters, shape[2]), bool), **how)
    for quantity in ("output_shape", "parameters", "connections", "macs"):
        assert tabled.derive(quantity, shape).value == plain.derive(quantity, shape).value


@few
@given(convolutions(), st.sampled_from([MaxPooling2D, AveragePooling2D]))
def test_connections_of_a_pool_are_the_nonzeros_of_its_matrix(case, kind):
    shape, _, _, size, how = case
    del how["dilation_rate"]
    kernels = np.ones((*size, 1, shape[2]), int)
    found = links(kernels, shape, groups=shape[2], **how)
    layer = kind(size, **how)
    if operations.convolution_matrix(kernels, shape, groups=shape[2], **how).any(axis=1).all():
        assert layer.derive("connections", shape).value == found
    else:
        with pytest.raises(ValueError, match="some of its windows lie on padding alone"):
            layer.derive("connections", shape)


@few
@given(st.integers(1, 9), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_in_ceil_mode_only_cells_of_the_image_are_connected(size, window, stride, channels):
    layer = MaxPooling2D((window, 1), strides=(stride, 1), ceil_mode=True)
    covered = [range(first, first + window) for first in range(0, size, stride)]
    assume(size >= window)
    count = next(
        i for i, cells in enumerate(covered, 1) if cells[-1] >= size - 1 or i == len(covered)
    )
    inside = [cell for cells in covered[:count] for cell in cells if cell < size]
    assert layer.output_shape((size, 1, channels)) == (count, 1, channels)
    assert layer.derive("connections", (size, 1, channels)).value == channels * len(inside)


@few
@given(PAIRS, KERNELS, PAIRS, st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_an_unshared_layer_has_a_parameter_for_each_connection(
    extra, size, strides, channels, filters, use_bias
):
    shape = size[0] + extra[0], size[1] + extra[1], channels
    layer = LocallyConnected2D(filters, size, strides, use_bias=use_bias)
    shared = Conv2D(filters, size, strides, use_bias=use_bias)
    connections = shared.derive("connections", shape).value
    assert layer.derive("connections", shape).value == connections
    assert layer.derive("parameters", shape).value == connections
    assert layer.derive("macs", shape).value == shared.derive("macs", shape).value


@few
@given(convolutions())
def test_grouping_divides_the_kernel_parameters_and_the_macs(case):
    shape, groups, filters, size, how = case
    assume(links(np.ones((*size, shape[2], filters), int), shape, **how))
    whole = Conv2D(filters, size, use_bias=False, **how)
    split = Conv2D(filters, size, use_bias=False, groups=groups, **how)
    for quantity in ("parameters", "macs", "connections"):
        assert split.derive(quantity, shape).value * groups == whole.derive(quantity, shape).value


def counted_macs(images, kernels, strides):
    """Multiply and add in plain loops, and count how often."""
    macs = 0
    height = (images.shape[0] - kernels.shape[0]) // strides + 1
    width = (images.shape[1] - kernels.shape[1]) // strides + 1
    for _ in np.ndindex(height, width, *kernels.shape):
        macs += 1
    return macs


def test_macs_of_a_padded_convolution_include_the_zeros():
    layer = Conv2D(4, (3, 2), strides=2, padding=((1, 2), (3, 4)))
    padded, kernels = np.zeros((8 + 3, 9 + 7, 5)), np.zeros((3, 2, 5, 4))
    assert layer.derive("macs", (8, 9, 5)).value == counted_macs(padded, kernels, 2)


LAYERS = [
    (Conv2D(6, 5), (32, 32, 1)),
    (Conv2D(6, (3, 4), use_bias=False, groups=2), (9, 8, 4)),
    (Conv2D(2, 3, connection_table=[[True, False], [True, True]]), (5, 5, 2)),
    (LocallyConnected2D(6, 5), (9, 8, 2)),
    (LocallyConnected2D(6, 5, use_bias=False), (9, 8, 2)),
    (DepthwiseConv2D(3, depth_multiplier=2), (9, 8, 3)),
    (DepthwiseConv2D(3, use_bias=False), (9, 8, 3)),
    (SeparableConv2D(4, 3, depth_multiplier=2), (9, 8, 3)),
    (SeparableConv2D(4, 3, use_bias=False), (9, 8, 3)),
    (Conv2DTranspose(4, 3, strides=2), (9, 8, 3)),
    (Conv2DTranspose(4, (2, 3), padding="same", use_bias=False), (9, 8, 3)),
    (MaxPooling2D(2), (9, 8, 3)),
    (AveragePooling2D(3, 2, ceil_mode=True), (9, 8, 3)),
    (GlobalMaxPooling2D(), (9, 8, 3)),
    (GlobalAveragePooling2D(), (9, 8, 3)),
    (TrainableSubsampling(2), (28, 28, 6)),
    (ZeroPadding2D(((0, 1), (2, 3))), (9, 8, 3)),
    (Flatten(), (9, 8, 3)),
    (Flatten(), (9,)),
    (Dense(7), (9,)),
    (Dense(7, use_bias=False), (9,)),
    (RBF(10), (84,)),
    (BatchNormalization(), (9, 8, 3)),
    (BatchNormalization(scale=False), (9, 8, 3)),
    (BatchNormalization(center=False, scale=False), (12,)),
    (Dropout(0.5), (9,)),
    (Activation("relu"), (9, 8, 3)),
    (PReLU(), (9, 8, 3)),
    (PReLU(shared_axes=(1, 3)), (9, 8, 3)),
    (PReLU(shared_axes=1), (9,)),
    (LayerNormalization(), (9, 8, 3)),
    (LayerNormalization(scale=False, center=False), (12,)),
    (Normalization(), (9, 8, 3)),
    (Normalization(mean=0, variance=1), (9, 8, 3)),
    (LayerScale(3), (9, 8, 3)),
    (Dense(7, at_each_place=True), (9, 8, 3)),
    (GlobalMaxPooling2D(keepdims=True), (9, 8, 3)),
    (Cropping2D(2), (9, 8, 3)),
    (CenterCrop(2, 8), (9, 8, 3)),
    (UpSampling2D(), (9, 8, 3)),
    (Resizing(4, 5), (9, 8, 3)),
    (Reshape((3, -1, 2)), (9, 8, 3)),
    (Permute((3, 1, 2)), (9, 8, 3)),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS)
def test_parameters_and_bytes_are_those_of_the_arrays(layer, shape):
    arrays = [np.zeros(weight.shape, np.float32) for weight in layer.weights(shape).values()]
    output = np.zeros(layer.output_shape(shape), np.float32)
    assert layer.derive("parameters", shape).value == sum(array.size for array in arrays)
    assert layer.derive("parameter_bytes", shape).value == sum(array.nbytes for array in arrays)
    assert layer.derive("activation_bytes", shape).value == output.nbytes


@pytest.mark.parametrize(
    ("layer", "shape", "connections", "macs", "biases"),
    [
        (TrainableSubsampling(2), (28, 28, 6), 5880, 1176, 1176),
        (TrainableSubsampling(2, strides=3), (9, 9, 2), 5 * 9 * 2, 9 * 2, 9 * 2),
        (GlobalAveragePooling2D(), (6, 5, 4), 120, 0, 0),
        (Flatten(), (6, 5, 4), 0, 0, 0),
        (Dropout(0.1), (6, 5, 4), 0, 0, 0),
        (ZeroPadding2D(1), (6, 5, 4), 0, 0, 0),
        (Activation("tanh"), (6,), 0, 0, 0),
        (Dense(7), (9,), 70, 63, 7),
        (Dense(7, use_bias=False), (9,), 63, 63, 0),
        (RBF(10), (84,), 840, 840, 0),
        (BatchNormalization(), (6, 5, 4), 240, 120, 0),
        (BatchNormalization(), (9,), 18, 9, 0),
        (DepthwiseConv2D(3), (5, 5, 2), (9 + 1) * 9 * 2, 9 * 9 * 2, 9 * 2),
        (PReLU(), (6, 5, 4), 120, 120, 0),
        (LayerNormalization(), (6, 5, 4), 240, 120, 0),
        (Normalization(), (6, 5, 4), 240, 120, 0),
        (Rescaling(2), (9,), 18, 9, 0),
        (LayerScale(4), (6, 5, 4), 120, 120, 0),
        (Dense(7, at_each_place=True), (6, 5, 4), 30 * 35, 30 * 28, 30 * 7),
        (Cropping2D(1), (6, 5, 4), 0, 0, 0),
        (UpSampling2D(2), (6, 5, 4), 0, 0, 0),
        (Reshape((-1,)), (6, 5, 4), 0, 0, 0),
        (GaussianNoise(1), (9,), 0, 0, 0),
    ],
)
def test_layers_without_a_matrix_of_their_own(layer, shape, connections, macs, biases):
    assert layer.derive("connections", shape).value == connections
    assert layer.derive("macs", shape).value == macs
    assert layer.bias_additions(shape) == biases


@few
@given(st.tuples(*4 * [st.integers(1, 7)]), st.integers(1, 3))
def test_connections_of_a_resizing_are_the_pixels_that_it_mixes(sizes, channels):
    """The oracle is textbook bilinear interpolation, written down for each unit."""
    height, width, *goal = sizes
    places = [
        [min(max((unit + 0.5) * n / m - 0.5, 0), n - 1) for unit in range(m)]
        for n, m in zip((height, width), goal, strict=True)
    ]
    # a unit on the border's outer half is held to it, and reads the one pixel there
    read = [sum(len({math.floor(p), math.ceil(p)}) for p in side) for side in places]
    found = Resizing(*goal).derive("connections", (height, width, channels)).value
    exact = all(not (math.isclose(p, round(p)) and p != round(p)) for side in places for p in side)
    assume(exact)  # what floats cannot tell apart
    assert found == read[0] * read[1] * channels


def test_an_unnamed_layer_is_called_as_keras_calls_it():
    assert [layer.label for layer in (Conv2D(1, 1), MaxPooling2D(), BatchNormalization())] == [
        "conv2d",
        "max_pooling2d",
        "batch_normalization",
    ]


NO_COUNTS = [True, 2.0, float("nan"), "3", None, 0, -1, np.float64(2), 2 + 0j]
NO_PAIRS = [*NO_COUNTS, (3,), (3, 0), (3, 3, 3), (3, 2.0), (True, 3), np.array([3, 3])]
NO_BOOLEANS = [0, 1, "yes", None, np.True_]
NO_RATES = [True, "0.5", None, -0.1, 1, 1.5, float("nan"), float("inf"), 0.5j]
NO_NAMES = ["", 5, True, ["C1"]]
NO_PADDINGS = [-1, 1.5, True, None, "SAME", (1, 1), ((1, 1),), ((1, 1), (1,)), ((1, 1), (1, -1))]
NO_ACTIVATIONS = [max, "rleu", "", 1, True]
NO_NUMBERS = [True, "3", float("nan"), float("inf"), 2 + 0j, [[1]], None]
NO_AMOUNTS = [True, "3", float("nan"), -1, None, (1, 2)]
NO_AXES = [True, 1.0, "3", None, (1, 2), -4]
NO_CROPS = [-1, 1.5, True, None, (1, 1), ((1, 1),), ((1, 1), (1, -1))]
NO_SHAPES = [5, (), (2, 2), (0, 2, 2), (-1, -1, 2), (2.0,), "ab", None]
WRONG = {
    Conv2D: {
        "filters": NO_COUNTS,
        "kernel_size": NO_PAIRS,
        "strides": NO_PAIRS,
        "dilation_rate": NO_PAIRS,
        "groups": NO_COUNTS,
        "padding": NO_PADDINGS,
        "activation": NO_ACTIVATIONS,
        "use_bias": NO_BOOLEANS,
        "name": NO_NAMES,
        "connection_table": [5, "ab", [1, 1], [[1], [1]], [[True], [0.5]], [["a"], ["b"]]],
    },
    LocallyConnected2D: {
        "filters": NO_COUNTS,
        "kernel_size": NO_PAIRS,
        "strides": NO_PAIRS,
        "activation": NO_ACTIVATIONS,
        "use_bias": NO_BOOLEANS,
        "name": NO_NAMES,
    },
    DepthwiseConv2D: {
        "kernel_size": NO_PAIRS,
        "strides": NO_PAIRS,
        "padding": NO_PADDINGS,
        "depth_multiplier": NO_COUNTS,
        "dilation_rate": NO_PAIRS,
        "activation": NO_ACTIVATIONS,
        "use_bias": NO_BOOLEANS,
        "name": NO_NAMES,
    },
    SeparableConv2D: {
        "filters": NO_COUNTS,
        "kernel_size": NO_PAIRS,
        "strides": NO_PAIRS,
        "padding": NO_PADDINGS,
        "depth_multiplier": NO_COUNTS,
        "dilation_rate": NO_PAIRS,
        "activation": NO_ACTIVATIONS,
        "use_bias": NO_BOOLEANS,
        "name": NO_NAMES,
    },
    Conv2DTranspose: {
        "filters": NO_COUNTS,
        "kernel_size": NO_PAIRS,
        "strides": NO_PAIRS,
        "padding": [*NO_PADDINGS, "full", 1],
        "activation": NO_ACTIVATIONS,
        "use_bias": NO_BOOLEANS,
        "name": NO_NAMES,
    },
    MaxPooling2D: {
        "pool_size": NO_PAIRS,
        "strides": [wrong for wrong in NO_PAIRS if wrong is not None],
        "padding": NO_PADDINGS,
        "ceil_mode": NO_BOOLEANS,
        "name": NO_NAMES,
    },
    AveragePooling2D: {"pool_size": NO_PAIRS, "padding": NO_PADDINGS, "ceil_mode": NO_BOOLEANS},
    TrainableSubsampling: {"pool_size": NO_PAIRS, "activation": NO_ACTIVATIONS, "name": NO_NAMES},
    GlobalMaxPooling2D: {"name": NO_NAMES},
    GlobalAveragePooling2D: {"name": NO_NAMES},
    ZeroPadding2D: {"padding": [*NO_PADDINGS, "same", "valid"], "name": NO_NAMES},
    Flatten: {"name": NO_NAMES},
    Dense: {
        "units": NO_COUNTS,
        "activation": NO_ACTIVATIONS,
        "use_bias": NO_BOOLEANS,
        "name": NO_NAMES,
    },
    RBF: {"units": NO_COUNTS, "name": NO_NAMES},
    BatchNormalization: {
        "momentum": NO_RATES,
        "epsilon": NO_RATES,
        "center": NO_BOOLEANS,
        "scale": NO_BOOLEANS,
        "name": NO_NAMES,
    },
    Dropout: {"rate": NO_RATES, "noise_shape": [5, (0, 1), (1.5,)], "name": NO_NAMES},
    Activation: {"activation": [*NO_ACTIVATIONS, None], "name": NO_NAMES, "trainable": NO_BOOLEANS},
    Softmax: {"axis": NO_AXES, "name": NO_NAMES},
    Identity: {"name": NO_NAMES, "trainable": NO_BOOLEANS},
    ReLU: {
        "max_value": [x for x in NO_AMOUNTS if x is not None],
        "negative_slope": NO_AMOUNTS,
        "threshold": NO_AMOUNTS,
        "name": NO_NAMES,
    },
    LeakyReLU: {"negative_slope": NO_AMOUNTS, "name": NO_NAMES},
    ELU: {"alpha": NO_NUMBERS, "name": NO_NAMES},
    PReLU: {"shared_axes": [0, (1.0,), "a", (True,)], "name": NO_NAMES},
    SpatialDropout2D: {"rate": NO_RATES, "name": NO_NAMES},
    AlphaDropout: {"rate": NO_RATES, "noise_shape": [5, (0, 1), (1.5,)], "name": NO_NAMES},
    GaussianNoise: {"stddev": NO_AMOUNTS, "name": NO_NAMES},
    GaussianDropout: {"rate": NO_RATES, "name": NO_NAMES},
    Augmentation: {"kind": ["RandomCrop", "flip", 5, None], "settings": [5, "ab", None]},
    LayerNormalization: {
        "axis": NO_AXES,
        "epsilon": NO_RATES,
        "center": NO_BOOLEANS,
        "scale": NO_BOOLEANS,
        "name": NO_NAMES,
    },
    Normalization: {"axis": NO_AXES, "mean": NO_NUMBERS[:-1], "invert": NO_BOOLEANS},
    Rescaling: {"scale": NO_NUMBERS, "offset": [*NO_NUMBERS, (1, "a")], "name": NO_NAMES},
    LayerScale: {"projection_dim": NO_COUNTS, "init_values": NO_NUMBERS, "name": NO_NAMES},
    Cropping2D: {"cropping": [*NO_CROPS, "same"], "name": NO_NAMES},
    CenterCrop: {"height": NO_COUNTS, "width": NO_COUNTS, "name": NO_NAMES},
    UpSampling2D: {"size": NO_PAIRS, "interpolation": ["area", 1, None], "name": NO_NAMES},
    Resizing: {"height": NO_COUNTS, "width": NO_COUNTS, "interpolation": ["area", None]},
    Reshape: {"target_shape": NO_SHAPES, "name": NO_NAMES},
    Permute: {"dims": [5, (1, 2), (1, 1, 2), (0, 1, 2), "abc", None], "name": NO_NAMES},
}  # fmt: skip
NEEDED = {
    "filters": 2,
    "kernel_size": 3,
    "units": 4,
    "rate": 0.5,
    "activation": "relu",
    "stddev": 1,
    "kind": "RandomFlip",
    "scale": 2,
    "projection_dim": 3,
    "height": 2,
    "width": 2,
    "target_shape": (4,),
    "dims": (1,),
}
REQUIRED = {
    Conv2D: ["filters", "kernel_size"],
    LocallyConnected2D: ["filters", "kernel_size"],
    DepthwiseConv2D: ["kernel_size"],
    SeparableConv2D: ["filters", "kernel_size"],
    Conv2DTranspose: ["filters", "kernel_size"],
    Dense: ["units"],
    RBF: ["units"],
    Dropout: ["rate"],
    Activation: ["activation"],
    SpatialDropout2D: ["rate"],
    AlphaDropout: ["rate"],
    GaussianNoise: ["stddev"],
    GaussianDropout: ["rate"],
    Augmentation: ["kind"],
    Rescaling: ["scale"],
    LayerScale: ["projection_dim"],
    CenterCrop: ["height", "width"],
    Resizing: ["height", "width"],
    Reshape: ["target_shape"],
    Permute: ["dims"],
}


@pytest.mark.parametrize(
    ("kind", "field", "wrong"),
    [
        (kind, field, wrong)
        for kind, cases in WRONG.items()
        for field, values in cases.items()
        for wrong in values
    ],
)
def test_a_wrong_field_raises_and_names_the_layer_and_the_field(kind, field, wrong):
    arguments = {needed: NEEDED[needed] for needed in REQUIRED.get(kind, [])}
    with pytest.raises(ValueError, match=f"^.+: .*{field}") as caught:
        kind(**({"name": "L1"} | arguments | {field: wrong}))
    if field != "name":
        assert str(caught.value).startswith("L1: ")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Conv2D(6, 5, groups=4, name="conv2"), "conv2: 6 filters do not divide into 4"),
        (
            lambda: Conv2D(2, 3, connection_table=[[True]], name="C3"),
            "C3: connection_table must have one row of booleans for each of 2 filters",
        ),
        (
            lambda: Conv2D(2, 3, connection_table=[[True], [False]], name="C3"),
            "C3: connection_table has a filter that reads no channel",
        ),
        (
            lambda: Conv2D(2, 3, groups=2, connection_table=[[True], [True]], name="C3"),
            "C3: a connection_table already says who reads what: drop groups",
        ),
        (
            lambda: Conv2D(4, 3, groups=2, name="conv2").output_shape((9, 9, 3)),
            "conv2: 3 input channels do not divide into 2 groups: use groups=1",
        ),
        (
            lambda: Conv2D(1, 3, connection_table=[[True]], name="C3").output_shape((9, 9, 3)),
            "C3: the connection_table names 1 input channels, the input has 3",
        ),
        (
            lambda: MaxPooling2D(3, name="pool3").output_shape((2, 2, 8)),
            "pool3: a 3×3 window does not fit its 2×2 input: ⌊(2 + 2·0 − 3) / 3⌋ + 1 = 0; "
            "use padding='same', a smaller window, or drop the layer",
        ),
        (
            lambda: Conv2D(1, 3, dilation_rate=2, padding=1, name="c").output_shape((2, 9, 8)),
            "c: a 5×5 window does not fit its 2×9 input, padded to 4×11",
        ),
        (
            lambda: MaxPooling2D(2, padding=2, name="p").output_shape((9, 9, 8)),
            "p: some of its windows lie on padding alone (padding=2): use a padding smaller",
        ),
        (
            lambda: Dense(10, name="fc").output_shape((5, 5, 16)),
            "fc: Dense reads values in a row, not an image of 5×5×16: put Flatten() before it to "
            "read all 400 values (Keras would read the 16 channels only",
        ),
        (
            lambda: Conv2D(1, 1, name="c").output_shape((400,)),
            "c: Conv2D reads an image (rows, columns, channels), not 400 values in a row",
        ),
        (
            lambda: Cropping2D(((2, 3), (0, 0)), name="c").output_shape((5, 9, 1)),
            "c: cropping=((2, 3), (0, 0)) leaves nothing of an image of 5×9: crop less",
        ),
        (
            lambda: CenterCrop(6, 4, name="c").output_shape((5, 9, 1)),
            "c: 6×4 do not lie within an image of 5×9: use Resizing(6, 4) to enlarge it",
        ),
        (
            lambda: Reshape((5, -1, 2), name="r").output_shape((24,)),
            "r: target_shape=(5, -1, 2) does not hold the 24 values of its input: use one",
        ),
        (lambda: Permute((1,), name="p").output_shape((2, 3, 4)), "p: dims=(1,) are the axes of"),
        (
            lambda: PReLU(3, name="p").output_shape((5,)) and PReLU(3, name="p").weights((5,)),
            "shared_axes=(3,) are not all there: give axes from 1 to 1",
        ),
        (
            lambda: Rescaling((1, 2), name="r").output_shape((5, 5, 3)),
            "r: scale has 2 numbers, the input 3 channels: give one for each, or one for all",
        ),
        (lambda: Normalization(mean=1, name="n"), "n: mean and variance belong together"),
        (
            lambda: LayerScale(3, name="s").derive("parameters", (5, 5, 4)),
            "s: projection_dim=3 is not the 4 channels of its input: use projection_dim=4",
        ),
        (
            lambda: SpatialDropout2D(0.5, name="d").output_shape((5,)),
            "d: noise_shape=(None, 1, 1, None) does not fit images of (5,)",
        ),
        (
            lambda: GlobalMaxPooling2D(name="g").output_shape((400,)),
            "g: GlobalMaxPooling2D reads an image",
        ),
        (
            lambda: Conv2D(1, 1, name="c").output_shape((28, 28)),
            "c: input_shape must be (rows, columns, channels) or (length,), not (28, 28); "
            "a grey image has one channel",
        ),
        (
            lambda: Conv2D(1, 1, name="c").derive("parameters", (28.0, 28, 1)),
            "c: each size of input_shape must be a whole number of at least 1, not 28.0 (float)",
        ),
        (
            lambda: Conv2D(1, 1).derive("flops", (28, 28, 1)),
            "cannot derive 'flops': choose one of output_shape, parameters",
        ),
    ],
)  # fmt: skip
def test_an_impossible_layer_says_what_clashes(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_no_activation_and_a_linear_one_are_the_same():
    assert Dense(3, activation="linear") == Dense(3)
    assert Activation("linear").activation == "linear", "which is a layer all the same"


def test_a_formula_that_its_arrays_contradict_is_refused():
    class Forgetful(Dense):
        def formulas(self, input_shape):
            return {"parameters": "n*units"}

    assert Forgetful(3, use_bias=False).derive("parameters", (2,)).value == 6
    message = r"its: parameters = n·units = 2·3 = 6 is the formula .* its arrays hold 9"
    with pytest.raises(ValueError, match=message):
        Forgetful(3, name="its").derive("parameters", (2,))


def test_a_global_pool_tells_rows_from_columns():
    rows, columns = GlobalMaxPooling2D().axes((4, 7, 2))
    assert (rows.size, rows.kernel, columns.size, columns.kernel) == (4, 4, 7, 7)
