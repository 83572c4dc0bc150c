"""Every page, as a reader meets it in a browser: nothing asked of others, nothing wrong or cut off.

A page is opened once, from its file, and looked at in the light and in the dark, on a desk and on a
phone. Colours do not depend on the width, nor places on the theme: axe reads each page on a light
desk and on a dark phone, and in all four ways those that stand for what all pages share.
"""

from pathlib import Path

import axe_playwright_python
import pytest

from tests.book.conftest import HTML, PAGES, name
from tests.interactive.test_page import SEEN

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = {rule: {"enabled": True} for rule in ("target-size", "label-content-name-mismatch")}
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
VIEWS = [("light", DESK), ("dark", DESK), ("dark", PHONE), ("light", PHONE)]
ALWAYS_READ = [("light", DESK), ("dark", PHONE)]
READ_IN_ALL = {"index.html", "search.html", "01-convolution.html"}
# Of words that look alike, from their own style up to the page's, three have their contrast read.
ONCE = """() => {
    const kinds = new Map(), read = new Map();
    for (const node of document.querySelectorAll("*")) {
        const style = getComputedStyle(node);
        const look = JSON.stringify([
            kinds.get(node.parentElement), node.tagName, node.getAttribute("class"),
            node.matches(":disabled, [aria-disabled]"), node.checkVisibility(), style.display,
            style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
            style.fontSize, style.fontWeight, style.textShadow, style.position, style.visibility]);
        const words = [...node.childNodes].map((text) => text.nodeValue ?? "").join("").trim();
        const like = read.get(look) ?? { kind: read.size, times: 0 };
        kinds.set(node, like.kind);
        read.set(look, like);
        like.times += words.length > 1;  // of a single sign axe says nothing
        node.toggleAttribute("data-again", words.length === 1 || like.times > 3);
    }
    axe.configure({ rules: [{ id: "color-contrast", selector: ":not([data-again])" }] });
}"""
# The experimental rule on labels is for the page; figures to touch have shadow trees, and tests.
VIOLATIONS = """async (options) => (await axe.run(options)).violations.map(({ id, nodes }) =>
    [id, nodes.filter(({ target }) => id !== "label-content-name-mismatch" ||
        typeof target[0] === "string").map(({ html }) => html.slice(0, 100))]
).filter(([, nodes]) => nodes.length)"""
MOVING = """() => [...document.querySelectorAll("*")].filter((node) => {
    const { transitionDuration, animationName } = getComputedStyle(node);
    return node.checkVisibility() && (transitionDuration !== "0s" || animationName !== "none");
}).map((node) => node.outerHTML.slice(0, 80))"""
# The theme tells the keyboard what scrolls a moment after the width has changed.
REACHABLE = """() => [...document.querySelectorAll("main [tabindex='-1']:not(a)")].every((node) =>
    node.scrollWidth <= node.clientWidth && node.scrollHeight <= node.clientHeight)"""
OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"

each_page = pytest.mark.parametrize("path", [p for p in PAGES if p.name != "404.html"], ids=name)


@each_page
def test_a_page_is_sound_in_the_light_and_the_dark_on_a_desk_and_a_phone(path, visit):
    with visit(path.as_uri(), reduced_motion="reduce", viewport=DESK) as page:
        wake_figures(page)
        page.evaluate(AXE)
        assert page.evaluate(MOVING) == []
        for theme, size in VIEWS:
            page.emulate_media(color_scheme=theme)
            if page.viewport_size != size:
                page.set_viewport_size(size)
                wake_figures(page)  # what is far keeps the height that it had
            page.wait_for_function(REACHABLE)
            page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
            assert page.evaluate(OVERFLOW) <= 0, (theme, size)
            if (theme, size) in ALWAYS_READ or path.name in READ_IN_ALL:
                assert violations(page) == [], (theme, size)


@pytest.mark.parametrize(
    "make", ["p => p.style.color = '#999'", "p => p.parentElement.style.background = '#777'"]
)
def test_words_that_are_hard_to_read_are_found_among_many_that_look_alike(make, visit):
    with visit((HTML / "chapters" / "01-convolution.html").as_uri(), viewport=DESK) as page:
        page.evaluate(AXE)
        page.evaluate(ONCE)
        page.locator("main section > p[data-again]").last.evaluate(make)
        found = dict(violations(page))
    assert list(found) == ["color-contrast"]
    assert any(html.startswith("<p") for html in found["color-contrast"])


def violations(page):
    """What axe finds on a page, by rule."""
    page.evaluate(ONCE)
    options = {"rules": RULES, "preload": False, "resultTypes": ["violations"]}
    return page.evaluate(VIOLATIONS, options)


def wake_figures(page):
    """Bring each figure to touch near: it waits for that."""
    for figure in page.query_selector_all("[data-options]"):
        figure.evaluate("figure => figure.scrollIntoView()")
        page.wait_for_function(SEEN, arg=figure)
    page.evaluate("scrollTo(0, 0)")


def test_there_are_pages():
    assert {"index.html", "404.html", "search.html", "genindex.html"} <= {p.name for p in PAGES}
    assert HTML / "chapters" / "01-convolution.html" in PAGES
