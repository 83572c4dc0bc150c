"""By how much does a gradient move the weights?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from cnnlib.layers.settings import share
from cnnlib.shapes import integer

Rate = float | Callable[[int], float]
Update = Callable[[np.ndarray, int], None]


@dataclass(frozen=True)
class SGD:
    """Walk downhill: w ← w − rate · gradient; with momentum, keep some of the last step.

    >>> weights = np.array([1.0, 2.0])
    >>> update = SGD(learning_rate=0.5).start(weights)
    >>> update(np.array([2.0, 0.0]), 0)
    >>> weights
    array([0., 2.])

    `learning_rate` is a number or a function of the step, which counts from 0. Source: Sutskever
    et al. (2013), equations 1 and 2, as Keras writes them.
    """

    learning_rate: Rate = 0.01
    momentum: float = 0.0

    def __post_init__(self) -> None:
        _check_rate(self.learning_rate)
        share(self.momentum, "momentum")

    def start(self, weights: np.ndarray) -> Update:
        """A function of a gradient and the step's number that moves these weights, in place."""
        velocity = np.zeros_like(weights)

        def update(gradient: np.ndarray, step: int) -> None:
            velocity[:] = self.momentum * velocity - rate_at(self, step) * gradient
            weights[:] += velocity

        return update


@dataclass(frozen=True)
class Adam:
    """Steps of about the learning rate, each weight's by the mean and spread of its gradients.

    >>> weights = np.array([1.0, 2.0])
    >>> Adam(learning_rate=0.1).start(weights)(np.array([1000.0, -0.01]), 0)
    >>> weights.round(4)
    array([0.9, 2.1])

    `learning_rate` is a number or a function of the step, which counts from 0. Source: Kingma and
    Ba (2015), section 2, in the order of computation given at its end, as in Keras.
    """

    learning_rate: Rate = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7

    def __post_init__(self) -> None:
        _check_rate(self.learning_rate)
        share(self.beta_1, "beta_1")
        share(self.beta_2, "beta_2")
        if not _is_number(self.epsilon) or self.epsilon <= 0:
            raise ValueError(f"epsilon must be a number above 0, not {self.epsilon!r}")

    def start(self, weights: np.ndarray) -> Update:
        """A function of a gradient and the step's number that moves these weights, in place."""
        mean, square = np.zeros_like(weights), np.zeros_like(weights)

        def update(gradient: np.ndarray, step: int) -> None:
            mean[:] += (gradient - mean) * (1 - self.beta_1)
            square[:] += (gradient * gradient - square) * (1 - self.beta_2)
            unbias = math.sqrt(1 - self.beta_2 ** (step + 1)) / (1 - self.beta_1 ** (step + 1))
            weights[:] -= rate_at(self, step) * unbias * mean / (np.sqrt(square) + self.epsilon)

        return update


OPTIMIZERS = {"sgd": SGD, "adam": Adam}


def named(optimizer: str | SGD | Adam) -> SGD | Adam:
    """The optimizer of this name with its defaults, or the one given."""
    if isinstance(optimizer, SGD | Adam):
        return optimizer
    if isinstance(optimizer, str) and optimizer in OPTIMIZERS:
        return OPTIMIZERS[optimizer]()
    raise ValueError(f"optimizer must be 'sgd', 'adam', SGD(...) or Adam(...), not {optimizer!r}")


def rate_at(optimizer: SGD | Adam, step: int) -> float:
    """The optimizer's learning rate at one step."""
    rate = optimizer.learning_rate
    return float(rate(step)) if callable(rate) else rate


def warmup_cosine(step: int, peak: float, steps: int, warmup: int = 0) -> float:
    """A learning rate that climbs in a line from 0 to `peak`, then falls as a cosine to 0.

    >>> [round(warmup_cosine(step, peak=0.003, steps=100, warmup=10), 4) for step in (0, 5, 10, 55)]
    [0.0, 0.0015, 0.003, 0.0015]
    >>> optimizer = Adam(lambda step: warmup_cosine(step, peak=0.003, steps=4690, warmup=469))

    `steps` is the whole run, `warmup` its first part. Source: Loshchilov and Hutter (2017),
    equation 5, without restarts.
    """
    steps, warmup = integer(steps, "steps"), integer(warmup, "warmup", 0)
    if warmup >= steps:
        raise ValueError(f"warmup must be shorter than the {steps} steps, not {warmup}")
    if step < warmup:
        return peak * step / warmup
    done = min((step - warmup) / (steps - warmup), 1)
    return peak * (1 + math.cos(math.pi * done)) / 2


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _check_rate(rate: Any) -> None:
    if not callable(rate) and not (_is_number(rate) and rate > 0):
        raise ValueError(
            f"learning_rate must be a number above 0, or a function of the step, not {rate!r}"
        )
