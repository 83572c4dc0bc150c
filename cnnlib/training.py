"""How does a network learn, in NumPy alone?

Inside, the images of a batch are the last axis of every array, side by side in memory: every
product and comparison then runs through long contiguous stretches, which is what makes an epoch
quick (`batch_last` has the layers in that order).
"""

from __future__ import annotations

import itertools
import math
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib import activations
from cnnlib.batch_last import backward, forward, images_first, images_last, steps
from cnnlib.blas import one_thread
from cnnlib.datasets import prepare_digits
from cnnlib.network import Network
from cnnlib.optimizers import SGD, Adam, named, rate_at, warmup_cosine
from cnnlib.shapes import integer
from cnnlib.weights import Weights, draw, replace, shapes_of, zeros
from cnnlib.windows import check_labels

__all__ = ["SGD", "Adam", "History", "NumpyModel", "warmup_cosine"]

AT_ONCE = 64  # images: their arrays fit into the processor's cache; larger batches go in parts
Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]
Learn = Callable[[np.ndarray, np.ndarray], tuple[float, int]]


@dataclass(frozen=True)
class History:
    """What `fit` saw: `history` as Keras has it, each step's loss, and why it stopped early."""

    history: dict[str, list[float]]
    step_losses: list[float]
    stopped: str | None = None


