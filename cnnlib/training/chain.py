"""How does a whole network run, forward and backward, and where do its weights lie?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from cnnlib import activations
from cnnlib.blas import one_thread
from cnnlib.engine import Array, Pass, images_first, images_last
from cnnlib.network import Network
from cnnlib.training.batch_last import steps
from cnnlib.training.optimizers import SGD, Adam, rate_at

Weights = dict[str, list[Array]]
Batches = Iterable[tuple[Array, Array]]


class Chain:
    """A network taken apart into steps, its weights the parts of one vector.

    >>> from cnnlib import Dense
    >>> chain = Chain(Network((3,), [Dense(2, name="out")]), np.random.default_rng(0))
    >>> chain.vector.shape, [array.shape for array in chain.weights["out"]]
    ((8,), [(3, 2), (2,)])

    `weights` holds each layer's arrays by its name, in Keras's order and layout; `vector` holds
    all of them, for an optimizer to move at once.
    """

    def __init__(self, network: Network, random: np.random.Generator) -> None:
        self.network, self.random = network, random
        self.steps = [step for row in network for step in steps(row, row is network[-1])]
        self.vector, self.weights = self.zeros()
        for kernel, *_ in self.weights.values():
            kernel[:] = glorot_uniform(kernel.shape, random)

    def zeros(self) -> tuple[Array, Weights]:
        """A vector as long as all weights, and its parts in their shapes."""
        shapes = {
            row.name: row.layer.weights(row.input_shape).values()
            for row in self.network
            if row.layer.weights(row.input_shape)
        }
        sizes = [math.prod(shape) for own in shapes.values() for shape in own]
        vector = np.zeros(sum(sizes), np.float32)
        parts = iter(np.split(vector, np.cumsum(sizes)))
        return vector, {n: [next(parts).reshape(s) for s in own] for n, own in shapes.items()}

    def replace_weights(self, given: Mapping[str, list[Array]]) -> None:
        """Copy the given arrays in, all of them or none."""
        if given.keys() != self.weights.keys():
            raise ValueError(
                f"{self.network.name} has weights in the layers {', '.join(self.weights)}, "
                f"not in {', '.join(map(str, given)) or 'none'}"
            )
        for layer, own in self.weights.items():
            wanted, found = (
                ", ".join(f"{array.shape} {array.dtype}" for array in map(np.asarray, arrays))
                for arrays in (own, given[layer])
            )
            if wanted != found:
                raise ValueError(
                    f"{layer}: its weights are {wanted}, not {found or 'none'}: reshape them, or "
                    "convert them with .astype('float32')"
                )
        for layer, own in self.weights.items():
            for mine, array in zip(own, given[layer], strict=True):
                mine[:] = array

    def forward(self, inputs: Array, random: np.random.Generator | None = None) -> list[Pass]:
        """Run the steps one after the other; the last pass holds the output."""
        passes = []
        for step in self.steps:
            weight = None if step.weight is None else self.weights[step.layer][step.weight]
            passes.append(step.run(inputs, weight, random))
            inputs = passes[-1].output
        return passes

    def backward(self, passes: list[Pass], arriving: Array, gradients: Weights) -> None:
        """Add each weight's gradient to `gradients`, going no further back than needed.

        Each pass is dropped once it was used, so that its memory serves again.
        """
        first = next(i for i, step in enumerate(self.steps) if step.weight is not None)
        for i in reversed(range(first, len(self.steps))):
            step, done = self.steps[i], passes.pop()
            if done.by_weight:
                gradients[step.layer][step.weight] += done.by_weight(arriving)
            if i > first:
                arriving = done.by_inputs(arriving)

    def learner(self, optimizer: SGD | Adam) -> Callable[[Batches, int], tuple[float, int]]:
        """A function that takes one step: (parts of a batch, images) -> (loss, how many right)."""
        gradient, gradients = self.zeros()
        update, count = optimizer.start(self.vector), itertools.count()

        @one_thread()
        @np.errstate(over="ignore", invalid="ignore")
        def learn(parts: Batches, images: int) -> tuple[float, int]:
            step, loss, right, gradient[:] = next(count), 0.0, 0, 0
            try:
                for batch, labels in parts:
                    part_loss, hits = self._learn_part(batch, labels, images, gradients)
                    loss, right = loss + part_loss, right + hits
                _require_finite("gradient is", dict(reversed(gradients.items())))
                update(gradient, step)
                _require_finite("weights are", self.weights)
            except FloatingPointError as error:
                raise FloatingPointError(
                    f"{self.network.name} stopped learning at step {step}: {error} not finite any "
                    f"more; lower the learning rate, which is {rate_at(optimizer, step):g}"
                ) from None
            return loss, right

        return learn

    def _learn_part(
        self, batch: Array, labels: Array, images: int, gradients: Weights
    ) -> tuple[float, int]:
        passes = self.forward(batch, self.random)
        logits = images_first(passes[-1].output)
        loss, share = activations.cross_entropy(logits, labels), len(labels) / images
        if not math.isfinite(loss):
            for step, done in zip(self.steps, passes, strict=True):
                _require_finite("output is", {step.layer: [done.output]})
        arriving = images_last(activations.cross_entropy_gradient(logits, labels) * share)
        self.backward(passes, arriving, gradients)
        return loss * share, int((logits.argmax(axis=1) == labels).sum())


def glorot_uniform(shape: tuple[int, ...], random: np.random.Generator) -> Array:
    """Draw a kernel within ±√(6 / (inputs + outputs)) of a unit, every value as likely.

    A convolution has its inputs and outputs at every tap, as Keras counts. Source: Glorot and
    Bengio (2010), equation 16.
    """
    *_, inputs, outputs = shape
    limit = math.sqrt(6 / (math.prod(shape[-4:-2]) * (inputs + outputs)))
    return random.uniform(-limit, limit, shape)


def _require_finite(what: str, arrays: Weights) -> None:
    for layer, own in arrays.items():
        if not all(np.isfinite(array).all() for array in own):
            raise FloatingPointError(f"{layer}'s {what}")
