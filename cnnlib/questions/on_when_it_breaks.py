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
            see="Check before you train",
        ),
        Question(
            "A model ends in a softmax, and the loss is told `from_logits=True`. What now?",
            [
                Option("an error", "nothing complains: shapes and types agree"),
                Option("NaN", "both softmaxes give numbers from 0 to 1"),
                Option("softmax twice", "the loss stops above a floor", right=True),
            ],
            see="Know the suspects",
        ),
        Question(
            "The number of parameters agrees with the source's. Is the network right?",
            [
                Option("yes", "padding in conv1 changes sizes and no parameter"),
                Option("not yet sure: compare every shape", "sizes may differ", right=True),
                Option("no", "it is a good sign, and no proof"),
            ],
            see="Check before you train",
        ),
        Question(
            "A Dense layer follows a convolution without Flatten. What does Keras do?",
            [
                Option("it applies the layer at every place", "and says nothing", right=True),
                Option("it raises an error", "cnnlib does; Keras builds it"),
                Option("it flattens by itself", "then the parameters would agree"),
            ],
            see="Know the suspects",
        ),
        Question(
            "A ReLU unit is 0 for every image. What brings it back?",
            [
                Option("more epochs", "no gradient passes it"),
                Option("a larger learning rate", "such a step may be what killed it"),
                Option("new weights, smaller steps", "training cannot revive it", right=True),
            ],
            see="Know the suspects",
        ),
    ]
