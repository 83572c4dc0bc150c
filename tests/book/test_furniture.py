"""Around the text: the way on, the place in the book, and what a page is found by."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from _ext.words import say
from scripts.books import ENGLISH
from tests.book.conftest import BOOK, HTML, LESSONS, PAGES, name

SITE = BOOK.address()
WRITTEN = [
    path for path in PAGES if (BOOK.source / path.relative_to(HTML)).with_suffix(".md").exists()
]
WRITTEN += LESSONS

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=name)


def read(path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@each_lesson
def test_a_lesson_leads_on_and_shows_where_it_stands(path):
    page = read(path)
    for before, after in pairwise(LESSONS):
        if path == before:
            assert page.select_one("a.right-next")["href"] == after.name
        if path == after:
            assert page.select_one("a.left-prev")["href"] == before.name
    number = int(path.name[:2])
    assert page.select_one("article.bd-article h1").get_text().startswith(f"{number}. ")
    assert page.select_one("article h2").get_text().startswith(f"{number}.1. ")
    here = page.select("#pst-primary-sidebar li.current > a.current")
    assert [link.get_text().split(".")[0] for link in here] == [str(number)]
    assert len(page.select("#pst-page-toc-nav a")) >= 6


@each_lesson
def test_a_lesson_can_be_taken_along(path):
    source = path.relative_to(HTML).with_suffix(".ipynb").as_posix()
    links = [link["href"] for link in read(path).select(".article-header-buttons a")]
    assert f"../_sources/{source}" in links
    assert (HTML / "_sources" / source).exists()


def test_code_is_copied_by_a_button(visit):
    with visit(LESSONS[0].as_uri(), permissions=["clipboard-read", "clipboard-write"]) as page:
        cell = page.locator("div.cell_input").nth(1)
        cell.hover()
        cell.locator("button.copybtn").click()
        page.locator("button.copybtn.success").wait_for()
        assert cell.locator("pre").inner_text().strip() in page.evaluate(
            "navigator.clipboard.readText()"
        ).replace("\r", "")


@pytest.mark.parametrize("path", WRITTEN, ids=name)
def test_a_page_says_what_it_is_to_who_links_to_it(path):
    page = read(path)
    said = {
        meta.get("property", meta.get("name")): meta["content"]
        for meta in page("meta", content=True)
    }
    least = 20 if BOOK == ENGLISH else 12  # signs that are words
    assert least <= len(said["description"]) <= 210
    assert said["og:description"] == said["description"]
    assert page.title.get_text().startswith(said["og:title"]) or path.name == "index.html"
    assert said["og:url"] == page.select_one('link[rel="canonical"]')["href"] == SITE + name(path)
    if BOOK == ENGLISH:  # no font that comes with the course writes a Chinese card
        with Image.open(HTML / said["og:image"].removeprefix(SITE)) as card:
            assert card.size[0] >= 1100


def test_the_mark_stands_on_each_page():
    for path in PAGES:
        page = read(path)
        assert page.select_one('link[rel="icon"]')["href"].endswith("_static/favicon.png")
        assert page.select_one("img.logo__image")["src"].endswith("_static/logo.svg")
    assert (HTML / "_static" / "favicon.png").exists()
    assert (HTML / "_static" / "logo.svg").exists()


def test_the_site_map_lists_the_pages():
    listed = ElementTree.parse(ENGLISH.html / "sitemap.xml").iter()
    locations = {node.text for node in listed if node.text}
    assert {SITE + name(path) for path in WRITTEN} <= locations


def test_a_wrong_address_leads_to_a_page_that_leads_back(site, browser):
    window = browser.new_context()
    page = window.new_page()
    answer = page.goto(f"{site}no/such/page.html")
    assert answer.status == 404
    page.locator("article h1").get_by_text(say("Page not found")).wait_for()
    assert page.evaluate("[...document.images].every((picture) => picture.naturalWidth > 0)")
    page.locator(".navbar-brand").first.click()
    assert page.url.removesuffix("index.html") == site
    window.close()


def test_terms_link_to_the_glossary_where_they_are_explained(visit):
    glossary = read(HTML / "appendix" / "glossary.html")
    links = read(LESSONS[0]).select('article a[href*="glossary.html#"]')
    assert links
    for link in links:
        assert glossary.find(id=link["href"].partition("#")[2])


def test_the_front_page_says_in_one_look_what_the_course_is(visit):
    with visit((HTML / "index.html").as_uri(), viewport={"width": 1280, "height": 900}) as page:
        for seen in (".opening p:last-child a", ".promise ul"):
            box = page.locator(seen).first.bounding_box()
            assert box["y"] + box["height"] < 900, seen
        figure = page.locator("cnn-digit-reader")
        assert figure.bounding_box()["x"] > 640
        for part in (".sheet", ".chances", ".samples"):
            box = figure.locator(part).bounding_box()
            assert box["y"] + box["height"] < 900, part
        said = figure.locator(".verdict")
        said.filter(has_text=re.compile("(reads |认作)3")).wait_for()
        figure.locator(".sample[aria-label*='8']").click()
        said.filter(has_text=re.compile("(reads |认作)8")).wait_for()


def test_the_path_gives_each_lesson_with_its_minutes():
    rows = read(HTML / "index.html").select(".lesson-list tbody tr")
    assert [row.select_one("a")["href"].split("/")[-1] for row in rows] == [p.name for p in LESSONS]
    assert all(re.fullmatch(r"\d+", row.select("td")[-1].get_text().strip()) for row in rows)


def test_a_printed_page_is_black_on_white_and_nothing_is_cut_off(visit):
    paper = {"width": 718, "height": 1000}  # A4 with its margins
    with visit(LESSONS[6].as_uri(), viewport=paper, color_scheme="dark") as page:
        page.emulate_media(media="print")
        colours = page.evaluate(
            """() => [getComputedStyle(document.body).backgroundColor,
                      getComputedStyle(document.querySelector("article p")).color]"""
        )
        assert colours[0] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
        assert sum(map(int, re.findall(r"\d+", colours[1])[:3])) < 150
        for part in ("#pst-primary-sidebar", ".prev-next-footer", ".article-header-buttons"):
            assert not page.locator(part).first.is_visible(), part
        assert page.evaluate(
            """() => [...document.querySelectorAll("article pre")]
                .every((code) => code.scrollWidth <= code.clientWidth + 1)"""
        )
