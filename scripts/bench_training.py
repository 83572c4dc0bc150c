"""How long does an epoch of LeNet take, in NumPy and in Keras? (`python -m scripts.bench_training`)

Each library lives in a process of its own, for oneDNN is chosen before TensorFlow is imported.
They take turns, so that whatever else the machine does slows all of them alike.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

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


def work(library: str, digits: int) -> None:
    """Train one epoch for each line of input, after one for warming up; print its seconds."""
    epoch = (numpy_epoch if library == "NumPy" else keras_epoch)(digits)
    epoch()
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.perf_counter()
        epoch()
        print(time.perf_counter() - began, flush=True)


def measure_training(rounds: int = 3, digits: int = DIGITS) -> dict[str, list[float]]:
    """Seconds of each library's epochs, the libraries taking turns."""
    workers = {}
    for library, settings in LIBRARIES.items():
        workers[library] = subprocess.Popen(
            [sys.executable, "-m", "scripts.bench_training", library, str(digits)],
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "1"} | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if workers[library].stdout.readline() != "ready\n":
            raise RuntimeError(f"{library} did not start: try its worker alone to see why")
    seconds = {library: [] for library in LIBRARIES}
    for _ in range(rounds):
        for library, worker in workers.items():
            print("go", file=worker.stdin, flush=True)
            seconds[library].append(float(worker.stdout.readline()))
    for worker in workers.values():
        worker.communicate()
    return seconds


def report(seconds: dict[str, list[float]]) -> None:
    medians = {library: statistics.median(times) for library, times in seconds.items()}
    for library, times in seconds.items():
        ratio = medians["NumPy"] / medians[library]
        print(
            f"{library:17} {medians[library]:5.1f} s an epoch, median of {len(times)} "
            f"({min(times):.1f} to {max(times):.1f}); NumPy takes {ratio:.2f} of it"
        )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        work(sys.argv[1], int(sys.argv[2]))
    else:
        report(measure_training())
