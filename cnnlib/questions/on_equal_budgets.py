"""What do sparsity, sharing and pooling buy, one at a time?"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Dense, Flatten, LocallyConnected2D, MaxPooling2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    shared, local = (
        Network((20, 20, 1), [layer, MaxPooling2D(2), Flatten(), Dense(10)])
        for layer in (Conv2D(8, 5), LocallyConnected2D(8, 5))
    )
    ratio = round(local.parameters / shared.parameters)
    right, digits = 0.9, 400
    error = (right * (1 - right) / digits) ** 0.5
    return [
        Question(
            "Two networks have the same windows and the same number of kernels at each. One shares "
            "its kernels, the other does not. Which budget do they have in common?",
            [
                Option(
                    "parameters",
                    f"with windows of 5×5 on 20×20 pixels the local one has {ratio} times as many",
                ),
                Option("work", "each window is multiplied by as many weights", right=True),
                Option("both", "a shared weight is stored once and used at every place"),
            ],
            see="Lay out the sheets and the networks",
        ),
        Question(
            "At equal cost, a local layer does better than a dense one. After all images have had "
            "their pixels scattered, in one order for all, the two are level. What does that show?",
            [
                Option(
                    "few connections are what helps",
                    "on scattered images it has as few, and they help no more",
                ),
                Option(
                    "a local layer gains by reading neighbours",
                    "it reads as few pixels as before, but they are no longer neighbours",
                    right=True,
                ),
                Option("a dense layer needs the order", "for it another order changes nothing"),
            ],
            see="Take connections away",
        ),
        Question(
            "With equal windows, for which digits did sharing gain accuracy?",
            [
                Option("for those in the middle", "there the two were level"),
                Option(
                    "for those anywhere, with a pool behind it",
                    "without the pool they were level there too",
                    right=True,
                ),
                Option("for all, pool or not", "digits in the middle gained nothing by it"),
            ],
            see="Look at more places, then pool",
        ),
        Question(
            f"A network reads {right:.0%} of {digits} test digits. What is the standard error?",
            [
                Option(f"{error:.1%}", "the root of p(1 − p)/n", right=True),
                Option(f"{error**2:.3%}", "that is its square: take the root"),
                Option(f"{right / digits**0.5:.1%}", "both p and 1 − p stand under the root"),
            ],
            see="Ask what an accuracy is worth",
        ),
        Question(
            "McNemar's z between two trained networks is 4, and their architectures differ. What "
            "follows?",
            [
                Option(
                    "one of these two networks is better",
                    "chance in the choice of test digits is ruled out, that of the seed is not",
                    right=True,
                ),
                Option("one architecture is better", "two seeds of one may lie as far apart"),
                Option("nothing", "by chance alone z is beyond 2 in one case of twenty only"),
            ],
            see="Compare two classifiers on the same digits",
        ),
    ]
