"""Does the engine compute what its definitions say, forward and back, wherever windows lie?"""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cnnlib import engine
from cnnlib.engine import images_first, images_last
from cnnlib.shapes import Axis

slow = settings(max_examples=80, deadline=None)
sizes = st.integers(1, 3)
kernels_of = st.integers(1, 4)
paddings = st.sampled_from(["valid", "same", "full", 1, (2, 0), (0, 1), (5, 4)])


def normal(*shape):
    """Random numbers that depend on nothing but the shape, so that every run is the same."""
    return np.random.default_rng(shape).normal(size=shape)


@st.composite
def axis(draw, size=7):
    found = Axis(size, draw(kernels_of), draw(sizes), draw(paddings), draw(sizes))
    assume(found.count > 0)
    return found


layouts = st.tuples(axis(7), axis(6))
LAYOUTS = [
    (Axis(7, 3, 2, (1, 2)), Axis(6, 2, 1, "same", 2)),
    (Axis(7, 3, 1, "full"), Axis(6, 4, 3, (5, 0))),
    (Axis(7, 2, 3, (0, 1), 2), Axis(6, 3, 1, "valid")),
]


def windows(axes):
    """Each window, and in it each tap and the pixel it meets, one at a time."""
    rows, columns = axes
    for i, j in np.ndindex(rows.count, columns.count):
        met = []
        for a, b in np.ndindex(rows.kernel, columns.kernel):
            row = i * rows.stride - rows.zeros[0] + a * rows.dilation
            column = j * columns.stride - columns.zeros[0] + b * columns.dilation
            if 0 <= row < rows.size and 0 <= column < columns.size:
                met.append(((a, b), (row, column)))
        yield (i, j), met


def matrix(axes, kernel_at, channels, filters):
    """The layer as its definition says: (H', F, W'), (H, C, W), from a kernel for each window."""
    rows, columns = axes
    whole = np.zeros((rows.count, filters, columns.count, rows.size, channels, columns.size))
    for (i, j), met in windows(axes):
        for (a, b), (row, column) in met:
            whole[i, :, j, row, :, column] += kernel_at(i, j)[a, b].T
    return whole


def check(done, whole, inputs, by_kernel=None):
    """Compare a pass with its matrix: forward, back to the inputs, and back to the kernel."""
    expected = np.tensordot(whole, inputs, axes=3)
    assert done.output.shape == expected.shape
    np.testing.assert_allclose(done.output, expected, rtol=1e-10, atol=1e-10)
    arriving = normal(*expected.shape)
    found = done.by_inputs(arriving)
    assert found.flags.c_contiguous
    expected = np.tensordot(whole, arriving, axes=([0, 1, 2], [0, 1, 2]))
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)
    if by_kernel:
        # outputs are linear in the kernel: the blame on it is what each of its entries would add
        kernel, give = by_kernel
        found = done.by_weight(arriving)
        assert found.shape == kernel.shape
        for place in np.ndindex(kernel.shape):
            lit = np.zeros_like(kernel)
            lit[place] = 1
            expected = np.sum(np.tensordot(give(lit), inputs, axes=3) * arriving)
            assert found[place] == pytest.approx(expected, rel=1e-8, abs=1e-10)


def spread(kernel, groups):
    """Grouped kernels as those of one group, with zeros."""
    kh, kw, depth, filters = kernel.shape
    whole = np.zeros((kh, kw, depth * groups, filters))
    for f in range(filters):
        first = f // (filters // groups) * depth
        whole[:, :, first : first + depth, f] = kernel[..., f]
    return whole


@slow
@given(layouts, sizes, sizes, sizes, st.integers(1, 3))
@example(LAYOUTS[0], 1, 1, 1, 1)
@example(LAYOUTS[1], 1, 2, 5, 2)  # several rows at once, and not all in the last block
@example(LAYOUTS[1], 2, 2, 1, 2)
@example(LAYOUTS[2], 1, 3, 14, 2)
def test_a_convolution_is_its_matrix(axes, groups, depth, filters, images):
    inputs = normal(7, groups * depth, 6, images)
    kernel = normal(axes[0].kernel, axes[1].kernel, depth, groups * filters)

    def give(kernel):
        whole = spread(kernel, groups)
        return matrix(axes, lambda i, j: whole, groups * depth, groups * filters)

    check(engine.convolve(inputs, kernel, axes, groups), give(kernel), inputs, (kernel, give))


