"""Build the lessons that run in a browser into the book: `build_lite.py [FOLDER]`.

JupyterLite brings JupyterLab, Pyodide brings Python with NumPy and Matplotlib. Pyodide comes from
its public address, or from a folder that holds its files, which are then copied into the site.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from _ext import words
from scripts.books import BOOKS, Book
from scripts.browser_lessons import browser_copy, browser_lessons
from scripts.build_book import BUILD, digest, only_one_at_a_time, remove
from scripts.build_book import LITE as SITE
from scripts.environment import ROOT, ensure, program
from scripts.lessons import executed
from scripts.wheels import build_cnnlib, pack_installed

PYODIDE = "0.27.7"
ADDRESS = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
STAGE = BUILD / "lite"
BUILDER = BUILD / ".venv-lite"  # JupyterLite's own environment
MADE_FROM = ["_config.yml", "_toc.yml", "_ext", "chapters", "zh", "cnnlib", "scripts"]
MADE_FROM += ["lite.lock", "requirements.lock"]
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
UP = "../../../.."  # from the script that runs Python to the site's root
PACKAGES = ["ssl", "sqlite3", "jedi", "ipython", "micropip", "numpy", "matplotlib"]
INSTALLED = ["comm", "tabulate"]  # which Pyodide lacks: packed as they are here
FETCHED = "mnist.npz"  # most of cnnlib's bytes: fetched when a lesson asks for it


class LiteError(Exception):
    """What the reader sees when there is no site to be had."""


def main(pyodide: str) -> int:
    os.chdir(ROOT)
    with only_one_at_a_time():
        ensure_builder()
        try:
            what = f"{checked(pyodide)} {[book.source for book in built()]}"
            made_from = digest(MADE_FROM) + hashlib.sha256(what.encode()).hexdigest()
            stamp = SITE / "made-from.txt"
            if stamp.exists() and stamp.read_text("utf-8") == made_from:
                print("   Nothing has changed.")
            else:
                write_site(SITE, pyodide)
                stamp.write_text(made_from, "utf-8")
        except (LiteError, OSError) as error:
            print(f"\nNo lessons for the browser: {error}")
            return 1
    print(f"   The browser's lessons are {SITE.relative_to(ROOT)}: `make serve` shows them")
    return 0


def ensure_builder() -> None:
    ensure(BUILDER, ROOT / "lite.lock", "import jupyterlite_pyodide_kernel")


def checked(pyodide: str) -> str:
    """The folder of a Pyodide, if it is the one that the site is made for."""
    if not pyodide:
        return ""
    lock = Path(pyodide, "pyodide-lock.json")
    if not lock.is_file():
        raise LiteError(f"PYODIDE={pyodide} holds no pyodide-lock.json: name Pyodide's folder")
    version = json.loads(lock.read_text("utf-8"))["info"]["version"]
    if version != PYODIDE:
        raise LiteError(f"PYODIDE={pyodide} is Pyodide {version}; the site is for {PYODIDE}")
    return str(lock.parent.resolve())


def write_site(site: Path, pyodide: str = "") -> None:
    """Put JupyterLite with our lessons in place of what is there."""
    remove(STAGE)
    write_lessons(STAGE / "content")
    wheels = write_wheels(STAGE / "wheels")
    (STAGE / "jupyter-lite.json").write_text(json.dumps(settings(pyodide, wheels)), "utf-8")
    command = [
        *(program("python", BUILDER), "-m", "jupyter", "lite", "build"),
        *("--lite-dir", STAGE, "--apps", "lab"),
        *("--contents", STAGE / "content", "--piplite-wheels", STAGE / "wheels"),
        *("--output-dir", STAGE / "site", "--no-sourcemaps", "--no-unused-shared-packages"),
    ]
    made = subprocess.run(command, cwd=STAGE, capture_output=True, text=True)
    if made.returncode:
        raise LiteError(f"JupyterLite was not built:\n{made.stdout}{made.stderr}")
    (STAGE / "site" / "data").mkdir()
    shutil.copy(ROOT / "cnnlib" / "data" / FETCHED, STAGE / "site" / "data")
    if pyodide:
        shutil.copytree(pyodide, STAGE / "site" / "pyodide", copy_function=shutil.copyfile)
    remove(site)
    site.parent.mkdir(parents=True, exist_ok=True)
    (STAGE / "site").rename(site)


def built() -> list[Book]:
    """The books whose lessons have run."""
    return [book for book in BOOKS.values() if book.html.exists()]


def write_lessons(folder: Path) -> None:
    """Put each lesson where it lies in the course: its button leads there."""
    for book in built():
        words.speak(book.settings.get("language", "en"))
        for path in browser_lessons(book):
            if executed(path) is None:
                raise LiteError(f"{path.relative_to(ROOT)} has changed: run `make zh` first")
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(browser_copy(path), copy)


def write_wheels(folder: Path) -> list[Path]:
    folder.mkdir(parents=True)
    return [*(pack_installed(name, folder) for name in INSTALLED), build_cnnlib(folder, FETCHED)]


def settings(pyodide: str, wheels: list[Path]) -> dict:
    """Everything that a lesson needs is loaded as it opens; nothing comes from elsewhere."""
    kernel = {
        "pyodideUrl": "./pyodide/pyodide.js" if pyodide else f"{ADDRESS}pyodide.js",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "packages": [*PACKAGES, *(f"{UP}/pypi/{wheel.name}" for wheel in wheels)],
            "env": {"CNNLIB_DATA": f"{UP}/data"},
        },
    }
    config = {"appName": "Convolutional networks, counted", "litePluginSettings": {KERNEL: kernel}}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:2] or [""])))
