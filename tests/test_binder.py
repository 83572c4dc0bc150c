"""Binder builds what environment.yml and postBuild say: repo2docker's Dockerfile shows it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def repo2docker():
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)


def test_the_environment_is_made_for_one_python(repo2docker):
    assert "Building conda environment for python=3.12\n" in repo2docker.stderr


def test_the_environment_outlives_a_change_of_the_lessons(repo2docker):
    """The layer is made before the repository is copied, from environment.yml and nothing else."""
    step = r'^COPY .* src/(\S*) |env update .*--file "(\S+)"|^RUN \./(\S+)$'
    steps = [
        copied or used or run for copied, used, run in re.findall(step, repo2docker.stdout, re.M)
    ]
    assert steps == ["environment.yml", "environment.yml", "", "postBuild"]
