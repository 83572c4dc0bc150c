"""How does a layer run, forward and backward, with the images of a batch side by side in memory?

Images here are (rows, channels, columns, images), vectors (values, images). What one tap of a
window meets is then a long contiguous run, in all columns of all images, and a row of windows is
a matrix that needs no copy: that is what makes learning fast in NumPy. The numbers are those of
`operations` and `gradients`, in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from cnnlib.ledger import Row
from cnnlib.training.batch_windows import Array, Axes, cells, fold, lower, pad, taps, unpad
from cnnlib.windows import each_group

ACTIVATIONS = ("relu", "tanh", "sigmoid")


@dataclass(frozen=True)
class Pass:
    """What a step gave, and its way back: from the output's gradient to its other gradients."""

    output: Array
    by_inputs: Callable[[Array], Array]
    by_weight: Callable[[Array], Array] | None = None


@dataclass(frozen=True)
class Step:
    """A part of a layer that uses one of its weight arrays, or none.

    `run(inputs, weight, random)` gives a `Pass`; `random` is None unless the network learns.
    """

    layer: str
    weight: int | None
    run: Callable[[Array, Array | None, np.random.Generator | None], Pass]


def steps(row: Row, is_last: bool = False) -> list[Step]:
    """Take a layer apart: a product with the kernel, a bias, an activation.

    >>> from cnnlib import architectures
    >>> [step.weight for step in steps(architectures.lenet5()["C1"])]
    [0, 1, None]

    A softmax is left out at the end, where the loss takes the logits, and refused elsewhere, as
    is every layer that cannot be run here.
    """
    activation = getattr(row.layer, "activation", None)
    if activation == "softmax" and is_last:
        activation = None
    if row.kind not in _LAYERS or getattr(row.layer, "connection_table", None):
        raise ValueError(
            f"{row.name}: NumpyModel cannot run this {row.kind}; it runs {', '.join(_LAYERS)}, "
            "without a connection_table"
        )
    if activation not in (None, *ACTIVATIONS):
        raise ValueError(
            f"{row.name}: NumpyModel cannot run {activation!r} here; it runs "
            f"{', '.join(ACTIVATIONS)}, and softmax in the last layer"
        )
    runs = [partial(run, row) for run in _LAYERS[row.kind]]
    weights = range(len(row.layer.weights(row.input_shape)))
    if weights:
        parts = [Step(row.name, i, run) for i, run in zip(weights, runs, strict=False)]
    else:
        parts = [Step(row.name, None, run) for run in runs]
    if activation:
        parts.append(Step(row.name, None, partial(_activate, activation)))
    return parts


def images_last(images: Array) -> Array:
    """Bring a batch (N, H, W, C) or (N, length) into the order of this module."""
    order = (1, 3, 2, 0) if images.ndim == 4 else (1, 0)
    return np.ascontiguousarray(images.transpose(order))


def images_first(values: Array) -> Array:
    """Undo `images_last`."""
    order = (3, 0, 2, 1) if values.ndim == 4 else (1, 0)
    return np.ascontiguousarray(values.transpose(order))


def _convolve(row: Row, inputs: Array, kernel: Array, _: Any) -> Pass:
    pairs = [*each_group(inputs.shape[1], kernel.shape[-1], row.layer.groups)]
    parts = [_convolve_group(row.axes, inputs[:, read], kernel[..., own]) for read, own in pairs]
    if len(parts) == 1:
        return parts[0]

    def apart(arriving: Array) -> Iterable[tuple[Pass, Array]]:
        return ((part, arriving[:, own]) for part, (_, own) in zip(parts, pairs, strict=True))

    return Pass(
        np.concatenate([part.output for part in parts], axis=1),
        lambda arriving: np.concatenate([p.by_inputs(a) for p, a in apart(arriving)], axis=1),
        lambda arriving: np.concatenate([p.by_weight(a) for p, a in apart(arriving)], axis=-1),
    )


def _convolve_group(axes: Axes, inputs: Array, kernel: Array) -> Pass:
    rows, columns = axes
    windows = lower(inputs, axes)
    weights = kernel.reshape(-1, kernel.shape[-1])
    shape = rows.count, weights.shape[1], columns.count, inputs.shape[-1]

    def by_kernel(arriving: Array) -> Array:
        arriving = arriving.reshape(*shape[:2], -1).swapaxes(1, 2)
        return (windows @ arriving).sum(axis=0).reshape(kernel.shape)

    def by_inputs(arriving: Array) -> Array:
        parts = (weights @ part for part in arriving.reshape(*shape[:2], -1))
        return fold(parts, axes, inputs)

    return Pass((weights.T @ windows).reshape(shape), by_inputs, by_kernel)


