"""What a test starts, it ends."""

import signal
import subprocess
import sys

import pytest

from scripts import lab_server

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "


@pytest.mark.parametrize(
    ("before", "patience", "ended_by"),
    [("", lab_server.PATIENCE, signal.SIGTERM), (DEAF, 0.1, signal.SIGKILL)],
    ids=["willing", "deaf"],
)
def test_a_process_is_asked_to_end_and_killed_if_it_does_not(before, patience, ended_by):
    code = before + "import signal; print('ready', flush=True); signal.pause()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        process.stdout.readline()
        lab_server.end(process, patience)
    assert process.returncode == -ended_by


def test_what_has_ended_by_itself_stays_ended():
    with subprocess.Popen([sys.executable, "-c", ""], start_new_session=True) as process:
        process.wait()
        lab_server.end(process)
    assert process.returncode == 0