@pytest.mark.parametrize("axes", LAYOUTS)
@pytest.mark.parametrize("multiplier", [1, 3])
def test_a_depthwise_convolution_keeps_channels_apart(axes, multiplier):
    inputs, kernel = normal(7, 3, 6, 2), normal(axes[0].kernel, axes[1].kernel, 3, multiplier)

    def give(kernel):
        whole = np.zeros((*kernel.shape[:3], 3 * multiplier))
        for channel in range(3):
            own = slice(channel * multiplier, (channel + 1) * multiplier)
            whole[:, :, channel, own] = kernel[:, :, channel]
        return matrix(axes, lambda i, j: whole, 3, 3 * multiplier)

    check(engine.convolve_depthwise(inputs, kernel, axes), give(kernel), inputs, (kernel, give))


TABLE = ((True, False, True, True), (False, True, False, False), (True, True, True, True))


@pytest.mark.parametrize("axes", LAYOUTS)
def test_a_connection_table_says_who_reads_what(axes):
    inputs, kernel = normal(7, 4, 6, 2), normal(axes[0].kernel, axes[1].kernel, 8)

    def give(kernel):
        whole, plane = np.zeros((*kernel.shape[:2], 4, 3)), 0
        for f, row in enumerate(TABLE):
            for channel in np.flatnonzero(row):
                whole[:, :, channel, f] = kernel[:, :, plane]
                plane += 1
        return matrix(axes, lambda i, j: whole, 4, 3)

    done = engine.convolve_by_table(inputs, kernel, axes, TABLE)
    check(done, give(kernel), inputs, (kernel, give))


@pytest.mark.parametrize("axes", LAYOUTS)
def test_a_transposed_convolution_is_the_way_back(axes):
    inputs = normal(axes[0].count, 3, axes[1].count, 2)
    kernel = normal(axes[0].kernel, axes[1].kernel, 2, 3)

    def give(kernel):
        return matrix(axes, lambda i, j: kernel, 2, 3).transpose(3, 4, 5, 0, 1, 2)

    check(engine.convolve_transposed(inputs, kernel, axes), give(kernel), inputs, (kernel, give))


