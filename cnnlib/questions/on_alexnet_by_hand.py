"""Where do 62,378,344 parameters come from (and 60,965,224)? 224 or 227? What did it win?"""

from cnnlib import architectures, shapes
from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    alexnet, alexnet_2012 = architectures.alexnet(), architectures.alexnet_2012()
    conv1 = alexnet["conv1"].output_shape[0]
    at_224 = Network((224, 224, 3), alexnet.layers)
    conv1_224, pool1_224 = (at_224[name].output_shape[0] for name in ("conv1", "pool1"))
    return [
        Question(
            "How many windows of 11, four pixels apart, fit on 224 pixels without padding?",
            [
                Option(f"{conv1}", "that takes 227 pixels, or rounding up"),
                Option(f"{conv1_224}", "one pixel is left over", right=True),
                Option(f"{224 // 4}", "that is `same`: zeros are added"),
            ],
            see="Decide: 224 or 227",
        ),
        Question(
            "Does AlexNet have 60 million or 62 million parameters?",
            [
                Option(f"{alexnet.parameters:,} only", "the paper's network had two groups"),
                Option("60 million, rounded from 62 million", "the difference is the two groups"),
                Option(
                    f"both: {alexnet_2012.parameters:,} with two groups, "
                    f"{alexnet.parameters:,} with one",
                    "two groups drop half the kernels of three layers",
                    right=True,
                ),
            ],
            see="Split it in two",
        ),
        Question(
            f"A pool reads {conv1_224} cells with windows of 3, two apart. "
            "What does rounding up give?",
            [
                Option(f"{pool1_224}", "that is rounding down"),
                Option(f"{pool1_224 + 1}", "the last window hangs over", right=True),
                Option(f"{pool1_224 + 2}", "that would be a window with nothing under it"),
            ],
            see="Decide: 224 or 227",
        ),
        Question(
            "AlexNet's conv1, windows of 11, on 224 pixels, stride 4: "
            "Keras's `same`, or PyTorch's two zeros a side?",
            [
                Option("the same thing", "Keras gives 224 / 4 windows, whatever the kernel"),
                Option("PyTorch's `same` does it", "it refuses strides other than 1"),
                Option(
                    f"{_conv1_on_224('same')} windows against {_conv1_on_224(2)}",
                    "and yet both end at 6×6",
                    right=True,
                ),
            ],
            see="Decide: 224 or 227",
        ),
        Question(
            "What scored the 15.3% top-5 error that won the ImageNet challenge of 2012?",
            [
                Option("one AlexNet", "one alone was at 18.2%"),
                Option("seven networks, averaged", "two of them saw more photographs", right=True),
                Option("hand-made features", "those had 26.2%, and were averaged too"),
            ],
            see="See what it won",
        ),
        Question(
            "AlexNet's local response normalisation is missing from a table of its layers. "
            "By how much is the total of parameters wrong?",
            [
                Option("not at all", "its four constants are set, not learned", right=True),
                Option("by one for each map", "it has nothing of its own for a map"),
                Option("by five for each map", "it reads five maps, without weights"),
            ],
            see="Divide by the neighbours",
        ),
    ]


def _conv1_on_224(padding: shapes.Padding) -> int:
    return Network((224, 224, 3), [Conv2D(96, 11, strides=4, padding=padding)]).output_shape[0]
