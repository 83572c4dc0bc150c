"""Do as many windows fit as one can lay by hand?"""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlib.shapes import Axis, axis_paddings, integer, output_size, pair, resolve_padding

SIZES, KERNELS, STEPS = st.integers(1, 30), st.integers(1, 6), st.integers(1, 4)
NUMBERS = st.integers(0, 4) | st.tuples(st.integers(0, 4), st.integers(0, 4))


def zeros_of(padding):
    return padding if isinstance(padding, tuple) else (padding, padding)


def laid_by_hand(size, taps, stride, before, after):
    """Move a window along, one stride at a time, while all its taps lie on cells or zeros."""
    first, count = -before, 0
    while first + taps[-1] < size + after:
        first, count = first + stride, count + 1
    return count


@given(SIZES, KERNELS, STEPS, NUMBERS, STEPS)
def test_windows_counted_are_windows_laid(size, kernel, stride, padding, dilation):
    taps = [dilation * tap for tap in range(kernel)]
    expected = laid_by_hand(size, taps, stride, *zeros_of(padding))
    assume(expected)
    assert output_size(size, kernel, stride, padding, dilation) == expected


@given(SIZES, KERNELS, STEPS, NUMBERS, STEPS)
def test_full_padding_lays_every_window_that_touches_the_input(
    size, kernel, stride, padding, dilation
):
    reach = (kernel - 1) * dilation
    touching = range(-reach, size, stride)
    assert output_size(size, kernel, stride, "full", dilation) == len(touching)


@given(SIZES, KERNELS, STEPS, STEPS)
def test_same_padding_is_the_least_that_gives_a_window_per_stride(size, kernel, stride, dilation):
    before, after = resolve_padding("same", size, kernel, stride, dilation)
    count = output_size(size, kernel, stride, "same", dilation)
    assert count == math.ceil(size / stride)
    assert after - before in (0, 1)
    if after:
        taps = [dilation * tap for tap in range(kernel)]
        assert laid_by_hand(size, taps, stride, before, after - 1) < count


@given(SIZES, KERNELS, STEPS)
def test_a_same_convolution_of_stride_1_keeps_the_size(size, kernel, dilation):
    assert output_size(size, kernel, 1, "same", dilation) == size


@given(SIZES, KERNELS, STEPS, NUMBERS)
def test_ceil_mode_goes_on_to_the_edge_but_never_starts_beyond_it(size, kernel, stride, padding):
    before, after = zeros_of(padding)
    assume(kernel <= size + before + after)
    assume(max(before, after) < kernel)
    starts = [-before]
    while starts[-1] + kernel < size + after:
        starts.append(starts[-1] + stride)
    expected = len([start for start in starts if start < size])
    assert output_size(size, kernel, stride, padding, ceil_mode=True) == expected


@given(SIZES, KERNELS, STEPS)
def test_ceil_mode_changes_nothing_where_padding_is_same(size, kernel, stride):
    plain = output_size(size, kernel, stride, "same")
    assert output_size(size, kernel, stride, "same", ceil_mode=True) == plain


@given(SIZES, KERNELS, STEPS, NUMBERS, STEPS, st.booleans())
def test_cells_read_are_cells_under_taps(size, kernel, stride, padding, dilation, ceil_mode):
    before, after = zeros_of(padding)
    assume((kernel - 1) * dilation < size + before + after)
    axis = Axis(size, kernel, stride, padding, dilation, ceil_mode)
    cells = np.full(before + size + after + stride * kernel * dilation, -1)
    cells[before : before + size] = range(size)
    window = [cells[i * stride :][: kernel * dilation : dilation] for i in range(axis.count)]
    for i, seen in enumerate(window):
        assert list(axis.cells(i)) == [cell for cell in seen if cell >= 0]
    for windows in ([], [0], range(0, axis.count, 2), range(axis.count)):
        read = axis.reads(np.isin(np.arange(axis.count), windows))
        assert set(np.flatnonzero(read)) == {cell for i in windows for cell in window[i]} - {-1}
    assert axis.taps_outside == np.sum(np.concatenate(window) == -1)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "ceil_mode", "expected"),
    [
        (227, 11, 4, 0, False, 55),
        (55, 3, 2, 0, False, 27),
        (224, 11, 4, 0, False, 54),
        (54, 3, 2, 0, False, 26),
        (54, 3, 2, 0, True, 27),
        (2, 3, 2, 0, True, 1),
        (7, 3, 2, (0, 1), False, 3),
        (8, 3, 2, "same", False, 4),
    ],
)
def test_known_sizes(size, kernel, stride, padding, ceil_mode, expected):
    assert output_size(size, kernel, stride, padding, ceil_mode=ceil_mode) == expected


