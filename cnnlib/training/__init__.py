"""How does a network learn, in NumPy alone?

Inside, the images of a batch are the last axis of every array, side by side in memory: every
product and comparison then runs through long contiguous stretches, which is what makes an epoch
quick. Read `model` for what a network can be told to do, `chain` for a step of learning,
`optimizers` for what moves the weights; how a layer runs stands with the layer, in `layers`.
"""

from cnnlib.training.distortions import distort
from cnnlib.training.model import History, NumpyModel
from cnnlib.training.optimizers import SGD, Adam, warmup_cosine
from cnnlib.training.pretrained import lenet5_record, load_lenet5

__all__ = [
    "SGD",
    "Adam",
    "History",
    "NumpyModel",
    "distort",
    "lenet5_record",
    "load_lenet5",
    "warmup_cosine",
]
