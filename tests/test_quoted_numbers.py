"""The page of quoted numbers: each is counted again, and its verdict is what the counts say."""

import math
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parent.parent / "appendix" / "quoted-numbers.md").read_text(
    "utf-8"
)
SIZES = {"": 1, "%": 1, "k": 1e3, "m": 1e6, "mb": 1e6, "million": 1e6}
SIZES |= {"g": 1e9, "gb": 1e9, "billion": 1e9}
VERDICTS = ("right", "loose", "wrong")
ROW = (
    r"^\| (?P<figure>[^|]+) \| [^|]+ \| (?P<count>[\d,.]+) \| `(?P<by>[^|`]+)` "
    r"\| \*\*(?P<verdict>\w+)\*\*(?P<why>[^|`]*)(`(?P<convention>[^|`]+)`)? \|$"
)
ROWS = [row.groupdict() for row in re.finditer(ROW, PAGE, re.M)]


@pytest.fixture(scope="module")
def names():
    """What the page defines for its expressions."""
    defined = {}
    exec(
        compile(re.search(r"```python\n(.*?)```", PAGE, re.S)[1], "quoted-numbers.md", "exec"),
        defined,
    )
    return defined


def gives(count: float, figure: str) -> bool:
    """Whether a count, rounded to the digits of a printed figure, is that figure."""
    number, size = re.fullmatch(r"(?:nearly |~)?([\d,.]+) ?(\w*|%)", figure).groups()
    decimals = len(number.partition(".")[2])
    zeros = len(number) - len(number.rstrip("0")) if size and not decimals else 0
    step = SIZES[size.lower()] * 10 ** (zeros - decimals)
    printed = float(number.replace(",", "")) * SIZES[size.lower()]
    return math.isclose(math.floor(count / step + 0.5) * step, printed)


def verdict_of(row: dict[str, str], names: dict) -> str:
    if gives(eval(row["by"], names), row["figure"]):
        return "right"
    if row["convention"] and gives(eval(row["convention"], names), row["figure"]):
        return "loose"
    return "wrong"


def test_every_row_of_the_tables_is_read():
    assert len(ROWS) == len(re.findall(r"^\| .*\*\*(?:right|loose|wrong)\*\*", PAGE, re.M)) >= 40


def test_the_page_says_how_many_of_each_there_are():
    said = re.search(r"Of the (\d+) figures (\d+) are right, (\d+) loose and (\d+) wrong", PAGE)
    counted = [[row["verdict"] for row in ROWS].count(verdict) for verdict in VERDICTS]
    assert [int(number) for number in said.groups()] == [len(ROWS), *counted]
    assert f"Here are {len(ROWS)} such figures" in PAGE


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["figure"])
def test_a_count_is_what_its_expression_gives(row, names):
    decimals = len(row["count"].partition(".")[2])
    assert round(eval(row["by"], names), decimals) == float(row["count"].replace(",", ""))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["figure"])
def test_a_verdict_is_what_the_counts_say(row, names):
    assert row["verdict"] == verdict_of(row, names)
    assert (row["convention"] is None) == (row["verdict"] != "loose"), "only the loose name another"
    if row["verdict"] != "right":
        assert row["why"].startswith(": "), "say why"


@pytest.mark.parametrize("planted", VERDICTS)
def test_a_planted_verdict_is_found(planted, names):
    others = [row for row in ROWS if row["verdict"] != planted]
    assert not any(verdict_of({**row, "verdict": planted}, names) == planted for row in others)


@pytest.mark.parametrize(
    ("figure", "count", "is_given"),
    [
        ("138M", 138_357_544, True),
        ("138M", 138_500_000, False),
        ("800K", 802_816, True),
        ("800K", 850_000, False),
        ("0.77G", 773_295_424, True),
        ("1,728", 1_728, True),
        ("1,728", 1_729, False),
        ("650,000", 659_272, False),
        ("60 million", 60_965_224, True),
        ("81%", 81.48, True),
        ("nearly 1 GB", 0.9e9, True),
        ("nearly 1 GB", 0.218e9, False),
    ],
)
def test_a_figure_is_read_to_the_digits_it_shows(figure, count, is_given):
    assert gives(count, figure) is is_given
