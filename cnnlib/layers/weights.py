"""Which arrays does a layer hold, and how do they begin?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Start = Callable[[tuple[int, ...], np.random.Generator], Any]


def glorot_uniform(
    shape: tuple[int, ...], random: np.random.Generator, fans: tuple[float, float] | None = None
) -> np.ndarray:
    """Draw a kernel within ±√(6 / (inputs + outputs)) of a unit, every value as likely.

    Without `fans` they are the last two sizes of the shape, at every tap before them, as Keras
    counts. Source: Glorot and Bengio (2010), equation 16.
    """
    taps = math.prod(shape[-4:-2])
    inputs, outputs = fans or (taps * shape[-2], taps * shape[-1])
    limit = math.sqrt(6 / (inputs + outputs))
    return random.uniform(-limit, limit, shape)


def zeros(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Begin at 0, as biases do."""
    return np.zeros(shape)


def ones(shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Begin at 1, as factors do."""
    return np.ones(shape)


def bias(use_bias: bool, *shape: int) -> dict[str, Weight]:
    """The array of a bias, if there is one, under Keras's name."""
    return {"bias": Weight(shape, zeros)} if use_bias else {}


@dataclass(frozen=True)
class Weight:
    """One array of a layer: its shape, how it begins, whether gradients move it, its numbers.

    >>> Weight((2,), zeros).start((2,), np.random.default_rng(0))
    array([0., 0.])
    """

    shape: tuple[int, ...]
    start: Start = glorot_uniform
    trainable: bool = True
    dtype: str = "float32"
