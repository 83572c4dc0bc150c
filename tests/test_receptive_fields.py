"""Does a unit see what the ledger says, and nothing else? Light one pixel and look who answers."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import Phase, assume, example, given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from cnnlib import (
    RBF,
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Conv2DTranspose,
    Cropping2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    LocallyConnected2D,
    MaxPooling2D,
    Network,
    Resizing,
    UpSampling2D,
    ZeroPadding2D,
    architectures,
)
from cnnlib.ledger import View
from cnnlib.shapes import Axis


def margins(padding, size, kernel, stride, dilation):
    """The zeros around one axis, as TensorFlow's documentation and the words define them."""
    window = (kernel - 1) * dilation + 1
    if padding == "same":
        total = max(window - (size % stride or stride), 0)
        return total // 2, total - total // 2
    return {"valid": (0, 0), "full": (window - 1, window - 1)}.get(padding, padding)


def answers(layer, maps):
    """Which units answer, when the units lit are those of `maps` (lamps, rows, columns)?"""
    kind = type(layer).__name__
    if kind == "ZeroPadding2D":
        return np.pad(maps, ((0, 0), *layer.padding))
    if kind == "Cropping2D":
        (top, bottom), (left, right) = layer.cropping
        return maps[:, top : maps.shape[1] - bottom, left : maps.shape[2] - right]
    if kind in ("UpSampling2D", "Resizing"):
        _, *sides, _ = 1, *layer.output_shape((*maps.shape[1:], 1))
        for axis, count in enumerate(sides, 1):
            maps = drawn(layer, maps, axis, count)
        return maps
    if kind == "Conv2DTranspose":
        for axis in (1, 2):
            maps = spread(layer, maps, axis)
        return maps
    if "Conv" not in kind and "Pooling" not in kind and "Connected" not in kind:
        return maps
    size = layer.pool_size if "Pooling" in kind else layer.kernel_size
    dilations = getattr(layer, "dilation_rate", (1, 1))
    padding = getattr(layer, "padding", "valid")
    sides = padding if isinstance(padding, tuple) else [padding, padding]
    sides = [(side, side) if isinstance(side, int) else side for side in sides]
    for axis in (0, 1):
        n, k, s, d = maps.shape[axis + 1], size[axis], layer.strides[axis], dilations[axis]
        before, after = margins(sides[axis], n, k, s, d)
        ceil_mode = getattr(layer, "ceil_mode", False)
        pads = [(0, 0)] * 3
        pads[axis + 1] = before, after + (s - 1) * ceil_mode
        windows = sliding_window_view(np.pad(maps, pads), (k - 1) * d + 1, axis + 1)[..., ::d]
        last = min(windows.shape[axis + 1], n + before) if ceil_mode else windows.shape[axis + 1]
        maps = windows.take(range(0, last, s), axis + 1).any(axis=-1)
    return maps


def drawn(layer, maps, axis, count):
    """Let each unit read the pixel in which its centre lies, or the two centres beside its own."""
    n = maps.shape[axis]
    centres = [Fraction(2 * unit + 1, 2) * n / count for unit in range(count)]
    if layer.interpolation == "nearest":
        return maps.take([math.floor(centre) for centre in centres], axis)
    before, after = (
        [min(max(way(centre - Fraction(1, 2)), 0), n - 1) for centre in centres]
        for way in (math.floor, math.ceil)
    )
    return maps.take(before, axis) | maps.take(after, axis)


def spread(layer, maps, axis):
    """Lay a window over the output for each row (or column), and crop as TensorFlow does."""
    n, k, s = maps.shape[axis], layer.kernel_size[axis - 1], layer.strides[axis - 1]
    lines = np.moveaxis(maps, axis, 0)
    whole = np.zeros(((n - 1) * s + max(k, s), *lines.shape[1:]), bool)
    for i, line in enumerate(lines):
        whole[i * s : i * s + k] |= line
    cut = (len(whole) - n * s) // 2 if layer.padding == "same" else 0
    size = n * s if layer.padding == "same" else len(whole)
    return np.moveaxis(whole[cut : cut + size], 0, axis)


