"""What does a framework do for you? All of LeNet's learning on one page."""

import numpy as np

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    rounding = float(np.finfo(np.float32).eps)
    batch, block = 512, 64
    return [
        Question(
            "You check a way back layer by layer. The slopes of C3's kernel are right, those of "
            "C1's, the layer before, are wrong. Where is the mistake?",
            [
                Option(
                    "between the two", "in what C3 hands on, or what C1 makes of it", right=True
                ),
                Option("in the loss", "then C3's slopes would be wrong as well"),
                Option("in C5, the layer behind C3", "what C5 hands on has made C3's slopes"),
            ],
            see="Check all ten arrays",
        ),
        Question(
            f"Equal weights, equal digits: why do NumPy and TensorFlow differ by some "
            f"{rounding:.0e} of a slope?",
            [
                Option("one of them has a mistake", "then they would differ by far more"),
                Option("they add in another order", "each sum is rounded", right=True),
                Option("TensorFlow measures by nudges", "it goes back through each operation"),
            ],
            see="Check all ten arrays",
        ),
        Question(
            "Two programs compute the same pool. One has the channels last in memory, one the "
            "images. What can differ?",
            [
                Option("how many comparisons they make", "the windows are the same"),
                Option("how long they take", "long stretches of memory are quick", right=True),
                Option("which values win", "both find the largest of each window"),
            ],
            see="See why the order of axes matters",
        ),
        Question(
            f"A batch of {batch} is taken in blocks of {block}. What becomes of its gradient?",
            [
                Option("it is another one, of smaller batches", "no step is taken in between"),
                Option(f"{batch // block} times as large", "each block counts with its share"),
                Option("it is the same, up to rounding", "a mean of parts", right=True),
            ],
            see="See why the order of axes matters",
        ),
        Question(
            "Why does each program get a process of its own when they are timed?",
            [
                Option("to have the same weights", "weights can be given to any program"),
                Option("so that none slows another down", "threads wait, and spin", right=True),
                Option("because Keras demands it", "in this lesson Keras shares one with NumPy"),
            ],
            see="Time it against Keras",
        ),
        Question(
            "Our 60 lines and TensorFlow's tape find equal slopes. What does the tape spare you?",
            [
                Option("rounding errors", "it rounds too, in another order"),
                Option("a way back for each new network", "it follows operations", right=True),
                Option("the choice of a loss function", "it goes back from the loss you give it"),
            ],
            see="See what the squares are for",
        ),
    ]
