"""Where do a network's weights lie, how do they begin, and which arrays may replace them?"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from cnnlib.layers import Shape
from cnnlib.network import Network

Shapes = dict[str, list[Shape]]
Weights = dict[str, list[np.ndarray]]


def shapes_of(network: Network) -> Shapes:
    """The shapes of each layer's weight arrays, by its name, in Keras's order.

    >>> from cnnlib import Dense
    >>> shapes_of(Network((3,), [Dense(2, name="out")]))
    {'out': [(3, 2), (2,)]}
    """
    shapes = {row.name: [*row.layer.weights(row.input_shape).values()] for row in network}
    return {name: own for name, own in shapes.items() if own}


def zeros(shapes: Shapes) -> tuple[np.ndarray, Weights]:
    """One vector for all weights, and each array as a part of it: what an optimizer moves.

    >>> vector, weights = zeros({"out": [(3, 2), (2,)]})
    >>> weights["out"][1][:] = 5
    >>> vector
    array([0., 0., 0., 0., 0., 0., 5., 5.], dtype=float32)
    """
    sizes = [math.prod(shape) for own in shapes.values() for shape in own]
    vector = np.zeros(sum(sizes), np.float32)
    parts = iter(np.split(vector, np.cumsum(sizes)))
    return vector, {n: [next(parts).reshape(shape) for shape in own] for n, own in shapes.items()}


def draw(weights: Weights, random: np.random.Generator) -> None:
    """Draw kernels within ±√(6 / (inputs + outputs)) of a unit, evenly; leave biases alone.

    A convolution has its inputs and outputs at every tap, as Keras counts. Source: Glorot and
    Bengio (2010), equation 16.
    """
    for kernel, *_ in weights.values():
        *_, inputs, outputs = kernel.shape
        limit = math.sqrt(6 / (math.prod(kernel.shape[-4:-2]) * (inputs + outputs)))
        kernel[:] = random.uniform(-limit, limit, kernel.shape)


def replace(weights: Weights, given: Mapping[str, list[np.ndarray]], name: str) -> None:
    """Copy the given arrays in, all of them or none."""
    if given.keys() != weights.keys():
        raise ValueError(
            f"{name} has weights in the layers {', '.join(weights) or 'none'}, "
            f"not in {', '.join(map(str, given)) or 'none'}"
        )
    for layer, own in weights.items():
        wanted, found = (
            ", ".join(f"{array.shape} {array.dtype}" for array in map(np.asarray, arrays))
            for arrays in (own, given[layer])
        )
        if wanted != found:
            raise ValueError(
                f"{layer}: its weights are {wanted}, not {found or 'none'}: reshape them, or "
                "convert them with .astype('float32')"
            )
    for layer, own in weights.items():
        for mine, array in zip(own, given[layer], strict=True):
            mine[:] = array