SIDES = st.tuples(st.integers(0, 2), st.integers(0, 2))
PADDINGS = st.sampled_from(["valid", "same", "full"]) | st.integers(0, 2) | st.tuples(SIDES, SIDES)
SIZES = st.integers(1, 60)
INTERPOLATIONS = st.sampled_from(["nearest", "bilinear"])
POOLED = st.sampled_from(["valid", "same"])
KERNELS, STRIDES = st.tuples(*2 * [st.integers(1, 4)]), st.tuples(*2 * [st.integers(1, 3)])
DILATIONS = st.sampled_from([1, 1, 2, (1, 3)])
CONVOLUTION = {"strides": STRIDES, "padding": PADDINGS, "dilation_rate": DILATIONS}
POOL = {"pool_size": KERNELS, "strides": STRIDES, "padding": POOLED, "ceil_mode": st.booleans()}
LAYERS = st.one_of(
    st.builds(Conv2D, st.just(1), KERNELS, **CONVOLUTION),
    st.builds(DepthwiseConv2D, KERNELS, **CONVOLUTION),
    st.builds(LocallyConnected2D, st.just(1), KERNELS, STRIDES),
    st.builds(MaxPooling2D, **POOL),
    st.builds(AveragePooling2D, **POOL),
    st.builds(ZeroPadding2D, st.tuples(SIDES, SIDES)),
    st.builds(Conv2DTranspose, st.just(1), KERNELS, strides=STRIDES, padding=POOLED),
    st.sampled_from([Activation("relu"), BatchNormalization(), Dropout(0.5)]),
    st.builds(Cropping2D, st.tuples(SIDES, SIDES)),
    st.builds(UpSampling2D, STRIDES, INTERPOLATIONS),
    st.builds(Resizing, st.integers(1, 9), st.integers(1, 9), INTERPOLATIONS),
)


@st.composite
def networks(draw):
    shape = draw(st.integers(1, 12)), draw(st.integers(1, 12)), 1
    try:
        network = Network(shape, draw(st.lists(LAYERS, min_size=1, max_size=4)))
    except ValueError:
        assume(False)
    assume(all(max(row.output_shape) < 30 for row in network))  # strides turned round add up
    return network


def keeps_all(network):
    """Whether no layer crops: what is cropped off is a border too."""
    return not any(isinstance(layer, Cropping2D) for layer in network.layers)


def check_unit(row, i, j, seen, whole):
    """Compare one unit's patch with the pixels that reach it (rows, columns: booleans)."""
    (top, bottom), (left, right) = row.input_patch(i, j)
    rows, columns = np.nonzero(seen)
    if not len(rows):
        assert top == bottom or left == right, "a unit that sees only padding has no patch"
        return
    assert (top, bottom) == (rows.min(), rows.max() + 1)
    assert (left, right) == (columns.min(), columns.max() + 1)
    for axis, place, patch in ((0, i, (top, bottom)), (1, j, (left, right))):
        if len(row.views[axis].patches) > 1:
            continue  # units see unlike patches: the test below looks at those
        centre = row.start[axis] + place * row.jump[axis]
        first = centre - (row.receptive_field[axis] - 1) / 2
        assert first == int(first)
        last = first + row.receptive_field[axis]
        if whole and first >= 0 and last <= seen.shape[axis]:
            assert patch == (first, last), "away from the borders nothing is cut off"
        assert patch[0] >= first
        assert patch[1] <= last


@settings(max_examples=100)
@given(networks())
@example(Network((7, 7, 1), [Conv2D(1, 3, 2, "same"), MaxPooling2D(3, 2, ceil_mode=True)]))
@example(Network((5, 5, 1), [Conv2D(1, 2, padding=((2, 0), (0, 2))), Conv2D(1, 2, padding="full")]))
def test_a_unit_sees_the_pixels_that_change_it_and_no_others(network):
    height, width, _ = network.input_shape
    lit = np.eye(height * width, dtype=bool).reshape(-1, height, width)
    whole = keeps_all(network)
    for row in network:
        lit = answers(row.layer, lit)
        assert lit.shape[1:] == row.output_shape[:2]
        for i, j in np.ndindex(*row.output_shape[:2]):
            check_unit(row, i, j, lit[:, i, j].reshape(height, width), whole)


RAISED = st.one_of(
    st.builds(Conv2D, st.just(1), KERNELS, **CONVOLUTION),
    st.builds(MaxPooling2D, KERNELS, st.integers(1, 3)),
    st.builds(Conv2DTranspose, st.just(1), KERNELS, strides=STRIDES, padding=POOLED),
)


