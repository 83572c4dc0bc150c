"""Make `.venv` hold what requirements.lock says: `python scripts/environment.py`.

A stamp, written last, names the lock and the Python it was made from. An environment
without its stamp was interrupted, or is out of date, and is made again from nothing; one of old
stands aside meanwhile, and comes back if there is no making another.
"""

import contextlib
import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ASK_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
ASK_PACKAGES_FOLDER = "import sysconfig; print(sysconfig.get_path('purelib'))"

NOT_WRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM}


def python_in(folder: Path, system: str = os.name) -> Path:
    return folder / ("Scripts/python.exe" if system == "nt" else "bin/python")


@dataclass(frozen=True)
class Environment:
    """A folder of packages, the lock that says which, and what must run there."""

    folder: Path
    lock: Path
    imports: str

    @property
    def name(self) -> str:
        return str(self.folder.relative_to(ROOT))

    @property
    def stamp(self) -> Path:
        return self.folder / "made-from.txt"

    @property
    def python(self) -> Path:
        return python_in(self.folder)

    def ask(self, code: str) -> str:
        return subprocess.run(
            [self.python, "-c", code], check=True, capture_output=True, text=True
        ).stdout.strip()


COURSE = Environment(
    ROOT / ".venv", ROOT / "requirements.lock", "import cnnlib, matplotlib.pyplot, tensorflow"
)
LITE = Environment(
    ROOT / "_build" / ".venv-lite", ROOT / "lite.lock", "import jupyterlite_pyodide_kernel"
)


class SetupError(Exception):
    """What the reader sees when there is no environment to be had."""


def stamp_for(environment: Environment, version: str) -> str:
    """Everything that an environment is made from; its place too, for none can be moved."""
    parts = (environment.lock.read_bytes(), os.fsencode(ROOT))
    return f"Python {version}, {hashlib.sha256(b'|'.join(parts)).hexdigest()}\n"


def is_ready(environment: Environment) -> bool:
    try:
        version = environment.ask(ASK_VERSION)
        stamp = environment.stamp.read_text("utf-8")
    except (OSError, subprocess.CalledProcessError):
        return False
    asked_for_another = os.environ.get("PYTHON") and version != "{}.{}".format(*sys.version_info)
    return stamp == stamp_for(environment, version) and not asked_for_another


@contextlib.contextmanager
def only_one_at_a_time(environment: Environment):
    """Let a second `make` wait for the first; the system frees the lock if we die."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with environment.lock.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another make is setting up {environment.name}: waiting for it.", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def installers(python: Path, base: str):
    """The commands that can install for that Python, quickest first."""
    if shutil.which("uv"):
        yield ["uv", "pip", "install", "--python", python, "--compile-bytecode"]
    quiet = [] if sys.stdout.isatty() else ["--quiet"]
    install = ["install", "--compile", "--retries", "2", "--disable-pip-version-check", *quiet]
    ensurepip = [python, "-m", "ensurepip"]
    if importlib.util.find_spec("ensurepip") and run(ensurepip, stdout=subprocess.DEVNULL):
        yield [python, "-m", "pip", *install]
    elif importlib.util.find_spec("pip"):
        yield [base, "-m", "pip", "--python", python, *install]


def run(command: list, **options) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, **options).returncode == 0


@contextlib.contextmanager
def standing_aside(environment: Environment):
    """Keep a whole environment until there is another; a half-made one is worth nothing."""
    new, old = environment.folder, environment.folder.with_name(environment.folder.name + "-before")
    shutil.rmtree(old, ignore_errors=True)
    if environment.stamp.exists():
        new.rename(old)
    shutil.rmtree(new, ignore_errors=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        if old.exists():
            old.rename(new)
            print(f"\nThe {environment.name} of before is back. What it ran it still runs.")
        raise
    shutil.rmtree(old, ignore_errors=True)


def make(environment: Environment) -> None:
    with standing_aside(environment):
        fill(environment)


def fill(environment: Environment) -> None:
    base = getattr(sys, "_base_executable", sys.executable)  # not the .venv we have just removed
    if not run([base, "-m", "venv", "--without-pip", environment.folder]):
        raise SetupError(f"{base} cannot make a virtual environment (see above).")

    os.environ["PIP_USER"] = "0"
    commands = list(installers(environment.python, base))
    if not commands:
        raise SetupError(
            f"{base} has neither ensurepip nor pip, and uv is not here.\n"
            "Install one of them (on Debian and Ubuntu: python3-venv or python3-pip)."
        )
    install = ["--no-deps", "--requirement", environment.lock]
    if not any(run([*command, *install]) for command in commands):
        raise SetupError(
            "The packages could not be installed (see above).\n"
            "Most often the network is not there, or the disk is full."
        )

    packages = environment.ask(ASK_PACKAGES_FOLDER)
    Path(packages, "cnnlib.pth").write_text(f"{ROOT}\n", "utf-8")
    trial = [environment.python, "-c", environment.imports]
    trial = subprocess.run(trial, capture_output=True, text=True)
    if trial.returncode != 0:
        raise SetupError(f"The packages are installed, but do not run here:\n{trial.stderr}")
    version = environment.ask(ASK_VERSION)
    environment.stamp.write_text(stamp_for(environment, version), "utf-8")


def advice(error: Exception) -> str:
    if getattr(error, "errno", None) in NOT_WRITABLE:
        return f"{ROOT} cannot be written to: clone the course to a folder of your own."
    return "Nothing half-made was kept: mend it, and run the same command again."


def ensure(environment: Environment) -> int:
    """Make an environment, unless it is there; what a shell is to be told."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        print(f"The course needs Python 3.11, 3.12 or 3.13; this one is {sys.version.split()[0]}.")
        return 1
    if is_ready(environment):
        return 0
    try:
        with only_one_at_a_time(environment):
            if is_ready(environment):
                return 0
            sys.stdout.reconfigure(errors="replace")  # a Windows pipe may not know the line we draw
            start = time.monotonic()
            version = "{}.{}.{}".format(*sys.version_info)
            print(
                f"── Setting up {environment.name} with Python {version}: some minutes, once",
                flush=True,
            )
            make(environment)
            seconds = time.monotonic() - start
            print(f"   {environment.name} made in {seconds:.0f} s", flush=True)
            return 0
    except (SetupError, OSError) as error:
        print(f"\n{error}\n{advice(error)}")
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Nothing half-made was kept: run the same command again.")
        return 130


if __name__ == "__main__":
    sys.exit(ensure(COURSE))
