"""Do the networks of the course have the numbers that their papers print?"""

import pytest

from cnnlib import (
    Conv2D,
    Dense,
    Flatten,
    LocallyConnected2D,
    MaxPooling2D,
    Network,
    architectures,
)


def numbers(network, quantity):
    return {row.name: getattr(row, quantity) for row in network if getattr(row, quantity)}


def replaced(network, input_shape=None, drop=(), **changes):
    """The network with another input, without some layers, with other layers of the same name."""
    layers = [changes.get(x.name, x) for x in network.layers if x.name not in drop]
    return Network(input_shape or network.input_shape, layers, network.name)


# LeCun, Bottou, Bengio and Haffner (1998), section II.B. The 840 links of the output are those of
# 10 units to 84 each; the paper counts its parameters, fixed by hand, as none.
LENET_1998 = {
    "C1": (156, 122_304),
    "S2": (12, 5_880),
    "C3": (1_516, 151_600),
    "S4": (32, 2_000),
    "C5": (48_120, 48_120),
    "F6": (10_164, 10_164),
    "output": (0, 840),
}


def test_lenet5_of_1998():
    network = architectures.lenet5_1998()
    for name, (parameters, connections) in LENET_1998.items():
        assert (network[name].parameters, network[name].connections) == (parameters, connections)
    assert network.parameters == 60_000
    assert network.connections == 340_908


def test_the_table_of_c3_is_that_of_the_paper():
    # Table I: six maps read three neighbouring maps, six read four, three read two pairs, one all.
    table = architectures.LENET5_C3_TABLE
    assert [len(row) for row in table] == [3] * 6 + [4] * 9 + [6]
    assert len(set(table)) == 16
    around = [{(first + k) % 6 for k in range(3)} for first in range(6)]
    assert [set(row) for row in table[:6]] == around
    around = [{(first + k) % 6 for k in range(4)} for first in range(6)]
    assert [set(row) for row in table[6:12]] == around
    pairs = [{first, first + 1, (first + 3) % 6, (first + 4) % 6} for first in range(3)]
    assert [set(row) for row in table[12:15]] == pairs
    readers = [sum(channel in row for row in table) for channel in range(6)]
    assert readers == [10] * 6


def test_lenet5_as_it_is_built_today():
    network = architectures.lenet5()
    expected = {
        "C1": (156, 117_600),
        "C3": (2_416, 240_000),
        "C5": (48_120, 48_000),
        "F6": (10_164, 10_080),
        "output": (850, 840),
    }
    assert numbers(network, "parameters") == {name: pair[0] for name, pair in expected.items()}
    assert numbers(network, "macs") == {name: pair[1] for name, pair in expected.items()}
    assert (network.parameters, network.macs) == (61_706, 416_520)


def test_unpadded_digits_make_a_smaller_lenet():
    with pytest.raises(ValueError, match="C5: a 5×5 window does not fit its 4×4 input"):
        replaced(architectures.lenet5(), (28, 28, 1))
    all_of_it = Conv2D(120, 4, name="C5")  # as a dense layer after Flatten: 4·4·16 values each
    assert replaced(architectures.lenet5(), (28, 28, 1), C5=all_of_it).parameters == 44_426


ALEXNET = {
    "conv1": 34_944,
    "conv2": 614_656,
    "conv3": 885_120,
    "conv4": 1_327_488,
    "conv5": 884_992,
    "fc6": 37_752_832,
    "fc7": 16_781_312,
    "fc8": 4_097_000,
}


def test_alexnet_in_one_tower():
    network = architectures.alexnet()
    assert numbers(network, "parameters") == ALEXNET
    assert (network.parameters, network.macs) == (62_378_344, 1_135_256_096)
    shapes = [row.output_shape[0] for row in network][:8]
    assert shapes == [55, 27, 27, 13, 13, 13, 13, 6]


