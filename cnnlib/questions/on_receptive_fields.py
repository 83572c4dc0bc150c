"""How do far-apart pixels ever meet?"""

from cnnlib import architectures
from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    kernel, field = 5, architectures.lenet5()["C3"].receptive_field[0]
    three = Network((64, 64, 1), [Conv2D(1, 3)] * 3)[-1].receptive_field[0]
    return [
        Question(
            f"C3 of LeNet has kernels of {kernel}×{kernel}. "
            "How large is the receptive field of its units?",
            [
                Option(f"{kernel}×{kernel}", "that is the kernel: count input pixels"),
                Option(f"{field}×{field}", "kernel and pool of the layers before add", right=True),
                Option("32×32", "only from C5 on does a unit see everything"),
            ],
            see="Count how it grows",
        ),
        Question(
            "Three 3×3 convolutions, stride 1, one behind the other. How much is seen?",
            [
                Option("9×9", "sizes do not add up: each adds one less than its size"),
                Option("3×3", "that is one of them alone"),
                Option(f"{three}×{three}", "1, and 2 more for each layer", right=True),
            ],
            see="Count how it grows",
        ),
        Question(
            "What do two far-apart pixels need in order to interact?",
            [
                Option(
                    "a unit that sees both, and a nonlinearity there or behind",
                    "without it, their effects only add up",
                    right=True,
                ),
                Option("a unit that sees both", "a sum counts each as if alone"),
                Option("a nonlinearity in any layer", "before they meet, it does not help"),
            ],
            see="Tell a sum from an interaction",
        ),
        Question(
            "All layers are padded, so that only a stride makes the map smaller. What makes the "
            "receptive field larger without new weights and without a smaller map?",
            [
                Option("a stride", "the map gets smaller"),
                Option("dilation", "the weights stand apart; some rates leave holes", right=True),
                Option("one more layer", "it brings weights of its own"),
            ],
            see="Choose how to see more",
        ),
        Question(
            "Several 3×3 layers, stride 1, one behind the other. Which pixels reach a unit in the "
            "largest number of ways?",
            [
                Option("all equally", "many ways lead from the middle, one from a corner"),
                Option("those at the rim of its field", "one way leads from a corner"),
                Option("those in the middle of it", "the ways grow in number inwards", right=True),
            ],
            see="Measure what a unit uses",
        ),
    ]
