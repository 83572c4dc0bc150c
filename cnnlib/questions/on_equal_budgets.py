"""What do sparsity and sharing buy, when everything else is equal?"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Dense, Flatten, LocallyConnected2D, MaxPooling2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    shared = [Conv2D(16, 5), MaxPooling2D(2)]
    local = [LocallyConnected2D(50, 5, strides=2)]  # as much work
    counts = [
        Network((14, 14, 1), [*layers, Flatten(), Dense(10)]).parameters
        for layers in (shared, local)
    ]
    ratio = counts[1] // counts[0]
    return [
        Question(
            "Two networks do equal work. Have they as many parameters?",
            [
                Option("yes", "a shared weight works at many places"),
                Option(
                    "not if one of them shares",
                    f"a local one has more than {ratio} times as many",
                    right=True,
                ),
                Option("the shared one has more", "it stores each weight once"),
            ],
            see="Write the contestants down",
        ),
        Question(
            "When does sharing help most, at equal work?",
            [
                Option("with few digits", "what one place learns, all know", right=True),
                Option("with many digits", "then local weights have seen every place"),
                Option("always equally", "the gap closes as digits are added"),
            ],
            see="Compare at equal work",
        ),
        Question(
            "What does sharing assume?",
            [
                Option("that objects are centred", "centred objects make it less needed"),
                Option("that all kernels are alike", "kernels share nothing with each other"),
                Option("that a stroke means the same anywhere", "it replaces data", right=True),
            ],
            see="Compare at equal work",
        ),
        Question(
            "Three seeds, and the bands of two curves overlap. What follows?",
            [
                Option("the higher mean is better", "another seed may turn it round"),
                Option("no difference has been shown", "compare the gap with them", right=True),
                Option("both are equal", "a small difference may hide in the bands"),
            ],
            see="Compare at equal work",
        ),
    ]
