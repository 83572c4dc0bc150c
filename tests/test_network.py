"""Does a stack of layers stand, add up, and refuse what cannot be built?"""

import copy
import pickle
import re
from dataclasses import FrozenInstanceError
from timeit import timeit

import numpy as np
import pytest

from cnnlib import (
    Activation,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    Network,
    architectures,
)
from cnnlib.network import COLUMNS, MORE_COLUMNS, TOTALS


@pytest.fixture
def lenet():
    return architectures.lenet5()


def test_rows_by_name_by_place_and_in_order(lenet):
    assert lenet["C1"] is lenet[0]
    assert lenet[-1].name == "output"
    assert len(lenet) == 8
    assert [row.name for row in lenet][:6] == ["C1", "S2", "C3", "S4", "C5", "flatten"]
    assert [row.kind for row in lenet][:2] == ["Conv2D", "MaxPooling2D"]
    assert lenet["S2"].layer == MaxPooling2D(2, name="S2")
    assert lenet["S2"].input_shape == lenet["C1"].output_shape == (28, 28, 6)
    with pytest.raises(KeyError, match="LeNet-5 has no layer 'C9'; it has C1, S2"):
        lenet["C9"]
    with pytest.raises(IndexError):
        lenet[8]


def test_shapes_chain_and_totals_add_up(lenet):
    for before, row in zip([None, *lenet], lenet, strict=False):
        assert row.input_shape == (before.output_shape if before else lenet.input_shape)
    assert lenet.output_shape == (10,)
    for total in TOTALS:
        assert getattr(lenet, total) == sum(getattr(row, total) for row in lenet)


def test_a_row_answers_as_its_layer_does(lenet):
    for row in lenet:
        assert row.derive("parameters") == row.layer.derive("parameters", row.input_shape)
        assert row.derive("output_shape").value == row.output_shape
        assert row.derive("receptive_field").value == row.receptive_field
        assert row.activation_bytes == 4 * np.prod(row.output_shape)
        assert row.parameter_bytes == 4 * row.parameters
    with pytest.raises(ValueError, match="cannot derive 'flops': choose one of output_shape"):
        lenet["C1"].derive("flops")
    with pytest.raises(ValueError, match="no total 'output_shape'"):
        lenet.derive("output_shape")


def test_the_same_work_under_four_names(lenet):
    assert lenet.macs_as("mac") == lenet.macs == 416_520
    assert lenet.macs_as("2mac") == 2 * lenet.macs == 833_040
    biased = [row for row in lenet if "bias" in row.layer.weights(row.input_shape)]
    outputs = sum(np.prod(row.output_shape) for row in biased)
    assert lenet.macs_as("mac+bias") == lenet.macs + outputs == 423_038
    assert lenet.macs_as("2mac+bias") == 2 * lenet.macs + outputs
    assert lenet["C1"].macs_as("mac+bias") == 117_600 + 28 * 28 * 6
    for wrong in ("flops", None, 2):
        with pytest.raises(ValueError, match=r"one of mac, mac\+bias, 2mac, 2mac\+bias, not"):
            lenet.macs_as(wrong)


def test_unnamed_layers_get_the_names_that_keras_would_give():
    layers = [Conv2D(1, 1), Conv2D(1, 1, name="conv2d_1"), Conv2D(1, 1), Conv2D(1, 1)]
    names = [row.name for row in Network((4, 4, 1), layers)]
    assert names == ["conv2d", "conv2d_1", "conv2d_2", "conv2d_3"]
    assert layers[0].name is None, "the description that was passed stays as it was"


@pytest.mark.parametrize(
    "twin", [copy.copy, copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))]
)
def test_a_network_is_a_value(twin):
    network = architectures.lenet5_1998()
    assert twin(network) == network
    assert hash(twin(network)) == hash(network)
    assert twin(network)["C3"].connections == 151_600
    assert len({network, twin(network), architectures.lenet5()}) == 2


def test_a_network_cannot_be_changed(lenet):
    for name in ("input_shape", "layers", "name", "parameters"):
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(lenet, name, 1)
    layers = [Flatten()]
    network = Network((2, 2, 1), layers)
    layers.append(Dense(3))
    assert len(network) == 1
    assert isinstance(network.layers, tuple)


def test_a_row_shows_itself_in_one_line(lenet):
    assert repr(lenet["output"]).startswith("Row(layer=Dense(units=10")
    assert len(repr(lenet["output"])) < 200


def test_a_network_may_be_deep():
    network = Network((3, 3, 1), [Conv2D(1, 3, padding="same")] * 400)
    assert network[-1].receptive_field == (801, 801)
    assert network[-1].input_patch() == ((0, 3), (0, 3))
    assert pickle.loads(pickle.dumps(network)).parameters == 4_000


