"""How good a classifier of the four pictograms can you design with 2,000 parameters?"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Dense, Flatten, GlobalMaxPooling2D, MaxPooling2D
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    kernels = Conv2D(16, 5, padding="same")
    blocks = [kernels, MaxPooling2D(5), Flatten(), Dense(4)]
    anywhere = [kernels, GlobalMaxPooling2D(), Dense(4)]
    by_block, overall = (Network((20, 20, 1), layers)[-1] for layers in (blocks, anywhere))
    return [
        Question(
            f"{kernels.filters} maps of 20×20, the largest value of each 5×5 block, then 4 scores. "
            "How many parameters do the scores have?",
            [
                Option(f"{overall.parameters}", "so few only if each map left one number"),
                Option(
                    f"{by_block.parameters:,}",
                    f"a weight for each map in each block, {by_block.input_shape[0]} to a score, "
                    "and a bias",
                    right=True,
                ),
                Option("none", "a pool has none, but the scores behind it have"),
            ],
            see="Change one thing at a time",
        ),
        Question(
            "A global max pool did better than blocks on moved pictures. What shows that the moves "
            "are the reason?",
            [
                Option("it has fewer parameters", "so it has on pictures at rest, where it lost"),
                Option("three seeds agree", "they show that it is better, not why"),
                Option(
                    "on pictures that do not move, the blocks did better",
                    "only the moves were taken away, and the order turned round",
                    right=True,
                ),
            ],
            see="Change one thing at a time",
        ),
        Question(
            "Three designs have 0.986, 0.990 and 0.988 on validation pictures, and the seeds of "
            "each lie up to 0.01 apart. What follows?",
            [
                Option("the second is best", "its seeds overlap with those of the others"),
                Option(
                    "nothing yet",
                    "the gaps are smaller than the spread: take more seeds, or another difference",
                    right=True,
                ),
                Option("all three are equal", "a difference may be there and not be seen"),
            ],
            see="Meet the task and the bar",
        ),
        Question(
            "You have tried twenty designs on the same validation pictures and kept the best. "
            "How does it do on new pictures?",
            [
                Option(
                    "on average a little worse than on those",
                    "it was chosen partly for luck on those pictures",
                    right=True,
                ),
                Option("just as well", "it would, had those pictures not chosen it"),
                Option("better, it was trained longer", "choosing is no training"),
            ],
            see="Judge once",
        ),
        Question(
            "A design is right on 0.48 of the pictures it learned from, and on 0.49 of others. "
            "What is wrong?",
            [
                Option("it overfits", "then it would do well on what it learned from"),
                Option("it fails already on its own examples", "it underfits", right=True),
                Option("nothing, the two agree", "they agree, but on far too little"),
            ],
            see="Read why a design fails",
        ),
    ]
