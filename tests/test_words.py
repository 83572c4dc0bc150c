"""The site's words: each that is said has its Chinese, and the catalogue has no others."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import jupyter_book
import notfound
import pydata_sphinx_theme
import pytest
import sphinx
import sphinx_book_theme

from _ext import words
from _ext.chinese_search import split
from _ext.proofs import in_chinese
from scripts import audit
from scripts.books import ROOT

PACKAGES = (sphinx, pydata_sphinx_theme, sphinx_book_theme, jupyter_book, notfound)
THEIRS = [Path(each.__path__[0]) for each in PACKAGES]
OURS = [ROOT / name for name in ("_ext", "_templates", "scripts")]
WRITTEN = {".html", ".js", ".pot", ".py", ".yml"}


def said() -> set[str]:
    """What our extensions, scripts of the site and builders say to readers."""
    found = {"output"}
    for path in [*ROOT.glob("_ext/*.py"), *ROOT.glob("scripts/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
            if named and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    for path in ROOT.glob("_static/*.js"):
        found |= set(words.SAID.findall(path.read_text("utf-8")))
    return found


def test_each_sentence_has_its_chinese():
    assert len(said()) > 20
    assert said() - set(words.CATALOGUE) == set()


def test_each_entry_is_said_somewhere():
    files = [path for folder in OURS + THEIRS for path in folder.rglob("*")]
    text = "".join(path.read_text("utf-8") for path in files if path.suffix in WRITTEN)
    assert [entry for entry in set(words.CATALOGUE) - said() if entry not in text] == []


def test_the_catalogue_keeps_what_a_sentence_puts_in():
    for english, chinese in words.CATALOGUE.items():
        assert sorted(re.findall(r"{\w*}", english)) == sorted(re.findall(r"{\w*}", chinese))


@pytest.fixture(params=["zh_CN", "en"])
def code(request):
    words.speak(request.param)
    yield request.param
    words.speak("en")


def test_a_sentence_is_said_in_the_language_that_is_spoken(code):
    page = {"en": "Answers: page 7", "zh_CN": "答案：第7页"}
    assert words.say("Answers: page {page}", page=7) == page[code]


def test_the_theme_is_exchanged_around_the_text_alone():
    page = '<a title="Search this book..."> Contents </a><article title="Light">Contents</article>'
    assert words.exchange_shown(page) == (
        '<a title="在本书中搜索……"> 本页内容 </a><article title="浅色">Contents</article>'
    )


@pytest.mark.parametrize("phrase", ["感受野", "卷积神经网络", "权重共享"])
def test_a_phrase_is_found_by_the_pairs_of_its_signs(phrase):
    pairs = {"".join(pair) for pair in pairwise(phrase)}
    assert pairs <= set(split(f"LeNet的{phrase}，说明"))
    assert "LeNet" in split(f"LeNet的{phrase}")


@pytest.mark.parametrize(
    ("sentence", "chinese"),
    [
        ("learned from 1.2 million photos", "120万"),
        ("62 million parameters", "6200万"),
        ("62 million parameters, told with a comma", "6,200万"),
        ("3 billion steps", "30亿"),
        ("15 thousand images", "1.5万"),
        ("11 percent of them", "11%"),
        ("61,706 parameters", "61,706"),
    ],
)
def test_a_number_is_looked_for_as_chinese_writes_it(sentence, chinese):
    (claim,) = audit.claims(sentence)
    assert in_chinese(claim, f"共有{chinese}个") == chinese
