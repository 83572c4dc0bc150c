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
            f"400 pixels, {classes} classes. How many parameters does a linear classifier have?",
            [
                Option(f"{weights:,}", "each class has a bias as well"),
                Option(f"{weights + 1:,}", "each class has a bias of its own, not one for all"),
                Option(f"{parameters:,}", "400 weights and a bias a class", right=True),
            ],
            see="Take the pixels as they are",
        ),
        Question(
            "A classifier has a weight for each pixel. What shows that drawings moved by 3 pixels "
            "are as good as before, and only lie in the wrong place for it?",
            [
                Option(
                    "with the weights moved along, it is right again",
                    "the same drawings, the same weights, and only the place is mended",
                    right=True,
                ),
                Option("it is right at rest", "that says nothing about what a move does"),
                Option("it is wrong once they are moved", "so it would be with spoilt drawings"),
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
            see="Design features that move less",
        ),
        Question(
            "Edge features of pictograms that move: sizes without sign, four directions apart, "
            "means over blocks. Which can they best do without?",
            [
                Option("the sizes", "with signs left in, they are no better than raw pixels"),
                Option("the directions apart", "added up, they are hardly better than raw pixels"),
                Option("the means over blocks", "without them little is lost", right=True),
            ],
            see="Find out which part does the work",
        ),
        Question(
            "Edge features of pictograms, pooled in blocks, lose more to strong noise than raw "
            "pixels do. Which part of them costs most?",
            [
                Option("the edge kernels", "without the pool, the same kernels lose far less"),
                Option("dropping the signs", "leaving the signs in helps less than no pool"),
                Option("the pool", "it keeps 64 of the 1,600 numbers", right=True),
            ],
            see="Mend the features",
        ),
    ]
