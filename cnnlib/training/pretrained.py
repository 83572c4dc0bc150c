"""What has LeNet-5 learned, and how well does it read?"""

from __future__ import annotations

import numpy as np

from cnnlib.architectures import lenet5
from cnnlib.shipped import FOLDER, load_arrays
from cnnlib.training.model import NumpyModel

LENET5_PATH = FOLDER / "lenet5.npz"
LENET5_SIZE = 117_437  # bytes
LENET5_SHA256 = "d87f8e64ff34a18493e01635578840e3575da681451c5ddd52afa5cbf1715525"


def load_lenet5() -> NumpyModel:
    """Load LeNet-5, trained by `scripts/train_lenet5.py` on distorted digits.

    >>> from cnnlib import datasets
    >>> digits, labels = datasets.load_mnist()[1]
    >>> load_lenet5().predict(digits[:5]).argmax(axis=1), labels[:5]
    (array([7, 2, 1, 0, 4]), array([7, 2, 1, 0, 4], dtype=uint8))

    The file holds its weights in float16; errors as those of `datasets.load_mnist`.
    """
    arrays, model = _arrays(), NumpyModel(lenet5())
    model.weights = {
        layer: [arrays[f"{layer}_{name}"].astype(np.float32) for name in ("kernel", "bias")]
        for layer in model.weights
    }
    return model


def lenet5_record() -> dict[str, list[float]]:
    """What that script measured: for each seed, two accuracies, its weights in float16.

    >>> sorted(lenet5_record())
    ['seed', 'test_accuracy', 'validation_accuracy']

    `validation_accuracy` is on 5,000 digits of the training set that were kept out of training;
    the weights that `load_lenet5` gives are those of the seed where it is highest.
    """
    names = "seed", "validation_accuracy", "test_accuracy"
    return {name: _arrays()[name].tolist() for name in names}


def _arrays() -> dict[str, np.ndarray]:
    return load_arrays(LENET5_PATH, LENET5_SIZE, LENET5_SHA256)
