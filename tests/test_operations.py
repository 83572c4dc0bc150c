"""Does NumPy compute what Keras computes, and what plain loops compute?"""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnlib import operations

slow = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def normal(*shape):
    """Random numbers that depend on nothing but the shape, so that every run is the same."""
    return np.random.default_rng(shape).normal(size=shape)


def loops(images, kernels, strides, margins, dilation, groups=1):
    """The convolution as its definition says it, one product at a time."""
    padded = np.pad(images, ((0, 0), *margins, (0, 0)))
    (kh, kw, depth, filters), (sh, sw), (dh, dw) = kernels.shape, strides, dilation
    height = (padded.shape[1] - (kh - 1) * dh - 1) // sh + 1
    width = (padded.shape[2] - (kw - 1) * dw - 1) // sw + 1
    output = np.zeros((len(images), height, width, filters))
    for n, i, j, f in np.ndindex(output.shape):
        first = f // (filters // groups) * depth
        for row, col, c in np.ndindex(kh, kw, depth):
            pixel = padded[n, i * sh + row * dh, j * sw + col * dw, first + c]
            output[n, i, j, f] += pixel * kernels[row, col, c, f]
    return output


def same_margins(size, kernel, stride, dilation):
    """TensorFlow's documented rule, written out for one axis."""
    window = (kernel - 1) * dilation + 1
    total = max(window - (size % stride or stride), 0)
    return total // 2, total - total // 2


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def convolutions(draw):
    """Draw (image shape, kernel shape, strides, dilation, groups)."""
    groups = draw(st.integers(1, 3))
    channels, filters = groups * draw(st.integers(1, 3)), groups * draw(st.integers(1, 3))
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    image = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    shape = draw(st.integers(1, 3)), *image, channels
    strides, dilation = draw(pairs), draw(pairs)
    return shape, (*kernel, channels // groups, filters), strides, dilation, groups


def fits(shape, kernels, dilation, margins):
    axes = zip(shape[1:3], kernels[:2], dilation, margins, strict=True)
    return all((k - 1) * d + 1 <= n + sum(m) for n, k, d, m in axes)


@slow
@given(
    convolutions(), st.tuples(*4 * [st.integers(0, 3)]), st.sampled_from(["valid", "same", "full"])
)
def test_conv2d_agrees_with_plain_loops(case, explicit, named):
    shape, kernels_shape, strides, dilation, groups = case
    images, kernels = normal(*shape), normal(*kernels_shape)
    axes = list(zip(shape[1:3], kernels_shape[:2], strides, dilation, strict=True))
    margins = {
        "valid": ((0, 0), (0, 0)),
        "same": tuple(same_margins(*axis) for axis in axes),
        "full": tuple(((k - 1) * d, (k - 1) * d) for _, k, _, d in axes),
        (explicit[:2], explicit[2:]): (explicit[:2], explicit[2:]),
    }
    for padding in (named, (explicit[:2], explicit[2:])):
        if not fits(shape, kernels_shape, dilation, margins[padding]):
            continue
        got = operations.conv2d(images, kernels, None, strides, padding, dilation, groups)
        expected = loops(images, kernels, strides, margins[padding], dilation, groups)
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


@slow
@given(convolutions(), st.sampled_from(["valid", "same"]))
def test_conv2d_agrees_with_keras(keras, case, padding):
    shape, kernels_shape, strides, dilation, groups = case
    if max(dilation) > 1:  # TensorFlow takes strides or dilation, not both
        strides = (1, 1)
    assume(padding == "same" or fits(shape, kernels_shape, dilation, ((0, 0), (0, 0))))
    images = normal(*shape).astype(np.float32)
    kernels = normal(*kernels_shape).astype(np.float32)
    got = operations.conv2d(images, kernels, None, strides, padding, dilation, groups)
    read, own = kernels_shape[2], kernels_shape[3] // groups
    expected = np.concatenate(
        [
            keras.ops.conv(
                images[..., g * read : (g + 1) * read],
                kernels[..., g * own : (g + 1) * own],
                strides=strides,
                padding=padding,
                dilation_rate=dilation,
            )
            for g in range(groups)
        ],
        axis=-1,
    )
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("groups", [1, 2])
def test_conv2d_agrees_with_a_keras_layer(keras, groups):
    layer = keras.layers.Conv2D(6, (3, 2), strides=(2, 1), padding="same", groups=groups)
    images = normal(2, 9, 8, 4).astype(np.float32)
    layer.build(images.shape)
    layer.set_weights([normal(*w.shape) for w in layer.weights])
    got = operations.conv2d(images, *layer.get_weights(), (2, 1), "same", groups=groups)
    np.testing.assert_allclose(got, layer(images), rtol=1e-5, atol=1e-5)


def test_a_locally_connected_layer_is_a_convolution_anew_at_each_position():
    images = normal(2, 7, 6, 3)
    kernels, bias = normal(3, 5, 3, 2, 3, 4), normal(3, 5, 4)
    got = operations.locally_connected2d(images, kernels, bias, strides=(2, 1))
    for i, j in np.ndindex(3, 5):
        patch = images[:, 2 * i : 2 * i + 3, j : j + 2]
        expected = loops(patch, kernels[i, j], (1, 1), ((0, 0), (0, 0)), (1, 1))[:, 0, 0]
        np.testing.assert_allclose(got[:, i, j], expected + bias[i, j], rtol=1e-12, atol=1e-12)


def test_locally_connected_kernels_that_are_all_equal_make_a_convolution():
    images, kernels = normal(2, 5, 5, 3), normal(3, 3, 3, 4)
    repeated = np.broadcast_to(kernels, (3, 3, *kernels.shape))
    options = {"strides": 2, "padding": "same", "dilation_rate": 2}
    got = operations.locally_connected2d(images, repeated, **options)
    np.testing.assert_allclose(got, operations.conv2d(images, kernels, **options), atol=1e-12)


@slow
@given(convolutions(), st.sampled_from(["valid", "same", "full", 1]))
def test_the_convolution_matrix_does_what_the_convolution_does(case, padding):
    shape, kernels_shape, strides, dilation, groups = case
    margins = {"valid": 0, "same": 9, "full": 9, 1: 1}[padding]
    assume(fits(shape, kernels_shape, dilation, 2 * [(margins, margins)]))
    image, kernels = normal(*shape[1:]), normal(*kernels_shape)
    geometry = strides, padding, dilation, groups
    matrix = operations.convolution_matrix(kernels, shape[1:], *geometry)
    output = operations.conv2d(image[None], kernels, None, *geometry)
    assert matrix.shape == (output.size, image.size)
    np.testing.assert_allclose(matrix @ image.ravel(), output.ravel(), rtol=1e-10, atol=1e-10)


def test_the_convolution_matrix_holds_weights_as_they_are():
    kernels = np.array([np.nan, np.inf]).reshape(1, 2, 1, 1)
    matrix = operations.convolution_matrix(kernels, (1, 3, 1))
    np.testing.assert_array_equal(matrix, [[np.nan, np.inf, 0], [0, np.nan, np.inf]])
    large = np.array([2**63 - 1, -(2**63)]).reshape(1, 2, 1, 1)
    assert operations.convolution_matrix(large, (1, 2, 1)).tolist() == [[2**63 - 1, -(2**63)]]


def test_the_matrix_of_lenets_c1_has_its_122304_connections_less_the_biases():
    kernels = normal(5, 5, 1, 6).astype(np.float32)
    matrix = operations.convolution_matrix(kernels, (32, 32, 1))
    assert np.count_nonzero(matrix) == 122_304 - 28 * 28 * 6
    assert len(np.unique(matrix)) == 156 - 6 + 1
    assert not np.signbit(matrix[matrix == 0]).any()


@slow
@given(st.data())
def test_pooling_agrees_with_keras(keras, data):
    shape = data.draw(st.tuples(st.integers(1, 2), *2 * [st.integers(1, 9)], st.integers(1, 3)))
    window = data.draw(pairs)
    strides = data.draw(pairs | st.none())
    padding = data.draw(st.sampled_from(["valid", "same"]))
    assume(padding == "same" or all(k <= n for k, n in zip(window, shape[1:3], strict=True)))
    images = normal(*shape).astype(np.float32)
    for ours, theirs in (
        (operations.max_pooling2d, keras.ops.max_pool),
        (operations.average_pooling2d, keras.ops.average_pool),
    ):
        got, expected = (pool(images, window, strides, padding) for pool in (ours, theirs))
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("padding", [0, 1, ((1, 0), (0, 1))])
@pytest.mark.parametrize("size", [4, 5, 6, 7])
def test_pooling_in_ceil_mode_cuts_its_last_windows_at_the_border(size, padding):
    images = normal(1, size, size, 1)
    top, left = (padding, padding) if isinstance(padding, int) else (padding[0][0], padding[1][0])
    largest = operations.max_pooling2d(images, 3, 2, padding, ceil_mode=True)
    mean = operations.average_pooling2d(images, 3, 2, padding, ceil_mode=True)
    for i, j in itertools.product(*map(range, largest.shape[1:3])):
        rows = slice(max(2 * i - top, 0), 2 * i - top + 3)
        patch = images[0, rows, max(2 * j - left, 0) : 2 * j - left + 3]
        assert largest[0, i, j, 0] == patch.max()
        assert mean[0, i, j, 0] == pytest.approx(patch.mean())
    covered = 2 * largest.shape[1] - 2 - top + 3
    assert covered >= size


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "softmax"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_agree_with_keras_and_keep_the_dtype(keras, name, dtype):
    inputs = np.linspace(-30, 30, 121, dtype=dtype).reshape(11, 11)
    got = getattr(operations, name)(inputs)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, getattr(keras.ops, name)(inputs), rtol=1e-5, atol=1e-30)


