"""Can the kernel be learned, and then many, and then layers of them?"""

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    kernel_side, image_side = 5, 20
    places = image_side**2
    return [
        Question(
            "A 3×3 kernel is learned from pictures of vertical stripes, until the loss is 0. "
            "What has been learned?",
            [
                Option("all nine weights", "in a stripe, three of them always act together"),
                Option("nothing, for the pictures are too plain", "they fix three sums of weights"),
                Option(
                    "the sum of each of its columns",
                    "how a sum is divided, no stripe can tell",
                    right=True,
                ),
            ],
            see="Learn one kernel from what it does",
        ),
        Question(
            f"A 5×5 kernel slides over {image_side}×{image_side} pixels, padding `same`. "
            "How many weights learn?",
            [
                Option(f"{kernel_side**2}", "all positions train the same weights", right=True),
                Option(f"{places * kernel_side**2:,}", "these are the products, not the weights"),
                Option(f"{places}", "this is the number of positions"),
            ],
            see="Learn many kernels from labels",
        ),
        Question(
            "A network reads 58% of its training pictures rightly and 57% of new ones. "
            "What is worth trying first?",
            [
                Option("more pictures", "it does not even know those it has"),
                Option("fewer kernels", "then it can express even less"),
                Option("more kernels", "it underfits: it cannot express what it needs", right=True),
            ],
            see="Learn many kernels from labels",
        ),
        Question(
            "Two layers of kernels in a row, with no function between them. What can they compute?",
            [
                Option("no more than one layer", "two tables multiply into one", right=True),
                Option("twice as much as one layer", "sums of weighted sums are weighted sums"),
                Option("an edge of either direction", "for that they need a ReLU in between"),
            ],
            see="See what ReLU is for",
        ),
        Question(
            "What does a convolutional network learn from?",
            [
                Option(
                    "many labelled images", "the labels say how wrong its answers are", right=True
                ),
                Option(
                    "one image at a time, by looking for objects", "nobody has told it of objects"
                ),
                Option("feature maps that people have drawn", "nobody knows them beforehand"),
            ],
            see="Stack layers of kernels",
        ),
        Question(
            "Learned kernels read more pictures than hand-made features. "
            "What shows that the learning did it?",
            [
                Option(
                    "its random kernels of before, under the same classifier, read fewer",
                    "nothing else differs",
                    right=True,
                ),
                Option("the accuracy on the training pictures", "that may be overfitting"),
                Option("that the learned kernels look like edges", "looks classify nothing"),
            ],
            see="Compare with what is made by hand",
        ),
    ]
