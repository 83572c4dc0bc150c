"""What a reader sees when the machine fails: a line that helps; and nothing half-made is trusted.

Each fault was also tried for real, on a small book: appendix/when-it-fails.md says what was seen.
"""

import errno
import shutil
import threading

import nbformat
import pytest
from jupyter_cache.base import CacheBundleIn

from cnnlib import datasets
from scripts import build_book, environment, lessons, pdf


def notebook_of(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, path)
    return notebook


def test_a_killed_kernel_fails_its_lesson_and_tells_of_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "ROOT", tmp_path)
    path = tmp_path / "one.ipynb"
    notebook_of(path, "import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")
    failure = lessons.run_lesson(path, timeout=60)[3]
    assert failure.startswith("── one.ipynb: its kernel died")
    assert "memory" in failure
    assert "WORKERS=1" in failure


def test_a_half_written_run_of_a_lesson_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "CACHE", tmp_path / "cache")
    path = tmp_path / "one.ipynb"
    bundle = CacheBundleIn(notebook_of(path, "1 + 1"), str(path), data={})
    with lessons.opened_cache() as cache:
        cache.cache_notebook_bundle(bundle, check_validity=False)
    assert lessons.executed(path)
    [kept] = lessons.CACHE.rglob("base.ipynb")
    kept.write_bytes(kept.read_bytes()[:100])
    assert lessons.executed(path) is None


def test_damaged_digits_stop_a_build_before_it_throws_anything_away(tmp_path, monkeypatch, capsys):
    damaged = tmp_path / "mnist.npz"
    damaged.write_bytes(b"damaged")
    monkeypatch.setattr(datasets, "MNIST_PATH", damaged)
    monkeypatch.setattr(build_book, "CACHE", tmp_path / "cache")
    build_book.CACHE.mkdir()
    assert build_book.build({"runs": "another", "pages": "", "texts": ""}) is False
    assert build_book.CACHE.exists()
    assert "git checkout -- cnnlib/data/mnist.npz" in capsys.readouterr().out


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_is_named_and_no_traceback_shown(number, monkeypatch, capsys):
    def fail():
        raise OSError(number, "the system's own words", "_build/.lock")

    monkeypatch.setattr(build_book, "only_one_at_a_time", fail)
    assert build_book.main() == 1
    said = capsys.readouterr().out
    assert "the system's own words: '_build/.lock'" in said
    assert "run the same command again" in said


def test_a_disk_that_is_full_is_told_from_a_fault_of_the_book(tmp_path, monkeypatch, capsys):
    usage = shutil.disk_usage(tmp_path)
    for free, says in ((1_000_000, "1 MB"), (10**9, "")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        build_book.warn_of_a_full_disk()
        assert says in (said := capsys.readouterr().out)
        assert bool(said) == bool(says)


@pytest.mark.parametrize("content", ["", '{"runs": "a', None])
def test_a_half_written_stamp_stands_for_nothing(content, tmp_path, monkeypatch):
    monkeypatch.setattr(build_book, "STAMPS", tmp_path / "made-from.json")
    if content is not None:
        build_book.STAMPS.write_text(content)
    assert build_book.read_stamps() == {}
    build_book.write_stamps({"runs": "b"})
    assert build_book.read_stamps() == {"runs": "b"}
    assert list(tmp_path.iterdir()) == [build_book.STAMPS]


def test_a_second_build_waits_for_the_first_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_book, "BUILD", tmp_path)
    order = []

    def second():
        with build_book.only_one_at_a_time():
            order.append("second")

    with build_book.only_one_at_a_time():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.5)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert "waiting for it" in capsys.readouterr().out


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    return environment.Environment(tmp_path / ".venv", tmp_path / "requirements.lock", "import x")


@pytest.mark.parametrize("whole", [True, False])
def test_a_failed_set_up_brings_the_environment_of_before_back(whole, course, monkeypatch):
    def fail(making):
        making.folder.mkdir()
        (making.folder / "half-made").touch()
        raise environment.SetupError("no network")

    monkeypatch.setattr(environment, "fill", fail)
    course.folder.mkdir()
    (course.folder / "package").touch()
    if whole:
        course.stamp.write_text("an older lock")
    with pytest.raises(environment.SetupError):
        environment.make(course)
    assert (course.folder / "package").exists() == whole
    assert not (course.folder / "half-made").exists()
    assert [path.name for path in environment.ROOT.iterdir()] == [".venv"] * whole


def test_a_folder_that_cannot_be_written_is_told_apart():
    assert "clone the course" in environment.advice(OSError(errno.EROFS, "read-only"))
    assert "same command again" in environment.advice(OSError(errno.ENOSPC, "full"))


def test_without_chromium_there_is_no_pdf_and_a_reason(monkeypatch, capsys):
    monkeypatch.setattr(pdf, "chromium", lambda: None)
    assert pdf.main() == 1
    assert "install Chromium or Chrome" in capsys.readouterr().out