def test_cross_entropy_agrees_with_keras_even_where_exponentials_overflow(keras):
    logits = np.array([[1000.0, 0.0, -5.0], [1.0, 2.0, 3.0]])
    labels = np.array([1, 2], np.uint8)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")
    assert operations.cross_entropy(logits, labels) == pytest.approx(float(loss(labels, logits)))


def test_dense_agrees_with_keras(keras):
    layer = keras.layers.Dense(4)
    inputs = normal(3, 5).astype(np.float32)
    layer.build(inputs.shape)
    layer.set_weights([normal(*w.shape) for w in layer.weights])
    got = operations.dense(inputs, *layer.get_weights())
    np.testing.assert_allclose(got, layer(inputs), rtol=1e-5, atol=1e-5)


def test_integers_are_summed_exactly_where_their_own_type_would_overflow():
    bright = np.full((1, 3, 3, 1), 255, np.uint8)
    blur = np.ones((3, 3, 1, 1), np.int8)
    got = operations.conv2d(bright, blur, bias=[1])
    assert got.dtype == np.int64
    assert got.item() == 9 * 255 + 1
    assert operations.max_pooling2d(bright, 3).item() == 255


@pytest.mark.parametrize("size", [1, 3000, 20_000])
@pytest.mark.parametrize("padding", ["valid", "same", "full", ((9, 0), (0, 11))])
@pytest.mark.parametrize(("strides", "dilation"), [((1, 1), 1), ((2, 3), 1), ((1, 1), 2)])
@pytest.mark.parametrize("filters", [1, 5, 20])
def test_cutting_a_convolution_into_parts_changes_nothing(
    monkeypatch, size, padding, strides, dilation, filters
):
    images, kernels = normal(3, 20, 23, 2), normal(3, 4, 2, filters)
    whole = operations.conv2d(images, kernels, None, strides, padding, dilation)
    monkeypatch.setattr(operations, "SCRATCH", size)
    parts = operations.conv2d(images, kernels, None, strides, padding, dilation)
    np.testing.assert_allclose(parts, whole, rtol=1e-12, atol=1e-12)


