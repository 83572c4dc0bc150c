"""Measure what a reader costs, and write it on the page for lecturers (Linux, Chromium).

A reader who runs a lesson has a JupyterLab of its own: server and kernel share one core, as on
Binder, and all cells run. Memory is the most that a process held, with the code it shares.
A reader who opens a page of the book, for the first time, asks for files: texts travel as gzip.
"""

import datetime
import gzip
import os
import platform
import re
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import nbformat
from playwright.sync_api import sync_playwright

from scripts import lab_server
from scripts.browser import ADVICE, FLAGS, chromium
from scripts.lessons import ROOT

LESSONS = ("06-receptive-fields", "10-lenet-in-keras", "12-alexnet-in-keras")
PAGE = ROOT / "appendix" / "for-lecturers.md"
PAGES = ("index.html", *(f"chapters/{name}.html" for name in LESSONS))
CLASS = 500
RUNS = ["Lesson", "First output, s", "Server, MB", "Kernel, MB", f"{CLASS} readers, GB"]
VISITS = ["Page", "Files", "KB", f"{CLASS} readers, MB"]
TEXTS = {".html", ".css", ".js", ".json", ".svg"}


def run(lesson: str) -> tuple[float, int, int]:
    """Return the seconds from nothing to the first output, and the megabytes of both processes."""
    name = f"chapters/{lesson}.ipynb"
    code = [cell for cell in nbformat.read(ROOT / name, 4).cells if cell.cell_type == "code"]
    begun, first = time.monotonic(), None
    with (
        lab_server.serve([sys.executable, "-m", "jupyterlab"], ROOT) as server,
        server.talk_to(server.start_kernel(name)) as kernel,
    ):
        for cell in code:
            shown = lab_server.run(kernel, cell.source)
            first = first or (shown and time.monotonic() - begun)
        processes = server.process.pid, int(lab_server.run(kernel, "import os; os.getpid()"))
        return first, *(megabytes(process, "VmHWM") for process in processes)


def megabytes(process: int, what: str) -> int:
    """Return a process's memory: the most it held (VmHWM), or now, shared pages divided (Pss)."""
    file = "smaps_rollup" if what.startswith("Pss") else "status"
    text = Path(f"/proc/{process}/{file}").read_text("ascii")
    return round(int(re.search(rf"^{what}:\s*(\d+) kB", text, re.M)[1]) * 1024 / 1e6)


def visit(page: str) -> tuple[int, int]:
    """Return how many files a page of the book needs, and the kilobytes that travel."""
    files = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        tab = browser.new_page()
        tab.on("request", lambda request: files.add(request.url.partition("?")[0]))
        tab.goto((ROOT / "_build" / "html" / page).as_uri(), wait_until="networkidle")
        browser.close()
    paths = [Path(url2pathname(urlsplit(url).path)) for url in files if url.startswith("file:")]
    return len(paths), round(sum(map(bytes_sent, paths)) / 1000)


def bytes_sent(file: Path) -> int:
    content = file.read_bytes()
    return len(gzip.compress(content) if file.suffix in TEXTS else content)


def row_of_run(lesson: str, first: float, server: int, kernel: int) -> list[str]:
    everybody = CLASS * (server + kernel) / 1000
    return [lesson, *(f"{number:,.0f}" for number in (first, server, kernel, everybody))]


def row_of_visit(page: str, files: int, kilobytes: int) -> list[str]:
    everybody = CLASS * kilobytes / 1000
    return [page, *(f"{number:,.0f}" for number in (files, kilobytes, everybody))]


def heading(columns: list[str]) -> str:
    return f"| {' | '.join(columns)} |\n| --- |{' ---: |' * len(columns[1:])}\n"


def replace_table(text: str, columns: list[str], rows: list[list[str]]) -> str:
    """Return the text with other rows below this heading."""
    before, found, rest = text.partition(heading(columns))
    if not found:
        raise ValueError(f"{PAGE.name} has no table of {', '.join(columns)}")
    after = re.sub(r"\A(\|.*\n)*", "", rest)
    return before + found + "".join(f"| {' | '.join(row)} |\n" for row in rows) + after


def main() -> None:
    if not chromium():
        sys.exit(ADVICE)
    visits = [row_of_visit(page, *visit(page)) for page in PAGES]
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    runs = [row_of_run(lesson, *run(lesson)) for lesson in LESSONS]
    text = replace_table(PAGE.read_text("utf-8"), VISITS, visits)
    text = replace_table(text, RUNS, runs)
    today = f"{datetime.date.today():%d %B %Y} on one core of an {platform.machine()} processor"
    text = re.sub(r"(?<=Measured on ).*(?=\.)", today.removeprefix("0"), text)
    PAGE.write_text(text, "utf-8")
    print("\n".join(" ".join(row) for row in visits + runs))


if __name__ == "__main__":
    main()
