"""JupyterLab on the reader's own machine: it opens the first lesson, with this course's Python."""

import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path, PureWindowsPath

import pytest

from scripts import environment, lab_server

ROOT = Path(__file__).resolve().parent.parent
FIRST = "chapters/01-convolution.ipynb"
SET_UP, OPEN = re.search(
    r"^```powershell\n(.+)\n(.+)\n```$", (ROOT / "README.md").read_text("utf-8"), re.M
).groups()
PYTHON, ARGUMENTS = OPEN.split(maxsplit=1)


@pytest.fixture
def decoy(tmp_path, monkeypatch):
    """The home of a reader who has a kernel of the same name already; it does not run."""
    kernels = tmp_path / ".local" / "share" / "jupyter" / "kernels"
    (kernels / "python3").mkdir(parents=True)
    kernel = {"argv": ["false"], "display_name": "Python 3 (ipykernel)", "language": "python"}
    (kernels / "python3" / "kernel.json").write_text(json.dumps(kernel), "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    return kernels.parent


@pytest.mark.parametrize(
    "command",
    [["make", "lab"], [sys.executable, *ARGUMENTS.split()]],
    ids=["with make", "without make"],
)
def test_jupyterlab_opens_the_first_lesson_with_its_kernel_chosen(decoy, command, monkeypatch):
    if command[0] == "make":  # it asks for a stronger decoy than a home's
        monkeypatch.setenv("JUPYTER_PATH", str(decoy))
    with lab_server.serve(command, ROOT) as server:
        assert server.first_page == f"{server.address}/lab/tree/{FIRST}"
        with server.talk_to(server.start_kernel(FIRST)) as kernel:
            here = lab_server.run(kernel, "import sys, cnnlib; print(sys.executable)")
    assert here == sys.executable


@pytest.mark.parametrize(
    ("system", "scheme", "program"),
    [("nt", "nt_venv", "python.exe"), ("posix", "posix_venv", "python")],
)
def test_the_python_of_an_environment_is_where_this_system_puts_it(system, scheme, program):
    folder = sysconfig.get_path("scripts", scheme, {"base": "there"})
    assert environment.program("python", Path("there"), system) == Path(folder, program)


def test_the_readme_names_what_is_there_on_windows():
    python = PureWindowsPath(PYTHON + ".exe").as_posix()
    assert python == environment.program("python", Path(".venv"), "nt").as_posix()
    assert SET_UP.split() == ["python", Path(environment.__file__).relative_to(ROOT).as_posix()]


def test_a_console_that_knows_few_signs_does_not_stop_the_set_up():
    code = "from scripts import environment as e; e.is_ready = e.make = lambda *_: None"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}; e.ensure(e.COURSE, e.LOCK, '')"],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "Setting up .venv" in run.stdout