LARGE = [
    ((4, 227, 227, 3), (11, 11, 3, 96), {"strides": 4}),
    ((4, 27, 27, 96), (5, 5, 96, 256), {"padding": "same"}),
    ((1, 512, 512, 1), (11, 11, 1, 1), {"padding": "full"}),
    ((1, 1024, 2048, 3), (7, 7, 3, 2), {"padding": "same"}),
    ((1, 512, 2048, 1), (5, 5, 1, 8), {"dilation_rate": 2, "padding": "same"}),
    ((1, 8, 20_000, 16), (8, 9, 16, 4), {}),  # one row of windows is too much
    ((16, 56, 56, 64), (3, 3, 64, 32), {"padding": 1}),
    ((2, 6, 6, 256), (6, 6, 256, 1024), {}),
    ((8, 112, 112, 8), (3, 3, 2, 192), {"padding": 1, "groups": 4}),
]


def scratch(function, *arguments, **options):
    """The most memory, in bytes, that a call takes beyond what it is given and returns."""
    tracemalloc.start()
    found = function(*arguments, **options)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - sum(array.nbytes for array in (found if type(found) is tuple else (found,)))


@pytest.mark.parametrize(("images", "kernels", "options"), LARGE)
def test_conv2d_and_its_gradients_need_at_most_64_mb_of_scratch(images, kernels, options):
    images, kernels = (normal(*size).astype(np.float32) for size in (images, kernels))
    assert scratch(operations.conv2d, images, kernels, **options) <= 64 * 2**20
    arriving = operations.conv2d(images, kernels, **options)
    assert scratch(operations.conv2d_gradients, images, kernels, arriving, **options) <= 64 * 2**20


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_bound_on_scratch_memory_bounds_it(monkeypatch, axis):
    shape = [1, 8, 8, 8]
    shape[axis] *= 512
    images, kernels = normal(*shape), normal(3, 3, 8, 8)
    monkeypatch.setattr(operations, "SCRATCH", 2**20)
    arriving = operations.conv2d(images, kernels, padding="same")
    gradients = operations.conv2d_gradients, images, kernels, arriving
    assert scratch(operations.conv2d, images, kernels, padding="same") <= 2 * 2**20
    assert scratch(*gradients, padding="same") <= 2 * 2**20
    assert scratch(operations.max_pooling2d, images) <= 2 * 2**20
    pooled = operations.average_pooling2d(images)
    assert scratch(operations.average_pooling2d_gradient, images, pooled) <= 2 * 2**20
    monkeypatch.setattr(operations, "SCRATCH", 2**30)
    assert scratch(*gradients, padding="same") > 4 * 2**20


