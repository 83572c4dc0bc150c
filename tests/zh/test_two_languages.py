"""Each Chinese page has an English twin, and each of the two leads to the other's same heading."""

import re
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from scripts.books import CHINESE, ENGLISH

PAGES = sorted(
    path.relative_to(CHINESE.html).as_posix()
    for path in CHINESE.html.rglob("*.html")
    if "data-content_root=" in path.read_text("utf-8") and path.name != "404.html"
)
OF_THE_LIBRARY = {"appendix/api.html", "genindex.html", "py-modindex.html"}  # English alone has it
FOLDERS = {"en": ENGLISH.html, "zh-CN": CHINESE.html}
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
HAN = re.compile(r"[\u4e00-\u9fff]")

each_page = pytest.mark.parametrize("name", PAGES)


def read(path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_no_page_is_without_its_twin():
    english = {
        path.relative_to(ENGLISH.html).as_posix()
        for part in (".", "chapters", "appendix")
        for path in (ENGLISH.html / part).glob("*.html")
    }
    assert len(PAGES) > 3
    assert english - {*PAGES, "404.html"} <= OF_THE_LIBRARY


@each_page
def test_headings_have_the_ids_of_the_english_ones(name):
    theirs, ours = (
        [section["id"] for section in read(FOLDERS[code] / name).select("article section[id]")]
        for code in FOLDERS
    )
    assert ours == (theirs if name not in OF_THE_LIBRARY else theirs[: len(ours)])


@each_page
def test_a_page_says_its_language_and_where_the_other_is(name):
    addresses = {
        "en": ENGLISH.address() + name,
        "zh-CN": CHINESE.address() + name,
        "x-default": ENGLISH.address() + name,
    }
    for code, other in (("en", "zh-CN"), ("zh-CN", "en")):
        page = read(FOLDERS[code] / name)
        assert page.html["lang"] == code
        told = {link["hreflang"]: link["href"] for link in page.select("link[hreflang]")}
        assert told == addresses
        (switch,) = page.select("a[hreflang]")
        assert (switch["lang"], switch["hreflang"]) == (other, other)
        assert bool(HAN.search(switch.get_text())) == (other == "zh-CN")
        target = (FOLDERS[code] / name).parent / switch["href"]
        assert target.resolve() == FOLDERS[other] / name


def test_the_site_map_lists_both_books():
    listed = ElementTree.parse(ENGLISH.html / "sitemap.xml").iter()
    locations = {node.text for node in listed if node.text}
    pages = {name for name in PAGES if name.startswith(("chapters/", "appendix/", "index"))}
    for book in (ENGLISH, CHINESE):
        assert {book.address() + name for name in pages} <= locations
    assert not (CHINESE.html / "sitemap.xml").exists()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("code", FOLDERS)
def test_the_switch_leads_to_the_heading_that_is_seen_by_mouse_and_by_keyboard(code, size, visit):
    lesson = next(name for name in PAGES if name.startswith("chapters/"))
    other = next(each for each in FOLDERS if each != code)
    with visit((FOLDERS[code] / lesson).as_uri(), viewport=size, reduced_motion="reduce") as page:
        switch = page.locator("a[hreflang]")
        assert switch.is_visible()
        switch.click()
        assert page.url == (FOLDERS[other] / lesson).as_uri()  # from the top to the top
        heading = page.locator("article section[id] h2").nth(4)
        place = heading.evaluate("heading => heading.parentElement.id")
        heading.evaluate("heading => heading.scrollIntoView()")
        page.locator("a[hreflang]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{(FOLDERS[code] / lesson).as_uri()}#{place}")
        top = page.locator(f"[id='{place}']").evaluate("it => it.getBoundingClientRect().top")
        assert 0 <= top < size["height"] / 2


def test_whoever_is_lost_in_the_chinese_book_finds_its_own_page(site, browser):
    window = browser.new_context()
    page = window.new_page()
    page.goto(f"{site}zh/no/such/page.html")
    page.wait_for_url(f"{site}zh/404.html")
    page.locator("a[hreflang=en]").click()
    assert page.url.removesuffix("index.html") == site
    window.close()
