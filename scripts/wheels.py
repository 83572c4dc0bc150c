"""Pack wheels for a browser's Python: cnnlib's, and those of packages that are installed here."""

import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

from scripts.lessons import ROOT


def pack_installed(name: str, folder: Path, packages: list[str] = sys.path) -> Path:
    """A wheel of a package of pure Python, from its installed files."""
    package = next(iter(metadata.distributions(name=name, path=packages)))
    if "Tag: py3-none-any" not in package.read_text("WHEEL"):
        raise ValueError(f"{name} {package.version} is not pure Python: no browser can run it")
    files = {
        str(file): package.locate_file(file)
        for file in package.files
        if file.parts[0] != ".." and "__pycache__" not in file.parts
    }
    return pack(package.name, package.version, files, folder)


def pack_cnnlib(folder: Path, *left_out: str) -> Path:
    """A wheel of cnnlib, without the files of these names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    files = {
        str(path.relative_to(ROOT)): path
        for path in sorted((ROOT / "cnnlib").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.name not in left_out
    }
    wheel = pack(project["name"], project["version"], files, folder)
    about = f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info"
    with zipfile.ZipFile(wheel, "a") as archive:
        name = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        archive.writestr(f"{about}/METADATA", name)
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return wheel


def pack(name: str, version: str, files: dict[str, Path], folder: Path) -> Path:
    wheel = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, path in files.items():
            archive.write(path, inside)
    return wheel
