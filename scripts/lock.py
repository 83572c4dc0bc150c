"""Make requirements.lock and lite.lock anew from pyproject.toml, and environment.yml's pins.

`python scripts/lock.py` keeps the versions that still fit; `--upgrade` takes the newest.
"""

import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
ENVIRONMENT = ROOT / "environment.yml"
COMPILE = [
    *("pip", "compile", "--universal", "--python-version", "3.11"),
    *("--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"),
]
COURSE = ["pyproject.toml", "--all-extras", "--output-file", "requirements.lock"]
LITE = ["--group", "pyproject.toml:lite", "--output-file", "lite.lock"]


def write_locks(arguments: list[str]) -> None:
    """Let uv resolve for every platform, from an environment that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        for lock in (COURSE, LITE):
            compile_lock = [python, "-m", "uv", *COMPILE, *lock, *arguments]
            subprocess.run(compile_lock, check=True, cwd=ROOT)


def locked(name: str, python: str) -> str:
    """The line of the lock that holds for a package on this Python."""
    for line in LOCK.read_text("utf-8").splitlines():
        requirement = Requirement(line)
        for_some_pythons = "python_full_version" in str(requirement.marker)
        if requirement.name == name and (
            not for_some_pythons or requirement.marker.evaluate({"python_full_version": python})
        ):
            return line
    raise SystemExit(f"environment.yml asks for {name}, and requirements.lock has no such package")


def write_environment() -> None:
    text = ENVIRONMENT.read_text("utf-8")
    python = re.search(r"python=([\d.]+)", text)[1] + ".0"
    pin = re.compile(r"^(      - )([a-z0-9-]+)==.*$", re.M)
    ENVIRONMENT.write_text(pin.sub(lambda m: m[1] + locked(m[2], python), text), "utf-8")


if __name__ == "__main__":
    write_locks(sys.argv[1:])
    write_environment()
