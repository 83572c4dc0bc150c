"""Every lesson ran from its first cell to its last, and proves what its prose says.

`make book` ran them: a cell that fails fails it. Here their outputs are read.
"""

import os

import pytest

from scripts import audit, lessons

MEGABYTES, SECONDS = 1600, 240

each_lesson = pytest.mark.parametrize("path", lessons.lessons(), ids=lambda path: path.stem)


@each_lesson
def test_every_number_of_the_prose_is_proven_where_it_stands(path):
    faults = audit.faults(path, lessons.executed(path)[0])
    assert not faults, "\n".join(faults)


@each_lesson
def test_every_exercise_has_a_check(path):
    notebook, measured = lessons.executed(path)
    exercises = sum(cell.source.startswith("### Exercise ") for cell in notebook.cells)
    assert len(measured["checks"]) == exercises


@each_lesson
def test_it_fits_where_readers_run_it(path):
    measured = lessons.executed(path)[1]
    assert (measured["peak_megabytes"] or 0) < MEGABYTES
    assert measured["core_seconds"] < SECONDS
    assert measured["cores"] == 1 or not hasattr(os, "sched_setaffinity")  # on Linux it is held