class NumpyModel:
    """A network that computes and learns.

    >>> from cnnlib import Dense
    >>> layers = [Dense(8, activation="tanh"), Dense(2, activation="softmax")]
    >>> model = NumpyModel(Network((2,), layers, name="exclusive or"), seed=0)
    >>> inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    >>> history = model.fit(inputs, [0, 1, 1, 0], epochs=100, optimizer=Adam(0.05), verbose=0)
    >>> model.predict(inputs).argmax(axis=1)
    array([0, 1, 1, 0])

    Images are (N, *network.input_shape) in float32. Images in uint8 are raw: each batch of them
    goes through `prepare` on its way in, so that 60,000 digits stay small in memory. `seed` draws
    the initial weights as Keras does (Glorot and Bengio 2010, equation 16; biases zero), then the
    order of the images and what Dropout drops. A layer that cannot be run raises ValueError.
    """

    def __init__(
        self,
        network: Network,
        seed: int = 0,
        prepare: Callable[[np.ndarray], np.ndarray] = prepare_digits,
    ) -> None:
        self.network, self.prepare = network, prepare
        self._random = np.random.default_rng(integer(seed, "seed", 0))
        self._chain = [step for row in network for step in steps(row, row is network[-1])]
        self._vector, self._weights = zeros(shapes_of(network))
        draw(self._weights, self._random)

    @property
    def weights(self) -> Weights:
        """Copies of each layer's [kernel, bias], by its name, in Keras's layout; settable.

        They are what `keras_bridge.get_weights` gives and `keras_bridge.set_weights` takes.
        """
        return {name: [array.copy() for array in own] for name, own in self._weights.items()}

    @weights.setter
    def weights(self, weights: Weights) -> None:
        replace(self._weights, weights, self.network.name)

    @one_thread()
    def forward(self, images: np.ndarray) -> np.ndarray:
        """What the last layer gives, before a final softmax: (N, classes) logits."""
        images = self._checked(images)
        logits = np.empty((len(images), *self.network.output_shape), np.float32)
        for part in _parts(np.arange(len(images)), AT_ONCE):
            passes = forward(self._chain, self._weights, self._batch(images[part]))
            logits[part] = images_first(passes[-1].output)
        return logits

    def predict(self, images: np.ndarray) -> np.ndarray:
        """The probability of each class, (N, classes)."""
        return activations.softmax(self.forward(images))

    def evaluate(self, images: np.ndarray, labels: Any) -> tuple[float, float]:
        """The mean cross-entropy in nats, and the share of the images classified rightly."""
        images, labels = self._checked_pair(images, labels)
        logits = self.forward(images)
        right = logits.argmax(axis=1) == labels
        return activations.cross_entropy(logits, labels), float(right.mean())

    def fit(
        self,
        images: np.ndarray,
        labels: Any,
        epochs: int = 1,
        batch_size: int = 64,
        optimizer: str | SGD | Adam = "adam",
        validation_data: tuple[np.ndarray, Any] | None = None,
        shuffle: bool = True,
        augment: Augment | None = None,
        verbose: int = 1,
    ) -> History:
        """Lower the cross-entropy of images and labels, a batch at a time.

        `augment(batch, random)` may distort each prepared batch; `validation_data` are evaluated
        after each epoch. `verbose` is 0 (silent), 1 (a bar, where tqdm is installed, and a line
        an epoch) or 2 (the lines). As in Keras, an epoch's loss and accuracy are means over its
        batches, each taken before its step; unlike there, each call starts the optimizer anew.
        When a number is no longer finite, learning stops: a warning names the layer, and so does
        the history's `stopped`.
        """
        images, labels = self._checked_pair(images, labels)
        if not self._weights:
            raise ValueError(f"{self.network.name} has no weights: there is nothing to learn")
        epochs, batch_size = integer(epochs, "epochs"), integer(batch_size, "batch_size")
        learn, history, losses = self._learner(named(optimizer), augment), {}, []
        for epoch in range(1, epochs + 1):
            began, right = time.perf_counter(), 0
            order = self._random.permutation(len(images)) if shuffle else np.arange(len(images))
            parts = _parts(order, batch_size)
            for part in _with_bar(parts, f"epoch {epoch}") if verbose == 1 else parts:
                try:
                    loss, hits = learn(images[part], labels[part])
                except FloatingPointError as error:
                    warnings.warn(str(error), RuntimeWarning, stacklevel=2)
                    return History(history, losses, str(error))
                losses.append(loss)
                right += hits
            loss = np.average(losses[-len(parts) :], weights=[len(part) for part in parts])
            means = {"loss": float(loss), "accuracy": right / len(images)}
            if validation_data is not None:
                found = self.evaluate(*validation_data)
                means |= zip(("val_loss", "val_accuracy"), found, strict=True)
            for name, mean in means.items():
                history.setdefault(name, []).append(mean)
            if verbose:
                figures = ", ".join(f"{name} {mean:.4f}" for name, mean in means.items())
                print(f"epoch {epoch}/{epochs}: {time.perf_counter() - began:.1f} s, {figures}")
        return History(history, losses)

    def _learner(self, optimizer: SGD | Adam, augment: Augment | None) -> Learn:
        """A function that learns from one batch: (images, labels) -> (loss, how many right)."""
        gradient, gradients = zeros(shapes_of(self.network))
        update, count = optimizer.start(self._vector), itertools.count()

        @one_thread()
        @np.errstate(over="ignore", invalid="ignore")
        def learn(images: np.ndarray, labels: np.ndarray) -> tuple[float, int]:
            step, loss, right = next(count), 0.0, 0
            gradient[:] = 0
            try:
                for part in _parts(np.arange(len(images)), AT_ONCE):
                    batch = self._batch(images[part], augment)
                    part_loss, hits = self._add_gradients(
                        batch, labels[part], len(labels), gradients
                    )
                    loss, right = loss + part_loss, right + hits
                _require_finite("gradient is", dict(reversed(gradients.items())))
                update(gradient, step)
                _require_finite("weights are", self._weights)
            except FloatingPointError as error:
                raise FloatingPointError(
                    f"{self.network.name} stopped learning at step {step}: {error} not finite any "
                    f"more; lower the learning rate, which is {rate_at(optimizer, step):g}"
                ) from None
            return loss, right

        return learn

    def _add_gradients(
        self, batch: np.ndarray, labels: np.ndarray, of: int, gradients: Weights
    ) -> tuple[float, int]:
        """Add the gradients of part of a batch of so many images; its loss and how many right."""
        passes = forward(self._chain, self._weights, batch, self._random)
        logits = images_first(passes[-1].output)
        loss = activations.cross_entropy(logits, labels)
        if not math.isfinite(loss):
            for step, done in zip(self._chain, passes, strict=True):
                _require_finite("output is", {step.layer: [done.output]})
        share = len(labels) / of
        arriving = images_last(activations.cross_entropy_gradient(logits, labels) * share)
        for step, found in backward(self._chain, passes, arriving):
            gradients[step.layer][step.weight] += found
        return loss * share, int((logits.argmax(axis=1) == labels).sum())

    def _batch(self, images: np.ndarray, augment: Augment | None = None) -> np.ndarray:
        """Images as they were given, prepared, distorted where wanted, in `batch_last`'s order."""
        batch = self.prepare(images) if images.dtype == np.uint8 else images
        batch = augment(batch, self._random) if augment else batch
        wanted = len(images), *self.network.input_shape
        if batch.shape != wanted or batch.dtype != np.float32:
            raise ValueError(
                f"{self.network.name} reads a batch of {wanted} in float32, but `prepare` or "
                f"`augment` gave {batch.shape} in {batch.dtype}"
            )
        return images_last(batch)

    def _checked(self, images: Any) -> np.ndarray:
        images, shape = np.asarray(images), self.network.input_shape
        if images.dtype == np.uint8:
            return images
        if images.dtype != np.float32 or images.shape[1:] != shape:
            raise ValueError(
                f"{self.network.name} reads images (N, {', '.join(map(str, shape))}) in float32, "
                f"or raw ones in uint8, not {images.shape} in {images.dtype}: convert them with "
                ".astype('float32'), add a missing channel with images[..., np.newaxis]"
            )
        if not np.isfinite(images).all():
            raise ValueError("images hold NaN or infinite values: replace them, or drop the images")
        return images

    def _checked_pair(self, images: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
        images, classes = self._checked(images), self.network.output_shape
        if len(classes) != 1:
            raise ValueError(
                f"{self.network.name} ends in images of {classes}: add Flatten() and Dense(classes)"
            )
        if not len(images):
            raise ValueError("there is no image: give at least one")
        return images, check_labels(labels, (len(images), *classes))


def _require_finite(what: str, arrays: Weights) -> None:
    for layer, own in arrays.items():
        if not all(np.isfinite(array).all() for array in own):
            raise FloatingPointError(f"{layer}'s {what}")


def _parts(order: np.ndarray, size: int) -> list[np.ndarray]:
    return [order[first : first + size] for first in range(0, len(order), size)]


def _with_bar(parts: list[np.ndarray], title: str) -> Iterable[np.ndarray]:
    """The same parts, with a progress bar where tqdm is installed."""
    try:
        from tqdm import tqdm
    except ImportError:
        return parts
    return tqdm(parts, title, leave=False, mininterval=0.5)
