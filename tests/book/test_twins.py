"""A Chinese page takes its anchors from the English one, and a heading too few fails the build."""

import subprocess

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.book.test_address import LESSON, leads_to, read_sections, small_book

__all__ = ["small_book"]


def translate(html, *headings: str) -> None:
    """Write a Chinese lesson with these headings, and a front page that links to the last."""
    root = html.parent.parent
    cells = [nbformat.v4.new_markdown_cell(f"{heading}\n\n一。") for heading in headings]
    cells.append(nbformat.v4.new_code_cell("1"))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, root / "zh" / f"{LESSON}.ipynb")
    link = f"[手算]({LESSON}.ipynb#by-hand)"
    (root / "zh" / "index.md").write_text(f"# 一本小书\n\n{link}\n", "utf-8")


def test_a_link_to_an_english_heading_leads_to_the_chinese_one(small_book):
    html = small_book()
    translate(html, "# 数一样东西", "## 手算")
    chinese = small_book("zh")
    page = chinese / f"{LESSON}.html"
    assert read_sections(page) == read_sections(html / f"{LESSON}.html")
    assert "手算" in page.read_text("utf-8")
    assert f"{LESSON}.html#by-hand" in (chinese / "index.html").read_text("utf-8")
    assert leads_to(page)


def test_a_heading_too_few_fails_the_build(small_book, capfd):
    translate(small_book(), "# 数一样东西", "## 手算", "## 再算一遍")
    with pytest.raises(subprocess.CalledProcessError):
        small_book("zh")
    assert "has 3 headings, and the English page has 2" in " ".join(capfd.readouterr().err.split())


def test_a_break_in_the_source_is_no_blank_between_chinese_signs(small_book):
    html = small_book()
    translate(html, "# 数一样东西", "## 手算")
    text = "第一行。\n第二行，**粗**\n[链接](chapters/01-one.ipynb)，用\nNumPy\nand Keras。\n"
    (html.parent.parent / "zh" / "index.md").write_text(f"# 一本小书\n\n{text}", "utf-8")
    page = BeautifulSoup((small_book("zh") / "index.html").read_text("utf-8"), "html.parser")
    said = page.select_one("article section > p").get_text()
    assert said == "第一行。第二行，粗链接，用NumPy\nand Keras。"
