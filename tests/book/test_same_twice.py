"""Two builds of one commit are the same, byte for byte, once the lessons have run."""

import subprocess
import sys
from pathlib import Path

from scripts import translated_pages
from scripts.books import CHINESE
from scripts.build_book import HTML, LITE, ROOT


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the site by its name, but for what `make lite` and `make zh` put there."""
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        name.as_posix(): read(path)
        for name, path in files.items()
        if name.parts[0] not in (LITE.name, CHINESE.html.name)
    }


def read(path: Path) -> bytes:
    """What a file holds, but for the ways to the Chinese book."""
    if path.suffix not in (".html", ".xml"):
        return path.read_bytes()
    return translated_pages.alone(path.read_text("utf-8")).encode()


def test_writing_the_pages_again_elsewhere_gives_the_same_bytes(tmp_path):
    again = [sys.executable, "-m", "scripts.pages", "html", tmp_path / "html", tmp_path / "trees"]
    subprocess.run(again, cwd=ROOT, check=True)
    first, second = contents(HTML), contents(tmp_path / "html")
    assert len(first) > 50
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
