"""LeNet learns the same on two devices as on one; in a process of its own, which has two."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent


def test_two_devices_learn_what_one_learns():
    run = subprocess.run(
        [sys.executable, "-m", "scripts.train_on_two_devices"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    lines = re.findall(r"^devices (\d)  loss (\S+), then (\S+)$", run.stdout, re.M)
    devices, first, second = np.array(lines, float).T
    assert devices.tolist() == [1, 2]
    assert np.allclose(first[0], first[1], rtol=1e-3)
    assert np.allclose(second[0], second[1], rtol=1e-2)  # rounding has had time to grow
    assert (second < 0.5 * first).all()
