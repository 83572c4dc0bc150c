"""How well does LeNet read digits?"""

import math

from cnnlib import architectures
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    parameters = architectures.lenet5().parameters
    in_summary = 3 * parameters + 2  # two averages of Adam's for each, its steps and its rate
    strays_by = math.sqrt(0.99 * 0.01 / 10_000)
    return [
        Question(
            "Which digits may decide how long to train?",
            [
                Option("the test digits", "then they no longer tell the truth"),
                Option("the validation digits", "held back for that", right=True),
                Option("the training digits", "on these, longer always looks better"),
            ],
            see="Hold some back",
        ),
        Question(
            "A network for ten digits has a loss of 6 before any training. What is likely?",
            [
                Option("the labels are shuffled", "to a network that knows nothing they look fine"),
                Option("the network is too small", "size matters once it learns"),
                Option(
                    "the scale of the pixels is wrong",
                    f"ten classes begin at about {math.log(10):.1f}, if the scale is right",
                    right=True,
                ),
            ],
            see="Compile, and measure before you train",
        ),
        Question(
            f"After a fit with Adam, Keras's summary says {in_summary:,}. "
            "How many parameters does LeNet have?",
            [
                Option(f"{parameters:,}", "the rest is the optimizer's memory", right=True),
                Option(f"{in_summary:,}", "Adam's averages are in that"),
                Option(f"{3 * parameters:,}", "three numbers for each, two of them Adam's"),
            ],
            see="Save it, load it, use it",
        ),
        Question(
            "A rate that rises to 0.003 and then falls beats a constant 0.001. Does warm-up help?",
            [
                Option("yes, it is what is new", "the peak is new as well, and so is the fall"),
                Option("no, it never does", "one comparison cannot say that either"),
                Option(
                    "not known yet",
                    "take the warm-up away, and leave peak and fall as they are",
                    right=True,
                ),
            ],
            see="Take a recipe apart",
        ),
        Question(
            "Batch normalisation twice, from the same seed: its running averages move by 1% in "
            "each step, or by 10%. What differs after learning?",
            [
                Option("the weights", "learning goes by the batch at hand, not by the averages"),
                Option("the averages alone", "they act in use, so the answers differ", right=True),
                Option("nothing", "in use the averages stand in for the batch"),
            ],
            see="Help it where digits are few",
        ),
        Question(
            "Two networks differ by a tenth of a point on the same 10,000 digits. Which is better?",
            [
                Option("the one with more", f"99% has a standard error of {strays_by:.2%}"),
                Option("neither: tests prove nothing", "a large difference would count"),
                Option("not known yet", "count the digits that only one reads", right=True),
            ],
            see="Ask how sure you are",
        ),
    ]
