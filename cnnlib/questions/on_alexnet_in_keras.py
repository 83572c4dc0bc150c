"""How do you build, inspect and fit AlexNet?"""

from cnnlib import architectures
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    alexnet = architectures.alexnet()
    image_bytes = 4 * 227 * 227 * 3
    training_macs = 3 * alexnet.macs - alexnet["conv1"].macs  # nobody asks for a pixel's gradient
    return [
        Question(
            "AlexNet reads MNIST's 60,000 digits at 227×227. Why resize a batch of 8 at a time?",
            [
                Option("it is less work", "it is the same work, only later"),
                Option(
                    f"all digits at once take {60_000 * image_bytes / 1e9:.1f} GB",
                    f"a batch takes {8 * image_bytes / 1e6:.0f} MB",
                    right=True,
                ),
                Option("the digits get sharper", "resizing adds pixels, and no detail"),
            ],
            see="Feed it a batch at a time",
        ),
        Question(
            "What does Keras's Dropout(0.5) do in `predict`?",
            [
                Option("it halves its inputs", "in the paper; Keras doubles in training instead"),
                Option("it drops half of its inputs", "only in training"),
                Option("nothing", "in use it passes on what it gets", right=True),
            ],
            see="Know what dropout does",
        ),
        Question(
            "The same images and the same learning rate: why may one loss fall, and one not?",
            [
                Option("the labels are wrong", "the same labels were learned the other time"),
                Option("the first weights differ in spread", "the signal fades", right=True),
                Option("one network is larger", "both are the same network"),
            ],
            see="Choose the first weights",
        ),
        Question(
            "A network has learned eight images by heart. What does that show?",
            [
                Option("that it can learn", "labels, loss, rate and pipeline fit", right=True),
                Option("that it can read digits", "the next eight are strange to it"),
                Option("nothing", "with a mistake in the pipeline it would have failed"),
            ],
            see="Let it learn eight digits by heart",
        ),
        Question(
            "How many times what it costs AlexNet to read an image does it cost to learn from it?",
            [
                Option("the same", "the way back is work too"),
                Option("twice as much", "the way back alone is nearly that"),
                Option(
                    f"{training_macs / alexnet.macs:.1f} times as much",
                    "once forward and nearly twice back",
                    right=True,
                ),
            ],
            see="Ask what the real thing takes",
        ),
    ]
