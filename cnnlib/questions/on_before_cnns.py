"""How would you classify a 20×20 image without a CNN?"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Dense, Flatten
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    classes = 4
    parameters = Network((20, 20, 1), [Flatten(), Dense(classes)]).parameters
    weights = parameters - classes
    return [
        Question(
            f"400 pixels, {classes} classes. How many parameters has a linear classifier?",
            [
                Option(f"{weights:,}", "each class has a bias as well"),
                Option(f"{weights + 1:,}", "each class has a bias of its own, not one for all"),
                Option(f"{parameters:,}", "400 weights and a bias a class", right=True),
            ],
            see="Take the pixels as they are",
        ),
        Question(
            "A picture moves by 3 pixels. Why do raw pixels fail?",
            [
                Option("each weight belongs to a place", "the ink is elsewhere now", right=True),
                Option("the picture has changed its class", "a car is still a car"),
                Option("there are too few weights", "more weights are tied to places too"),
            ],
            see="Move the picture",
        ),
        Question(
            "What is learned in a system of HOG features and a linear classifier?",
            [
                Option("cells and bins", "these were chosen before the first picture"),
                Option("the weights of the classifier", "the features are static", right=True),
                Option("both", "only the classifier is given the labels"),
            ],
            see="Design better features",
        ),
        Question(
            "The four kinds of pictures get noisy. Which features held longest?",
            [
                Option("HOG", "noise is full of little edges, and HOG counts them"),
                Option("edges", "an edge kernel subtracts neighbours, which raises noise"),
                Option("raw pixels", "a sum over 400 pixels evens noise out", right=True),
            ],
            see="Compare them",
        ),
    ]
