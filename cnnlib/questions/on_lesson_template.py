"""What does a kernel do whose weights are all the same?"""

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson: four to six questions that make sense elsewhere, too."""
    side = 3
    weights = side * side
    return [
        Question(
            f"A kernel of {side}×{side} takes the mean. How large is each weight?",
            [
                Option("1", f"that is the sum of {weights} pixels"),
                Option(f"1/{weights}", f"{weights} of them add up to 1", right=True),
                Option(f"1/{side}", f"{weights} of them add up to {weights // side}"),
            ],
            see="Take the mean of a patch",
        ),
        Question(
            "What does a mean do to an area where all pixels are equal?",
            [
                Option("nothing", "the mean of equal numbers is that number", right=True),
                Option("it darkens it", "only if the weights add up to less than 1"),
                Option("it turns it black", "that is what a sum of weights of 0 does"),
            ],
            see="Take the mean of a patch",
        ),
        Question(
            "Which misconception belongs into a quiz?",
            [
                Option("one that nobody has", "nobody would choose it"),
                Option("a trap in the wording", "it tests reading, not the lesson"),
                Option("one that readers really have", "each answer gets its reason", right=True),
            ],
            see="Check yourself",
        ),
        Question(
            "How does a number get into an option?",
            [
                Option("computed by cnnlib", "an f-string keeps it true", right=True),
                Option("typed", "it goes wrong when the lesson changes"),
                Option("as a picture", "a screen reader cannot read it"),
            ],
            see="Check yourself",
        ),
    ]
