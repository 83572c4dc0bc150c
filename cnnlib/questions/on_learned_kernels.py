"""Can the kernel be learned, and then many, and then layers of them?"""

from cnnlib.interactive import Option, Question


def questions() -> list[Question]:
    """The quiz of the lesson."""
    slope, rate = 4, 0.1
    kernel_side, image_side = 5, 20
    places = image_side**2
    return [
        Question(
            f"The slope of the loss at a weight is {slope}, the learning rate {rate}. What next?",
            [
                Option(f"add {rate * slope}", "that is uphill"),
                Option(f"subtract {rate * slope}", "a small step against the slope", right=True),
                Option(f"subtract {slope}", "a step is the slope times the learning rate"),
            ],
            see="Go downhill with one weight",
        ),
        Question(
            "What is the gradient of a convolution by its weights?",
            [
                Option("a product with the kernel's inverse", "no inverse is needed"),
                Option("the gradient of one output", "a weight works in every output: add up"),
                Option(
                    "a convolution of the input with the outputs' gradient",
                    "each weight collects from all positions",
                    right=True,
                ),
            ],
            see="Derive the gradient of a convolution",
        ),
        Question(
            f"A 5×5 kernel slides over {image_side}×{image_side} pixels, padding `same`. "
            "How many weights learn?",
            [
                Option(f"{kernel_side**2}", "all positions train the same weights", right=True),
                Option(f"{places * kernel_side**2:,}", "these are the products, not the weights"),
                Option(f"{places}", "this is the number of positions"),
            ],
            see="Learn a kernel for a purpose",
        ),
        Question(
            "A network is wrong on many pictures that it was trained on. What helps?",
            [
                Option("more pictures", "that helps against overfitting"),
                Option("fewer kernels", "then it can express even less"),
                Option("more kernels", "it underfits: it cannot express what it needs", right=True),
            ],
            see="Take more kernels",
        ),
        Question(
            "What do learned kernels look like?",
            [
                Option("whatever lowers the loss on the data", "nobody designs them", right=True),
                Option("Sobel kernels", "only where Sobel's outputs are what is asked for"),
                Option("small copies of the objects", "5×5 pixels show strokes, not cars"),
            ],
            see="Look at what was learned",
        ),
    ]
