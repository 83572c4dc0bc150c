"""What `uv build` makes is all that cnnlib needs, with the oldest versions that it admits.

Where those have no wheel for a Python, the next do: NumPy 2.0 and Matplotlib 3.8.4 have none
for 3.13. The doctests that call Keras run in `make unit`: it is no dependency of the library.
"""

import base64
import csv
import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.elsewhere import environments
from tests.elsewhere.environments import UV, Environment

RUN_DOCTESTS = Path(__file__).with_name("run_doctests.py")
OLDEST = ["--resolution", "lowest-direct", "--no-build"]


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory):
    """Built from the source distribution, which so is proven too."""
    folder = tmp_path_factory.mktemp("distributions")
    subprocess.run([UV, "build", "--quiet", "--out-dir", folder, repository], check=True)
    assert len(list(folder.glob("cnnlib-*.tar.gz"))) == 1
    return next(folder.glob("cnnlib-*-py3-none-any.whl"))


@pytest.fixture(scope="module", params=environments.of_the_wheel())
def installed(request, repository, wheel, tmp_path_factory):
    python = environments.find_python(request.param)
    assert environments.is_version(python, request.param), f"Python {request.param} is not here"
    requirements = [*OLDEST, "--requirements", repository / "pyproject.toml", wheel]
    return Environment.new(tmp_path_factory.mktemp("wheel"), requirements, python)


def test_it_prints_a_network_by_either_name(installed):
    table = installed.run("python", "-m", "cnnlib", "lenet5")
    assert "61,706" in table
    assert installed.run("cnnlib", "lenet5") == table


def test_the_wheel_records_each_of_its_files(wheel):
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    [record] = (name for name in files if name.endswith(".dist-info/RECORD"))
    recorded = {name: digest for name, digest, _ in csv.reader(files[record].decode().splitlines())}
    digests = {
        name: base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()) for name in files
    }
    expected = {name: f"sha256={digest.decode().rstrip('=')}" for name, digest in digests.items()}
    assert recorded == expected | {record: ""}
    assert {"cnnlib/data/mnist.npz", "cnnlib/interactive/js/quiz.js"} <= set(files)


def test_its_doctests_run_without_keras(installed):
    ran, failed, lacking = json.loads(installed.run("python", RUN_DOCTESTS))
    assert failed == {}
    assert set(lacking.values()) <= {"keras", "tensorflow"}
    assert len(ran) > 10 * len(lacking)
