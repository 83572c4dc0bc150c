"""Measure `operations.conv2d` against TensorFlow, and against PyTorch where it is installed.

    python -m scripts.bench [--output FILE] [--rounds 15]

Ratios of medians, all contenders by turns in one process, on two threads. Before each turn comes a
pause, for the threads of the last contender go on spinning for a while, and a call that is not
timed. PyTorch counts with the better of its two layouts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)  # either can keep OpenBLAS from choosing what suits the processor
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
os.environ["OPENBLAS_NUM_THREADS"] = "2"

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tabulate import tabulate  # noqa: E402

from cnnlib import operations  # noqa: E402
from scripts.machine import circumstances  # noqa: E402

try:
    import torch
except ModuleNotFoundError:
    torch = None

PAUSE = 0.15  # seconds
CALLS = 5  # timed calls of one turn


@dataclass(frozen=True)
class Regime:
    """A convolution worth measuring, and the most it may take, in units of PyTorch's time."""

    name: str
    images: tuple[int, int, int, int]
    kernels: tuple[int, int, int, int]
    limit: float
    strides: int = 1
    padding: str = "valid"


REGIMES = (
    Regime("LeNet C1, batch 64", (64, 32, 32, 1), (5, 5, 1, 6), 1.0),
    Regime("LeNet C3, batch 64", (64, 14, 14, 6), (5, 5, 6, 16), 1.5),
    Regime("a photograph, 3×3", (1, 512, 512, 1), (3, 3, 1, 1), 1.0),
    Regime("a photograph, 11×11", (1, 512, 512, 1), (11, 11, 1, 1), 1.0),
    Regime("AlexNet conv1, batch 4", (4, 227, 227, 3), (11, 11, 3, 96), 1.75, strides=4),
    Regime("AlexNet conv2, batch 4", (4, 27, 27, 96), (5, 5, 96, 256), 1.5, padding="same"),
)


def contenders(regime: Regime) -> dict[str, Callable[[], np.ndarray]]:
    """Return the same convolution under the names of those who compute it, as NHWC."""
    random = np.random.default_rng(0)
    images, kernels = (random.normal(size=s).astype("f") for s in (regime.images, regime.kernels))
    strides, padding = regime.strides, regime.padding
    fixed_images, fixed_kernels = tf.constant(images), tf.constant(kernels)
    calls = {
        "cnnlib": lambda: operations.conv2d(images, kernels, None, strides, padding),
        "TensorFlow": lambda: tf.nn.conv2d(fixed_images, fixed_kernels, strides, padding.upper()),
    }
    if torch:
        last = [torch.from_numpy(images).permute(0, 3, 1, 2)]
        last.append(torch.from_numpy(kernels).permute(3, 2, 0, 1))
        last = [tensor.contiguous(memory_format=torch.channels_last) for tensor in last]
        first = [tensor.contiguous() for tensor in last]
        for name, tensors in (("PyTorch NCHW", first), ("PyTorch NHWC", last)):
            calls[name] = lambda given=tensors: torch.nn.functional.conv2d(
                *given, stride=strides, padding=padding
            ).permute(0, 2, 3, 1)
    for name, call in calls.items():
        np.testing.assert_allclose(call(), calls["cnnlib"](), rtol=1e-3, atol=1e-3, err_msg=name)
    return calls


def medians(calls: dict[str, Callable], rounds: int) -> dict[str, float]:
    """Time every contender in every round, and return the median seconds of each."""
    seconds = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            time.sleep(PAUSE)
            call()
            for _ in range(CALLS):
                start = time.perf_counter()
                call()
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in seconds.items()}


def measure(rounds: int) -> list[list]:
    """Return a row for each regime, ratios of medians, and one for their geometric means."""
    everything = [contenders(regime) for regime in REGIMES]  # all ran once: memory is warm
    rows = []
    for regime, calls in zip(REGIMES, everything, strict=True):
        took = medians(calls, rounds)
        best = min((s for name, s in took.items() if name.startswith("PyTorch")), default=None)
        others = best, took["TensorFlow"]
        ratios = [took["cnnlib"] / other if other else None for other in others]
        rows.append([regime.name, *ratios, regime.limit])
    columns = [[row[i] for row in rows] for i in (1, 2)]
    means = [None if None in c else statistics.geometric_mean(c) for c in columns]
    return [*rows, ["geometric mean", *means, 0.95]]


def report(rows: list[list], rounds: int) -> str:
    """Return the table as Markdown, with what it was measured on."""
    headers = ["convolution", "of PyTorch's time", "of TensorFlow's time", "aim for PyTorch"]
    table = tabulate(rows, headers, tablefmt="pipe", floatfmt=".2f", missingval="not here")
    versions = {"NumPy": np, "TensorFlow": tf} | ({"PyTorch": torch} if torch else {})
    named = ", ".join(f"{name} {module.__version__}" for name, module in versions.items())
    return (
        f"{table}\n\nThe time `operations.conv2d` takes, as a ratio of medians of "
        f"{rounds * CALLS} calls, all by turns in one process on two threads, in float32; below "
        f"1 it is the faster. {circumstances()}; {named}.\n"
    )


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="also write the table, as Markdown, to here")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each contender")
    options = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(2)
    if torch:
        torch.set_num_threads(2)
        torch.set_grad_enabled(False)
    text = report(measure(options.rounds), options.rounds)
    print(text)
    if options.output:
        options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
