"""A small book, built once with an address on GitHub and once without: its buttons, and no others.

The whole book has been built in one of these states; this one has its settings and its extensions.
"""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup

from scripts.address import ROOT
from tests.book.test_pages import AXE, DESK, RULES, VIOLATIONS

HOUSE = ["_config.yml", "_ext", "_static", "_templates", "references.bib", "scripts"]
HOUSE += ["zh/_config.yml", "zh/_static"]
PAGES = {
    "_toc.yml": "format: jb-book\nroot: index\nchapters: [{file: chapters/01-one}]\n",
    "index.md": "# A small book\n\nIt has one lesson.\n",
    "zh/index.md": "# 一本小书\n\n里面有一课。\n",
}
BUILD = """
from scripts.books import BOOKS
from scripts.pages import write_pages
book = BOOKS[{!r}]
folder, trees = book.build / "html", book.doctrees
raise SystemExit(not write_pages("html", folder, trees, book.source, nb_execution_mode="off"))
"""
LESSON = "chapters/01-one"
BROWSER = f"../lite/lab/index.html?path={LESSON}.ipynb"
SOURCE = f"../_sources/{LESSON}.ipynb"
GITHUB = "https://github.com/ada/course"
LEADS_AWAY = re.compile(r'href="https://(github\.com|mybinder|colab)')
EMPTY = ".article-header-buttons .dropdown:not(:has(a, button:not(.dropdown-toggle)))"


@pytest.fixture
def small_book(tmp_path):
    """Build one in a folder that is no checkout, and return its pages."""
    for name in HOUSE:
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, "utf-8")
    cells = [
        nbformat.v4.new_markdown_cell("# Count one thing\n\n## By hand\n\nOne.", id="one"),
        nbformat.v4.new_code_cell("1", id="two"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    for book in ("", "zh/"):
        (tmp_path / book / "chapters").mkdir()
        nbformat.write(notebook, tmp_path / f"{book}{LESSON}.ipynb")

    def build(language="en", **github):
        other = {name: value for name, value in os.environ.items() if "GITHUB_" not in name}
        command = [sys.executable, "-c", BUILD.format(language)]
        subprocess.run(command, cwd=tmp_path, env=other | github, check=True)
        return tmp_path / "_build" / ("html" if language == "en" else "zh/html")

    return build


def leads_to(page) -> list[str]:
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    return [link["href"] for link in soup.select(".article-header-buttons a")]


def read_sections(page) -> list[str]:
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    return [section["id"] for section in soup.select("article section")]


def look(visit, path, offered):
    """Open what is launched, in a browser: it offers these, nothing is empty, axe finds nothing."""
    with visit(path.as_uri(), viewport=DESK, reduced_motion="reduce") as page:
        assert page.locator(EMPTY).count() == 0
        page.locator(".dropdown-launch-buttons > button").click()
        menu = page.locator(".dropdown-launch-buttons .dropdown-menu.show")
        menu.wait_for()
        assert [text.split()[0] for text in menu.locator("a").all_inner_texts()] == offered
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS, {"rules": RULES, "preload": False}) == []


def test_with_an_address_its_buttons_lead_there(small_book, visit):
    html = small_book(GITHUB_REPOSITORY="ada/course", GITHUB_REF_NAME="spring")
    lesson = html / f"{LESSON}.html"
    browser, binder, colab, repository, edit, issue, source = leads_to(lesson)
    assert (browser, source) == (BROWSER, SOURCE)
    hosts = "https://mybinder.org", "https://colab.research.google.com"
    assert binder == f"{hosts[0]}/v2/gh/ada/course/spring?urlpath=lab/tree/{LESSON}.ipynb"
    assert colab == f"{hosts[1]}/github/ada/course/blob/spring/{LESSON}.ipynb"
    assert (repository, edit) == (GITHUB, f"{GITHUB}/edit/spring/{LESSON}.ipynb")
    assert issue.startswith(f"{GITHUB}/issues/new?")
    look(visit, lesson, ["Browser", "Binder", "Colab"])


def test_the_chinese_buttons_lead_to_the_chinese_notebooks(small_book):
    html = small_book("zh", GITHUB_REPOSITORY="ada/course", GITHUB_REF_NAME="spring")
    lesson = f"zh/{LESSON}.ipynb"
    browser, binder, colab, repository, edit, *_ = leads_to(html / f"{LESSON}.html")
    assert browser == f"../../lite/lab/index.html?path={lesson}"
    assert binder.endswith(f"/ada/course/spring?urlpath=lab/tree/{lesson}")
    assert colab.endswith(f"/ada/course/blob/spring/{lesson}")
    assert (repository, edit) == (GITHUB, f"{GITHUB}/edit/spring/{lesson}")


def test_without_one_it_offers_the_browser_and_the_download_alone(small_book, visit):
    html = small_book()
    assert leads_to(html / f"{LESSON}.html") == [BROWSER, SOURCE]
    assert leads_to(html / "index.html") == ["_sources/index.md"]
    for page in html.rglob("*.html"):
        assert not LEADS_AWAY.search(page.read_text("utf-8")), page
    look(visit, html / f"{LESSON}.html", ["Browser"])
