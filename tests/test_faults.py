"""What a reader sees when the machine fails: a line that helps; and nothing half-made is trusted.

Each fault was also tried for real, on a small book: appendix/when-it-fails.md says what was seen.
"""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading

import nbformat
import pytest
from jupyter_cache.base import CacheBundleIn

from cnnlib import datasets
from scripts import books, build_book, environment, lessons, pdf, turns, wheels


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
    book = books.Book(tmp_path, tmp_path, tmp_path / "html")
    book.cache.mkdir()
    assert build_book.build(book, {"runs": "another", "pages": "", "texts": ""}) is False
    assert book.cache.exists()
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
def test_a_half_written_stamp_stands_for_nothing(content, tmp_path):
    book = books.Book(tmp_path, tmp_path, tmp_path / "html")
    stamps = tmp_path / build_book.STAMPS
    if content is not None:
        stamps.write_text(content)
    assert build_book.read_stamps(book) == {}
    build_book.write_stamps(book, {"runs": "b"})
    assert build_book.read_stamps(book) == {"runs": "b"}
    assert list(tmp_path.iterdir()) == [stamps]


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


FORKS_AND_IS_KILLED = """
import os, signal, sys
from pathlib import Path
from scripts import turns

with turns.only_one_at_a_time(Path(sys.argv[1]), "writing"):
    read, write = os.pipe()
    if child := os.fork():
        os.read(read, 1)  # until the worker works
        print(child, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    os.write(write, b".")
    signal.pause()
"""


def test_a_killed_build_gives_up_its_turn_though_its_workers_live_on(tmp_path):
    program = [sys.executable, "-c", FORKS_AND_IS_KILLED, tmp_path / "lock"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, cwd=build_book.ROOT) as build:
        worker = int(build.stdout.readline())
        build.wait()
        try:
            with (tmp_path / "lock").open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.kill(worker, signal.SIGKILL)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """What an environment is made from, with one of before in its place; nothing is downloaded."""
    for name in ("UV_OFFLINE", "UV_COMPILE_BYTECODE", "UV_SYSTEM_CERTS"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PIP_USER", "0")
    monkeypatch.delenv("PYTHON", raising=False)
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"tabulate @ {wheels.pack_installed('tabulate', tmp_path).as_uri()}\n")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "of-before").touch()
    return tmp_path / ".venv", lock, "import tabulate"


def test_an_environment_takes_the_place_of_the_one_before_when_it_runs(course):
    folder, lock, trial = course
    assert not environment.is_ready(folder, lock)
    environment.ensure(*course)
    assert environment.is_ready(folder, lock)
    assert not (folder / "of-before").exists()
    assert [path.name for path in folder.parent.glob(".venv*")] == [".venv"]
    where = environment.ask(environment.program("python", folder), "-c", f"{trial} as t; print(t)")
    assert str(folder) in where


@pytest.mark.parametrize("fault", ["interrupted", "another lock", "another Python", "moved"])
def test_an_environment_that_is_not_the_one_asked_for_is_not_trusted(fault, course, monkeypatch):
    folder, lock, _ = course
    environment.ensure(*course)
    if fault == "interrupted":
        (folder / "made-from.txt").unlink()
    elif fault == "another lock":
        lock.write_text(lock.read_text() + "# and more\n")
    elif fault == "another Python":
        monkeypatch.setenv("PYTHON", "python3.99")
        monkeypatch.setattr(environment.sys, "version_info", (3, 99, 0))
    else:
        monkeypatch.setattr(environment, "ROOT", folder)
    assert not environment.is_ready(folder, lock)


@pytest.mark.parametrize(
    ("line", "trial", "says"),
    [
        ("no-such-package==1.0", "", "Most often the network is not there"),
        ("", "import no_such_module", "No module named 'no_such_module'"),
    ],
    ids=["no network", "does not run"],
)
def test_a_failed_set_up_leaves_the_environment_of_before(line, trial, says, course):
    folder, lock, _ = course
    lock.write_text(f"{lock.read_text()}{line}\n")
    with pytest.raises(SystemExit, match=says):
        environment.ensure(folder, lock, trial)
    assert (folder / "of-before").exists()
    assert [path.name for path in folder.parent.glob(".venv*")] == [".venv"]


@pytest.mark.parametrize(
    ("number", "writable", "says"),
    [
        (errno.EROFS, False, r"the system's own words.*\n.*clone the course"),
        (errno.ENOSPC, True, r"the system's own words.*\n.*the disk is full"),
    ],
)
def test_a_folder_that_cannot_be_written_is_told_from_a_full_disk(
    number, writable, says, course, monkeypatch
):
    def fail(*_):
        raise OSError(number, "the system's own words", "requirements.lock")

    monkeypatch.setattr(environment, "only_one_at_a_time", fail)
    monkeypatch.setattr(environment.os, "access", lambda *_: writable)
    with pytest.raises(SystemExit, match=says):
        environment.ensure(*course)


def test_a_set_up_waits_for_another_and_then_finds_its_work_done(course, capsys):
    folder, lock, _ = course
    with turns.only_one_at_a_time(lock, "testing"):
        second = threading.Thread(target=environment.ensure, args=course)
        second.start()
        second.join(0.5)
        assert second.is_alive()
        environment.make(*course)
        (folder / "made-once").touch()
    second.join(10)
    assert "Another make is setting up .venv: waiting for it." in capsys.readouterr().out
    assert (folder / "made-once").exists()


def test_a_cache_that_cannot_be_written_is_done_without(course, monkeypatch):
    monkeypatch.setenv("UV_CACHE_DIR", "/dev/null/cache")
    environment.ensure(*course)
    assert environment.is_ready(*course[:2])


def test_another_python_is_refused_and_named(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.10.1"\n')
    old.chmod(0o755)
    command = ["sh", str(environment.ROOT / "scripts" / "environment.sh")]
    done = subprocess.run(
        command, env={**os.environ, "PYTHON": str(old)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"{old}: Python 3.10.1" in done.stderr


def test_without_chromium_there_is_no_pdf_and_a_reason(monkeypatch, capsys):
    monkeypatch.setattr(pdf, "chromium", lambda: None)
    assert pdf.main() == 1
    assert "install Chromium or Chrome" in capsys.readouterr().out
