"""Virtual environments that know nothing of this checkout.

Binder and Colab have Python 3.12. Where this machine has none, the Python that runs the tests takes
its place, and the tests' last lines say so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WANTED = "3.12"


def candidates() -> Iterator[str | Path | None]:
    yield shutil.which(f"python{WANTED}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from pyenv.glob(f"versions/{WANTED}.*/bin/python{WANTED}")


def works(python: str | Path | None) -> bool:
    return bool(python) and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def find_python() -> str:
    return str(next(filter(works, candidates()), sys.executable))


def version(python: str) -> str:
    said = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[1]


def variables(programs: Path, home: Path) -> dict[str, str]:
    """What a process of another reader finds: programs of its own first, and another home."""
    ours = ("PYTHON", "JUPYTER", "VIRTUAL_ENV", "MPL", "TF_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    kept.setdefault("XDG_CONFIG_HOME", str(Path.home() / ".config"))  # pip's mirrors are there
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    return kept | {"PATH": path, "HOME": str(home)}


@dataclass
class Environment:
    """A virtual environment with a home of its own."""

    folder: Path

    @classmethod
    def new(cls, folder: Path, requirements: Iterable[str]) -> "Environment":
        subprocess.run([find_python(), "-m", "venv", folder], check=True)
        environment = cls(folder)
        environment.home.mkdir()
        environment.run("python", "-m", "pip", "install", "--quiet", *requirements)
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
        return set(self.run("python", "-m", "pip", "freeze").splitlines())


def copy_repository(folder: Path) -> Path:
    """The files that git knows, as they are in this checkout now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder
