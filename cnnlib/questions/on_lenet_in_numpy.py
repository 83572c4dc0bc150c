"""What is left of Keras when you take Keras away?"""

import numpy as np

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    rounding = float(np.finfo(np.float32).eps)
    return [
        Question(
            "LeNet learns fast in NumPy. What makes NumPy quick there?",
            [
                Option("fewer multiplications", "the MACs are the same"),
                Option("long stretches of memory", "images lie side by side", right=True),
                Option("smaller weights", "the weights are the same"),
            ],
            see="See why the order of axes matters",
        ),
        Question(
            f"Equal weights, equal digits: why do NumPy and Keras differ by some {rounding:.0e}?",
            [
                Option("one of them has a mistake", "then they would differ by far more"),
                Option("they add in another order", "each sum is rounded", right=True),
                Option("Keras drops units", "LeNet has no dropout"),
            ],
            see="Start from the same place",
        ),
        Question(
            "Three runs differ in their last digit only. Which is the result?",
            [
                Option("the best of them", "that one was lucky, too"),
                Option("their mean, with the spread", "luck evens out", right=True),
                Option("the last", "the order of the runs means nothing"),
            ],
            see="Distort the digits",
        ),
        Question(
            "Why do distorted digits help?",
            [
                Option("they are easier to read", "they are harder"),
                Option("they make the network larger", "its parameters stay as they are"),
                Option("they are new digits with known labels", "more data", right=True),
            ],
            see="Distort the digits",
        ),
    ]
