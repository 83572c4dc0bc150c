"""Where do 62,378,344 parameters come from (and 60,965,224)? 224 or 227?"""

from cnnlib import architectures, shapes
from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Dense
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    alexnet, alexnet_2012 = architectures.alexnet(), architectures.alexnet_2012()
    largest = max(alexnet, key=lambda row: row.parameters)
    largest_share = largest.parameters / alexnet.parameters
    dense = [row for row in alexnet if isinstance(row.layer, Dense)]
    dense_share = sum(row.parameters for row in dense) / alexnet.parameters
    work_share = 1 - sum(row.macs for row in dense) / alexnet.macs
    conv1 = alexnet["conv1"].output_shape[0]
    at_224 = Network((224, 224, 3), alexnet.layers)
    conv1_224, pool1_224 = (at_224[name].output_shape[0] for name in ("conv1", "pool1"))
    too_large = 227 + alexnet["pool5"].jump[0]  # 227 is the smallest that ends at 6×6
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
            "Has AlexNet 60 or 62 million parameters?",
            [
                Option(f"{alexnet.parameters:,} only", "the paper's network had two groups"),
                Option("60 million, rounded from 62", "the difference is the two groups"),
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
            "Where do most of AlexNet's parameters lie?",
            [
                Option(f"in {largest.name}", f"{largest_share:.1%} of them", right=True),
                Option("in the convolutions", f"these do {work_share:.1%} of the work"),
                Option("in the pools", "a pool has none"),
                Option("evenly in eight layers", f"the dense ones hold {dense_share:.1%}"),
            ],
            see="See where they sit",
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
            "AlexNet's images grow from 227 to 256 pixels. What happens to the parameters?",
            [
                Option(
                    "nothing", "kernels do not know the image, pool5 still ends at 6×6", right=True
                ),
                Option("a fifth more", "that is the work"),
                Option("fc6 grows", f"only from {too_large} on"),
            ],
            see="Change one thing",
        ),
    ]


def _conv1_on_224(padding: shapes.Padding) -> int:
    return Network((224, 224, 3), [Conv2D(96, 11, strides=4, padding=padding)]).output_shape[0]
