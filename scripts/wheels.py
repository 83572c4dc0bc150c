"""Wheels for a browser's Python: cnnlib's, and those of packages that are installed here."""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

import uv

from scripts.lessons import ROOT

PROJECT = ["pyproject.toml", "README.md", "LICENSE", "LICENSE-DATA"]


def pack_installed(name: str, folder: Path, packages: list[str] = sys.path) -> Path:
    """A wheel of a package of pure Python, from its installed files."""
    package = next(iter(metadata.distributions(name=name, path=packages)))
    if "Tag: py3-none-any" not in package.read_text("WHEEL"):
        raise ValueError(f"{name} {package.version} is not pure Python: no browser can run it")
    wheel = folder / f"{package.name.replace('-', '_')}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in package.files:
            if file.parts[0] != ".." and "__pycache__" not in file.parts:
                archive.write(package.locate_file(file), str(file))
    return wheel


def build_cnnlib(folder: Path, *left_out: str) -> Path:
    """A wheel of cnnlib, without the files of these names."""
    with tempfile.TemporaryDirectory() as copy:
        ignored = shutil.ignore_patterns("__pycache__", *left_out)
        shutil.copytree(ROOT / "cnnlib", Path(copy, "cnnlib"), ignore=ignored)
        for name in PROJECT:
            shutil.copy(ROOT / name, copy)
        build = [uv.find_uv_bin(), "build", "--wheel", "--quiet", "--out-dir", folder, copy]
        here = ["--no-build-isolation", "--python", sys.executable]  # with the lock's hatchling
        subprocess.run([*build, *here], check=True)
    return next(folder.glob("cnnlib-*.whl"))
