"""Who is connected to whom?"""

from cnnlib.interactive import Option, Question
from cnnlib.layers import Conv2D, Dense, Flatten
from cnnlib.network import Network


def questions() -> list[Question]:
    """The quiz of the lesson."""
    shared = Network((4, 4, 1), [Conv2D(1, 2, strides=2)])[0]
    dense = Network((4, 4, 1), [Flatten(), Dense(4)])[-1]
    return [
        Question(
            "A local layer gets shared weights. What falls?",
            [
                Option("parameters and connections", "every line is still there"),
                Option("parameters only", "stored once, used at every place", right=True),
                Option("the work", "every product is still computed"),
            ],
            see="Count",
        ),
        Question(
            "A 2×2 kernel moves by 2 over 4×4 pixels, with a bias. How many connections is that?",
            [
                Option(f"{shared.parameters}", "these are its parameters"),
                Option(f"{dense.connections}", "that is a dense layer of 4 units"),
                Option(f"{shared.macs}", "the bias of each unit is a connection too"),
                Option(f"{shared.connections}", "4 units, 4 pixels and a bias each", right=True),
            ],
            see="Count",
        ),
        Question(
            "What are the zeros in a layer's matrix?",
            [
                Option("pixels without ink", "the matrix does not know the image"),
                Option("connections that are not there", "that is the sparsity", right=True),
                Option("weights that are shared", "sharing shows in colours that come back"),
            ],
            see="Write the layer as a matrix",
        ),
        Question(
            "The first row of a 4×4 image are pixels 1 to 4. A 2×2 kernel moves by 2. "
            "Who sees both 2 and 3?",
            [
                Option("no unit", "a border between windows runs there", right=True),
                Option("the first unit", "it sees 1, 2, 5 and 6"),
                Option("the first two units", "each sees one of them"),
            ],
            see="Ask what stride 2 loses",
        ),
        Question(
            "A layer gives all zeros for a picture with an edge, and for an empty one. What can "
            "the layers behind it do?",
            [
                Option("find the edge, with enough of them", "they are given the same numbers"),
                Option("find the edge, if they learn", "they are given nothing to learn it from"),
                Option("nothing", "to them the two pictures are one", right=True),
            ],
            see="Ask what stride 2 loses",
        ),
        Question(
            "The image grows from 128×128 to 256×256. A unit of a convolution then has",
            [
                Option("four times the connections", "that is a unit of a dense layer"),
                Option("twice the connections", "its window has not grown"),
                Option("as many connections", "its window is all it reads", right=True),
            ],
            see="Let the image grow",
        ),
    ]
