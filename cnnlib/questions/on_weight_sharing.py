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
                Option("those of all channels", "each channel has its own layer of weights"),
                Option("those of one kernel, from place to place", "and its bias", right=True),
            ],
            see="See the repeats",
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
            "What makes a network's answer the same wherever the object stands?",
            [
                Option("the convolution", "it keeps where: its map moves along"),
                Option("zeros at the border", "these tell a kernel that it is at the edge"),
                Option("a pool over the whole map", "it throws where away", right=True),
            ],
            see="Tell invariance from equivariance",
        ),
    ]
