"""How do libraries take turns on one machine, each in a process of its own?

In one process they slow one another by up to ten times, for the threads of the last one go on
spinning for a while. In turns, whatever else the machine does slows all of them alike.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping


def take_turns(
    contenders: Mapping[str, tuple[list[str], dict[str, str]]], jobs: list[str], rounds: int
) -> dict[tuple[str, str], list]:
    """Ask each contender for each job, round after round; return all answers of each to each.

    A contender is what follows `python -m`, and what its process finds in its environment.
    """
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "1"}
    # Either of these can keep OpenBLAS from choosing what suits the processor.
    left_out = "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"
    here = {name: value for name, value in os.environ.items() if name not in left_out}
    workers = {}
    for name, (arguments, settings) in contenders.items():
        workers[name] = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=here | quiet | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if workers[name].stdout.readline() != "ready\n":
            raise RuntimeError(f"{name} did not start: run python -m {' '.join(arguments)} to see")
    answers = defaultdict(list)
    for _ in range(rounds):
        for job in jobs:
            for name, worker in workers.items():
                print(job, file=worker.stdin, flush=True)
                answers[name, job].append(json.loads(worker.stdout.readline()))
    for worker in workers.values():
        worker.communicate()
    return dict(answers)


def work(jobs: Mapping[str, Callable[[], object]]) -> None:
    """Be a contender: do the job that each line of input names, and print its answer."""
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(jobs[line.strip()]()), flush=True)


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
