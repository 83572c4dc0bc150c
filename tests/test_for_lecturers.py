"""The page for lecturers: its tables are those of `make readers` and
`make hub-trial`, and their arithmetic holds."""

import os
import re
from pathlib import Path

import nbformat
import pytest

from _ext import in_the_browser
from scripts import hub_trial, measure_readers

ROOT = Path(__file__).resolve().parent.parent
LITE = r"loads (\d+) MB, .*? after some (\d+) seconds.*? class of 500 loads (\S+) GB"
PAGE = (ROOT / "appendix" / "for-lecturers.md").read_text("utf-8")


def rows(columns):
    """The cells of the table with this heading."""
    below = PAGE.partition(measure_readers.heading(columns))[2]
    lines = re.match(r"(\|.*\n)+", below)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def stated(lesson: Path) -> int:
    """The minutes that a lesson says it takes."""
    cells = nbformat.read(lesson, 4).cells
    return int(re.search(r"\*\*Time:\*\* (\d+) minutes", "\n".join(c.source for c in cells))[1])


def test_six_weeks_hold_every_lesson_once_and_add_up_their_minutes():
    weeks = re.findall(r"^\| \d \| ([\d, ]+) \| (\d+) \|", PAGE, re.M)
    given = [[int(number) for number in lessons.split(",")] for lessons, _ in weeks]
    minutes = {int(path.stem[:2]): stated(path) for path in ROOT.glob("chapters/*.ipynb")}
    assert [lesson for week in given for lesson in week] == sorted(minutes)
    added = [sum(minutes[lesson] for lesson in week) for week in given]
    assert [int(said) for _, said in weeks] == added


def test_the_plan_for_two_hours_takes_two_hours():
    plan = PAGE.partition("### Two hours")[2].partition("###")[0]
    assert sum(map(int, re.findall(r"^\| (\d+) \|", plan, re.M))) == 120


def numbers(cells):
    return [int(cell.replace(",", "")) for cell in cells]


def test_the_lessons_and_pages_are_those_that_are_measured():
    assert [row[0] for row in rows(measure_readers.RUNS)] == list(measure_readers.LESSONS)
    assert [row[0] for row in rows(measure_readers.VISITS)] == list(measure_readers.PAGES)


@pytest.mark.parametrize("row", rows(measure_readers.RUNS), ids=lambda row: row[0])
def test_a_class_needs_the_memory_of_its_readers(row):
    _, server, kernel, everybody = numbers(row[1:])
    assert everybody == round(500 * (server + kernel) / 1000)


@pytest.mark.parametrize("row", rows(measure_readers.VISITS), ids=lambda row: row[0])
def test_a_class_asks_for_the_bytes_of_its_readers(row):
    _, kilobytes, everybody = numbers(row[1:])
    assert everybody == round(500 * kilobytes / 1000)


@pytest.mark.parametrize("row", rows(hub_trial.COLUMNS), ids=lambda row: f"{row[0]} {row[1]}")
def test_a_class_on_the_hub_holds_the_memory_of_its_readers(row):
    readers, server, first, last, megabytes = numbers(row[1:-1])
    assert server <= first <= last
    assert row[-1] == f"{readers * megabytes / 1000:.1f}"


def test_the_class_on_the_hub_is_the_one_that_the_page_promises():
    readers = [int(row[1]) for row in rows(hub_trial.COLUMNS)]
    assert readers[:3] == [1, hub_trial.READERS, 1]
    assert "twenty readers" in PAGE
    assert hub_trial.READERS == 20


def test_what_larger_machines_hold_is_reckoned_from_the_classes():
    small, large = (numbers([row[-2]])[0] for row in rows(hub_trial.COLUMNS)[1::2])
    reckoned = re.search(r"64 GB hold (\d+) readers of lesson 10, or (\d+) of lesson 6", PAGE)
    assert numbers(reckoned.groups()) == [64_000 // large, 64_000 // small]


def test_the_browser_loads_what_its_button_says():
    megabytes, seconds, gigabytes = map(float, re.search(LITE, PAGE, re.S).groups())
    assert (megabytes, seconds) == (in_the_browser.MEGABYTES, in_the_browser.SECONDS)
    assert gigabytes == 500 * megabytes / 1000


def test_other_rows_take_the_place_of_those_below_a_heading():
    above = "one\n\n" + measure_readers.heading(["a", "b"])
    text = measure_readers.replace_table(
        f"{above}| x | 1 |\n| y | 2 |\n\ntwo\n", ["a", "b"], [["z", "3"]]
    )
    assert text == f"{above}| z | 3 |\n\ntwo\n"


@pytest.mark.parametrize("what", ["VmHWM", "Pss", "Pss_Anon"])
def test_a_process_is_asked_for_the_memory_that_it_holds(what):
    held = bytearray(b"x") * 200_000_000
    assert measure_readers.megabytes(os.getpid(), what) > len(held) / 1e6


def test_texts_travel_packed_and_pictures_as_they_are(tmp_path):
    for name in ("page.html", "picture.webp"):
        (tmp_path / name).write_bytes(b"a" * 100_000)
    assert measure_readers.bytes_sent(tmp_path / "page.html") < 1000
    assert measure_readers.bytes_sent(tmp_path / "picture.webp") == 100_000
