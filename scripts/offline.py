"""Pack the whole course for machines without a network: `make offline PYODIDE=folder`.

One zip holds both books with the lessons that run in a browser, what was printed, and the notebooks
beside the library. Unpacked, its pages open as files; `python -m http.server` there is enough for
a browser to run Python.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from scripts.books import BOOKS, BUILD, CHINESE, ENGLISH, ROOT
from scripts.build_book import LITE, only_one_at_a_time
from scripts.build_lite import LiteError, checked, ensure_builder, write_site
from scripts.pdf import NAME, pdf_of

FOLDER = BUILD / "offline"
ZIP = FOLDER / f"{NAME}.zip"
ADVICE = """Convolutional networks, counted

Open index.html. To run Python in the browser: `python -m http.server` in this folder, then
http://localhost:8000. The print is in pdf, the notebooks with the library are in notebooks.

打开zh/index.html。要在浏览器里运行Python：在这个文件夹里执行`python -m http.server`，
再打开http://localhost:8000/zh/。PDF在pdf里，笔记本和库在notebooks里。
"""


def main(pyodide: str = "") -> int:
    with only_one_at_a_time():
        try:
            if not checked(pyodide):
                raise LiteError("say where Pyodide lies: make offline PYODIDE=folder")
            ensure_builder()
            write_site(FOLDER / LITE.name, pyodide)
        except (LiteError, OSError) as error:
            print(f"\nNothing is packed: {error}")
            return 1
        unfinished = ZIP.with_suffix(".unfinished")
        with ZipFile(unfinished, "w", ZIP_DEFLATED) as file:
            file.writestr(f"{NAME}/READ-ME.txt", ADVICE)
            for path, name in packed():
                file.write(path, f"{NAME}/{name}")
        unfinished.replace(ZIP)
    print(f"   The course is {ZIP.relative_to(ROOT)}: {ZIP.stat().st_size / 1e6:.0f} MB")
    return 0


def packed() -> Iterator[tuple[Path, str]]:
    """Each file that is packed, and its name there."""
    for path in files(ENGLISH.html):
        if LITE not in path.parents:
            yield path, path.relative_to(ENGLISH.html).as_posix()
    for path in files(FOLDER / LITE.name):
        yield path, path.relative_to(FOLDER).as_posix()
    for path in map(pdf_of, BOOKS):
        yield path, f"pdf/{path.name}"
    for part in ("chapters", "appendix"):
        for book in (ENGLISH, CHINESE):
            for path in sorted(book.source.glob(f"{part}/*.ipynb")):
                yield path, f"notebooks/{path.relative_to(ROOT).as_posix()}"
    for path in files(ROOT / "cnnlib"):
        if "__pycache__" not in path.parts:
            yield path, f"notebooks/{path.relative_to(ROOT).as_posix()}"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