def _connect_locally(row: Row, inputs: Array, kernel: Array, _: Any) -> Pass:
    rows, columns = row.axes
    windows = lower(inputs, row.axes).reshape(rows.count, -1, columns.count, inputs.shape[-1])
    windows = windows.swapaxes(1, 2)  # (rows, columns, what a window holds, images)
    weights = kernel.reshape(rows.count, columns.count, -1, kernel.shape[-1])

    def by_kernel(arriving: Array) -> Array:
        return (windows @ arriving.transpose(0, 2, 3, 1)).reshape(kernel.shape)

    def by_inputs(arriving: Array) -> Array:
        return fold((weights @ arriving.swapaxes(1, 2)).swapaxes(1, 2), row.axes, inputs)

    output = (weights.swapaxes(2, 3) @ windows).swapaxes(1, 2)
    return Pass(np.ascontiguousarray(output), by_inputs, by_kernel)


def _multiply(row: Row, inputs: Array, kernel: Array, _: Any) -> Pass:
    return Pass(kernel.T @ inputs, lambda a: kernel @ a, lambda a: inputs @ a.T)


def _add_bias(row: Row, product: Array, bias: Array, _: Any) -> Pass:
    """In place, for the product is this layer's own."""
    if product.ndim == 2:
        product += bias[:, None]
        return Pass(product, lambda a: a, lambda a: a.sum(axis=1))
    if bias.ndim == 1:
        product += bias[:, None, None]
        return Pass(product, lambda a: a, lambda a: a.sum(axis=(0, 2, 3)))
    product += bias.swapaxes(1, 2)[..., None]
    return Pass(product, lambda a: a, lambda a: a.sum(axis=3).swapaxes(1, 2))


def _max_pool(row: Row, inputs: Array, *_: Any) -> Pass:
    padded = pad(inputs, row.axes, -np.inf)
    output = padded[taps(row.axes)[0]].copy()
    for pixels in taps(row.axes)[1:]:
        np.maximum(output, padded[pixels], out=output)

    def by_inputs(arriving: Array) -> Array:
        by_padded, free = np.zeros_like(padded), np.ones(output.shape, bool)
        for pixels in taps(row.axes):  # of equal pixels the first wins
            wins = (padded[pixels] == output) & free
            by_padded[pixels] += arriving * wins
            free ^= wins
        return unpad(by_padded, row.axes)

    return Pass(output, by_inputs)


def _average_pool(row: Row, inputs: Array, *_: Any) -> Pass:
    padded = pad(inputs, row.axes)
    share = 1 / cells(row.axes).astype(inputs.dtype)

    def by_inputs(arriving: Array) -> Array:
        by_padded, arriving = np.zeros_like(padded), arriving * share
        for pixels in taps(row.axes):
            by_padded[pixels] += arriving
        return unpad(by_padded, row.axes)

    return Pass(sum(padded[pixels] for pixels in taps(row.axes)) * share, by_inputs)


def _flatten(row: Row, inputs: Array, *_: Any) -> Pass:
    if inputs.ndim == 2:
        return Pass(inputs, lambda a: a)
    by_pixel = inputs.swapaxes(1, 2)  # Keras's order: rows, columns, channels
    return Pass(
        by_pixel.reshape(-1, inputs.shape[-1]),
        lambda a: np.ascontiguousarray(a.reshape(by_pixel.shape).swapaxes(1, 2)),
    )


def _drop(row: Row, inputs: Array, _: Any, random: np.random.Generator | None) -> Pass:
    if random is None:
        return Pass(inputs, lambda a: a)
    kept = random.random(inputs.shape, np.float32) >= row.layer.rate
    scale = kept.astype(inputs.dtype) / (1 - row.layer.rate)  # so that the mean stays
    return Pass(inputs * scale, lambda a: a * scale)


def _copy(row: Row, inputs: Array, *_: Any) -> Pass:
    return Pass(inputs.copy(), lambda a: a)


def _activate(name: str, product: Array, *_: Any) -> Pass:
    """In place, for what comes in is this layer's own: a product, or a copy."""
    output = product
    if name == "relu":
        np.maximum(product, 0, out=output)
        return Pass(output, lambda a: a * (output > 0))
    if name == "tanh":
        np.tanh(product, out=output)
        return Pass(output, lambda a: a * (1 - output * output))
    np.exp(-np.logaddexp(0, -product), out=output)
    return Pass(output, lambda a: a * (output * (1 - output)))


_LAYERS = {
    "Conv2D": (_convolve, _add_bias),
    "LocallyConnected2D": (_connect_locally, _add_bias),
    "MaxPooling2D": (_max_pool,),
    "AveragePooling2D": (_average_pool,),
    "Flatten": (_flatten,),
    "Dense": (_multiply, _add_bias),
    "Dropout": (_drop,),
    "Activation": (_copy,),
}
