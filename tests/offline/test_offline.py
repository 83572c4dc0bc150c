"""What `make offline` packed is served and read where there is no network.

Another process leaves all networks but a loopback of its own (`unshare`), serves the folder with
`python -m http.server`, and opens both books and their first lessons in Chromium.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from scripts.lessons import ROOT
from scripts.offline import NAME, ZIP

ALONE = ["unshare", "--user", "--map-root-user", "--net"]
READER = Path(__file__).with_name("reader.py")


@pytest.fixture(scope="module")
def names() -> set[str]:
    if not ZIP.exists():
        pytest.fail("nothing is packed: run `make offline PYODIDE=folder`")
    with ZipFile(ZIP) as file:
        return {name.removeprefix(f"{NAME}/") for name in file.namelist()}


def test_both_books_their_prints_and_the_notebooks_are_in_it(names):
    for book in ("", "zh/"):
        assert {f"{book}index.html", f"{book}chapters/01-convolution.html"} <= names
        wanted = {f"notebooks/{book}chapters/{path.name}" for path in ROOT.glob("chapters/*.ipynb")}
        assert wanted <= names
    assert {f"pdf/{NAME}.pdf", f"pdf/{NAME}-zh.pdf"} <= names
    assert {"lite/lab/index.html", "lite/pyodide/pyodide.asm.wasm"} <= names
    assert "notebooks/cnnlib/__init__.py" in names


def test_without_a_network_it_is_read_and_python_runs_in_it(names, tmp_path):
    if not shutil.which("unshare") or subprocess.run([*ALONE, "true"]).returncode:
        pytest.skip("this system gives no process a network of its own")
    with ZipFile(ZIP) as file:
        file.extractall(tmp_path)
    command = [*ALONE, sys.executable, READER, tmp_path / NAME]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "no network; read both; ran both" in done.stdout
