"""Layers that do something by chance while a network learns, and nothing in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from cnnlib.derivation import Equation
from cnnlib.engine import Array, Pass
from cnnlib.layers.base import Layer, Place, Shape, Step, Twins
from cnnlib.layers.settings import amount, one_of, or_none, setting, share, text
from cnnlib.shapes import integer

LOWEST = -1.7580993408473766  # of a SELU: Klambauer et al. (2017), section 2


def _noise_shape(value: Any, name: str) -> tuple[int | None, ...]:
    """For the images and each of their axes: None, where every place has its own chance, or 1."""
    if isinstance(value, list | tuple):
        return tuple(None if x is None else integer(x, f"each of {name}") for x in value)
    raise ValueError(f"{name} must be a list with None or 1 for each axis, not {value!r}")


class _Chance(Layer):
    """Values that chance changes while the network learns; some of them may share their chance."""

    noise_shape: tuple[int | None, ...] | None = None

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        noise = self.noise_shape or (None,) * (len(input_shape) + 1)
        fits = zip(noise[1:], input_shape, strict=False)
        if len(noise) != len(input_shape) + 1 or any(n not in (None, 1, s) for n, s in fits):
            raise ValueError(
                f"noise_shape={noise} does not fit images of {input_shape}: give None or 1 for the "
                f"batch and for each of {len(input_shape)} axes"
            )
        return super().output_equations(input_shape)

    def steps(self, place: Place) -> Iterator[Step]:
        random = place.random
        if random is None:
            return

        def change(inputs: Array) -> Pass:
            order = (1, 3, 2, 0) if inputs.ndim == 4 else (1, 0)
            noise = self.noise_shape or (None,) * inputs.ndim
            shape = [noise[axis] or size for axis, size in zip(order, inputs.shape, strict=True)]
            factor, addend = self._draw(random, shape)
            factor, addend = (x.astype(inputs.dtype) for x in (factor, addend))
            return Pass(inputs * factor + addend, lambda a: a * factor)

        yield Step(change)

    def _draw(self, random: np.random.Generator, shape: list[int]) -> tuple[Array, Array]:
        """By what the values are multiplied, and what is added to them."""
        raise TypeError(f"{type(self).__name__} does not say what it does by chance")


@dataclass(frozen=True)
class Dropout(_Chance):
    """In training, a share `rate` of the values is set to zero; afterwards nothing is.

    >>> Dropout(0.5).output_shape((4096,))
    (4096,)

    Where `noise_shape` has a 1, values share their fate: (None, 1, 1, 1) drops whole images.
    """

    rate: float = setting(share)
    noise_shape: tuple[int | None, ...] | None = setting(or_none(_noise_shape), None)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("Dropout",)

    def _draw(self, random: np.random.Generator, shape: list[int]) -> tuple[Array, Array]:
        kept = random.random(shape, "f") >= self.rate
        return kept / (1 - self.rate), np.zeros(())  # so that the mean stays


@dataclass(frozen=True)
class SpatialDropout2D(Dropout):
    """In training, a share `rate` of the channels is set to zero, each as a whole.

    >>> SpatialDropout2D(0.5).output_shape((28, 28, 6))
    (28, 28, 6)
    """

    noise_shape: tuple[int | None, ...] | None = field(default=(None, 1, 1, None), init=False)

    keras_kinds = ("SpatialDropout2D",)
    ours_alone = ("noise_shape", "trainable")


@dataclass(frozen=True)
class AlphaDropout(_Chance):
    """In training, a share `rate` of the values is set to a SELU's lowest.

    >>> AlphaDropout(0.1).output_shape((100,))
    (100,)

    Then all are scaled and shifted, so that mean and spread stay. Source: Klambauer et al. (2017),
    section 3.
    """

    rate: float = setting(share)
    noise_shape: tuple[int | None, ...] | None = setting(or_none(_noise_shape), None)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("AlphaDropout",)

    def _draw(self, random: np.random.Generator, shape: list[int]) -> tuple[Array, Array]:
        kept = random.random(shape, "f") >= self.rate
        scale = ((1 - self.rate) * (1 + self.rate * LOWEST**2)) ** -0.5
        return scale * kept, scale * LOWEST * (~kept - self.rate)


@dataclass(frozen=True)
class GaussianNoise(_Chance):
    """In training, a number drawn from a normal distribution is added to each value.

    >>> GaussianNoise(0.1).output_shape((28, 28, 6))
    (28, 28, 6)
    """

    stddev: float = setting(amount)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("GaussianNoise",)

    def _draw(self, random: np.random.Generator, shape: list[int]) -> tuple[Array, Array]:
        return np.ones(()), random.normal(0, self.stddev, shape)


@dataclass(frozen=True)
class GaussianDropout(_Chance):
    """In training, each value is multiplied by a number drawn around 1.

    >>> GaussianDropout(0.5).output_shape((100,))
    (100,)

    Its spread is √(rate / (1 - rate)), that of a Dropout's factors. Source: Srivastava et al.
    (2014), section 10.
    """

    rate: float = setting(share)
    name: str | None = setting(or_none(text), None)

    keras_kinds = ("GaussianDropout",)

    def _draw(self, random: np.random.Generator, shape: list[int]) -> tuple[Array, Array]:
        return random.normal(1, (self.rate / (1 - self.rate)) ** 0.5, shape), np.zeros(())


AUGMENTATIONS = (
    "AugMix", "CutMix", "MixUp", "RandAugment", "RandomBrightness", "RandomColorDegeneration",
    "RandomColorJitter", "RandomContrast", "RandomElasticTransform", "RandomErasing", "RandomFlip",
    "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective",
    "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear",
    "RandomTranslation", "RandomZoom",
)  # fmt: skip
"""Keras's layers that distort images by chance while a model learns, and pass them on in use."""


def _mapping(value: Any, name: str) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise ValueError(f"{name} must be a dictionary of Keras's settings, not {value!r}")


@dataclass(frozen=True)
class Augmentation(Layer):
    """One of Keras's random distortions of images, by its name there; in use it does nothing.

    >>> Augmentation("RandomFlip", {"mode": "horizontal"}).output_shape((28, 28, 1))
    (28, 28, 1)

    Its settings are kept for Keras. What a unit sees is said of a network in use.
    """

    kind: str = setting(one_of(*AUGMENTATIONS))
    settings: Mapping[str, Any] = field(
        default_factory=dict, hash=False, metadata={"check": _mapping}
    )
    name: str | None = setting(or_none(text), None)

    keras_kinds = AUGMENTATIONS
    own: ClassVar = ("name", "trainable", "dtype", "data_format")

    def steps(self, place: Place) -> Iterator[Step]:
        def distort(inputs: Array) -> Pass:
            raise ValueError(
                f"{self.label}: NumpyModel does not distort images by {self.kind}: leave it out, "
                "and give fit(augment=...) a function"
            )

        if place.random is not None:
            yield Step(distort)

    def output_equations(self, input_shape: Shape) -> tuple[Equation, ...]:
        return super().output_equations(self._image(input_shape))

    def to_keras(self, input_shape: Shape) -> Twins:
        return [(self.kind, {**self.settings, "name": self.name})]

    @classmethod
    def from_keras(cls, kind: str, config: Mapping[str, Any]) -> Layer:
        settings = {key: value for key, value in config.items() if key not in cls.own}
        told = {key: config[key] for key in cls.own if key in config}
        return super().from_keras(kind, {"kind": kind, "settings": settings, **told})
