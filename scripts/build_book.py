"""Build a book: run the lessons that changed, then write the pages: `build_book.py [en|zh]`.

Sphinx cannot work in parallel, so lessons run first, into the cache that it reads. The cache knows
a lesson by its cells alone; what else an output depends on is in `made_from`, and a change in it
empties the cache. The book of before stays until all lessons have run. The Chinese book goes into
a folder of the English one, and their pages lead to each other.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from cnnlib import datasets, training
from scripts import translated_pages, turns
from scripts.address import home
from scripts.books import BOOKS, BUILD, CHINESE, ENGLISH, Book
from scripts.lessons import ROOT, run_lessons

HTML = ENGLISH.html
LITE = HTML / "lite"  # what make lite puts there
STAMPS = "made-from.json"
LEAST_ROOM = 20  # megabytes
CHECK = "scripts/check_pages.py"
LOOKS = ["_ext", "_static", "_templates"]
WRITERS = ["scripts/books.py", "scripts/pages.py", "scripts/browser_lessons.py", CHECK]
TEXTS = ["index.md", "appendix", "chapters", "scripts/train_on_two_devices.py"]
# No English page has these.
CHINESE_WORDS = ["cnnlib/language/zh.json", "cnnlib/questions/zh", "_ext/zh.json"]


def made_from(book: Book) -> dict[str, str]:
    """What a build depends on, besides a lesson's own cells, which the cache compares."""
    runs = ["cnnlib", "requirements.lock", "scripts/lessons.py", "scripts/noted_values.py"]
    pages = ["_config.yml", "_toc.yml", *LOOKS, "references.bib", *WRITERS]
    here = str(home())  # the buttons lead there
    if book == ENGLISH:
        return {
            "runs": digest(runs, without=CHINESE_WORDS),
            "pages": digest(pages, without=CHINESE_WORDS) + here,
            "texts": digest(TEXTS),
        }
    pages += ["scripts/translated_pages.py", "zh/_config.yml", "zh/_static"]
    return {"runs": digest(runs), "pages": digest(pages) + here, "texts": digest(["zh", *TEXTS])}


def main(language: str = "en") -> int:
    book = BOOKS[language]
    os.chdir(ROOT)
    try:
        book.build.mkdir(parents=True, exist_ok=True)
        with only_one_at_a_time():
            now = made_from(book)
            if now == read_stamps(book) and book.html.exists():
                print("   Nothing has changed.")
            elif not build(book, now):
                print("\nNo book: see the faults above.")
                return 1
    except OSError as error:  # the disk is full, or may only be read
        print(f"\nNo book: {error}\nMend it, and run the same command again.")
        return 1
    print(f"   The book is {book.html.relative_to(ROOT) / 'index.html'}")
    return 0


def build(book: Book, now: dict[str, str]) -> bool:
    if fault := damaged_data():
        print(fault)
        return False
    last = read_stamps(book)
    if last.get("runs") != now["runs"]:
        remove(book.cache)
    write_stamps(book, {"runs": now["runs"]})  # pages interrupted now are not trusted later
    if not run_lessons(book):
        return False
    pages = [book.html, book.doctrees, book.build / "jupyter_execute"]
    if any(last.get(name) != now[name] for name in ("runs", "pages")):
        remove(*pages)
    remove(book.html)  # pages share their titles and one style, and LITE has the lessons of then
    if book == CHINESE:
        remove(book.build / "html")  # what a build has left that failed
        translated_pages.part()
        if (LITE / "jupyter-lite.json").exists():
            print("   The browser's lessons are those of before: `make lite` renews them.")
    if not write_pages(book):
        warn_of_a_full_disk()
        remove(*pages)  # or Sphinx would read the page that failed from its cache, and pass
        return False
    write_stamps(book, now)
    return True


def warn_of_a_full_disk() -> None:
    free = shutil.disk_usage(BUILD).free / 1e6
    if free < LEAST_ROOM:
        print(f"\nThe disk is full ({free:.0f} MB are left), and no fault of the book: make room.")


def damaged_data() -> str | None:
    """What is wrong with the files that come with the library, before lessons run for minutes."""
    try:
        datasets.load_mnist()
        training.load_lenet5()
    except (OSError, ValueError) as error:
        return str(error)
    return None


def only_one_at_a_time():
    return turns.only_one_at_a_time(BUILD / ".lock", "writing the book")


def read_stamps(book: Book) -> dict[str, str]:
    try:
        return json.loads((book.build / STAMPS).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def write_stamps(book: Book, stamps: dict[str, str]) -> None:
    translated_pages.rewrite(book.build / STAMPS, json.dumps(stamps))


def digest(paths: list[str], without: Sequence[str] = ()) -> str:
    total = hashlib.sha256(sys.version.encode())
    left_out = tuple(map(ROOT.joinpath, without))
    for path in map(ROOT.joinpath, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if any(map(file.is_relative_to, left_out)):
                continue
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return total.hexdigest()


def remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def write_pages(book: Book) -> bool:
    folder = book.build / "html"
    writing = ["-m", "scripts.pages", "html", folder, book.doctrees, book.source]
    steps = writing, [CHECK, folder]
    written = all(subprocess.run([sys.executable, *step]).returncode == 0 for step in steps)
    if written and folder != book.html:
        folder.rename(book.html)
        translated_pages.join()
    return written


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. What had run is kept: run the same command again.")
