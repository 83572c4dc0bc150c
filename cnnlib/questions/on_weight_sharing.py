"""Why may all positions use the same weights?"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, LocallyConnected2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    shared = Network((32, 32, 1), [Conv2D(6, 5)])[0]
    local = Network((32, 32, 1), [LocallyConnected2D(6, 5)])[0]
    places = shared.output_shape[0] * shared.output_shape[1]
    jump = Network((99, 99, 1), [Conv2D(1, 3, strides=4)])[0].jump[0]
    return [
        Question(
            "The digit moves, and the feature map moves along. The layer is",
            [
                Option("invariant", "then the map would stay as it is"),
                Option("equivariant", "moved in, moved out", right=True),
                Option("sparse", "a local layer is sparse, and its map does not follow"),
            ],
            see="Tell invariance from equivariance",
        ),
        Question(
            "C1 of LeNet, shared and local. How do their MACs compare?",
            [
                Option(f"{shared.macs:,} both", "sharing saves no work", right=True),
                Option(
                    f"{shared.macs // places:,} and {local.macs:,}",
                    "a shared weight is still multiplied at every place",
                ),
                Option(f"{shared.parameters} and {local.parameters:,}", "these are parameters"),
            ],
            see="Count LeNet's first layer three ways",
        ),
        Question(
            "Which weights does a convolution share?",
            [
                Option("those of all its kernels", "two kernels share nothing"),
                Option("those of all channels", "each channel has its own slice of the kernel"),
                Option("those of one kernel, from place to place", "and its bias", right=True),
            ],
            see="Number the weights",
        ),
        Question(
            "One kernel for all places errs much more than one for each place. Of which images?",
            [
                Option(
                    "upright figures, always in the middle",
                    "each place always shows the same part of the figure",
                    right=True,
                ),
                Option("the same figures, moved about", "any part may stand anywhere"),
                Option("none: sharing is free", "that depends on what may stand where"),
            ],
            see="Ask pictures whether one kernel will do",
        ),
        Question(
            "With stride 4, which shifts does a convolution follow exactly?",
            [
                Option("all", "a shift by 1 brings other pixels into the windows"),
                Option(f"multiples of {jump}", "the windows then meet the same pixels", right=True),
                Option("none", "a shift by 4 is a shift by one unit"),
            ],
            see="Break it by skipping",
        ),
        Question(
            "Away from any border, what makes a network forget where an object stands?",
            [
                Option("sharing alone", "its map moves along, and so shows where"),
                Option("a global pool alone", "without sharing each place leaves its own numbers"),
                Option("sharing and a global pool", "one alone keeps the place", right=True),
            ],
            see="Ask what loses the place",
        ),
    ]
