"""Build the book: run the lessons that changed, then write the pages.

Sphinx cannot work in parallel, so lessons run first, into the cache that it reads. The cache knows
a lesson by its cells alone; what else an output depends on is in MADE_FROM, and a change in it
empties the cache. The book of before stays until all lessons have run.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from cnnlib import datasets, training
from scripts import turns
from scripts.address import home
from scripts.lessons import CACHE, ROOT, run_lessons

BUILD = ROOT / "_build"
HTML = BUILD / "html"
LITE = HTML / "lite"  # what make lite puts there
STAMPS = BUILD / "made-from.json"
PAGES = [HTML, BUILD / ".doctrees", BUILD / "jupyter_execute"]
LEAST_ROOM = 20  # megabytes
CHECK = "scripts/check_pages.py"
LOOKS = ["_ext", "_static", "_templates"]
WRITERS = ["scripts/pages.py", "scripts/browser_lessons.py", CHECK]
MADE_FROM = {
    # Besides a lesson's own cells, which the cache compares:
    "runs": ["cnnlib", "requirements.lock", "scripts/lessons.py", "scripts/noted_values.py"],
    "pages": ["_config.yml", "_toc.yml", *LOOKS, "references.bib", *WRITERS],
    "texts": ["index.md", "appendix", "chapters", "scripts/train_on_two_devices.py"],
}


def main() -> int:
    os.chdir(ROOT)
    try:
        BUILD.mkdir(exist_ok=True)
        with only_one_at_a_time():
            now = {name: digest(paths) for name, paths in MADE_FROM.items()}
            now["pages"] += str(home())  # the buttons lead there
            if now == read_stamps() and HTML.exists():
                print("   Nothing has changed.")
            elif not build(now):
                print("\nNo book: see the faults above.")
                return 1
    except OSError as error:  # the disk is full, or may only be read
        print(f"\nNo book: {error}\nMend it, and run the same command again.")
        return 1
    print(f"   The book is {HTML.relative_to(ROOT) / 'index.html'}")
    return 0


def build(now: dict[str, str]) -> bool:
    if fault := damaged_data():
        print(fault)
        return False
    last = read_stamps()
    if last.get("runs") != now["runs"]:
        remove(CACHE)
    write_stamps({"runs": now["runs"]})  # pages that are interrupted now are not trusted later
    if not run_lessons():
        return False
    if any(last.get(name) != now[name] for name in ("runs", "pages")):
        remove(*PAGES)
    remove(HTML)  # its pages share their titles and one style, and LITE has the lessons of then
    if not write_pages():
        warn_of_a_full_disk()
        remove(*PAGES)  # or Sphinx would read the page that failed from its cache, and pass
        return False
    write_stamps(now)
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


def read_stamps() -> dict[str, str]:
    try:
        return json.loads(STAMPS.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def write_stamps(stamps: dict[str, str]) -> None:
    unfinished = STAMPS.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(stamps), "utf-8")
    unfinished.replace(STAMPS)


def digest(paths: list[str]) -> str:
    total = hashlib.sha256(sys.version.encode())
    for path in map(ROOT.joinpath, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return total.hexdigest()


def remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def write_pages() -> bool:
    steps = (["-m", "scripts.pages", "html", str(HTML)], [CHECK, str(HTML)])
    return all(subprocess.run([sys.executable, *step]).returncode == 0 for step in steps)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. What had run is kept: run the same command again.")
