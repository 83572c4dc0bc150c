"""What does a network say to images, and how does it learn from them?"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnlib import activations
from cnnlib.arrays import as_array, check_labels, quiet
from cnnlib.blas import one_thread
from cnnlib.datasets import as_digits, prepare_digits
from cnnlib.engine import images_first, images_last
from cnnlib.network import Network
from cnnlib.shapes import integer
from cnnlib.training.chain import Chain, Weights
from cnnlib.training.optimizers import SGD, Adam, named

AT_ONCE = 64  # images: their arrays fit into the processor's cache; larger batches go in parts
Augment = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class History:
    """What `fit` saw: `history` as Keras has it, each step's loss, and why it stopped early."""

    history: dict[str, list[float]]
    step_losses: list[float]
    stopped: str | None = None


class NumpyModel:
    """A network that computes and learns.

    >>> from cnnlib import Dense
    >>> from cnnlib.training import Adam, NumpyModel
    >>> layers = [Dense(8, activation="tanh"), Dense(2, activation="softmax")]
    >>> model = NumpyModel(Network((2,), layers, name="exclusive or"), seed=0)
    >>> inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    >>> history = model.fit(inputs, [0, 1, 1, 0], epochs=100, optimizer=Adam(0.05), verbose=0)
    >>> model.predict(inputs).argmax(axis=1)
    array([0, 1, 1, 0])

    Images are (N, *network.input_shape) in float32. Images in uint8 are raw: each batch of them
    goes through `prepare` on its way in, so that 60,000 digits stay small in memory. `seed` draws
    the initial weights as Keras does (Glorot and Bengio 2010, equation 16; biases zero), then the
    order of the images and what Dropout drops. Every kind of layer runs; an activation that does
    not raises ValueError.
    """

    def __init__(
        self,
        network: Network,
        seed: int = 0,
        prepare: Callable[[np.ndarray], np.ndarray] = prepare_digits,
    ) -> None:
        self.network, self.prepare = network, prepare
        self._random = np.random.default_rng(integer(seed, "seed", 0))
        self._chain = Chain(network, self._random)

    @property
    def weights(self) -> dict[str, list[np.ndarray]]:
        """Copies of each layer's [kernel, bias], by its name, in Keras's layout; settable.

        They are what `keras_bridge.get_weights` gives and `keras_bridge.set_weights` takes.
        """
        return {name: [array.copy() for array in own] for name, own in self._chain.lists().items()}

    @weights.setter
    def weights(self, weights: Weights) -> None:
        self._chain.replace_weights(weights)

    @one_thread()
    @quiet
    def forward(self, images: np.ndarray) -> np.ndarray:
        """What the last layer gives, before a final softmax: (N, classes) logits."""
        images = self._checked(images)
        logits = np.empty((len(images), *self.network.output_shape), np.float32)
        for part in _parts(np.arange(len(images)), AT_ONCE):
            logits[part] = images_first(self._chain.use(self._batch(images[part])))
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
        if validation_data is not None:
            validation_data = self._checked_pair(*validation_data)
        if not self._chain.vector.size:
            raise ValueError(
                f"{self.network.name} has no weights that learn: add a layer of them, as Dense(2)"
            )
        epochs, batch_size = integer(epochs, "epochs"), integer(batch_size, "batch_size")
        learn = self._chain.learner(named(optimizer))
        history: dict[str, list[float]] = {}
        losses: list[float] = []
        mixed = any(row.layer.mixes_images for row in self.network)
        at_once = batch_size if mixed else AT_ONCE
        for epoch in range(1, epochs + 1):
            began, right = time.perf_counter(), 0
            order = self._random.permutation(len(images)) if shuffle else np.arange(len(images))
            parts = _parts(order, batch_size)
            for part in _with_bar(parts, f"epoch {epoch}") if verbose == 1 else parts:
                batches = (
                    (self._batch(images[some], augment), labels[some])
                    for some in _parts(part, at_once)
                )
                try:
                    loss, hits = learn(batches, len(part))
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

    def _batch(self, images: np.ndarray, augment: Augment | None = None) -> np.ndarray:
        """Images as they were given, prepared, distorted where wanted, in the engine's order."""
        batch = self.prepare(images) if images.dtype == np.uint8 else images
        self._check_batch(batch, "prepare", len(images))
        if augment:
            batch = augment(batch, self._random)
            self._check_batch(batch, "augment", len(images))
        return images_last(batch)

    def _check_batch(self, batch: np.ndarray, giver: str, count: int) -> None:
        wanted = count, *self.network.input_shape
        if batch.shape == wanted and batch.dtype == np.float32:
            return
        where = "NumpyModel" if giver == "prepare" else "fit"
        raise ValueError(
            f"{self.network.name} reads a batch of {wanted} in float32, but `{giver}` gave "
            f"{batch.shape} in {batch.dtype}: give {where}({giver}=...) a function that returns it "
            "so"
        )

    def _checked(self, images: Any) -> np.ndarray:
        images, shape = as_array("images", images), self.network.input_shape
        if images.dtype == np.uint8:
            return images
        if images.dtype != np.float32 or images.shape[1:] != shape:
            sizes = ", ".join(map(str, shape))
            raise ValueError(
                f"{self.network.name} reads images (N, {sizes}) in float32, or raw ones in uint8, "
                f"not {images.shape} in {images.dtype}: {self._remedy(images)}"
            )
        if not np.isfinite(images).all():
            raise ValueError(
                "images hold NaN or infinite values: leave such images out, or replace the values, "
                "as np.nan_to_num(images, posinf=1, neginf=0) does"
            )
        return images

    def _remedy(self, images: np.ndarray) -> str:
        """How these images become what the network reads."""
        shape, found, code = self.network.input_shape, images.shape, "images"
        digits = as_digits(images) if self.prepare is prepare_digits else ""
        if digits and shape == (32, 32, 1):
            return f"{digits} is raw"
        if images.dtype.kind == "i" and self.prepare is not prepare_digits and found[1:] != shape:
            return "images.astype('uint8') is raw, if that is what `prepare` takes"
        if found in (shape, shape[:-1]):
            code = f"np.expand_dims(images, {0 if found == shape else (0, -1)})"
        elif len(found) == len(shape) == 3 and np.moveaxis(np.empty(found), 0, -1).shape == shape:
            code = "np.expand_dims(np.moveaxis(images, 0, -1), 0)"
        elif len(found) == 4 and found[2:] + found[1:2] == shape:
            code = "np.transpose(images, (0, 2, 3, 1))"
        elif math.prod(found[1:]) == math.prod(shape):
            code = f"np.reshape(images, {(*found[:1], *shape)})"
        elif found[1:] != shape:
            return "bring them to this size first, by a frame, by cutting or by drawing them anew"
        kind = "" if images.dtype == np.float32 else ".astype('float32')"
        return f"{code}{kind} has them so"

    def _checked_pair(self, images: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
        images, classes = self._checked(images), self.network.output_shape
        if len(classes) != 1:
            raise ValueError(
                f"{self.network.name} ends in images of {classes}: add Flatten() and Dense(classes)"
            )
        if not len(images):
            raise ValueError("there is no image: give at least one")
        return images, check_labels(labels, (len(images), *classes), "images")


def _parts(order: np.ndarray, size: int) -> list[np.ndarray]:
    return [order[first : first + size] for first in range(0, len(order), size)]


def _with_bar(parts: list[np.ndarray], title: str) -> Iterable[np.ndarray]:
    """The same parts, with a progress bar where tqdm is installed."""
    try:
        from tqdm import tqdm
    except ImportError:
        return parts
    tqdm.monitor_interval = 0  # its watching thread: a browser's Python has none, and we need none
    return tqdm(parts, title, leave=False, mininterval=0.5)
