"""The README's two commands for a machine without make, such as one with Windows."""

import os
import subprocess

import pytest

from scripts import lab_server
from tests.elsewhere.environments import (
    ROOT,
    UV,
    cache,
    copy_repository,
    find_python,
    variables,
)
from tests.test_local import FIRST, OPEN, SET_UP


def test_the_two_commands_open_the_first_lesson_in_a_clean_copy(tmp_path):
    for folder in ("programs", "home"):
        (tmp_path / folder).mkdir()
    (tmp_path / "programs" / "python").symlink_to(find_python())
    fresh = variables(tmp_path / "programs", tmp_path / "home")
    fresh |= {"PATH": f"{tmp_path / 'programs'}:{os.defpath}", "UV_CACHE_DIR": cache()}  # no uv
    course = copy_repository(tmp_path / "course")
    subprocess.run(SET_UP.split(), cwd=course, env=fresh, check=True)
    here = OPEN.replace("\\", "/").replace("Scripts", "bin").split()
    with lab_server.serve(here, course, fresh) as server:
        assert server.first_page == f"{server.address}/lab/tree/{FIRST}"
        with server.talk_to(server.start_kernel(FIRST)) as kernel:
            python = lab_server.run(kernel, "import sys, cnnlib; print(sys.executable)")
    assert python == str(course / ".venv" / "bin" / "python")


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("system", ["windows", "aarch64-apple-darwin", "aarch64-unknown-linux-gnu"])
def test_every_package_is_there_for_other_systems(tmp_path, system, python):
    here = ["--python-platform", system, "--python-version", python, "--target", tmp_path]
    only_ask = ["--dry-run", "--no-deps", "--only-binary", ":all:"]
    ask = [UV, "pip", "install", *only_ask, *here, "-r", ROOT / "requirements.lock"]
    subprocess.run(ask, check=True)