@pytest.mark.parametrize(
    ("size", "kernel", "options", "step"),
    [
        (2, 3, {}, "a window of 3 does not fit an input of 2: ⌊(2 + 2·0 − 3) / 1⌋ + 1 = 0;"),
        (2, 7, {"padding": 1}, "an input of 2, padded to 4: ⌊(2 + 2·1 − 7) / 1⌋ + 1 = −2;"),
        (4, 3, {"dilation": 2}, "a window of 5 does not fit an input of 4"),
        (2, 6, {"stride": 2, "ceil_mode": True}, "⌈(2 + 2·0 − 6) / 2⌉ + 1 = −1"),
    ],
)
def test_a_window_that_does_not_fit_shows_the_step(size, kernel, options, step):
    with pytest.raises(ValueError, match="does not fit") as caught:
        output_size(size, kernel, **options)
    assert step in str(caught.value)
    assert "use padding='same', a smaller window, or drop the layer" in str(caught.value)


@pytest.mark.parametrize("wrong", [1, 0, None, "yes", np.bool_(True)])
def test_ceil_mode_is_on_or_off(wrong):
    with pytest.raises(ValueError, match=r"ceil_mode must be True or False, not"):
        output_size(9, 3, ceil_mode=wrong)


NO_NUMBERS = [True, 2.0, float("nan"), "3", None, np.float32(3), np.bool_(True), 3 + 0j, [3]]


@pytest.mark.parametrize("wrong", [*NO_NUMBERS, 0, -1])
@pytest.mark.parametrize("argument", ["size", "kernel", "stride", "dilation"])
def test_sizes_are_whole_numbers(argument, wrong):
    with pytest.raises(ValueError, match=f"{argument} must be a whole number of at least 1, not"):
        output_size(**{"size": 9, "kernel": 3, argument: wrong})


@pytest.mark.parametrize(
    "wrong", [-1, 1.0, True, None, "SAME", "", (1,), (1, 2, 3), (1, -1), (1, 0.5), ((1, 1), (1, 1))]
)
@pytest.mark.parametrize("function", [output_size, resolve_padding])
def test_padding_of_an_axis_is_a_name_a_number_or_two(function, wrong):
    arguments = {"size": 9, "kernel": 3, "padding": wrong}
    with pytest.raises(ValueError, match="padding"):
        function(**arguments)


@pytest.mark.parametrize("wrong", [(1, 2), ((1, 1),), ((1, 1), 2), ("same", "same"), 1.5, "Same"])
def test_padding_of_a_layer_is_a_name_a_number_or_two_pairs(wrong):
    with pytest.raises(ValueError, match="padding must be"):
        axis_paddings(wrong)


def test_numpy_integers_pass_and_become_plain():
    assert type(integer(np.int64(3), "n")) is int
    assert pair([np.uint8(3), 4], "n") == (3, 4)
    assert output_size(np.int32(227), np.int8(11), np.int16(4)) == 55


@pytest.mark.parametrize("wrong", [(1, 2, 3), (), (3, 0), (3, 2.0), "33", np.array([3, 3])])
def test_a_pair_is_one_number_or_two(wrong):
    with pytest.raises(ValueError, match="strides must be"):
        pair(wrong, "strides")
