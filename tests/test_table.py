"""Does the table show what the rows hold, in every form, and does it add up?

The tables themselves are kept in tests/golden. If one has changed and the change is meant, write
them anew with `RENEW_GOLDEN=1 .venv/bin/python -m pytest tests/test_table.py`, and read the diff.
"""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cnnlib import Dense, Network, architectures
from cnnlib.network import COLUMNS, MORE_COLUMNS
from cnnlib.table import Table

GOLDEN = Path(__file__).parent / "golden"
NETWORKS = {
    make.__name__: make()
    for make in (
        architectures.lenet5,
        architectures.lenet5_1998,
        architectures.alexnet,
        architectures.alexnet_2012,
        architectures.vgg16,
    )
}
FORMS = {
    "txt": Table.__str__,
    "html": Table._repr_html_,
    "md": Table._repr_markdown_,
}


class Cells(HTMLParser):
    """The cells of an HTML table, row by row."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.caption = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self.tag = tag

    def handle_data(self, data):
        if self.tag == "caption":
            self.caption += data.strip()
        elif self.rows and self.rows[-1] and data.strip():
            self.rows[-1][-1] += data.strip()


def cells(form, text):
    """A rendered table's cells: the header, the rows, the totals."""
    if form == "html":
        return Cells(text).rows
    lines = [line for line in text.splitlines() if line]
    if form == "txt":
        edges = [m.span() for m in re.finditer("-+", lines[2])]
        lines = [lines[1], *lines[3:]]
        return [[line[start:stop].strip() for start, stop in edges] for line in lines]
    lines = [lines[1], *lines[3:]]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NETWORKS)
def test_columns_add_up_to_the_totals_printed(name, form):
    network = NETWORKS[name]
    header, *rows, totals = cells(form, FORMS[form](network.table(*COLUMNS, *MORE_COLUMNS)))
    assert header == [name.replace("_", " ") for name in ("layer", *COLUMNS, *MORE_COLUMNS)]
    assert len(rows) == len(network)
    added = 0
    for column, total, *column_cells in zip(header, totals, *rows, strict=True):
        if re.fullmatch(r"[\d,]+", total):
            numbers = [int(cell.replace(",", "")) for cell in column_cells]
            assert sum(numbers) == int(total.replace(",", "")), column
            added += 1
    assert added == 7, "parameters (all, learning, not), connections, MACs, memory (two kinds)"
    assert totals[0] == "total"
    assert totals[header.index("parameters")] == f"{network.parameters:,}"
    assert totals[header.index("macs")] == f"{network.macs:,}"


KEPT = [f"{name}.txt" for name in NETWORKS] + ["lenet5.html", "lenet5.md"]


@pytest.mark.parametrize("file", KEPT)
def test_the_tables_are_those_that_are_kept(file):
    name, _, form = file.partition(".")
    text = FORMS[form](NETWORKS[name].table()) + "\n"
    if os.environ.get("RENEW_GOLDEN"):
        (GOLDEN / file).write_text(text, "utf-8")
    assert text == (GOLDEN / file).read_text("utf-8")


def test_no_table_is_kept_that_is_not_compared():
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(KEPT)


def test_rows_are_plain_data():
    table = NETWORKS["lenet5"].table()
    assert table.rows[0] == {
        "layer": "C1",
        "kind": "Conv2D",
        "output_shape": (28, 28, 6),
        "receptive_field": (5, 5),
        "parameters": 156,
        "connections": 122_304,
        "macs": 117_600,
    }
    assert table.columns == ("layer", *COLUMNS)
    assert table.totals == {"parameters": 61_706, "connections": 429_342, "macs": 416_520}
    assert table.title == "LeNet-5"


def test_the_columns_asked_for_are_shown_in_that_order():
    table = NETWORKS["lenet5"].table("macs", "start")
    assert table.columns == ("layer", "macs", "start")
    assert "(2.0, 2.0)" in str(table)


@pytest.fixture
def awkward():
    return Network((2,), [Dense(3, name="a|b & <i>c</i>")], name="<b>net</b> | $x_1$").table()


def test_html_escapes_names(awkward):
    page = awkward._repr_html_()
    assert "<b>" not in page
    assert "<i>" not in page
    assert Cells(page).rows[1][0].startswith("a|b & <i>c")
    assert Cells(page).caption.startswith("<b>net</b> |")


def test_markdown_escapes_names(awkward):
    assert cells("md", awkward.to_markdown())[1][0].startswith(r"a\|b")


def test_a_column_with_a_gap_has_no_total():
    table = Table(
        "gap", ({"layer": "a", "macs": 1, "units": 2}, {"layer": "b", "macs": "", "units": 3})
    )
    assert table.totals == {"units": 5}


def test_a_table_without_whole_numbers_has_no_line_of_totals():
    text = str(architectures.lenet5().table("output_shape"))
    assert "total" not in text
    assert text.endswith("10")