def test_alexnet_of_2012():
    network = architectures.alexnet_2012()
    halved = {"conv2": 307_456, "conv4": 663_936, "conv5": 442_624}
    assert numbers(network, "parameters") == ALEXNET | halved
    assert (network.parameters, network.macs) == (60_965_224, 724_406_816)


def test_alexnets_neurons_are_those_of_the_paper_but_for_its_slip():
    # Krizhevsky, Sutskever and Hinton (2012), section 3.5, list neurons for each layer; the first
    # of them, 253,440 = 55·48·96, is a slip for 55·55·96.
    paper = [253_440, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]
    network = architectures.alexnet_2012()
    found = [network[name].activation_bytes // 4 for name in ALEXNET]
    assert found[1:] == paper[1:]
    assert found[0] == 290_400 != paper[0] == 55 * 48 * 96


def test_224_pixels_are_three_too_few():
    sizes = ["conv1", "pool1", "pool2", "pool5"]
    floor = replaced(architectures.alexnet(), (224, 224, 3))
    assert [floor[name].output_shape[0] for name in sizes] == [54, 26, 12, 5]
    assert floor.parameters == 50_844_008
    pools = {n: MaxPooling2D(3, 2, ceil_mode=True, name=n) for n in ("pool1", "pool2", "pool5")}
    ceil = replaced(architectures.alexnet(), (224, 224, 3), **pools)
    assert [ceil[name].output_shape[0] for name in sizes] == [54, 27, 13, 6]
    assert ceil.parameters == 62_378_344


def test_without_pool5_alexnet_more_than_triples():
    assert replaced(architectures.alexnet(), drop=["pool5"]).parameters == 201_838_952


# Stanford's CS231n, "Convolutional networks", "VGGNet in detail": weights without biases, and
# activations, of configuration D of Simonyan and Zisserman (2015), whose table 2 says 138 million.
VGG16_WEIGHTS = {
    "conv1_1": 1_728,
    "conv1_2": 36_864,
    "conv2_1": 73_728,
    "conv2_2": 147_456,
    "conv3_1": 294_912,
    "conv3_2": 589_824,
    "conv3_3": 589_824,
    "conv4_1": 1_179_648,
    "conv4_2": 2_359_296,
    "conv4_3": 2_359_296,
    "conv5_1": 2_359_296,
    "conv5_2": 2_359_296,
    "conv5_3": 2_359_296,
    "fc6": 102_760_448,
    "fc7": 16_777_216,
    "fc8": 4_096_000,
}


def test_vgg16():
    network = architectures.vgg16()
    weights = {
        row.name: row.parameters - row.layer.weights(row.input_shape)["bias"].shape[0]
        for row in network
        if row.parameters
    }
    assert weights == VGG16_WEIGHTS
    assert network.parameters == 138_357_544
    assert network["conv1_2"].activation_bytes == 224 * 224 * 64 * 4
    assert [network[f"pool{n}"].output_shape for n in range(1, 6)] == [
        (112, 112, 64),
        (56, 56, 128),
        (28, 28, 256),
        (14, 14, 512),
        (7, 7, 512),
    ]


def test_one_layer_three_ways():
    # C1 of LeNet as a dense, a local and a shared layer (LeCun et al. 1998 tell why to share).
    dense = Network((32, 32, 1), [Flatten(), Dense(28 * 28 * 6)])
    local = Network((32, 32, 1), [LocallyConnected2D(6, 5)])
    shared = Network((32, 32, 1), [Conv2D(6, 5)])
    assert [n.parameters for n in (dense, local, shared)] == [4_821_600, 122_304, 156]
    assert [n.connections for n in (dense, local, shared)] == [4_821_600, 122_304, 122_304]


def test_the_toy_of_four_by_four_pixels():
    dense = Network((16,), [Dense(4)])
    local = Network((4, 4, 1), [LocallyConnected2D(1, 2, strides=2)])
    shared = Network((4, 4, 1), [Conv2D(1, 2, strides=2)])
    assert [n.parameters for n in (dense, local, shared)] == [68, 20, 5]