def test_a_transposed_convolution_is_that_of_keras():
    import keras

    images, kernel = normal(2, 5, 4, 3).astype("f"), normal(3, 3, 2, 3).astype("f")
    expected = keras.ops.conv_transpose(images, kernel, strides=2, padding="same")
    axes = Axis(10, 3, 2, "same"), Axis(8, 3, 2, "same")
    done = engine.convolve_transposed(images_last(images), kernel, axes)
    np.testing.assert_allclose(images_first(done.output), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("axes", LAYOUTS)
def test_a_local_connection_has_kernels_for_each_window(axes):
    rows, columns = axes
    inputs = normal(7, 2, 6, 2)
    kernel = normal(rows.count, columns.count, rows.kernel, columns.kernel, 2, 3)

    def give(kernel):
        return matrix(axes, lambda i, j: kernel[i, j], 2, 3)

    done = engine.connect_locally(inputs, kernel, axes)
    check(done, give(kernel), inputs, (kernel, give) if kernel.size < 2000 else None)


POOLS = [
    (Axis(7, 2, 2), Axis(6, 3, 1)),
    (Axis(7, 3, 2, (1, 0), 1, True), Axis(6, 2, 3, (0, 1))),
    (Axis(7, 3, 2, "same"), Axis(6, 4, 3, 1, 1, True)),
    (Axis(7, 1, 3), Axis(6, 2, 1, (1, 1))),
    (Axis(7, 6, 1, "same"), Axis(6, 6, 2, (1, 2))),
]


@pytest.mark.parametrize("axes", POOLS)
def test_pools_are_what_their_windows_hold(axes):
    few = np.random.default_rng(0).integers(-1, 2, (7, 3, 6, 2)).astype(float)  # many ties
    for pool, gather in (
        (engine.pool_max, np.max),
        (engine.pool_sum, np.sum),
        (engine.pool_average, np.mean),
    ):
        done = pool(few, axes)
        arriving = normal(*done.output.shape)
        blame = np.zeros_like(few)
        for (i, j), met in windows(axes):
            rows, columns = (np.array(cells) for cells in zip(*(at for _, at in met), strict=True))
            held = few[rows, :, columns]
            np.testing.assert_allclose(done.output[i, :, j], gather(held, axis=0), atol=1e-12)
            for c, n in np.ndindex(3, 2):
                share = np.full(len(met), 1.0 if pool is engine.pool_sum else 1 / len(met))
                if pool is engine.pool_max:
                    share = np.arange(len(met)) == held[:, c, n].argmax()  # the first
                blame[rows, c, columns, n] += share * arriving[i, c, j, n]
        np.testing.assert_allclose(done.by_inputs(arriving), blame, atol=1e-12)


def bad_in_one_place(*shape, place, bad):
    array = normal(*shape).astype("f")
    array[place] = bad
    return array


@pytest.mark.parametrize("filters", [1, 2, 40])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("stride", [1, 2])
def test_what_is_no_number_reaches_only_who_is_connected_to_it(bad, filters, stride):
    axes = Axis(12, 3, stride), Axis(11, 3, stride, "same")
    kernel = np.ones((3, 3, 1, filters), np.float32)
    touching = matrix(axes, lambda i, j: kernel, 1, filters) != 0
    inputs = bad_in_one_place(12, 1, 11, 2, place=(5, 0, 5, 1), bad=bad)
    done = engine.convolve(inputs, kernel, axes)
    expected = np.zeros(done.output.shape, bool)
    expected[..., 1] = touching[:, :, :, 5, 0, 5]
    np.testing.assert_array_equal(~np.isfinite(done.output), expected)
    place = 2, filters - 1, 3, 1
    arriving = bad_in_one_place(*done.output.shape, place=place, bad=bad)
    for blame in (done.by_inputs(arriving), engine.blame_inputs(arriving, kernel, axes)):
        expected = np.zeros(inputs.shape, bool)
        expected[..., 1] = touching[place[:3]]
        np.testing.assert_array_equal(~np.isfinite(blame), expected)
    finite = engine.convolve(normal(*inputs.shape).astype("f"), kernel, axes)
    blame = ~np.isfinite(finite.by_weight(arriving))
    assert blame[..., -1].all()
    assert not blame[..., :-1].any()


def test_a_table_and_groups_keep_a_nan_from_filters_that_do_not_read_it():
    axes = Axis(5, 3), Axis(5, 3)
    inputs = bad_in_one_place(5, 4, 5, 1, place=(2, 1, 2, 0), bad=np.nan)
    output = engine.convolve_by_table(inputs, normal(3, 3, 8).astype("f"), axes, TABLE).output
    assert np.isnan(output).any(axis=(0, 2, 3)).tolist() == [False, True, True]
    output = engine.convolve(inputs, normal(3, 3, 2, 2).astype("f"), axes, groups=2).output
    assert np.isnan(output).any(axis=(0, 2, 3)).tolist() == [True, False]


def test_only_the_winner_of_a_pool_takes_blame_that_is_no_number():
    inputs = np.arange(4.0).reshape(2, 1, 2, 1)
    blame = engine.pool_max(inputs, (Axis(2, 2), Axis(2, 2))).by_inputs(
        np.full((1, 1, 1, 1), np.nan)
    )
    assert np.isnan(blame).ravel().tolist() == [False, False, False, True]


@pytest.mark.parametrize("shape", [(3, 4, 5, 2), (3, 7), (0, 4, 5, 2), (1, 4, 5, 1)])
def test_a_batch_comes_back_as_it_went(shape):
    batch = normal(*shape)
    last = images_last(batch)
    assert last.shape[-1] == shape[0]
    assert last.flags.c_contiguous
    np.testing.assert_array_equal(images_first(last), batch)


def test_vectors_are_multiplied_and_biases_added():
    inputs, kernel, arriving = normal(4, 3), normal(4, 2), normal(2, 3)
    done = engine.multiply(inputs, kernel)
    np.testing.assert_allclose(done.output, np.einsum("in,iu->un", inputs, kernel))
    np.testing.assert_allclose(done.by_inputs(arriving), np.einsum("un,iu->in", arriving, kernel))
    np.testing.assert_allclose(done.by_weight(arriving), np.einsum("in,un->iu", inputs, arriving))


@pytest.mark.parametrize(
    ("shape", "bias", "letters"),
    [((2, 3), (2,), "un,u"), ((4, 2, 5, 3), (2,), "hfwn,f"), ((4, 2, 5, 3), (4, 5, 2), "hfwn,hwf")],
)
def test_a_bias_is_added_in_place(shape, bias, letters):
    product, bias = normal(*shape), normal(*bias)
    before, (all_axes, own) = product.copy(), letters.split(",")
    done = engine.add_bias(product, bias)
    assert done.output is product
    np.testing.assert_allclose(
        product, before + np.einsum(f"{own},{all_axes}->{all_axes}", bias, np.ones(shape))
    )
    arriving = normal(*shape)
    np.testing.assert_array_equal(done.by_inputs(arriving), arriving)
    np.testing.assert_allclose(done.by_weight(arriving), np.einsum(f"{all_axes}->{own}", arriving))


def test_flatten_keeps_keras_order_and_undoes_it():
    images = normal(3, 2, 4, 5)
    done = engine.flatten(images_last(images))
    np.testing.assert_array_equal(done.output, images.reshape(3, -1).T)
    arriving = normal(*done.output.shape)
    expected = images_last(arriving.T.reshape(images.shape))
    np.testing.assert_array_equal(done.by_inputs(arriving), expected)
