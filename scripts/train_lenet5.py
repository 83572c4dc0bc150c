"""Train LeNet-5 in NumPy, three times, and pack the best into `cnnlib/data/lenet5.npz`.

Usage: python -m scripts.train_lenet5

Every number below was chosen on validation digits: 10,000 of the training digits while looking
for them, 5,000 here. The test digits are read once, after training, and decide nothing. The
SHA-256 printed at the end belongs into `cnnlib/training/pretrained.py`.
"""

import hashlib
import math
import time
from functools import partial
from pathlib import Path

import numpy as np

from cnnlib import architectures, datasets
from cnnlib.training import Adam, NumpyModel, distort, warmup_cosine
from scripts.make_mnist import write_npz

DESTINATION = Path(__file__).parents[1] / "cnnlib" / "data" / "lenet5.npz"
SEEDS = (0, 1, 2)
VALIDATION = 5_000  # digits
EPOCHS = 30
BATCH_SIZE = 128
PEAK = 0.004  # the learning rate after warming up, before the cosine
WARMUP = 0.05  # of all steps
DISTORTIONS = {"turn": 8, "stretch": 0.1, "shear": 0.1, "shift": 1.25, "bend": 0.65}


def split(images: np.ndarray, labels: np.ndarray, count: int = VALIDATION) -> tuple[tuple, tuple]:
    """Training digits and so many validation digits, the same for every seed."""
    order = np.random.default_rng(0).permutation(len(images))
    kept, trained = order[:count], order[count:]
    return (images[trained], labels[trained]), (images[kept], labels[kept])


def train(
    images: np.ndarray,
    labels: np.ndarray,
    seed: int,
    epochs: int = EPOCHS,
    warmup: float = WARMUP,
) -> NumpyModel:
    """One run, its weights rounded to float16."""
    model = NumpyModel(architectures.lenet5(), seed)
    steps = epochs * math.ceil(len(images) / BATCH_SIZE)
    rate = partial(warmup_cosine, peak=PEAK, steps=steps, warmup=round(warmup * steps))
    augment = partial(distort, **DISTORTIONS)
    model.fit(images, labels, epochs, BATCH_SIZE, Adam(rate), augment=augment, verbose=2)
    model.weights = {
        layer: [array.astype("float16").astype("float32") for array in arrays]
        for layer, arrays in model.weights.items()
    }
    return model


def main() -> None:
    digits, test = datasets.load_mnist()
    training, validation = split(*digits)
    models, record = [], {"seed": SEEDS, "validation_accuracy": [], "test_accuracy": []}
    for seed in SEEDS:
        began = time.perf_counter()
        models.append(train(*training, seed))
        seconds = time.perf_counter() - began
        for name, pair in (("validation_accuracy", validation), ("test_accuracy", test)):
            record[name].append(models[-1].evaluate(*pair)[1])
        print(
            f"seed {seed}: {seconds:.0f} s, validation {record['validation_accuracy'][-1]:.4f}, "
            f"test {record['test_accuracy'][-1]:.4f}"
        )
    accuracies = record["test_accuracy"]
    print(
        f"test accuracy of {len(SEEDS)} seeds: mean {np.mean(accuracies):.4f}, "
        f"least {min(accuracies):.4f}, most {max(accuracies):.4f}"
    )
    best = models[int(np.argmax(record["validation_accuracy"]))]
    arrays = {
        f"{layer}_{name}": array.astype("float16")
        for layer, own in best.weights.items()
        for name, array in zip(("kernel", "bias"), own, strict=True)
    }
    write_npz(DESTINATION, arrays | {name: np.array(own) for name, own in record.items()})
    content = DESTINATION.read_bytes()
    print(f"{DESTINATION}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
