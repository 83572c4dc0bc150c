"""A reader who presses Shift+Enter once more gets no error, whichever cell it is.

Here a lesson that trains for long ends where it begins to; `make twice`, every week, runs all.
"""

import os
from copy import deepcopy

import nbformat
import pytest

from scripts import lessons

TRAINS_FOR_LONG = {  # the first cell that does
    "10-lenet-in-keras": "fit-model",
    "12-alexnet-in-keras": "def-learn-rule-fit-the",
    "13-when-it-breaks": "margins",
    "14-equal-budgets": "tune-table",
    "15-lenet-in-numpy": "learn-three-times",
    "17-read-any-network": "run-towers",
}
ALL = lessons.lessons()
STOPS = {} if "CNN_EVERY_LESSON" in os.environ else TRAINS_FOR_LONG
SECONDS = 900  # after which a cell counts as hanging


def with_each_cell_twice(notebook, stop=None):
    """The same notebook up to the cell `stop`, every code cell followed by a copy of itself."""
    cells = []
    for cell in notebook.cells:
        if cell.id == stop:
            break
        cells.append(cell)
        if cell.cell_type == "code":
            again = deepcopy(cell)
            again.id = f"{cell.id[:58]}-again"
            cells.append(again)
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def failure_of(path, folder, monkeypatch):
    """What goes wrong when each cell of a lesson runs twice in a row; None if nothing does."""
    monkeypatch.setattr(lessons, "ROOT", folder)
    notebook = with_each_cell_twice(nbformat.read(path, 4), STOPS.get(path.stem))
    nbformat.write(notebook, folder / path.name)
    return lessons.run_lesson(folder / path.name, SECONDS)[3]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_each_cell_of_a_lesson_runs_twice_in_a_row(path, tmp_path, monkeypatch):
    failure = failure_of(path, tmp_path, monkeypatch)
    assert failure is None, failure


@pytest.mark.parametrize(
    ("source", "error"),
    [("del image", "NameError"), ("image += 1\nassert image < 4", "AssertionError")],
)
def test_a_cell_that_runs_only_once_is_found_and_named(source, error, tmp_path, monkeypatch):
    cells = [nbformat.v4.new_code_cell(code) for code in ("image = 2", source)]
    cells[1].id = "second"
    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    failure = failure_of(path, tmp_path, monkeypatch)
    assert "one.ipynb, cell 4 (id second-again)" in failure
    assert error in failure


def test_a_lesson_that_trains_for_long_has_the_cell_where_it_begins_to():
    ids = {path.stem: [cell.id for cell in nbformat.read(path, 4).cells] for path in ALL}
    assert [name for name, stop in TRAINS_FOR_LONG.items() if stop not in ids[name]] == []
