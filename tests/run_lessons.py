"""Every lesson runs, alone and in a kernel of its own, and proves what its prose says.

`make test` names this file; its name keeps it out of `make unit`. The notebook that runs has one
cell more: it asks every check what it says to nonsense, and how much memory the kernel took.
"""

import json
from pathlib import Path

import nbformat
import pytest
from nbmake.nb_run import NotebookRun

from tests import audit

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted(ROOT.glob("chapters/*.ipynb")) + sorted(ROOT.glob("appendix/*.ipynb"))
LONGEST_FIRST = sorted(LESSONS, key=lambda path: -path.read_text("utf-8").count("fit("))
TIMEOUT = 900  # seconds for one cell
MEGABYTES = 1600

LAST_CELL = """
import json, sys
import numpy

NONSENSE = [None, "x", 3.5, float("nan"), -1, 10**40, True, [1, 2], [[1], [1, 2]], {}, b"x"]
NONSENSE += [object(), numpy.array([]), numpy.zeros((2, 3)), numpy.array(["a"]), lambda: 1]
NONSENSE += [lambda *arguments: None, lambda *arguments: "x", lambda *arguments: 1 / 0, len, int]
ASKED = {name: check for name, check in list(globals().items()) if name.startswith("check_")}
for check in ASKED.values():
    for nonsense in NONSENSE:
        verdict = check(nonsense)
        assert verdict.right is not True and str(verdict), (check.__name__, nonsense)

try:
    import resource
    UNITS = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, KB elsewhere
    PEAK = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNITS
except ImportError:  # Windows
    PEAK = 0
print(json.dumps({"checks": sorted(ASKED), "megabytes": PEAK}))
"""


@pytest.mark.parametrize("path", LONGEST_FIRST, ids=lambda path: path.stem)
def test_lesson_runs_and_proves_what_it_says(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)

    result = NotebookRun(copy, TIMEOUT, kernel="python3").execute()
    assert result.error is None, result.error.trace

    *cells, asked = result.nb.cells
    said = json.loads(asked.outputs[-1].text.splitlines()[-1])
    exercises = sum(c.source.startswith("### Exercise ") for c in cells)
    assert len(said["checks"]) == exercises
    assert said["megabytes"] < MEGABYTES

    result.nb.cells = cells
    faults = audit.faults(path, result.nb)
    assert not faults, "\n".join(faults)
