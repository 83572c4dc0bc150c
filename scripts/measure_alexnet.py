"""What does each part of AlexNet's recipe do for digits? Leave one out at a time, and measure.

    python -m scripts.measure_alexnet [--digits N] [--output FILE]

The network of lesson 12, an eighth of AlexNet's width, reads digits at 227×227. Its peak rates were
chosen on the same validation digits, which are training digits of MNIST's; no test digit is read.
"""

import argparse
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # before TensorFlow is imported

import keras
import tensorflow as tf
from keras import layers
from tabulate import tabulate

from cnnlib import datasets
from scripts.machine import circumstances

SIDE, BATCH, EPOCHS, VALIDATION, SEEDS = 227, 32, 8, 1_000, (0, 1, 2)
RECIPE: dict[str, Any] = {
    "optimizer": "momentum",
    "peak": 0.02,
    "decay": 5e-4,
    "dropout": 0.5,
    "margin": 0,  # pixels by which digits are larger than the crops that the network sees
    "mirror": False,
    "start": "he",
}
CHANGES: dict[str, dict[str, Any]] = {
    "the recipe": {},
    "without momentum": {"optimizer": "sgd"},
    "without momentum, 5 times the rate": {"optimizer": "sgd", "peak": 0.1},
    "without momentum, 10 times the rate": {"optimizer": "sgd", "peak": 0.2},
    "Adam, rate 0.001": {"optimizer": "adam", "peak": 0.001},
    "without weight decay": {"decay": 0.0},
    "without dropout": {"dropout": 0.0},
    "without dropout, a quarter of the rate": {"dropout": 0.0, "peak": 0.005},
    "with crops": {"margin": 29},
    "with crops and mirrors": {"margin": 29, "mirror": True},
    "the paper's first weights and biases": {"start": "paper"},
}


SMALL = {"class_name": "RandomNormal", "config": {"stddev": 0.01}}


def starts(start: str) -> Iterator[dict[str, Any]]:
    """First weights and biases of the seven layers in front of the last."""
    for biased in (False, True, False, True, True, True, True):  # section 5 of the paper
        yield {
            "kernel_initializer": "he_normal" if start == "he" else SMALL,
            "bias_initializer": "ones" if biased and start == "paper" else "zeros",
            "activation": "relu",
        }


def build(start: str, dropout: float) -> keras.Model:
    """AlexNet at an eighth of its width, for ten classes."""
    first = starts(start)
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            layers.Conv2D(12, 11, strides=4, **next(first)),
            layers.MaxPooling2D(3, strides=2),
            layers.Conv2D(32, 5, padding="same", **next(first)),
            layers.MaxPooling2D(3, strides=2),
            layers.Conv2D(48, 3, padding="same", **next(first)),
            layers.Conv2D(48, 3, padding="same", **next(first)),
            layers.Conv2D(32, 3, padding="same", **next(first)),
            layers.MaxPooling2D(3, strides=2),
            layers.Flatten(),
            layers.Dense(512, **next(first)),
            layers.Dropout(dropout),
            layers.Dense(512, **next(first)),
            layers.Dropout(dropout),
            layers.Dense(10, "softmax", kernel_initializer=SMALL),
        ]
    )


def preparing(mean: float, margin: int, mirror: bool, chance: bool) -> Callable:
    """What turns a batch of digits into the network's input; without chance, by its middle."""

    def prepare(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        size = SIDE + margin
        images = tf.image.resize(images[..., tf.newaxis], (size, size)) / 255 - mean
        if chance and margin:
            crop = (SIDE, SIDE, 1)
            images = tf.map_fn(lambda image: tf.image.random_crop(image, crop), images)
        if chance and mirror:
            images = tf.image.random_flip_left_right(images)
        images = tf.image.resize_with_crop_or_pad(images, SIDE, SIDE)
        return tf.repeat(images, 3, axis=-1), labels

    return prepare


def optimizer(kind: str, rate: Any, decay: float) -> keras.Optimizer:
    if kind == "adam":
        return keras.optimizers.Adam(rate, weight_decay=decay)
    momentum = 0.9 if kind == "momentum" else 0.0
    return keras.optimizers.SGD(rate, momentum=momentum, weight_decay=decay)


def accuracy(seed: int, digits: int, change: dict[str, Any]) -> float:
    """Train once, with one change of the recipe, and read the validation digits."""
    recipe = RECIPE | change
    keras.utils.set_random_seed(seed)
    images, labels = datasets.load_mnist()[0]
    mean = images[:-VALIDATION].mean() / 255
    train = tf.data.Dataset.from_tensor_slices((images[:digits], labels[:digits]))
    train = train.shuffle(digits, seed=seed).batch(BATCH)
    view = mean, recipe["margin"], recipe["mirror"]
    train = train.map(preparing(*view, chance=True)).prefetch(1)
    held_back = tf.data.Dataset.from_tensor_slices((images[-VALIDATION:], labels[-VALIDATION:]))
    held_back = held_back.batch(100).map(preparing(*view, chance=False))
    steps = EPOCHS * math.ceil(digits / BATCH)
    warmup, peak = steps // 10, recipe["peak"]
    rate = keras.optimizers.schedules.CosineDecay(
        peak / 100, steps - warmup, warmup_target=peak, warmup_steps=warmup
    )
    model = build(recipe["start"], recipe["dropout"])
    model.compile(
        optimizer(recipe["optimizer"], rate, recipe["decay"]),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(train, epochs=EPOCHS, shuffle=False, verbose=0)
    return model.evaluate(held_back, verbose=0)[1]


def table(digits: int) -> str:
    """Measure all changes with all seeds, and tell of each as soon as it is known."""
    rows = []
    for name, change in CHANGES.items():
        found = [accuracy(seed, digits, change) for seed in SEEDS]
        rows.append([name, *found, sum(found) / len(found)])
        print(*rows[-1], flush=True)
    headers = ["", *(f"seed {seed}" for seed in SEEDS), "mean"]
    return tabulate(rows, headers, "pipe", floatfmt=".3f")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--digits", type=int, default=500)
    parser.add_argument("--output", type=Path, help="where to write the table")
    given = parser.parse_args()
    text = (
        f"{table(given.digits)}\n\nAccuracy on {VALIDATION:,} validation digits after {EPOCHS} "
        f"epochs of {given.digits:,} digits. {circumstances()}.\n"
    )
    print(text)
    if given.output:
        given.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
