"""The cell that every lesson begins with, in the kernels that a reader may have chosen."""

import json
import re
import sys
import sysconfig
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from packaging.requirements import Requirement

from scripts.browser_lessons import code_cells, names
from tests.test_structure import ROOT, TEMPLATE, each_notebook, read

CELL = next(cell.source for cell in read(TEMPLATE).cells if cell.id == "get-cnnlib")
START = """
import sys
sys.path.append({!r})
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""
WHERE = "import cnnlib\nprint(cnnlib.__file__)"
ON_COLAB = "import sys, types\nsys.modules['google.colab'] = types.ModuleType('google.colab')"
CURE = "run `make lab`, or choose the course's .venv."


@pytest.fixture
def run(tmp_path_factory, monkeypatch):
    """Run cells in a folder; the kernel has what this Python has, but for the missing packages."""

    def run(folder: Path, *cells: str, missing=("cnnlib",)) -> list[list]:
        home = tmp_path_factory.mktemp("home")
        packages, kernel = home / "packages", home / "kernels" / "another"
        packages.mkdir()
        kernel.mkdir(parents=True)
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            if not path.name.lower().startswith(missing):
                (packages / path.name).symlink_to(path)
        # -S: no .pth file is read, such as the one that leads to this checkout
        argv = [sys.executable, "-S", "-c", START.format(str(packages)), "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": "Another", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(spec), "utf-8")
        monkeypatch.setenv("JUPYTER_PATH", str(home))
        return run_in("another", folder, *cells)

    return run


def run_in(kernel: str, folder: Path, *cells: str) -> list[list]:
    """What each cell shows; a later one is tried even where an earlier one stops."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, kernel_name=kernel, allow_errors=True, resources=resources).execute()
    return [cell.outputs for cell in notebook.cells]


def shown(outputs: list) -> str:
    """All that a reader sees below a cell."""
    return "\n".join("\n".join(output.get("traceback", [output.get("text")])) for output in outputs)


@pytest.mark.parametrize("folder", [ROOT / "chapters", ROOT, ROOT / "tests" / "golden"])
def test_within_the_course_it_takes_the_library_that_is_there(run, folder):
    nothing, where = run(folder, CELL, WHERE)
    assert nothing == []
    assert shown(where).strip() == str(ROOT / "cnnlib" / "__init__.py")


def test_elsewhere_it_stops_with_one_sentence(run, tmp_path):
    (stop,), (after,) = run(tmp_path, CELL, WHERE)
    assert (stop.output_type, shown([stop])) == ("error", f"This kernel has no cnnlib: {CURE}")
    assert after.ename == "ModuleNotFoundError"


@pytest.mark.parametrize("name", ["numpy", "matplotlib", "tabulate"])
def test_a_kernel_without_what_the_library_needs_is_told_so(run, name):
    (said,) = run(ROOT / "chapters", CELL, missing=("cnnlib", name))
    assert shown(said) == f"This kernel has no {name}: {CURE}"


def test_colab_without_an_address_is_told_where_to_write_it(run, tmp_path):
    nowhere = re.sub("REPOSITORY = .*", 'REPOSITORY = ""', CELL)
    _, said = run(tmp_path, ON_COLAB, nowhere)
    assert shown(said) == "This kernel has no cnnlib: set REPOSITORY above."


def test_where_all_is_well_it_does_nothing(tmp_path):
    path = "import sys\nprint(sys.path)"
    before, nothing, after = run_in("python3", tmp_path, path, CELL, path)
    assert nothing == []
    assert before == after


def test_it_asks_for_what_the_library_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = ("cnnlib", *(Requirement(text).name for text in project["dependencies"]))
    assert str(needed).replace("'", '"') in CELL


@each_notebook
def test_no_other_cell_reads_what_it_alone_gives(path):
    """The page does not show it, and the browser's copy leaves it out."""
    (_, hidden), *shown = [names(cell.source) for cell in code_cells(read(path))]
    for reads, given in shown:
        assert not (reads - given) & hidden
        hidden -= given
