"""A class on a JupyterHub: the parts that `make hub-trial` puts together."""

import asyncio
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from jupyter_client.session import Session
from traitlets.config import Config

from scripts import hub, hub_reader, hub_trial
from scripts.hub_reader import HubError, Kernel, heading_of

LENET = "10-lenet-in-keras"


def configured():
    """What the file that the page shows sets."""
    config = Config()
    names = {"get_config": lambda: config, "__file__": str(hub.CONFIG)}
    exec(hub.CONFIG.read_text("utf-8"), names)
    return config


def start(home, python_path):
    """Start a reader's server as the hub would: its memory limit and arguments, as it sees them."""
    (python_path / "jupyterhub").mkdir(exist_ok=True)
    (python_path / "jupyterhub" / "singleuser.py").write_text(
        "import json, resource, sys\n"
        "print(json.dumps([resource.getrlimit(resource.RLIMIT_DATA)[0], sys.argv[1:]]))\n"
    )
    variables = {"PYTHONPATH": str(python_path), "MEM_LIMIT": str(2 * 2**30)}
    command = [*configured().Spawner.cmd, "--one", "two words"]
    started = subprocess.run(
        command, cwd=home, env=os.environ | variables, capture_output=True, text=True, check=True
    )
    return json.loads(started.stdout)


def test_a_reader_gets_the_lessons_and_keeps_what_they_changed(tmp_path):
    home, packages = tmp_path / "home", tmp_path / "packages"
    home.mkdir()
    packages.mkdir()
    assert start(home, packages) == [2 * 2**30, ["--one", "two words"]]
    lesson = home / "cnn" / "chapters" / f"{LENET}.ipynb"
    assert lesson.read_bytes() == (hub.ROOT / "chapters" / lesson.name).read_bytes()
    lesson.write_text("mine", "utf-8")
    start(home, packages)
    assert lesson.read_text("utf-8") == "mine"


def test_the_hub_takes_as_many_readers_as_the_trial_has():
    assert configured().JupyterHub.active_server_limit == hub_trial.READERS


class Socket:
    """A socket that has been told something already."""

    def __init__(self, *messages):
        self.messages = list(messages)

    async def read_message(self):
        return json.dumps(self.messages.pop(0)) if self.messages else None


def message(kind, question="mine", **content):
    header = {"msg_type": kind}
    return {"header": header, "parent_header": {"msg_id": question}, "content": content}


def heard(*messages):
    return awaited(Kernel(Socket(*messages), Session()).rest_of("mine"))


def awaited(coroutine):
    with ThreadPoolExecutor(1) as aside:  # Playwright's own loop may run in this thread
        return aside.submit(asyncio.run, coroutine).result()


REPLY, IDLE = message("execute_reply"), message("status", execution_state="idle")


@pytest.mark.parametrize("ends", [(REPLY, IDLE), (IDLE, REPLY)], ids=["reply first", "idle first"])
def test_a_cell_shows_its_own_outputs_but_no_warnings(ends):
    run = heard(
        message("stream", name="stdout", text="one\n"),
        message("stream", name="stderr", text="a warning\n"),
        message("stream", "another question", name="stdout", text="not mine\n"),
        message("execute_result", data={"text/plain": "two"}),
        *ends,
    )
    assert run.text == "one\ntwo"
    assert run.first is not None
    assert not run.error


def test_a_cell_that_fails_says_why():
    assert heard(message("error", ename="E", evalue="why"), REPLY, IDLE).error == "E: why"


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        ((message("status", "", execution_state="restarting"),), "the kernel died: restarting"),
        ((REPLY,), "the connection to the kernel was cut"),
    ],
    ids=["dead", "cut"],
)
def test_a_kernel_that_goes_away_is_missed(messages, why):
    with pytest.raises(HubError, match=why):
        heard(*messages)


class Sleeper(Socket):
    """A kernel that says nothing until it is asked once more."""

    def __init__(self, *messages):
        super().__init__(*messages)
        self.woken = asyncio.Event()

    async def write_message(self, text):
        assert json.loads(text)["header"]["msg_type"] == "kernel_info_request"
        self.woken.set()

    async def read_message(self):
        await self.woken.wait()
        return await super().read_message()


def test_a_kernel_that_sleeps_is_asked_once_more(monkeypatch):
    monkeypatch.setattr(hub_reader, "SILENCE", 0)
    kernel = Kernel(Sleeper(message("stream", name="stdout", text="awake"), REPLY, IDLE), Session())
    assert awaited(kernel.rest_of("mine")).text == "awake"
    assert kernel.nudges >= 1


def test_what_the_hub_says_in_large_letters_is_what_the_reader_is_told():
    page = '<title>x</title><h1 class="a">\n  429 : No room &amp; no time.\n</h1><p>more</p>'
    assert heading_of(page) == "429 : No room & no time."


@pytest.fixture
def of_the_book(monkeypatch):
    """Lessons that ran, and showed nothing."""
    monkeypatch.setattr(hub_trial, "executed", lambda path: (nbformat.read(path, 4), {}))


def test_a_lesson_that_trains_ends_with_one_epoch(of_the_book):
    lesson = hub_trial.lesson(LENET)
    assert "epochs=1," in lesson.cells[-1]
    assert [("fit(" in cell) for cell in lesson.cells].index(True) == len(lesson.cells) - 1
    assert len(lesson.shown) == len(lesson.cells) - 1


def test_a_lesson_that_does_not_train_runs_to_its_end(of_the_book):
    lesson = hub_trial.lesson("06-receptive-fields")
    assert len(lesson.cells) == len(lesson.shown)
    assert "solution_3" in lesson.cells[-1]


def test_files_are_held_once_however_many_readers_there_are(monkeypatch):
    held = {"Pss": 100, "Pss_Anon": 80}
    monkeypatch.setattr(hub_trial, "megabytes", lambda process, what: held[what])
    reader = hub_trial.Visit(0, 0, 0, (1, 2))
    assert hub_trial.how_many(40 + 5 * 160, reader) == 5
    assert hub_trial.how_many(40 + 5 * 160 - 1, reader) == 4


def test_what_a_trial_has_started_is_known_by_its_home(tmp_path):
    wait = [sys.executable, "-c", "print('ready', flush=True); input()"]
    home = os.environ | {"HOME": f"{tmp_path}/reader"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (
        subprocess.Popen(wait, env=home, **pipes) as ours,
        subprocess.Popen(wait, **pipes) as another,
    ):
        for process in (ours, another):
            process.stdout.readline()
        assert list(hub.started_in(str(tmp_path))) == [ours.pid]
        for process in (ours, another):
            process.communicate(b"\n")


def test_a_report_takes_the_place_of_the_one_before():
    begin, end = hub_trial.MARKS
    assert (
        hub_trial.replace_report(f"a\n{begin}old\n{end}z\n", "new\n") == f"a\n{begin}new\n{end}z\n"
    )
    with pytest.raises(ValueError, match="no place"):
        hub_trial.replace_report("a\nz\n", "new\n")


def test_npm_is_asked_for_only_when_the_proxy_is_not_there(tmp_path, monkeypatch):
    name, version = hub.PROXY
    monkeypatch.setattr(hub, "BUILD", tmp_path)
    monkeypatch.setattr(hub.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"needs npm: install Node\.js"):
        hub.install_proxy()
    package = tmp_path / "node_modules" / name
    package.mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"version": version}), "utf-8")
    hub.install_proxy()
