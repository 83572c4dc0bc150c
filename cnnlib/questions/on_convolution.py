"""What is a convolution?"""

from cnnlib import shapes
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    side = shapes.output_size(7, kernel=2, stride=2)
    start, end = shapes.resolve_padding("same", size=6, kernel=3, stride=2)
    one_filter, filters, channels = 5 * 5 * 3, 16, 3
    return [
        Question(
            "A kernel of 2 moves in steps of 2 over 7 pixels. How many windows fit?",
            [
                Option(f"{side + 1}", "one would hang over the end: round down, not up"),
                Option("3.5", "a half window is no window: round down"),
                Option(f"{side}", "the last pixel is seen by no window", right=True),
            ],
            see="Take larger steps",
        ),
        Question(
            "What does a CNN do to the kernel before it slides it?",
            [
                Option("nothing", "the first weight meets the first pixel", right=True),
                Option("it flips it", "that is the older operation, `np.convolve`'s"),
                Option("it scales it to a sum of 1", "blur has that sum; Sobel's is 0"),
            ],
            see="Name it",
        ),
        Question(
            "A colour image has 3 channels. How does one kernel look at them?",
            [
                Option("one grid of weights serves all three", "each channel has its own"),
                Option("it gives three feature maps", "it adds everything up to one map"),
                Option(
                    "a slice of weights for each, all added up", "one number a place", right=True
                ),
            ],
            see="Look through all channels",
        ),
        Question(
            f"A layer of {filters} kernels of 5×5 reads {channels} channels. "
            "How many channels does its output have?",
            [
                Option(f"{filters}", "one feature map for each kernel", right=True),
                Option(f"{filters * channels}", "each kernel sums over the channels"),
                Option(f"{channels}", "the channels of the input end in the sum"),
                Option(f"{one_filter}", "these are the weights of one kernel"),
            ],
            see="Stack several kernels",
        ),
        Question(
            "6 pixels, a kernel of 3, stride 2, `same` in Keras. Where do the zeros go?",
            [
                Option("one on each side", "that is what `padding=1` gives, PyTorch's habit"),
                Option(f"{start} before, {end} after", "an odd zero goes to the end", right=True),
                Option("nowhere: `same` needs stride 1", "it gives n / s windows, rounded up"),
            ],
            see="Add a margin",
        ),
        Question(
            "A kernel's weights add up to 0. What can no longer raise its output?",
            [
                Option("the same brightness added to every pixel", "it adds 0", right=True),
                Option("a stronger contrast", "twice the contrast gives twice the sum"),
                Option("a patch that is more like the kernel", "that still raises it"),
            ],
            see="Match a pattern",
        ),
    ]