@settings(max_examples=30, phases=[Phase.generate])  # to make a failure smaller takes minutes
@given(st.lists(RAISED, max_size=3), st.lists(RAISED, max_size=2), KERNELS, STRIDES, POOLED)
def test_units_that_see_unlike_patches_are_measured_by_the_largest(
    before, after, kernel, strides, padding
):
    layers = [*before, Conv2DTranspose(1, kernel, strides, padding), *after]
    row = Network((200, 200, 1), layers)[-1]
    for axis in (0, 1):
        units = [(i, 0) if axis == 0 else (0, i) for i in range(row.output_shape[axis])]
        patches = [row.input_patch(*unit)[axis] for unit in units]
        inner = {i: patch for i, patch in enumerate(patches) if 70 < min(patch) < max(patch) < 130}
        period = math.prod(x.strides[axis] for x in layers if isinstance(x, Conv2DTranspose))
        assume(len(inner) > 3 * period)
        assert row.receptive_field[axis] == max(b - a for a, b in inner.values())
        for i in inner:
            if i + period in inner:
                moved = np.subtract(inner[i + period], inner[i]) / period
                np.testing.assert_allclose(moved, row.jump[axis])
            if i % period == 0:
                centre = row.start[axis] + i * row.jump[axis]
                assert centre == pytest.approx((inner[i][0] + inner[i][1] - 1) / 2)
    derivation = row.derive("receptive_field")
    named = {e.name.removeprefix("row "): e.value for e in reversed(derivation.equations)}
    assert named["size"] == row.receptive_field[0]
    assert named["jump"] == pytest.approx(row.jump[0])
    assert named["start"] == row.start[0]


def test_where_every_unit_falls_between_windows_nothing_is_seen():
    row = Network((9, 9, 1), [Conv2DTranspose(1, 1, 3), Conv2D(1, 2, 3, padding=((2, 0), (2, 0)))])[
        -1
    ]
    assert row.receptive_field == (0, 0)
    assert row.input_patch(1, 1) == ((0, 0), (0, 0))
    assert row.derive("receptive_field").equations[0].value == 0


@settings(max_examples=30)
@given(networks(), st.sampled_from([Dense, RBF]), st.booleans())
@example(Network((4, 5, 1), [Conv2D(2, 3)]), RBF, True)
def test_a_dense_layer_sees_what_all_units_before_it_see(network, kind, flatten):
    ending = [Flatten() if flatten else GlobalAveragePooling2D(), kind(3)]
    whole = Network(network.input_shape, [*network.layers, *ending])
    height, width, _ = network.input_shape
    lit = np.eye(height * width, dtype=bool).reshape(-1, height, width)
    for row in network:
        lit = answers(row.layer, lit)
    seen = lit.any(axis=(1, 2)).reshape(height, width)
    check_unit(whole[-1], 0, 0, seen, keeps_all(network))


def test_after_flatten_a_unit_stays_where_it_was():
    network = Network((9, 9, 1), [Conv2D(2, 3, strides=2), Flatten(), Activation("relu")])
    for i, j in np.ndindex(4, 4):
        assert network["flatten"].input_patch(i, j) == network["conv2d"].input_patch(i, j)
        assert network["activation"].input_patch(i, j) == network["conv2d"].input_patch(i, j)


AXES = st.builds(
    Axis, st.just(60), st.integers(1, 5), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3)
)


def composed(a, b):
    """Two layers as one: its taps are those of a, repeated at each tap of b, a's strides apart."""
    reach = (a.extent - 1) + (b.extent - 1) * a.stride
    zeros = a.zeros[0] + b.zeros[0] * a.stride
    return Axis(60, reach + 1, a.stride * b.stride, (zeros, zeros))


@given(AXES, AXES, AXES)
def test_composition_of_receptive_fields_is_associative(a, b, c):
    one_by_one = View().through(a).through(b).through(c)
    assert View().through(composed(composed(a, b), c)) == one_by_one
    assert View().through(composed(a, composed(b, c))) == one_by_one


@given(AXES, AXES, AXES)
def test_a_layer_that_looks_at_one_cell_changes_nothing(a, b, c):
    here = View().through(a).through(b).through(c)
    assert here.through(Axis(9, 1)) == here


def fields(network):
    return [row.receptive_field[0] for row in network]


