"""A reader who presses Shift+Enter once more gets no error, whichever cell it is.

Lessons that train for minutes run so every week, by `make twice`; the others here, each time.
"""

import os
from copy import deepcopy

import nbformat
import pytest

from scripts import lessons

TRAIN_FOR_MINUTES = {
    "08-lenet-in-keras",
    "10-alexnet-in-keras",
    "11-when-it-breaks",
    "12-equal-budgets",
    "13-lenet-in-numpy",
}
ALL = {path.stem: path for path in lessons.lessons()}
NOW = ALL if "CNN_EVERY_LESSON" in os.environ else ALL.keys() - TRAIN_FOR_MINUTES
SECONDS = 900  # after which a cell counts as hanging


def with_each_cell_twice(notebook):
    """The same notebook, every code cell followed by a copy of itself."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type == "code":
            again = deepcopy(cell)
            again.id = f"{cell.id[:58]}-again"
            cells.append(again)
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def failure_of(path, folder, monkeypatch):
    """What goes wrong when each cell of a lesson runs twice in a row; None if nothing does."""
    monkeypatch.setattr(lessons, "ROOT", folder)
    nbformat.write(with_each_cell_twice(nbformat.read(path, 4)), folder / path.name)
    return lessons.run_lesson(folder / path.name, SECONDS)[3]


@pytest.mark.parametrize("name", sorted(NOW))
def test_each_cell_of_a_lesson_runs_twice_in_a_row(name, tmp_path, monkeypatch):
    failure = failure_of(ALL[name], tmp_path, monkeypatch)
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


def test_the_lessons_that_wait_for_the_weekly_run_are_there():
    assert ALL.keys() >= TRAIN_FOR_MINUTES
