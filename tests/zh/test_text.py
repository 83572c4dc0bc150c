"""The text of the Chinese pages is set as Chinese, and shows no mark that Markdown should read."""

import re

from bs4 import BeautifulSoup

from scripts.books import CHINESE
from tests.zh.test_two_languages import DESK, HAN, PAGES, each_page

# What stands in the theme's own parts of a page and is no word: names, keys, kinds of files.
NO_WORDS = {"English", "Ctrl", "K", ".ipynb", ".pdf", ".md", "Binder", "Colab", "JupyterLab"}
TITLES = ".bd-links, .prev-next-footer, #pst-page-toc-nav, #jb-print-docs-body, a[hreflang]"
LETTERS = re.compile(r"[A-Za-z]{2}")


def page_of(name: str) -> BeautifulSoup:
    return BeautifulSoup((CHINESE.html / name).read_text("utf-8"), "html.parser")


@each_page
def test_no_mark_of_bold_is_left_in_the_text(name):
    page = page_of(name)
    for code in page.select("script, style, pre, code, .sig, math, [data-options]"):
        code.decompose()
    assert "**" not in page.get_text()


@each_page
def test_around_the_text_the_theme_speaks_chinese(name):
    page = page_of(name)
    told = [
        element[key]
        for key in ("title", "aria-label", "placeholder", "data-bs-title")
        for element in page.select(f"body [{key}]")
        if not element.find_parent("article")
    ]
    for part in page.select(f"article, script, style, noscript, {TITLES}"):  # lessons write titles
        part.decompose()
    told += [text for text in page.body.find_all(string=True) if type(text).__name__ != "Comment"]
    words = {" ".join(text.split()) for text in told} - NO_WORDS
    assert [text for text in words if LETTERS.search(text) and not HAN.search(text)] == []


def test_chinese_is_set_as_chinese(visit):
    with visit((CHINESE.html / PAGES[-1]).as_uri(), viewport=DESK) as page:
        styles = page.evaluate(
            """() => {
                const { lineBreak, textAutospace, fontFamily } = getComputedStyle(document.body);
                return { lineBreak, textAutospace, fontFamily };
            }"""
        )
    assert styles["lineBreak"] == "strict"
    assert styles["textAutospace"] in ("normal", None)  # Chromium has it since version 140
    for font in ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"):
        assert font in styles["fontFamily"]
