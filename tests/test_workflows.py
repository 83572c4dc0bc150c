"""What runs on GitHub is pinned, may do little, and calls make; two linters agree, offline."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent
LINTERS = {
    "zizmor": [BIN / "zizmor", "--offline", "--no-progress", "--persona", "pedantic"],
    "actionlint": [BIN / "actionlint", "-no-color"],
}
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
each_linter = pytest.mark.parametrize("linter", LINTERS)


def lint(linter: str, *paths: Path) -> subprocess.CompletedProcess:
    return subprocess.run([*LINTERS[linter], *paths], capture_output=True, text=True)


def jobs(path: Path) -> dict[str, dict]:
    return yaml.safe_load(path.read_text("utf-8"))["jobs"]


def steps(path: Path) -> list[dict]:
    return [step for job in jobs(path).values() for step in job["steps"]]


def test_there_are_workflows_to_test_to_publish_and_to_look_every_week():
    assert [path.stem for path in WORKFLOWS] == ["publish", "test", "weekly"]


@each_linter
def test_the_linters_find_nothing(linter):
    found = lint(linter, *WORKFLOWS)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("linter", "right", "wrong"),
    [
        ("zizmor", r"@[0-9a-f]{40}", "@main"),
        ("zizmor", r"permissions: \{\}", "permissions: write-all"),
        ("actionlint", r"matrix\.python", "matrix.snake"),
    ],
)
def test_the_linters_do_find_a_fault(linter, right, wrong, tmp_path):
    path = Path(shutil.copy(ROOT / ".github" / "workflows" / "test.yml", tmp_path))
    faulty, count = re.subn(right, wrong, path.read_text("utf-8"))
    assert count
    path.write_text(faulty, "utf-8")
    assert lint(linter, path).returncode != 0


@each_workflow
def test_every_action_is_pinned_by_its_hash_and_says_its_version(path):
    uses = re.findall(r"\buses: *(.+)", path.read_text("utf-8"))
    assert uses
    assert [action for action in uses if not PINNED.fullmatch(action)] == []


@each_workflow
def test_every_command_is_a_make_target(path):
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    for command in commands:
        make, target, *settings = command.split()
        assert (make, target in TARGETS) == ("make", True), command
        assert all(re.fullmatch(r"[A-Z]+=[\w-]+", setting) for setting in settings), command


@each_workflow
def test_a_job_may_do_what_it_names_and_no_more_and_ends_by_itself(path):
    assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {}
    for name, job in jobs(path).items():
        assert job["permissions"], name
        assert job["timeout-minutes"] <= 60, name


def test_only_deployment_and_report_may_write():
    may_write = {
        job: {scope for scope, access in description["permissions"].items() if access == "write"}
        for path in WORKFLOWS
        for job, description in jobs(path).items()
    }
    assert {job: scopes for job, scopes in may_write.items() if scopes} == {
        "deploy": {"pages", "id-token"},
        "report": {"issues"},
    }


def test_every_python_of_the_project_is_tested():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    fits = SpecifierSet(project["requires-python"])
    matrix = jobs(ROOT / ".github" / "workflows" / "test.yml")["test"]["strategy"]["matrix"]
    assert matrix["python"] == [f"3.{minor}" for minor in range(50) if f"3.{minor}.0" in fits]
