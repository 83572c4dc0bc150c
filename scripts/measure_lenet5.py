"""How well can LeNet-5 read at best? Choose on validation digits, then train on all that there are.

    python -m scripts.measure_lenet5 KEPT [--output FILE]

The recipe is that of `scripts/train_lenet5.py`, and another that trains longer and warms up for a
smaller share of it. 10,000 training digits that are kept out of training decide between them, with
three seeds. Then each learns from all 60,000, with five seeds, and reads the test digits, which
decide nothing.
Weights go to the folder KEPT, run by run, so that what was interrupted can go on.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from tabulate import tabulate

from cnnlib import architectures, datasets
from cnnlib.training import NumpyModel
from scripts import train_lenet5
from scripts.machine import circumstances

RECIPES = {  # epochs, and the share of all steps that warms up
    "30 epochs, warm-up 5%": (30, 0.05),
    "45 epochs, warm-up 2%": (45, 0.02),
}
TRIALS, SEEDS = (0, 1, 2), (0, 1, 2, 3, 4)
VALIDATION = 10_000  # digits


def trained(kept: Path, recipe: tuple[int, float], left_out: int, seed: int) -> tuple:
    """A LeNet after a run on all training digits but so many, and its seconds of processor time."""
    epochs, warmup = recipe
    file = kept / f"{epochs}-epochs-{warmup}-{left_out}-left-out-seed-{seed}.npz"
    if not file.is_file():
        training, _ = train_lenet5.split(*datasets.load_mnist()[0], left_out)
        began = time.process_time()
        weights = train_lenet5.train(*training, seed, epochs, warmup).weights
        seconds = time.process_time() - began
        arrays = {f"{layer}_{n}": a for layer, own in weights.items() for n, a in enumerate(own)}
        np.savez(file, seconds=seconds, **arrays)
    model = NumpyModel(architectures.lenet5())
    with np.load(file) as found:
        model.weights = {layer: [found[f"{layer}_{n}"] for n in (0, 1)] for layer in model.weights}
        return model, float(found["seconds"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kept", type=Path)
    parser.add_argument("--output", type=Path)
    wishes = parser.parse_args()
    wishes.kept.mkdir(exist_ok=True)
    digits, (images, labels) = datasets.load_mnist()

    _, (shown, names) = train_lenet5.split(*digits, VALIDATION)
    misread = {name: [] for name in RECIPES}
    for seed in TRIALS:
        for name, recipe in RECIPES.items():
            model, _ = trained(wishes.kept, recipe, VALIDATION, seed)
            misread[name].append(int((model.predict(shown).argmax(axis=1) != names).sum()))
    best = min(misread, key=lambda name: sum(misread[name]))
    lines = [[name, *counts] for name, counts in misread.items()]
    choice = tabulate(lines, ["misread", *(f"seed {seed}" for seed in TRIALS)], "pipe")

    lines = []
    for seed in SEEDS:
        runs = [trained(wishes.kept, recipe, 0, seed) for recipe in RECIPES.values()]
        short, long = (model.predict(images).argmax(axis=1) == labels for model, _ in runs)
        line = [seed, *((~read).sum() for read in (short, long)), (long & ~short).sum()]
        lines.append([*line, (short & ~long).sum(), *(round(seconds) for _, seconds in runs)])
    headers = ["seed", *RECIPES, "only the second reads", "only the first reads"]
    table = tabulate(lines, [*headers, "core seconds", "core seconds"], "pipe")
    text = (
        f"Misread of {VALIDATION:,} validation digits, after a run on the other 50,000:\n\n"
        f"{choice}\n\nChosen: {best}. Misread of the test digits, after a run on all 60,000, and "
        f"the digits that only one of the two reads:\n\n{table}\n\n{circumstances()}.\n"
    )
    print(text)
    if wishes.output:
        wishes.output.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
