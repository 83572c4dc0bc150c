"""The status page shows what the build measured, and says so where it did not."""

import multiprocessing
import os
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from jupyter_cache.base import CacheBundleIn

from _ext import status
from scripts import lessons


def cached(path, **data):
    """A notebook in the cache, with what was measured of its run."""
    cells = [nbformat.v4.new_markdown_cell("# Prose"), nbformat.v4.new_code_cell(f"'{path.stem}'")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, path)
    bundle = CacheBundleIn(notebook, str(path), data=data)
    with lessons.opened_cache() as cache:
        cache.cache_notebook_bundle(bundle, check_validity=False)


def test_each_lesson_stands_with_what_its_run_took(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "CACHE", tmp_path / "cache")
    one, two = Path(tmp_path, "01-one.ipynb"), Path(tmp_path, "02-two.ipynb")
    cached(two, execution_seconds=3.2)
    cached(one, execution_seconds=71.6, core_seconds=68.1, peak_megabytes=1234.5)
    runs = [(path, *status.measured(path)) for path in (one, two)]
    assert status.lessons_table(runs)[2:] == [
        f"| [01-one](../{tmp_path.name}/01-one.ipynb) | 72 | 68 | 1,234 |",
        f"| [02-two](../{tmp_path.name}/02-two.ipynb) | 3 | {status.UNKNOWN} | {status.UNKNOWN} |",
    ]


def test_a_lesson_comes_back_from_the_cache_with_its_prose(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "CACHE", tmp_path / "cache")
    cached(tmp_path / "01-one.ipynb")
    notebook, _ = lessons.executed(tmp_path / "01-one.ipynb")
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code"]


def test_the_versions_are_those_installed():
    table = "\n".join(status.versions_table())
    assert f"| numpy | {metadata.version('numpy')} |" in table
    assert "| tensorflow | 2." in table


def test_a_run_measures_its_kernel_and_says_which_cell_failed(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "ROOT", tmp_path)
    source = ["import numpy\nnumpy.ones(40_000_000).sum()", "def check_it(answer):\n    1 / 0"]
    cells = [nbformat.v4.new_code_cell(code) for code in source]
    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells[:1]), path)
    _, notebook, measured, failure = lessons.run_lesson(path, timeout=60)
    assert failure is None
    assert notebook.cells[0].outputs[0].data["text/plain"].endswith("40000000.0)")
    assert len(notebook.cells) == 1
    assert notebook.cells[0].metadata == nbformat.read(path, 4).cells[0].metadata
    assert 320 < measured["peak_megabytes"] < 600
    assert 1 <= measured["cores"] <= os.cpu_count()
    assert measured["core_seconds"] > 0

    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    failure = lessons.run_lesson(path, timeout=60)[3]
    assert failure.startswith("── one.ipynb, cell 3 (id ")
    assert "ZeroDivisionError" in failure


def test_what_the_last_cell_tells_is_found_among_what_others_write():
    telling = nbformat.v4.new_code_cell()
    streams = [
        ("stdout", "a check prints\n"),
        ("stdout", '{"cores": 2}\n'),
        ("stderr", "\nwarned\n"),
    ]
    telling.outputs = [nbformat.v4.new_output("stream", name=n, text=text) for n, text in streams]
    assert lessons.told_by(telling) == {"cores": 2}


@pytest.mark.parametrize("worker", range(3))
def test_each_worker_keeps_to_one_core_as_long_as_there_are_some(worker, tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "KERNEL_LOG", tmp_path / "log")
    monkeypatch.setattr(os, "dup2", lambda *files: None)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {4, 7}, raising=False)
    bound = []
    monkeypatch.setattr(os, "sched_setaffinity", lambda _, to: bound.append(to), raising=False)
    lessons.begin_work(multiprocessing.Value("i", worker))
    assert bound == [{[4, 7, 4][worker]}]
