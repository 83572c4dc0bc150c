"""Measure `operations.conv2d` and its gradients against TensorFlow, and PyTorch where there is one.

    python -m scripts.bench [--output FILE] [--rounds 9]

Ratios of medians, on one thread and on two. Before each turn comes a pause, for the threads of
the last contender go on spinning for a while, and a call that is not timed. PyTorch counts with
the better of its two layouts, and everyone computes from arrays that lie as they like best.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import metadata, util
from pathlib import Path

import numpy as np
import threadpoolctl  # noqa: F401  (without it, cnnlib cannot keep small products on one thread)
from tabulate import tabulate

from scripts.contest import seconds, take_turns, work
from scripts.machine import circumstances

PAUSE = 0.15  # seconds
CALLS = 5  # timed calls of one turn
DIRECTIONS = "forward", "backward"
THREADS = 1, 2
AIMS = {("forward", 1): 1.0, ("forward", 2): 1.3, ("backward", 1): 1.4, ("backward", 2): 2.2}


@dataclass(frozen=True)
class Regime:
    """A convolution worth measuring."""

    name: str
    images: tuple[int, int, int, int]
    kernels: tuple[int, int, int, int]
    strides: int = 1
    padding: str = "valid"

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return images, kernels, and a gradient of the output."""
        sides, strides = zip(self.images[1:3], self.kernels[:2], strict=True), self.strides
        maps = (n if self.padding == "same" else (n - k) // strides + 1 for n, k in sides)
        shapes = self.images, self.kernels, (self.images[0], *maps, self.kernels[3])
        random = np.random.default_rng(0)
        return tuple(random.normal(size=shape).astype("f") for shape in shapes)


REGIMES = (
    Regime("LeNet C1, batch 64", (64, 32, 32, 1), (5, 5, 1, 6)),
    Regime("LeNet C3, batch 64", (64, 14, 14, 6), (5, 5, 6, 16)),
    Regime("a photograph, 3×3", (1, 512, 512, 1), (3, 3, 1, 1)),
    Regime("a photograph, 11×11", (1, 512, 512, 1), (11, 11, 1, 1)),
    Regime("AlexNet conv1, batch 4", (4, 227, 227, 3), (11, 11, 3, 96), strides=4),
    Regime("AlexNet conv2, batch 4", (4, 27, 27, 96), (5, 5, 96, 256), padding="same"),
)


def cnnlib_calls(regime: Regime, threads: int) -> tuple[Callable, Callable]:
    """Return the convolution and its three gradients, as this course computes them."""
    from cnnlib import operations

    images, kernels, arriving = regime.arrays()
    how = regime.strides, regime.padding
    return (
        lambda: [operations.conv2d(images, kernels, None, *how)],
        lambda: operations.conv2d_gradients(images, kernels, arriving, *how),
    )


def tensorflow_calls(regime: Regime, threads: int) -> tuple[Callable, Callable]:
    """Return the same as TensorFlow computes it."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    images, kernels, arriving = map(tf.constant, regime.arrays())
    how = {"strides": [1, regime.strides, regime.strides, 1], "padding": regime.padding.upper()}

    def backward() -> list:
        back = {"out_backprop": arriving} | how
        return [
            tf.raw_ops.Conv2DBackpropInput(input_sizes=images.shape, filter=kernels, **back),
            tf.raw_ops.Conv2DBackpropFilter(input=images, filter_sizes=kernels.shape, **back),
            tf.reduce_sum(arriving, axis=(0, 1, 2)),
        ]

    return lambda: [tf.nn.conv2d(images, kernels, **how)], backward


def pytorch_calls(regime: Regime, threads: int, layout: str) -> tuple[Callable, Callable]:
    """Return the same as PyTorch computes it, with channels first or last in memory."""
    import torch

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    images, kernels, arriving = map(torch.from_numpy, regime.arrays())
    order = getattr(torch, layout)
    images, arriving = (
        x.permute(0, 3, 1, 2).contiguous(memory_format=order) for x in (images, arriving)
    )
    kernels = kernels.permute(3, 2, 0, 1).contiguous(memory_format=order)
    zeros = [kernels.shape[2] // 2] * 2 if regime.padding == "same" else [0, 0]
    strides, ones = [regime.strides] * 2, [1, 1]
    back = [kernels.shape[0]], strides, zeros, ones, False, [0, 0], 1, [True] * 3
    return (
        lambda: [torch.nn.functional.conv2d(images, kernels, None, strides, zeros)],
        lambda: torch.ops.aten.convolution_backward(arriving, images, kernels, *back),
    )


LIBRARIES = {
    "cnnlib": cnnlib_calls,
    "TensorFlow": tensorflow_calls,
    "PyTorch, channels first": partial(pytorch_calls, layout="contiguous_format"),
    "PyTorch, channels last": partial(pytorch_calls, layout="channels_last"),
}


def turn(call: Callable) -> dict:
    """Time some calls, and measure what comes out, for all must compute the same."""
    time.sleep(PAUSE)
    lengths = [float(np.linalg.norm(np.ravel(array))) for array in call()]
    return {"seconds": [seconds(call) for _ in range(CALLS)], "lengths": lengths}


def jobs(library: str, threads: int) -> dict[str, Callable]:
    """Return one library's part: a turn for each regime and direction."""
    return {
        f"{regime.name}, {direction}": partial(turn, call)
        for regime in REGIMES
        for direction, call in zip(DIRECTIONS, LIBRARIES[library](regime, threads), strict=True)
    }


def medians(threads: int, rounds: int) -> dict[tuple[str, str], dict[str, float]]:
    """Return the median seconds of each library, for each regime and direction."""
    settings = {"OPENBLAS_NUM_THREADS": str(threads)}
    contenders = {
        library: (["scripts.bench", "--worker", library, str(threads)], settings)
        for library in LIBRARIES
        if util.find_spec("torch") or "PyTorch" not in library
    }
    pairs = [(regime.name, direction) for regime in REGIMES for direction in DIRECTIONS]
    answers = take_turns(contenders, [", ".join(pair) for pair in pairs], rounds)
    found = {}
    for pair in pairs:
        of_pair = {library: answers[library, ", ".join(pair)] for library in contenders}
        for library, turns in of_pair.items():
            ours = of_pair["cnnlib"][0]["lengths"]
            np.testing.assert_allclose(turns[0]["lengths"], ours, 1e-3, err_msg=f"{pair} {library}")
        found[pair] = {
            library: statistics.median(s for turn in turns for s in turn["seconds"])
            for library, turns in of_pair.items()
        }
    return found


def report(found: dict[int, dict], rounds: int) -> str:
    """Return the tables as Markdown, with what they were measured on."""
    columns = [(direction, threads) for direction in DIRECTIONS for threads in THREADS]
    headers = [
        f"{direction}, {threads} thread{'s' * (threads > 1)}" for direction, threads in columns
    ]
    texts = []
    for other in ("PyTorch", "TensorFlow"):
        ratios = [[_ratio(found[t][r.name, d], other) for r in REGIMES] for d, t in columns]
        if None in ratios[0]:
            texts.append(f"{other} is not installed here: its table is left out.")
            continue
        rows = [[r.name, *row] for r, row in zip(REGIMES, zip(*ratios, strict=True), strict=True)]
        rows.append(["geometric mean", *map(statistics.geometric_mean, ratios)])
        if other == "PyTorch":
            rows.append(["aim", *(AIMS[column] for column in columns)])
        headline = [f"of {other}'s time", *headers]
        texts.append(tabulate(rows, headline, tablefmt="pipe", floatfmt=".2f"))
    found_in = metadata.packages_distributions()  # two wheels bring tensorflow
    names = (
        found_in[n][0] for n in ("numpy", "threadpoolctl", "tensorflow", "torch") if n in found_in
    )
    named = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    texts.append(
        "The time that `operations.conv2d` takes, and `operations.conv2d_gradients` (backward: "
        f"with respect to images, kernels and bias), as ratios of medians of {rounds * CALLS} "
        "calls in float32, each library in a process of its own, taking turns; below 1 it is the "
        "faster. "
        f"{circumstances()}; {named}."
    )
    return "\n\n".join(texts) + "\n"


def _ratio(took: dict[str, float], other: str) -> float | None:
    theirs = [seconds for library, seconds in took.items() if library.startswith(other)]
    return took["cnnlib"] / min(theirs) if theirs else None


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="also write the tables, as Markdown, to here")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each library")
    options = parser.parse_args()
    text = report({t: medians(t, options.rounds) for t in THREADS}, options.rounds)
    print(text)
    if options.output:
        options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(jobs(sys.argv[2], int(sys.argv[3])))
    else:
        main()
