"""What came after, and can you account for it?"""

from fractions import Fraction

from cnnlib import architectures
from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Conv2DTranspose
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    shape, filters = (28, 28, 192), 32
    whole = Network(shape, [Conv2D(filters, 5, padding="same")]).macs
    narrow = Network(shape, [Conv2D(16, 1), Conv2D(filters, 5, padding="same")]).macs
    one = Network((32, 32, 1), [Conv2D(16, 7, use_bias=False)]).parameters
    three = Network((32, 32, 1), [Conv2D(16, 3, use_bias=False)] * 3).parameters
    fc6 = architectures.vgg16()["fc6"].parameters
    size = Conv2DTranspose(1, 4, strides=2).output_shape((5, 5, 1))[0]
    return [
        Question(
            "A 1×1 convolution to 16 channels is put in front of 5×5 kernels "
            "that used to read 192 channels. Why do MACs go down?",
            [
                Option("the map gets smaller", "a 1×1 convolution keeps its size"),
                Option(
                    "the 5×5 kernels become less deep",
                    f"they read 16 channels: {narrow:,} MACs in place of {whole:,}",
                    right=True,
                ),
                Option("a 1×1 convolution costs nothing", "it costs little, and it is counted"),
            ],
            see="Put a narrow layer in front",
        ),
        Question(
            "One channel comes in and 16 go out. Which has fewer weights, a 7×7 layer or three "
            "3×3 layers of 16 kernels that see as much?",
            [
                Option("the 7×7 layer", f"{one:,} against {three:,}", right=True),
                Option("the three", "two of them read 16 channels, where the large one reads 1"),
                Option("they are equal", "they see the same pixels, and count differently"),
            ],
            see="Stack small kernels",
        ),
        Question(
            f"What takes the place of VGG-16's layer of {fc6:,} parameters in a network "
            "that ends in global pooling?",
            [
                Option("one mean for each map", "a short row, and no weights", right=True),
                Option("a 1×1 convolution", "that would keep every position"),
                Option("a larger last pool with weights", "a pool has no weights"),
            ],
            see="Pool before you decide",
        ),
        Question(
            "3×3 kernels, very many of them: what share of its MACs does a convolution keep when "
            "it is made depthwise separable?",
            [
                Option("about 1/3", "a kernel has two sides"),
                Option(f"a little over {Fraction(1, 9)}", "1/F + 1/k², and F is large", right=True),
                Option("1 / the number of channels", "the channels that come in cancel out"),
            ],
            see="Take the kernel apart",
        ),
        Question(
            "A plain tower of twenty layers hardly learns from a start with small weights, and "
            "learns once residual connections are added. What do they change in the fresh tower?",
            [
                Option("it has fewer weights to learn", "they take no weights away"),
                Option(
                    "values keep their size from layer to layer",
                    "what comes in is handed on, whatever a pair of layers does to it",
                    right=True,
                ),
                Option(
                    "digits no longer come to look alike on the way",
                    "measured: the share by which they differ falls with shortcuts, too",
                ),
            ],
            see="Add what came in",
        ),
        Question(
            "Five values in a row are spread by a transposed convolution of 4 with stride 2. How "
            "many come out, with nothing cropped?",
            [
                Option("10", "the last window reaches beyond twice the input"),
                Option("20", "windows overlap, and overlaps are added up"),
                Option(str(size), "(5 − 1)·2 + 4", right=True),
            ],
            see="Spread each pixel over a window",
        ),
    ]
