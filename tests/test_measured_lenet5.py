"""What lesson 10 says of LeNet's record is what its script wrote."""

import ast

import nbformat

from tests.test_measured_alexnet import assigned
from tests.test_structure import ROOT

TABLES = (ROOT / "appendix" / "measured" / "lenet5.txt").read_text("utf-8").split("\n\n")


def rows(table: str) -> list[list[str]]:
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_lesson_shows_what_was_measured():
    cells = nbformat.read(ROOT / "chapters" / "10-lenet-in-keras.ipynb", 4).cells
    source = next(cell.source for cell in cells if cell.id == "recorded-misread")
    kept, test = (rows(table) for table in TABLES if "|" in table)
    shown = ast.literal_eval(assigned(source, "MISREAD"))
    for place, (name, *counts) in enumerate(kept):
        assert shown[name]["kept out"] == tuple(map(int, counts))
        assert shown[name]["test"] == tuple(int(row[1 + place]) for row in test)
    assert list(shown) == [name for name, *_ in kept]
    pairs = [tuple(map(int, row[3:5])) for row in test]
    assert ast.literal_eval(assigned(source, "ONLY_ONE_READS")) == pairs


def test_the_digits_kept_out_chose_the_recipe_that_the_lesson_says():
    kept = {name: sum(map(int, counts)) for name, *counts in rows(TABLES[1])}
    assert f"Chosen: {min(kept, key=kept.get)}." in TABLES[2]
