"""Virtual environments that know nothing of this checkout.

uv makes them, from what it has fetched before; they have a pip of their own, as Binder and Colab
do, whose Python is 3.12. Where this machine has none, the Python that runs the tests takes its
place, and the tests' last lines say so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import uv

UV = uv.find_uv_bin()
ROOT = Path(__file__).resolve().parent.parent.parent
WANTED = "3.12"
OLDEST_AND_NEWEST = ["3.11", "3.13"]


def candidates(wanted: str) -> Iterator[str | Path | None]:
    yield shutil.which(f"python{wanted}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from pyenv.glob(f"versions/{wanted}.*/bin/python{wanted}")


def works(python: str | Path | None) -> bool:
    return bool(python) and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def find_python(wanted: str = WANTED) -> str:
    return str(next(filter(works, candidates(wanted)), sys.executable))


def version(python: str) -> str:
    said = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[1]


def is_version(python: str, wanted: str) -> bool:
    return version(python).startswith(f"{wanted}.")


def of_the_wheel() -> list[str]:
    """The Pythons to try it with: the oldest and the newest, which CI must have.

    Elsewhere what is not here is left out, but the Python that runs the tests is always among them.
    """
    if os.environ.get("CI"):
        return OLDEST_AND_NEWEST
    here = "{}.{}".format(*sys.version_info)
    found = {wanted for wanted in OLDEST_AND_NEWEST if is_version(find_python(wanted), wanted)}
    return sorted({here} | found)


def variables(programs: Path, home: Path) -> dict[str, str]:
    """What a process of another reader finds: programs of its own first, and another home."""
    ours = ("PYTHON", "JUPYTER", "VIRTUAL_ENV", "MPL", "TF_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    kept.setdefault("XDG_CONFIG_HOME", str(Path.home() / ".config"))  # pip's mirrors are there
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    return kept | {"PATH": path, "HOME": str(home)}


def cache() -> str:
    """What uv has fetched already."""
    said = subprocess.run([UV, "cache", "dir"], capture_output=True, text=True, check=True)
    return said.stdout.strip()


@dataclass
class Environment:
    """A virtual environment with a home of its own."""

    folder: Path

    @classmethod
    def new(cls, folder: Path, requirements: Iterable[str], python: str = "") -> "Environment":
        make = [UV, "venv", "--quiet", "--seed", "--python", python or find_python(), folder]
        subprocess.run(make, check=True)
        install = [UV, "pip", "install", "--quiet", "--compile-bytecode", "--python", folder]
        subprocess.run([*install, *requirements], check=True)
        environment = cls(folder)
        environment.home.mkdir()
        return environment

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def variables(self) -> dict[str, str]:
        return variables(self.folder / "bin", self.home)

    def run(self, *command, cwd: Path | None = None) -> str:
        """Return what a command of this environment prints; fail with all it said."""
        variables = self.variables()
        done = subprocess.run(
            [shutil.which(command[0], path=variables["PATH"]), *command[1:]],
            cwd=cwd or self.home,
            env=variables,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def run_lesson(self, lesson: Path) -> None:
        self.run("jupyter-execute", "--inplace", lesson.name, cwd=lesson.parent)

    def packages(self) -> set[str]:
        return set(self.run(UV, "pip", "freeze", "--python", self.folder).splitlines())


def copy_repository(folder: Path) -> Path:
    """The files that git knows, as they are in this checkout now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder
