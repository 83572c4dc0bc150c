"""make address: what it accepts, what it writes, and whose repository a checkout is."""

import os
import shutil
import subprocess

import pytest

from scripts import address


@pytest.fixture
def copy(tmp_path):
    for name in ("_config.yml", "CITATION.cff", "chapters", "appendix", "zh"):
        source, target = address.ROOT / name, tmp_path / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    address.write("", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "ada/course",
        "https://github.com/ada/course",
        "https://github.com/ada/course.git",
        "git@github.com:ada/course.git",
        "ssh://git@github.com/ada/course.git",
    ],
)
def test_a_repository_is_known_by_its_name_or_its_address(text):
    assert address.parse(text) == "ada/course"


@pytest.mark.parametrize(
    "text", ["ada", "ada/a b", "-ada/x", "ada/..", "https://other.example/a/b"]
)
def test_what_github_would_not_allow_is_refused_in_one_line(text):
    assert "owner/name" in address.main(text)
    assert "\n" not in address.main(text)


def test_it_is_written_everywhere_and_again_and_taken_out(copy):
    def texts():
        return {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}

    before = texts()
    for repository in ("ada/course", "grace/other"):
        address.write(repository, copy)
        assert address.named(copy) == {repository}
        assert address.complaint(repository, copy) is None
        assert "make address REPO=eve/fork" in address.complaint("eve/fork", copy)
    address.write("", copy)
    assert texts() == before


def test_a_place_that_is_gone_is_named(copy):
    template = copy / "appendix" / "lesson-template.ipynb"
    template.write_text(template.read_text("utf-8").replace("REPOSITORY =", "PLACE ="), "utf-8")
    with pytest.raises(ValueError, match=r"lesson-template\.ipynb has 0 places"):
        address.write("ada/course", copy)


def test_where_pages_publishes_it_belongs_to_the_address(copy):
    address.write("ada/course", copy)
    address.edit(copy / "_config.yml", address.BASE, address.NOWHERE)
    said = address.complaint("ada/course", copy)
    assert address.NOWHERE in said
    assert "make address REPO=ada/course" in said


def test_a_checkout_without_an_address_is_told_the_command(copy):
    assert "make address REPO=eve/fork" in address.complaint("eve/fork", copy)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository of git, outside of any workflow, and a way to talk to it."""
    for name in [name for name in os.environ if name.startswith("GITHUB_")]:
        monkeypatch.delenv(name)

    def git(*arguments):
        subprocess.run(["git", "-C", tmp_path, *arguments], check=True, capture_output=True)

    git("init", "-b", "draft")
    git("config", "user.name", "Ada")
    git("config", "user.email", "ada@example.com")
    git("commit", "--allow-empty", "-m", "Begin")
    git("remote", "add", "origin", "git@github.com:ada/course.git")
    return tmp_path, git


def test_home_is_the_origin_on_github_and_the_branch(checkout):
    folder, git = checkout
    assert address.home(folder) == address.Home("ada/course", "draft")
    git("remote", "set-url", "origin", "https://gitlab.example/ada/course.git")
    assert address.home(folder) is None
    git("remote", "remove", "origin")
    assert address.home(folder) is None


def test_without_a_branch_it_is_the_default_one(checkout):
    folder, git = checkout
    git("switch", "--detach")
    assert address.home(folder).branch == "main"
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert address.home(folder).branch == "trunk"


def test_a_folder_within_another_repository_has_no_home(checkout):
    folder, _ = checkout
    (folder / "course").mkdir()
    assert address.home(folder / "course") is None


@pytest.mark.parametrize(
    ("variables", "branch"),
    [
        ({"GITHUB_REF_NAME": "spring"}, "spring"),
        ({"GITHUB_REF_NAME": "7/merge", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "x"}, "main"),
        ({}, "draft"),
    ],
)
def test_home_is_what_a_workflow_says_first(checkout, monkeypatch, variables, branch):
    for name, value in {"GITHUB_REPOSITORY": "eve/fork", **variables}.items():
        monkeypatch.setenv(name, value)
    assert address.home(checkout[0]) == address.Home("eve/fork", branch)


def test_without_git_there_is_no_home(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert address.home(checkout[0]) is None


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        ("ada course", "REPO must be owner/name as on GitHub, as in REPO=ada/course"),
        ("", "Say which: `make address REPO=owner/name`"),
    ],
)
def test_make_says_what_is_wrong_last(checkout, asked, last):
    """Its own line comes after: that it ended in an error."""
    folder, git = checkout
    git("remote", "remove", "origin")
    for name in (
        "Makefile",
        "scripts",
        "_config.yml",
        "CITATION.cff",
        "chapters",
        "appendix",
        "zh",
    ):
        source, target = address.ROOT / name, folder / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    make = ["make", "address", f"REPO={asked}"]
    done = subprocess.run(make, cwd=folder, env=outside, capture_output=True, text=True)
    assert done.returncode != 0
    sentence, makes_own = (done.stdout + done.stderr).splitlines()
    assert sentence.startswith(last)
    assert makes_own.startswith("make")
