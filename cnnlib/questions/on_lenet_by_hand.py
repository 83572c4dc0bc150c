"""Where do 61,706 parameters come from (and LeCun's 60,000)?"""

import math

from cnnlib import architectures
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    lenet, lenet_1998 = architectures.lenet5(), architectures.lenet5_1998()
    c1, c3, c5 = lenet["C1"], lenet["C3"], lenet["C5"]
    units, c5_weights = math.prod(c1.output_shape), math.prod(c5.input_shape) * 120
    maps, read = c3.output_shape[-1], c3.input_shape[-1]
    slices_1998 = (lenet_1998["C3"].parameters - maps) // 25  # a bias for each map
    size = "×".join(map(str, c5.input_shape[:2]))
    macs, biases = 1_200_000, 20_000
    in_pools = lenet["S2"].parameters + lenet["S4"].parameters
    return [
        Question(
            "How many biases does C1 of LeNet have?",
            [
                Option(f"{units:,}, one for each value", "a filter uses one bias everywhere"),
                Option(f"{c1.output_shape[-1]}, one for each filter", "it is shared", right=True),
                Option("1 for the layer", "each filter has its own"),
            ],
            see="Count C1 by hand",
        ),
        Question(
            "How many parameters do LeNet's pools, S2 and S4, have today?",
            [
                Option(f"{in_pools}", "the largest of four values: nothing to learn", right=True),
                Option(f"{lenet_1998['S2'].parameters + lenet_1998['S4'].parameters}", "in 1998"),
                Option("one for each channel", "a pool has a window, and no weights in it"),
            ],
            see="Halve the sides",
        ),
        Question(
            f"How many parameters does C3 of LeNet have, {maps} filters of 5×5 on six maps?",
            [
                Option(f"{(25 + 1) * maps:,}", "each of the six maps needs its own 25 weights"),
                Option(f"{(25 + 1) * 6 * maps:,}", "one bias for a filter, not one for a map"),
                Option(f"{c3.connections:,}", "these are connections: parameters come back"),
                Option(f"{c3.parameters:,}", "150 weights and a bias, for each", right=True),
            ],
            see="Look through six maps",
        ),
        Question(
            "Is C5 of LeNet a convolution or a dense layer?",
            [
                Option("a convolution: it has fewer parameters", "they have the same number"),
                Option(f"both, on {size} maps", "a larger image tells them apart", right=True),
                Option(f"a dense layer: {c5_weights:,} weights", "the convolution has as many"),
            ],
            see="Meet a convolution with one position",
        ),
        Question(
            "How many slices of 25 weights did LeNet's C3 have in 1998?",
            [
                Option(f"{slices_1998}", "a filled cell of the table is one", right=True),
                Option(f"{maps}", "that is its maps: each reads 3, 4 or 6"),
                Option(f"{maps * read}", "that is today, where every map reads all six"),
            ],
            see="Meet the network of 1998",
        ),
        Question(
            "A tool counts two operations for each MAC and one for each bias, and prints "
            f"{2 * macs + biases:,} for a network that adds {biases:,} biases. "
            "How many MACs are those?",
            [
                Option(f"{2 * macs:,}", "those are operations: each MAC is two of them"),
                Option(f"{macs + biases // 2:,}", "take the biases off before you halve"),
                Option(f"{macs:,}", "biases off, then half", right=True),
            ],
            see="Name the convention",
        ),
    ]
