"""How long does an epoch of LeNet take, in NumPy and in Keras?

    python -m scripts.bench_training [--output FILE]

Each library lives in a process of its own, for oneDNN is chosen before TensorFlow is imported.
They take turns, so that whatever else the machine does slows all of them alike.
"""

import argparse
import statistics
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from tabulate import tabulate

from scripts.contest import seconds, take_turns, work
from scripts.machine import circumstances

DIGITS = 60_000
BATCH_SIZE = 64
LIBRARIES = {  # name: what its process finds in its environment
    "NumPy": {},
    "Keras": {"TF_ENABLE_ONEDNN_OPTS": "0"},
    "Keras with oneDNN": {"TF_ENABLE_ONEDNN_OPTS": "1"},
}


def numpy_epoch(digits: int) -> Callable[[], object]:
    from cnnlib import architectures, datasets, training

    images, labels = (array[:digits] for array in datasets.load_mnist()[0])
    model = training.NumpyModel(architectures.lenet5())
    return lambda: model.fit(images, labels, batch_size=BATCH_SIZE, verbose=0)


def keras_epoch(digits: int) -> Callable[[], object]:
    from cnnlib import architectures, datasets

    images, labels = (array[:digits] for array in datasets.load_mnist()[0])
    images, model = datasets.prepare_digits(images), architectures.lenet5().to_keras()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return lambda: model.fit(images, labels, batch_size=BATCH_SIZE, verbose=0)


def jobs(library: str, digits: int) -> dict[str, Callable[[], float]]:
    """Return one library's part, after an epoch for warming up."""
    epoch = (numpy_epoch if library == "NumPy" else keras_epoch)(digits)
    epoch()
    return {"epoch": lambda: seconds(epoch)}


def measure_training(rounds: int = 3, digits: int = DIGITS) -> dict[str, list[float]]:
    """Seconds of each library's epochs, the libraries taking turns."""
    contenders = {
        library: (["scripts.bench_training", "--worker", library, str(digits)], settings)
        for library, settings in LIBRARIES.items()
    }
    answers = take_turns(contenders, ["epoch"], rounds)
    return {library: answers[library, "epoch"] for library in LIBRARIES}


def report(epochs: dict[str, list[float]]) -> str:
    """Return the table as Markdown, with what it was measured on."""
    medians = {library: statistics.median(times) for library, times in epochs.items()}
    rows = [
        [library, medians[library], min(times), max(times), medians["NumPy"] / medians[library]]
        for library, times in epochs.items()
    ]
    headers = ["library", "seconds an epoch", "fastest", "slowest", "NumPy's share of it"]
    table = tabulate(rows, headers, tablefmt="pipe", floatfmt=("", ".1f", ".1f", ".1f", ".2f"))
    tensorflow = metadata.packages_distributions()["tensorflow"][0]  # two wheels go by this name
    named = ", ".join(f"{name} {metadata.version(name)}" for name in ("numpy", "keras", tensorflow))
    return (
        f"{table}\n\nMedians of {len(epochs['NumPy'])} epochs of {DIGITS:,} digits, with Adam "
        f"and batches of {BATCH_SIZE}, the libraries taking turns. {circumstances()}; {named}.\n"
    )


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="also write the table, as Markdown, to here")
    options = parser.parse_args()
    text = report(measure_training())
    print(text)
    if options.output:
        options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(jobs(sys.argv[2], int(sys.argv[3])))
    else:
        main()
