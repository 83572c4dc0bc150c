"""Make `.venv` hold what requirements.lock says: `python scripts/environment.py`.

A stamp, written last, names the lock and the Python it was made from. An environment
without its stamp was interrupted, or is out of date, and is made again from nothing.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "made-from.txt"

ASK_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
ASK_PACKAGES_FOLDER = "import sysconfig; print(sysconfig.get_path('purelib'))"
TRY_IMPORTS = "import cnnlib, matplotlib.pyplot, tensorflow"


def python_in(folder: Path, system: str = os.name) -> Path:
    return folder / ("Scripts/python.exe" if system == "nt" else "bin/python")


PYTHON = python_in(VENV)


class SetupError(Exception):
    """What the reader sees when there is no environment to be had."""


def stamp_for(version: str) -> str:
    """Everything that an environment is made from; its place too, for none can be moved."""
    parts = (LOCK.read_bytes(), os.fsencode(ROOT))
    return f"Python {version}, {hashlib.sha256(b'|'.join(parts)).hexdigest()}\n"


def is_ready() -> bool:
    try:
        version = ask(ASK_VERSION)
        stamp = STAMP.read_text("utf-8")
    except (OSError, subprocess.CalledProcessError):
        return False
    asked_for_another = os.environ.get("PYTHON") and version != "{}.{}".format(*sys.version_info)
    return stamp == stamp_for(version) and not asked_for_another


def ask(code: str) -> str:
    return subprocess.run(
        [PYTHON, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


@contextlib.contextmanager
def only_one_at_a_time():
    """Let a second `make` wait for the first; the system frees the lock if we die."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with LOCK.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting up .venv: waiting for it.", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def installers(base: str):
    """The commands that can install into `.venv`, quickest first."""
    if shutil.which("uv"):
        yield ["uv", "pip", "install", "--python", PYTHON, "--compile-bytecode"]
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    install = ["install", "--compile", "--retries", "2", "--disable-pip-version-check", *quiet]
    ensurepip = [PYTHON, "-m", "ensurepip"]
    if importlib.util.find_spec("ensurepip") and run(ensurepip, stdout=subprocess.DEVNULL):
        yield [PYTHON, "-m", "pip", *install]
    elif importlib.util.find_spec("pip"):
        yield [base, "-m", "pip", "--python", PYTHON, *install]


def run(command: list, **options) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, **options).returncode == 0


def make() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    base = getattr(sys, "_base_executable", sys.executable)  # not the .venv we have just removed
    if not run([base, "-m", "venv", "--without-pip", VENV]):
        raise SetupError(f"{base} cannot make a virtual environment (see above).")

    os.environ["PIP_USER"] = "0"
    commands = list(installers(base))
    if not commands:
        raise SetupError(
            f"{base} has neither ensurepip nor pip, and uv is not here.\n"
            "Install one of them (on Debian and Ubuntu: python3-venv or python3-pip)."
        )
    if not any(run([*command, "--no-deps", "--requirement", LOCK]) for command in commands):
        raise SetupError(
            "The packages could not be installed (see above).\n"
            "Most often the network is not there, or the disk is full."
        )

    Path(ask(ASK_PACKAGES_FOLDER), "cnnlib.pth").write_text(f"{ROOT}\n", "utf-8")
    trial = subprocess.run([PYTHON, "-c", TRY_IMPORTS], capture_output=True, text=True)
    if trial.returncode != 0:
        raise SetupError(f"The packages are installed, but do not run here:\n{trial.stderr}")
    STAMP.write_text(stamp_for(ask(ASK_VERSION)), "utf-8")


def main() -> int:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        print(f"The course needs Python 3.11, 3.12 or 3.13; this one is {sys.version.split()[0]}.")
        return 1
    if is_ready():
        return 0
    try:
        with only_one_at_a_time():
            if is_ready():
                return 0
            sys.stdout.reconfigure(errors="replace")  # a Windows pipe may not know the line we draw
            start = time.monotonic()
            version = "{}.{}.{}".format(*sys.version_info)
            print(f"── Setting up .venv with Python {version}: some minutes, once", flush=True)
            try:
                make()
            except BaseException:
                shutil.rmtree(VENV, ignore_errors=True)
                raise
            print(f"   .venv made in {time.monotonic() - start:.0f} s", flush=True)
            return 0
    except (SetupError, OSError) as error:
        print(f"\n{error}\nNothing half-made was kept: mend it, and run the same command again.")
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Nothing half-made was kept: run the same command again.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
