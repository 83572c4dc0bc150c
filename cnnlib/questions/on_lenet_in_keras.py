"""How well does LeNet read digits?"""

import math

import numpy as np

from cnnlib import architectures, operations
from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    parameters = architectures.lenet5().parameters
    in_summary = 3 * parameters + 2  # two averages of Adam's for each, its steps and its rate
    softened = float(operations.softmax(np.eye(10)[:1]).max())
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
                Option("bad luck with the seed", "chance moves it by a tenth or so"),
                Option("the network is too small", "size matters once it learns"),
                Option(
                    "a mistake in the input or the labels",
                    f"ten classes begin at about {math.log(10):.1f}",
                    right=True,
                ),
            ],
            see="Compile",
        ),
        Question(
            f"After a fit with Adam, Keras's summary says {in_summary:,}. "
            "How many parameters does LeNet have?",
            [
                Option(f"{parameters:,}", "the rest is the optimizer's memory", right=True),
                Option(f"{in_summary:,}", "Adam's averages are in that"),
                Option(f"{3 * parameters:,}", "three numbers for each, two of them Adam's"),
            ],
            see="Read the summary",
        ),
        Question(
            "A network ends in softmax, and you apply softmax again. What happens?",
            [
                Option("nothing: they are probabilities already", "softmax changes them again"),
                Option("an error", "any ten numbers will do for softmax"),
                Option(
                    "the sure answer becomes unsure",
                    f"1 and nine zeros become {softened:.2f} and nine smaller ones",
                    right=True,
                ),
            ],
            see="Run it without Keras",
        ),
        Question(
            "After epoch 1, validation is better than training. Why?",
            [
                Option(
                    "training is a mean over the epoch",
                    "at its beginning the network knew nothing",
                    right=True,
                ),
                Option("the network overfits", "then training would be the better one"),
                Option("the validation digits are easier", "the mixture is nearly the same"),
            ],
            see="Fit five epochs",
        ),
        Question(
            "Two networks differ by a tenth of a point on 10,000 digits. Which is better?",
            [
                Option("the one with more", f"99% strays by {strays_by:.2%} by chance"),
                Option("neither: tests prove nothing", "a large difference would count"),
                Option("not known yet", "count the digits that only one reads rightly", right=True),
            ],
            see="Ask how sure you are",
        ),
    ]