@pytest.mark.parametrize(
    "call",
    [
        lambda x, k: operations.conv2d(x, k),
        lambda x, k: operations.locally_connected2d(x, k[np.newaxis, np.newaxis]),
        lambda x, k: operations.dense(x.reshape(1, 4), k.reshape(4, 1)),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_integers_that_would_overflow_say_so(call, sign):
    ones = np.ones((1, 2, 2, 1), np.int64)
    with pytest.raises(ValueError, match=r"could reach 9,223,372,036,854,775,808.*float64"):
        call(ones, ones.reshape(2, 2, 1, 1) * sign * 2**61)
    with pytest.raises(ValueError, match="could reach"):
        call(ones * -(2**63), ones.reshape(2, 2, 1, 1))
    largest = np.array([2**61, 2**61, 2**61, 2**61 - 1]).reshape(2, 2, 1, 1)
    assert call(ones, sign * largest).item() == sign * (2**63 - 1)
    assert call(ones * 2.0**62, ones.reshape(2, 2, 1, 1) * 4.0).item() == 2.0**66  # the remedy


def test_a_bias_that_would_overflow_says_so():
    image = np.full((1, 1, 1, 1), 2**62)
    with pytest.raises(
        ValueError, match=r"times kernels plus bias could reach 9,223,372,036,854,775,808"
    ):
        operations.conv2d(image, np.ones((1, 1, 1, 1), int), [2**62])
    assert operations.conv2d(image, np.ones((1, 1, 1, 1), int), [2**62 - 1]).item() == 2**63 - 1


def test_a_masked_array_is_refused_with_a_remedy_that_works():
    images = np.ma.masked_greater(normal(1, 4, 4, 1), 1)
    kernels = normal(2, 2, 1, 1)
    with pytest.raises(ValueError, match=r"images must not be a masked array.*images.filled\(0\)"):
        operations.conv2d(images, kernels)
    with pytest.raises(ValueError, match=r"kernels must not be a masked array"):
        operations.conv2d(images.filled(0), np.ma.array(kernels))
    assert operations.conv2d(images.filled(0), kernels).shape == (1, 3, 3, 1)


@pytest.mark.parametrize("filters", [1, 2, 40])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_pixel_that_is_no_number_stays_in_the_windows_that_see_it(bad, filters):
    images = np.zeros((1, 12, 12, 1), np.float32)
    images[0, 5, 5, 0] = bad
    output = operations.conv2d(images, np.ones((3, 3, 1, filters), np.float32))
    seen = ~np.isfinite(output[0, :, :, 0])
    assert np.argwhere(seen).tolist() == [[i, j] for i in (3, 4, 5) for j in (3, 4, 5)]


def test_arrays_in_and_out_are_not_tied_together():
    images, kernels = normal(2, 6, 6, 3), normal(3, 3, 3, 4)
    before = images.copy(), kernels.copy()
    operations.conv2d(images, kernels, bias=np.ones(4), padding="same")[:] = 0
    operations.max_pooling2d(images, 1)[:] = 0
    operations.average_pooling2d(images, 1)[:] = 0
    assert np.array_equal(images, before[0])
    assert np.array_equal(kernels, before[1])


@slow
@given(st.data())
def test_conv2d_reads_any_view_as_it_reads_a_copy(data):
    axes = st.tuples(*4 * [st.integers(1, 4)])
    steps = data.draw(st.tuples(*4 * [st.sampled_from([1, 2, 5, -1, -3])]))
    shape, (kh, kw, _, filters) = data.draw(axes), data.draw(axes)
    assume(kh <= shape[1] and kw <= shape[2])
    order = data.draw(st.permutations(range(4)))
    base = normal(*[5 * shape[i] for i in order]).transpose(np.argsort(order))
    view = base[tuple(slice(None, None, step) for step in steps)]
    view = view[tuple(slice(size) for size in shape)]
    kernels = normal(filters, kh, shape[3], kw).transpose(1, 3, 2, 0)
    expected = operations.conv2d(view.copy(), kernels.copy())
    np.testing.assert_allclose(operations.conv2d(view, kernels), expected, atol=1e-12)


def test_views_and_empty_batches_are_fine():
    images, kernels = normal(4, 8, 9, 3), normal(4, 3, 3, 3)
    views = images[::2, ::-1].transpose(0, 2, 1, 3), kernels.transpose(1, 2, 3, 0)
    copies = (np.ascontiguousarray(view) for view in views)
    np.testing.assert_allclose(operations.conv2d(*views), operations.conv2d(*copies), atol=1e-12)
    assert operations.conv2d(images[:0], views[1]).shape == (0, 6, 7, 4)
    nothing = np.zeros((0, 6, 7, 4))
    by_images, by_kernels, by_bias = operations.conv2d_gradients(images[:0], views[1], nothing)
    assert by_images.shape == (0, 8, 9, 3)
    assert not by_kernels.any()
    assert not by_bias.any()
    assert operations.max_pooling2d(images[:0]).shape == (0, 4, 4, 3)


ones = np.ones
MISTAKES = [
    (
        r"images must have the axes \(N, H, W, C\).*\(4, 4\) has 2",
        ones((4, 4)),
        ones((1, 1, 1, 1)),
        {},
    ),
    (r"kernels must have the axes", ones((1, 4, 4, 1)), ones((3, 3)), {}),
    (r"\(3, 3, 1, 0\) hold no weight", ones((1, 4, 4, 1)), ones((3, 3, 1, 0)), {}),
    (r"4 channels.*need 3", ones((1, 4, 4, 4)), ones((3, 3, 3, 2)), {}),
    (r"2 channels.*need 4", ones((1, 4, 4, 2)), ones((3, 3, 2, 2)), {"groups": 2}),
    (r"groups=3.*4 channels.*6 filters", ones((1, 4, 4, 4)), ones((1, 1, 1, 6)), {"groups": 3}),
    (r"groups=4.*4 channels.*6 filters", ones((1, 4, 4, 4)), ones((1, 1, 1, 6)), {"groups": 4}),
    (r"groups must be a whole number", ones((1, 4, 4, 1)), ones((1, 1, 1, 1)), {"groups": 0}),
    (r"window of 5 does not fit an input of 4", ones((1, 4, 4, 1)), ones((5, 5, 1, 1)), {}),
    (r"bias must have the shape \(2,\)", ones((1, 4, 4, 1)), ones((1, 1, 1, 2)), {"bias": ones(1)}),
    (r"bias float32", ones((1, 4, 4, 1)), ones((1, 1, 1, 1)), {"bias": np.float32([1])}),
    (r"strides must be", ones((1, 4, 4, 1)), ones((1, 1, 1, 1)), {"strides": 0}),
    (r"strides must be", ones((1, 4, 4, 1)), ones((1, 1, 1, 1)), {"strides": 1.0}),
    (r"dilation_rate must be", ones((1, 4, 4, 1)), ones((1, 1, 1, 1)), {"dilation_rate": True}),
    (r"padding must be", ones((1, 4, 4, 1)), ones((1, 1, 1, 1)), {"padding": "some"}),
    (r"images int64 and kernels float64", ones((1, 4, 4, 1), "i8"), ones((1, 1, 1, 1)), {}),
    (
        r"images uint8 and kernels float32",
        ones((1, 4, 4, 1), np.uint8),
        ones((1, 1, 1, 1), "f"),
        {},
    ),
    (r"images float64 and kernels float32", ones((1, 4, 4, 1)), ones((1, 1, 1, 1), "f"), {}),
    (r"images bool and kernels bool", ones((1, 4, 4, 1), bool), ones((1, 1, 1, 1), bool), {}),
    (r"float16", ones((1, 4, 4, 1), np.float16), ones((1, 1, 1, 1), np.float16), {}),
]


@pytest.mark.parametrize(("message", "images", "kernels", "options"), MISTAKES)
def test_a_wrong_convolution_says_what_clashed(message, images, kernels, options):
    with pytest.raises(ValueError, match=message):
        operations.conv2d(images, kernels, **options)


@pytest.mark.parametrize(
    ("message", "call"),
    [
        (
            r"\(2, 2, 3, 3, 1, 1\)",
            lambda: operations.locally_connected2d(ones((1, 4, 4, 1)), ones((4, 4, 3, 3, 1, 1))),
        ),
        (
            r"bias must have the shape \(2, 2, 1\)",
            lambda: operations.locally_connected2d(
                ones((1, 4, 4, 1)), ones((2, 2, 3, 3, 1, 1)), ones(1)
            ),
        ),
        (
            "images must be float32 or float64",
            lambda: operations.average_pooling2d(ones((1, 2, 2, 1), int)),
        ),
        ("padding alone", lambda: operations.max_pooling2d(ones((1, 4, 4, 1)), 2, padding=2)),
        ("does not fit", lambda: operations.max_pooling2d(ones((1, 2, 2, 1)), 3)),
        ("flatten", lambda: operations.dense(ones((1, 2, 2, 1)), ones((4, 2)))),
        (r"\(1, 3\).*take 3.*\(1, 4\)", lambda: operations.dense(ones((1, 4)), ones((3, 2)))),
        ("logits must be float32 or float64", lambda: operations.softmax([1, 2])),
        ("argmax", lambda: operations.cross_entropy(ones((2, 3)), ones((2, 3), int))),
        (
            "labels must be whole numbers",
            lambda: operations.cross_entropy(ones((2, 3)), [0.0, 1.0]),
        ),
        ("0 to 3, but 3 logits", lambda: operations.cross_entropy(ones((2, 3)), [0, 3])),
    ],
)
def test_other_wrong_calls_say_what_clashed(message, call):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_a_float_cannot_hold_is_no_fault_whatever_numpy_is_told_to_raise(dtype):
    large, small = np.finfo(dtype).max, np.finfo(dtype).tiny
    with np.errstate(all="raise"):
        x = np.array([-1000, 0, 1000], dtype)
        assert operations.sigmoid(x).tolist() == [0, 0.5, 1]
        assert operations.sigmoid_gradient(x, np.full(3, small)).tolist() == [0, small / 4, 0]
        assert operations.softmax(x).tolist() == [0, 0, 1]
        assert operations.softmax(np.array([large, -large])).tolist() == [1, 0]
        assert operations.cross_entropy(x[None], [0]) == 2000
        assert operations.tanh_gradient(x, np.full(3, small)).tolist() == [0, small, 0]
        image = np.full((1, 2, 2, 1), small)
        assert operations.conv2d(image, image[0, ..., None]).item() == 0
        assert np.isnan(operations.sigmoid(np.array([np.nan], dtype))).all()
        image = np.full((1, 2, 2, 1), large)
        assert operations.conv2d(image, image[0, ..., None]).item() == np.inf
        gradients = operations.conv2d_gradients(image, image[0, ..., None], image[:, :1, :1])
        assert np.isposinf(gradients[0]).all()
        assert operations.dense(image.reshape(1, 4), image.reshape(4, 1)).item() == np.inf


def test_no_filters_are_refused_in_our_own_words():
    images, kernels = np.ones((1, 4, 4, 2)), np.ones((2, 2, 2, 0))
    with pytest.raises(ValueError, match=r"\(2, 2, 2, 0\) hold no weight"):
        operations.conv2d(images, kernels)
    with pytest.raises(ValueError, match=r"\(2, 2, 2, 0\) hold no weight"):
        operations.conv2d_gradients(images, kernels, np.ones((1, 3, 3, 0)))
