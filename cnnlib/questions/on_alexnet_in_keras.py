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
            "First weights by He's rule or Glorot's, from the same random numbers: what differs?",
            [
                Option(
                    "how much is lost from layer to layer",
                    "the share that differs between images is level",
                ),
                Option(
                    "the scale of values and gradients",
                    "so the same learning rate makes steps of another size",
                    right=True,
                ),
                Option("nothing", "at one learning rate, one network learns and the other waits"),
            ],
            see="Choose the first weights",
        ),
        Question(
            "A network has learned eight images by heart. What does that show?",
            [
                Option("that it can learn", "its gradients and rate are of use", right=True),
                Option("that it can read digits", "of 160 others it got most wrong"),
                Option("nothing", "where no useful gradient comes through, it fails"),
            ],
            see="Let the whole network learn eight digits by heart",
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
        Question(
            "A network tells crops of a photograph apart. How do you learn whether by colour?",
            [
                Option("look at its kernels", "colours in a kernel need not be of use"),
                Option(
                    "take the colours away, train again, and compare",
                    "one thing has changed, and the rest has had the same chance",
                    right=True,
                ),
                Option("test it on grey crops", "it never saw any: that alone may confuse it"),
            ],
            see="Give it colour",
        ),
    ]
