"""A lesson that stands alone, as on Colab, gets cnnlib and runs.

Colab chooses the versions of everything else. Here they are the oldest that pyproject.toml admits,
so that the ranges are proven too.
"""

import shutil
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from scripts import address
from tests.elsewhere import environments
from tests.elsewhere.environments import ROOT, Environment

GITHUB = "https://github.com/"
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
    """An environment whose kernels have google.colab from the start, and with it nothing else."""
    found = environments.version(environments.find_python())
    assert Version(found) < Version("3.13"), (
        f"The oldest versions cannot be installed in Python {found}: install Python 3.12 beside it"
    )
    colab = Environment.new(tmp_path_factory.mktemp("colab"), [*oldest(), "nbclient"])
    (packages,) = colab.folder.glob("lib/python*/site-packages")
    (packages / "google" / "colab").mkdir(parents=True)
    (packages / "google" / "colab" / "__init__.py").touch()
    (packages / "google_colab.pth").write_text("import google.colab\n", "utf-8")
    return colab


@pytest.fixture(scope="module")
def host(repository, tmp_path_factory):
    """What stands for GitHub: its archive of the repository is a zip file of one folder."""
    root = tmp_path_factory.mktemp("github")
    shutil.copytree(repository, root / "copy" / "course-0123abc")
    archive = root / "ada" / "course" / "archive" / "HEAD"
    archive.parent.mkdir(parents=True)
    shutil.make_archive(str(archive), "zip", root / "copy", "course-0123abc")
    return f"{root.as_uri()}/"


@pytest.mark.parametrize("name", ["09-lenet-by-hand", "15-lenet-in-numpy"])
def test_a_lesson_that_stands_alone_runs_and_changes_nothing_else(colab, host, tmp_path, name):
    lesson = tmp_path / f"{name}.ipynb"
    text = (ROOT / "chapters" / lesson.name).read_text("utf-8")
    assert text.count(f"{GITHUB}{{REPOSITORY}}/archive/") == 1
    lesson.write_text(text.replace(GITHUB, host), "utf-8")
    address.edit(lesson, address.CELL, "ada/course")
    before = colab.packages()
    colab.run_lesson(lesson)
    added = {line.partition(" @ ")[0] for line in colab.packages() ^ before}
    assert added <= {"cnnlib"}
