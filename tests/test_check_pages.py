"""What no reader should meet on a page is found by the check that `make book` ends with."""

import pytest
from bs4 import BeautifulSoup

from scripts.check_pages import faults

OUTPUT = '<article><div class="cell_output">{}</div></article>'


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ('<img src="a.svg">', "without alt text"),
        ('<img src="a.svg" alt="a.svg">', "without alt text"),
        ('<script src="https://elsewhere.example/a.js"></script>', "asks another host"),
        ('<link rel="stylesheet" href="//elsewhere.example/a.css">', "asks another host"),
        (OUTPUT.format('<div class="traceback">ZeroDivisionError</div>'), "a traceback"),
        (OUTPUT.format("WARNING: all log messages"), "log noise"),
        (OUTPUT.format("&lt;object object at 0x7f3a&gt;"), "where in memory"),
        ("<article><p>\n::: {note}\n</p></article>", "a raw directive"),
    ],
)
def test_a_fault_is_named(page, says):
    assert [says in fault for fault in faults(BeautifulSoup(page, "html.parser"))] == [True]


def test_a_page_in_order_has_none():
    page = '<article><img src="a.svg" alt="A kernel."><pre>::: {note}</pre></article>'
    page += OUTPUT.format("1 &lt; 2 at 0x10")
    assert list(faults(BeautifulSoup(page, "html.parser"))) == []
