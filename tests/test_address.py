"""make address: what it accepts, what it writes, and whose repository a checkout is."""

import shutil
import subprocess

import pytest

from scripts import address


@pytest.fixture
def copy(tmp_path):
    for name in ("_config.yml", "CITATION.cff", "chapters", "appendix"):
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
        assert set(address.named(copy).values()) == {repository}
        assert address.complaint(repository, copy) is None
        assert "make address REPO=eve/fork" in address.complaint("eve/fork", copy)
    address.write("", copy)
    assert texts() == before


def test_a_checkout_without_an_address_is_told_the_command(copy):
    assert "make address REPO=eve/fork" in address.complaint("eve/fork", copy)


@pytest.mark.parametrize(
    ("origin", "repository"),
    [("git@github.com:ada/course.git", "ada/course"), ("https://gitlab.com/ada/course", None)],
)
def test_home_is_origin_if_that_is_on_github(tmp_path, monkeypatch, origin, repository):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    subprocess.run(["git", "init", "-q", "-b", "draft", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", origin], check=True)
    here = address.home(tmp_path)
    assert here == (address.Home(repository, "draft") if repository else None)


def test_home_is_what_a_workflow_says_first(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "ada/course")
    monkeypatch.setenv("GITHUB_REF_NAME", "main")
    assert address.home(tmp_path) == address.Home("ada/course", "main")
