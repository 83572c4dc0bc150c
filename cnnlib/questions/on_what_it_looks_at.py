"""Which parts of an image did it use, and when does it fail?"""

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    size, square = 28, 5
    return [
        Question(
            "A dark square slides over a light digit on a dark ground. The map is exactly 0 in "
            "the corners. What does that say?",
            [
                Option("the network ignores the corners", "a light square there may cost a lot"),
                Option("the square changed nothing there", "dark on dark", right=True),
                Option("the gradient is 0 there", "a little light there may well matter"),
            ],
            see="Cover a part and look again",
        ),
        Question(
            f"An occlusion map of {size}×{size} pixels, and the gradient with respect to all of "
            "them. How many passes through the network does each take?",
            [
                Option(f"{size**2} each", "the gradient of all pixels comes in one pass back"),
                Option(
                    f"{size**2}, and one forward and one back",
                    "but the gradient speaks of small changes only",
                    right=True,
                ),
                Option(f"{square**2}, and {size**2}", "the square is put at every pixel"),
            ],
            see="Nudge every pixel at once",
        ),
        Question(
            "A map stays nearly the same when all weights are replaced by random ones. "
            "What can it not have shown?",
            [
                Option("where the ink is", "that it may well show"),
                Option("what the network has learned", "that is gone, and the map is not", True),
                Option("the image", "the map may be little else"),
            ],
            see="Take the training away",
        ),
        Question(
            "Gradient ascent finds an image that is read as a “3” with a probability of 100%. "
            "What does that show?",
            [
                Option("that the network knows what a 3 looks like", "people see no 3 in it"),
                Option(
                    "that a high probability does not make an image a digit",
                    "the network was never asked whether it is one",
                    True,
                ),
                Option("that it was trained for too long", "random weights have favourites too"),
            ],
            see="Draw what a class likes best",
        ),
        Question(
            "Training digits are moved at random. On what does the network become better?",
            [
                Option("on whatever is hard", "what helps with moves need not help with turns"),
                Option("on moved digits", "what it was trained for", right=True),
                Option("on the training digits as they were", "those it sees less often now"),
            ],
            see="Train for what will come",
        ),
        Question(
            "Of the answers given with a probability of about 0.8, six in ten are right. "
            "What is the network?",
            [
                Option("calibrated", "then eight in ten would be right"),
                Option("overconfident", "its probabilities promise too much", right=True),
                Option("useless", "one may still refuse its least sure answers"),
            ],
            see="Ask how sure it is",
        ),
    ]
