"""How does a network know which weight to blame?"""

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    slope, rate = 4, 0.1
    first, second = 3, -2
    window, arrives = 4, 8
    pixels, kernel, stride = 8, 3, 2
    outputs = (pixels - kernel) // stride + 1
    return [
        Question(
            f"The slope of the loss with respect to a weight is {slope}, the learning rate {rate}. "
            "What does gradient descent do?",
            [
                Option(f"add {rate * slope} to the weight", "that is uphill"),
                Option(
                    f"subtract {rate * slope} from it", "a small step against the slope", right=True
                ),
                Option(f"subtract {slope} from it", "a step is the slope times the learning rate"),
            ],
            see="Nudge a weight and measure",
        ),
        Question(
            "Two slopes lie one behind the other on the only path from a weight to the loss: "
            f"{first} and −{-second}. How large is the slope of the loss with respect to it?",
            [
                Option(f"{first + second}", "slopes add up where paths meet, not along a path"),
                Option(f"−{-first * second}", "along a path slopes multiply", right=True),
                Option(f"{first}", "the loss answers to both"),
            ],
            see="Multiply slopes along a path",
        ),
        Question(
            "A weight is used at a hundred places. What is the slope of the loss with respect "
            "to it?",
            [
                Option("the sum over all hundred paths", "a nudge moves them all", right=True),
                Option("the largest of the hundred", "the other paths move the loss as well"),
                Option("the product of the hundred", "along one path slopes multiply"),
            ],
            see="Add up the paths",
        ),
        Question(
            f"{arrives} arrives at one output of a pool over {window} values. What do the values "
            "get?",
            [
                Option(
                    f"{arrives // window} each from a max pool",
                    "a nudge of a loser does not move the output",
                ),
                Option(
                    f"{arrives // window} each from an average pool",
                    f"each moves the mean by 1/{window} of its nudge",
                    right=True,
                ),
                Option(f"{arrives} each from either", "no single value moves the mean that far"),
            ],
            see="Send it back through layers",
        ),
        Question(
            "What is the gradient of a convolution with respect to its kernel?",
            [
                Option("a product with the kernel's inverse", "no inverse is needed"),
                Option("the gradient of one output", "a weight works in every output: add up"),
                Option(
                    "a convolution of the input with the outputs' gradient",
                    "each weight collects from all positions",
                    right=True,
                ),
            ],
            see="Blame the kernel",
        ),
        Question(
            f"A kernel of {kernel} with stride {stride} gives {outputs} outputs on {pixels} "
            "pixels. What does the last pixel get on the way back?",
            [
                Option("0", "no window reads it, so no nudge of it is felt", right=True),
                Option("as much as the others", "it had no part in any output"),
                Option("what the last output gets", "the last window ends before it"),
            ],
            see="Mind what a stride leaves over",
        ),
    ]