def dilated(samples):
    """Ten layers that each look twice as far as the one before, as for sound, and a mean."""
    layers = [Conv2D(1, (1, 3), padding="same", dilation_rate=(1, 2**i)) for i in range(10)]
    return Network((1, samples, 1), [*layers, GlobalAveragePooling2D()])


@pytest.mark.parametrize("total", TOTALS)
def test_a_thousand_times_the_samples_are_counted_in_the_same_time(total):
    def seconds(samples):
        networks = [dilated(samples) for _ in range(5)]
        return min(timeit(lambda n=n: getattr(n, total), number=1) for n in networks)

    assert seconds(960_000) < 20 * seconds(960)


def test_a_unit_far_out_in_a_long_network_sees_what_its_layers_reach():
    network = dilated(960_000)
    reach = sum(2**i for i in range(10))
    assert network[-2].input_patch(0, 500_000) == ((0, 1), (500_000 - reach, 500_001 + reach))
    assert network[-1].input_patch() == ((0, 1), (0, 960_000))


@pytest.mark.parametrize("column", [*COLUMNS, *MORE_COLUMNS])
def test_every_column_is_what_the_rows_say(lenet, column):
    table = lenet.table(column)
    assert [row[column] for row in table.rows] == [getattr(row, column) for row in lenet]
    assert str(table)


@pytest.mark.parametrize("column", ["flops", "derive", "layer", "_rows", "", 3])
def test_a_column_that_is_not_there_is_refused(lenet, column):
    with pytest.raises(ValueError, match=r"a table has no column .*; it can have kind, output"):
        lenet.table(column)


def test_dense_on_an_image_is_an_error_and_25678184_the_number_it_hides():
    layers = [layer for layer in architectures.alexnet().layers if layer.name != "flatten"]
    message = "fc6: Dense reads values in a row, not an image of 6×6×256: put Flatten() before it"
    with pytest.raises(ValueError, match=re.escape(message)):
        Network((227, 227, 3), layers)
    channels_only = [GlobalAveragePooling2D() if x.name == "pool5" else x for x in layers]
    assert Network((227, 227, 3), channels_only).parameters == 25_678_184


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((28, 28), [Flatten()]), "input_shape must be (rows, columns, channels) or (length,)"),
        (((28, 28), [Flatten()]), "a grey image has one channel: (rows, columns, 1)"),
        ((28, [Flatten()]), "input_shape must be"),
        (("281", [Flatten()]), "input_shape must be"),
        (((), [Flatten()]), "input_shape must be"),
        (((28, 28, 1, 1), [Flatten()]), "input_shape must be"),
        (((28, 28, 0), [Flatten()]), "each size of input_shape must be a whole number of at least"),
        (((28, 28.0, 1), [Flatten()]), "not 28.0 (float)"),
        (((28, True, 1), [Flatten()]), "not True (bool)"),
        (((None, 28, 1), [Flatten()]), "not None (NoneType)"),
        (((28, 28, float("nan")), [Flatten()]), "not nan (float)"),
        (((4,), []), "layers must be a list of at least one layer, not []"),
        (((4,), Flatten()), "layers must be a list of at least one layer, not Flatten"),
        (((4,), None), "layers must be a list"),
        (((4,), "ab"), "layers[0] must be a layer, not 'a'"),
        (((4,), [Dense(2), Dense]), "layers[1] must be a layer, not <class"),
        (((4,), [Dense(2, name="a"), Dense(3, name="a")]), "2 layers are named 'a': give each"),
        (((4,), [Dense(2)], ""), "a network's name must be a non-empty string, not ''"),
        (((4,), [Dense(2)], 5), "a network's name must be a non-empty string, not 5"),
        (
            ((4, 4, 1), [Conv2D(1, 5, name="C1")]),
            "C1: a 5×5 window does not fit its 4×4 input: ⌊(4 + 2·0 − 5) / 1⌋ + 1 = 0; use",
        ),
        (
            ((8, 8, 1), [MaxPooling2D(2), MaxPooling2D(2), MaxPooling2D(3)]),
            "max_pooling2d_2: a 3×3 window does not fit its 2×2 input",
        ),
        (
            ((8, 8, 3), [Conv2D(4, 3, groups=2)]),
            "conv2d: 3 input channels do not divide into 2 groups",
        ),
        (
            ((8, 8, 3), [Conv2D(1, 3, connection_table=[[True, True]])]),
            "conv2d: the connection_table names 2 input channels, the input has 3",
        ),
        (
            ((8, 8, 3), [Flatten(), Activation("relu"), Conv2D(4, 3, name="late")]),
            "late: Conv2D reads an image (rows, columns, channels), not 192 values in a row",
        ),
    ],
)  # fmt: skip
def test_an_impossible_network_is_refused_at_once(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Network(*arguments)
