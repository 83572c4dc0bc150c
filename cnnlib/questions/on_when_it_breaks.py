"""Which mistakes does everyone make, and how do you see them?"""

import math

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    return [
        Question(
            "A classifier of 100 classes has not learned anything yet. What is its loss?",
            [
                Option("about 0", "then it would be sure and right"),
                Option(f"about {math.log(100):.1f}", "it is −log(1/100)", right=True),
                Option(f"about {math.log(10):.1f}", "that is the figure for ten classes"),
            ],
            see="Test a network that works",
        ),
        Question(
            "Images and labels are out of step. Which test finds it?",
            [
                Option("the untrained loss", "it is log(classes), whatever the labels are"),
                Option("learning a handful by heart", "wrong labels are learned by heart too"),
                Option("the accuracy on validation digits", "it is that of chance", right=True),
            ],
            see="Try each test on each mistake",
        ),
        Question(
            "The number of parameters agrees with the source's. Is the network right?",
            [
                Option("yes", "padding in conv1 changes sizes and no parameter"),
                Option("not yet sure: compare every shape", "sizes may differ", right=True),
                Option("no", "it is a good sign, and no proof"),
            ],
            see="Test a network that works",
        ),
        Question(
            "A network reads 90% of 100 digits. What is the standard error of this accuracy?",
            [
                Option(f"{math.sqrt(0.9 * 0.1 / 100):.2f}", "√(0.9 · 0.1 / 100)", right=True),
                Option(f"{0.9 * 0.1 / 100:.4f}", "take the root: this is the variance"),
                Option(f"{math.sqrt(0.9 * 0.1):.1f}", "so much does a single digit scatter"),
            ],
            see="Say how sure a score is",
        ),
        Question(
            "Half of the units of F6 are silent for every image. Can they come back?",
            [
                Option("no: no gradient passes them", "yet what they read still changes"),
                Option("yes, while layers below learn", "what they read changes", right=True),
                Option("only with new weights", "most came back without"),
            ],
            see="See which silent units come back",
        ),
    ]
