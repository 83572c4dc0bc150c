"""How does a whole network run, forward and backward, and where do its weights lie?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from cnnlib import activations
from cnnlib.arrays import quiet
from cnnlib.blas import one_thread
from cnnlib.engine import Array, Pass, images_first, images_last
from cnnlib.layers.base import Place, Step
from cnnlib.layers.elementwise import is_softmax
from cnnlib.network import Network
from cnnlib.training.optimizers import SGD, Adam, rate_at

Arrays = dict[str, dict[str, Array]]
Weights = Mapping[str, list[Array]]
Batches = Iterable[tuple[Array, Array]]


class Chain:
    """A network taken apart into steps, its learned weights the parts of one vector.

    >>> from cnnlib import Dense
    >>> chain = Chain(Network((3,), [Dense(2, name="out")]), np.random.default_rng(0))
    >>> chain.vector.shape, {name: array.shape for name, array in chain.weights["out"].items()}
    ((8,), {'kernel': (3, 2), 'bias': (2,)})

    `weights` holds each layer's arrays by their names, in Keras's order and layout; `vector` holds
    those that are learned, for an optimizer to move at once.
    """

    def __init__(self, network: Network, random: np.random.Generator) -> None:
        if not network.is_chain:
            raise ValueError(
                f"NumpyModel runs chains, and {network.name} has branches or a layer that is used "
                "again: run it with to_keras()"
            )
        self.network = network
        self.vector, learned = self.zeros()
        self.weights: Arrays = {}
        for row in network:
            own = self.weights[row.name] = {}
            for name, weight in row.layer.arrays(row.input_shape).items():
                array = learned[row.name].get(name)
                own[name] = np.empty(weight.shape, weight.dtype) if array is None else array
                own[name][...] = weight.start(weight.shape, random)
        self._in_use, self._learning = self._steps(None), self._steps(random)

    def _steps(self, random: np.random.Generator | None) -> list[tuple[str, Step]]:
        """All steps, each with its layer's name; a softmax at the end is left to the loss."""
        steps = []
        for row in self.network:
            try:
                place = Place(row.axes, self.weights[row.name], random)
                steps += [(row.name, step) for step in row.layer.steps(place)]
            except ValueError as error:
                raise ValueError(f"{row.name}: {error}") from None
        return steps[:-1] if steps and is_softmax(steps[-1][1]) else steps

    def zeros(self) -> tuple[Array, Arrays]:
        """A vector as long as all learned weights, and its parts in their shapes."""
        shapes = {
            (row.name, name): weight.shape
            for row in self.network
            for name, weight in row.layer.arrays(row.input_shape).items()
            if weight.trainable
        }
        sizes = [math.prod(shape) for shape in shapes.values()]
        vector = np.zeros(sum(sizes), np.float32)
        parts: Arrays = {row.name: {} for row in self.network}
        flat = np.split(vector, np.cumsum(sizes))[:-1]
        for part, ((layer, name), shape) in zip(flat, shapes.items(), strict=True):
            parts[layer][name] = part.reshape(shape)
        return vector, parts

    def lists(self) -> dict[str, list[Array]]:
        """The arrays of each layer that has any."""
        return {layer: [*own.values()] for layer, own in self.weights.items() if own}

    def replace_weights(self, given: Weights) -> None:
        """Copy the given arrays in, all of them or none."""
        held = self.lists()
        if given.keys() != held.keys():
            raise ValueError(
                f"{self.network.name} has weights in the layers {', '.join(held)}, "
                f"not in {', '.join(map(str, given)) or 'none'}: give a list of arrays for each"
            )
        for layer, own in held.items():
            wanted, found = (
                ", ".join(f"{array.shape} {array.dtype}" for array in map(np.asarray, arrays))
                for arrays in (own, given[layer])
            )
            if wanted != found:
                alike = [array.shape for array in own] == [
                    np.shape(array) for array in given[layer]
                ]
                raise ValueError(
                    f"{layer}: its weights are {wanted}, not {found or 'none'}: "
                    + ("convert each with .astype('float32')" if alike else "give such arrays")
                )
        for layer, own in held.items():
            for mine, array in zip(own, given[layer], strict=True):
                mine[...] = array

    def use(self, inputs: Array) -> Array:
        """What the network gives when it does not learn."""
        for layer, step in self._in_use:
            inputs = self._run(layer, step, inputs).output
        return inputs

    def forward(self, inputs: Array) -> list[Pass]:
        """Run the steps as the network learns; the last pass holds the output."""
        passes: list[Pass] = []
        for layer, step in self._learning:
            passes.append(self._run(layer, step, inputs))
            inputs = passes[-1].output
        return passes

    def _run(self, layer: str, step: Step, inputs: Array) -> Pass:
        if step.weight is None:
            return step.run(inputs)
        return step.run(inputs, self.weights[layer][step.weight])

    def backward(self, passes: list[Pass], arriving: Array, gradients: Arrays) -> None:
        """Add each weight's gradient to `gradients`, going no further back than needed.

        Each pass is dropped once it was used, so that its memory serves again.
        """
        learned = [step.weight in gradients[layer] for layer, step in self._learning]
        first = learned.index(True)
        for i in reversed(range(first, len(learned))):
            (layer, step), done = self._learning[i], passes.pop()
            if step.weight is not None and learned[i] and done.by_weight is not None:
                gradients[layer][step.weight] += done.by_weight(arriving)
            if i > first:
                arriving = done.by_inputs(arriving)

    def learner(self, optimizer: SGD | Adam) -> Callable[[Batches, int], tuple[float, int]]:
        """A function that takes one step: (parts of a batch, images) -> (loss, how many right)."""
        gradient, gradients = self.zeros()
        update, count = optimizer.start(self.vector), itertools.count()

        @one_thread()
        @quiet
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
        self, batch: Array, labels: Array, images: int, gradients: Arrays
    ) -> tuple[float, int]:
        passes = self.forward(batch)
        logits = images_first(passes[-1].output)
        loss, share = activations.cross_entropy(logits, labels), len(labels) / images
        if not math.isfinite(loss):
            for (layer, _), done in zip(self._learning, passes, strict=True):
                _require_finite("output is", {layer: {"output": done.output}})
        arriving = images_last(activations.cross_entropy_gradient(logits, labels) * share)
        self.backward(passes, arriving, gradients)
        return loss * share, int((logits.argmax(axis=1) == labels).sum())


def _require_finite(what: str, arrays: Arrays) -> None:
    for layer, own in arrays.items():
        if not all(np.isfinite(array).all() for array in own.values()):
            raise FloatingPointError(f"{layer}'s {what}")
