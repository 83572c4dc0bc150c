"""The digit reader: what does LeNet-5 make of a digit that the reader draws?"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from tabulate import tabulate

from cnnlib import architectures, datasets, training
from cnnlib.arrays import quiet
from cnnlib.interactive.element import Touchable, lead_html
from cnnlib.language import say
from cnnlib.layers import Conv2D, Dense, Flatten, MaxPooling2D
from cnnlib.ledger import Row
from cnnlib.training import NumpyModel


def digit_reader(model: NumpyModel | None = None) -> Touchable:
    """Draw a digit, and see what each layer of LeNet-5 makes of it.

    >>> reader = digit_reader()
    >>> print(str(reader).splitlines()[0])
    digit reader: LeNet-5 with 61,706 parameters

    Without a model, the weights of `training.load_lenet5`; a model of yours must be of
    `architectures.lenet5()`. Weights go to the page in float16. What is drawn is scaled to 20×20
    pixels and its centre of mass put at the middle of 28×28, as MNIST's digits were (LeCun et al.
    1998, section III.A), then framed as by `datasets.prepare_digits`.
    """
    model = training.load_lenet5() if model is None else model
    lenet = architectures.lenet5()
    if getattr(model, "network", None) != lenet:
        found = model.network.name if isinstance(model, NumpyModel) else repr(model)
        raise ValueError(f"model must be a NumpyModel of architectures.lenet5(), not {found}")
    title, digits = say("Draw a digit for LeNet-5 to read"), _samples()
    options = {
        "title": title,
        "layers": [_layer(row) for row in lenet if not isinstance(row.layer, Flatten)],
        "weights": _base64(_halves(model)),
        "samples": [_base64(digit) for digit in digits],
    }
    chances = model.predict(digits)
    count = f"{lenet.parameters:,}"
    head = say("digit reader: {name} with {count} parameters", name=lenet.name, count=count)
    fallback = lead_html(title, say("How it reads ten samples:")) + _readings(chances, "html")
    return Touchable("digit-reader", options, fallback, f"{head}\n{_readings(chances, 'simple')}")


def _samples() -> np.ndarray:
    """The first test digit of each class."""
    digits, labels = datasets.load_mnist()[1]
    return np.stack([digits[labels == label][0] for label in range(10)])


def _layer(row: Row) -> dict[str, Any]:
    """The layer as `js/lenet.js` takes it; a dense layer is a convolution of 1×1 maps."""
    layer, kernel = row.layer, row.axes[0].kernel
    if isinstance(layer, MaxPooling2D):
        return {"name": row.name, "pool": kernel}
    return {
        "name": row.name,
        "kernel": kernel,
        "filters": row.output_shape[-1],
        "activation": layer.activation if isinstance(layer, Conv2D | Dense) else None,
    }


@quiet
def _halves(model: NumpyModel) -> np.ndarray:
    """All weights in one row, in float16: each layer's kernel, then its bias."""
    rows = [array.ravel() for own in model.weights.values() for array in own]
    halves = np.concatenate(rows).astype("<f2")
    if not np.isfinite(halves).all():
        raise ValueError("the model has weights that float16 cannot hold: train it anew")
    return halves


def _base64(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")


def _readings(probabilities: np.ndarray, form: str) -> str:
    rows = [
        [digit, int(row.argmax()), f"{row.max():.1%}"] for digit, row in enumerate(probabilities)
    ]
    headers = [say("sample"), say("read as"), say("probability")]
    return tabulate(rows, headers, tablefmt=form)
