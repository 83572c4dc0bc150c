"""Each lesson opens from its page, and runs to its last cell with the numbers of the book."""

import math
import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from scripts.books import CHINESE, ENGLISH, of
from scripts.browser_lessons import browser_lessons, code_cells, keras_cells, speaks, tags
from scripts.build_lite import SITE, built
from scripts.lessons import ROOT, executed
from tests.lite import lab

NUMBER = re.compile(r"(?<![A-Za-z0-9_.])-?\d[\d,]*(?:\.\d*)?(?:e[+-]?\d+)?")
CLOCK = re.compile(r"\bperf_counter\b|\bseconds\(")  # a cell that measures time proves no number
# Not a number of the lesson: the type of whole numbers, which are 32 bits there; a picture's size,
# in which fonts have their say.
ASIDE = re.compile(r",\s*dtype=int(32|64)|(?<=<Drawing size )\S+")
TOLERANCE = {"rel_tol": 0.02, "abs_tol": 1e-5}  # many steps of learning add up what rounding does

# A Chinese lesson has its twin's code: the first two show that the language gets there. All others
# of them run with CNN_EVERY_LESSON=1.
MOST = {ENGLISH: None, CHINESE: None if "CNN_EVERY_LESSON" in os.environ else 2}
LESSONS = [path for book in built() for path in browser_lessons(book)[: MOST[book]]]
NAMES = [path.relative_to(ROOT).with_suffix("").as_posix() for path in LESSONS]

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=NAMES)


@each_lesson
def test_it_runs_to_its_last_cell_with_the_numbers_of_the_book(path, book, opened):
    assert behind_the_button(path) == path.relative_to(ROOT).as_posix()
    lab.open_lesson(opened.page, behind_the_button(path))
    there = {cell["id"]: cell for cell in lab.run(opened.page) if cell["cell_type"] == "code"}
    here = {cell.id: cell for cell in executed(path)[0].cells if cell.cell_type == "code"}
    assert there.keys() == here.keys() - left_out(nbformat.read(path, 4))
    assert all(cell["execution_count"] for cell in there.values())
    faults = [fault for name, cell in there.items() for fault in compare(here[name], cell)]
    assert not faults, "\n".join(faults)


def behind_the_button(lesson: Path) -> str:
    """Which lesson JupyterLab opens at the address of the button on a lesson's page."""
    path = (of(lesson).html / "chapters" / lesson.name).with_suffix(".html")
    page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    address = urlsplit(page.select_one('a[href*="lite/lab"]')["href"])
    assert (path.parent / address.path).resolve() == SITE / "lab" / "index.html"
    (path,) = parse_qs(address.query)["path"]
    return path


def test_a_lesson_knows_no_name_of_the_one_before(opened):
    lab.open_lesson(opened.page, lab.FIRST)
    assert lab.ask(opened.page, "'np' in globals()") == "False"
    lab.run(opened.page, lab.A_FEW)
    assert lab.ask(opened.page, "'np' in globals()") == "True"
    lab.open_lesson(opened.page, lab.FIRST)
    assert lab.ask(opened.page, "'np' in globals()") == "False"


def left_out(notebook) -> set[str]:
    """The cells that do not run in the browser: those of Keras, and what Colab needs."""
    cells = [cell for cell in code_cells(notebook) if "remove-cell" in tags(cell)]
    unseen = {cell.id for cell in cells if not speaks(cell)}
    return keras_cells(notebook) | unseen


def compare(here, there):
    """Say in which outputs a cell of the browser differs from the book's."""
    if complaints := set(streams(there["outputs"])) - set(streams(here.outputs)) - {"stdout"}:
        yield f"{here.id}: writes to {complaints}"
    if CLOCK.search(here.source):
        return
    ours, theirs = text(here.outputs), text(there["outputs"])
    words = [re.sub(r"\s+", "", NUMBER.sub("#", output)) for output in (ours, theirs)]
    numbers = zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=False)
    if words[0] != words[1]:
        yield f"{here.id}: {theirs[:300]!r}, not {ours[:300]!r}"
    for our, their in numbers:
        if not same(our.replace(",", ""), their.replace(",", "")):
            yield f"{here.id}: {their}, not {our}"


def same(our: str, their: str) -> bool:
    """Whole numbers are the same to the last digit, others nearly."""
    if our.lstrip("-").isdigit():
        return our == their
    return math.isclose(float(our), float(their), **TOLERANCE)


def streams(outputs):
    return [output["name"] for output in outputs if output["output_type"] == "stream"]


def text(outputs) -> str:
    """What a cell has said in words and numbers."""
    parts = []
    for output in outputs:
        if output["output_type"] == "stream":
            parts += [output["text"]] if output["name"] == "stdout" else []
        elif output["output_type"] == "error":
            parts.append(f"{output['ename']}: {output['evalue']}")
        else:
            parts.append(output["data"].get("text/plain", ""))
    return ASIDE.sub("", "\n".join(map("".join, parts)))
