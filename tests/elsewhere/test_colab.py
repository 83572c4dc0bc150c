"""A lesson that stands alone, as on Colab, gets cnnlib and runs.

Colab chooses the versions of everything else. Here they are the oldest that pyproject.toml admits,
so that the ranges are proven too.
"""

import re
import shutil
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from scripts import address
from tests.elsewhere import environments
from tests.elsewhere.environments import ROOT, Environment

ADDRESS = re.compile(r"https://\S+\.zip")
NOT_THERE = {"jupyterlab", "jupyterlab-myst"}  # Colab is a page of its own


def oldest() -> list[str]:
    """The lower bounds of what the library and the lessons need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["lessons"]]
    bounds = []
    for requirement in map(Requirement, asked):
        here = requirement.marker is None or requirement.marker.evaluate()
        if here and requirement.name not in NOT_THERE:
            lower = next(s.version for s in requirement.specifier if s.operator == ">=")
            bounds.append(f"{requirement.name}=={lower}.*")
    return bounds


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    found = environments.version(environments.find_python())
    assert Version(found) < Version("3.13"), (
        f"The oldest versions cannot be installed in Python {found}: install Python 3.12 beside it"
    )
    return Environment.new(tmp_path_factory.mktemp("colab"), [*oldest(), "nbclient"])


@pytest.fixture(scope="module")
def archive(repository, tmp_path_factory):
    """What the address answers with: a zip file of one folder, the repository."""
    root = tmp_path_factory.mktemp("archive")
    shutil.copytree(repository, root / "course-main")
    return shutil.make_archive(str(root / "main"), "zip", root, "course-main")


@pytest.mark.parametrize("name", ["07-lenet-by-hand", "13-lenet-in-numpy"])
def test_a_lesson_that_stands_alone_runs_and_changes_nothing_else(colab, archive, tmp_path, name):
    lesson = tmp_path / f"{name}.ipynb"
    text, places = ADDRESS.subn(f"file://{archive}", (ROOT / "chapters" / lesson.name).read_text())
    assert places == 1
    lesson.write_text(text, "utf-8")
    address.edit(lesson, address.CELL, "ada/course")
    (tmp_path / "google" / "colab").mkdir(parents=True)
    before = colab.packages()
    colab.run_lesson(lesson)
    added = {line.partition(" @ ")[0] for line in colab.packages() ^ before}
    assert added <= {"cnnlib"}