SEES_NOTHING = [Conv2DTranspose(1, 1, strides=2), Conv2D(1, 1, strides=2, padding=1)]


@settings(max_examples=30)
@given(st.lists(LAYERS, max_size=2), st.builds(Resizing, SIZES, SIZES, INTERPOLATIONS))
@example(SEES_NOTHING, Resizing(2, 1, "bilinear"))
@example(SEES_NOTHING, Resizing(1, 1, "nearest"))
def test_the_equations_of_a_resizing_lead_to_what_its_units_see(before, layer):
    try:
        row = Network((40, 40, 1), [*before, layer])[-1]
    except ValueError:
        assume(False)
    assume(max(row.input_shape) < 200)
    named = {e.name.removeprefix("row "): e.value for e in row.derive("receptive_field").equations}
    assert named["size"] == row.receptive_field[0]
    assert named["jump"] == pytest.approx(row.jump[0])
    assert named["start"] == pytest.approx(row.start[0])


def test_the_receptive_fields_of_lenet():
    network = architectures.lenet5()
    assert fields(network)[:5] == [5, 6, 14, 16, 32]
    assert network["S4"].jump == (4, 4)
    assert network["output"].input_patch() == ((0, 32), (0, 32))


# Receptive field, stride and padding at the layers' ends, as the library of Araujo, Norris and Sim
# (2019) computes them for TF-Slim's alexnet_v2 and vgg_16 (its RECEPTIVE_FIELD_TABLE).
PUBLISHED = {
    architectures.alexnet: {
        "conv1": (11, 4, 0),
        "pool1": (19, 8, 0),
        "conv2": (51, 8, 16),
        "conv3": (99, 16, 32),
        "conv4": (131, 16, 48),
        "conv5": (163, 16, 64),
        "pool5": (195, 32, 64),
    },
    architectures.vgg16: {
        "conv1_1": (3, 1, 1),
        "pool1": (6, 2, 2),
        "conv2_1": (10, 2, 4),
        "pool2": (16, 4, 6),
        "conv3_1": (24, 4, 10),
        "conv3_2": (32, 4, 14),
        "pool3": (44, 8, 18),
        "conv4_1": (60, 8, 26),
        "conv4_2": (76, 8, 34),
        "pool4": (100, 16, 42),
        "conv5_1": (132, 16, 58),
        "conv5_2": (164, 16, 74),
        "pool5": (212, 32, 90),
    },
}


@pytest.mark.parametrize("make", PUBLISHED)
def test_published_receptive_fields(make):
    network = make()
    for name, (size, jump, padding) in PUBLISHED[make].items():
        row = network[name]
        assert row.receptive_field == (size, size)
        assert row.jump == (jump, jump)
        assert row.start == ((size - 1) / 2 - padding,) * 2


def test_alexnets_pool2_sees_67_pixels():
    assert architectures.alexnet()["pool2"].receptive_field == (67, 67)


def test_rows_and_columns_are_told_apart():
    row = Network((20, 30, 1), [Conv2D(1, (3, 5), strides=(1, 2), padding="same", name="c")])["c"]
    assert (row.receptive_field, row.jump, row.start) == ((3, 5), (1, 2), (0, 1))
    assert [e.name for e in row.derive("receptive_field").equations] == [
        "row size", "row jump", "row start", "column size", "column jump", "column start",
    ]  # fmt: skip


def test_a_vectors_receptive_field_lies_along_its_columns():
    row = Network((7,), [Dense(3)])[0]
    assert row.receptive_field == (1, 7)
    assert row.input_patch() == ((0, 1), (0, 7))


@pytest.mark.parametrize(
    ("unit", "message"),
    [
        ((28, 0), "C1 has 28 rows: there is no row 28"),
        ((0, 28), "C1 has 28 columns: there is no column 28"),
        ((-1, 0), "row must be a whole number of at least 0, not -1"),
        ((0, 1.0), "column must be a whole number of at least 0, not 1.0"),
        ((True, 0), "row must be a whole number of at least 0, not True"),
        ((0, math.nan), "column must be a whole number of at least 0, not nan"),
    ],
)
def test_a_unit_that_is_not_there_is_refused(unit, message):
    with pytest.raises(ValueError, match=message):
        architectures.lenet5()["C1"].input_patch(*unit)
