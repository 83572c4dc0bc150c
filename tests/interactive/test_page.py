"""Every figure: light, reachable, readable, and at home on any page."""

import re
from pathlib import Path

import axe_playwright_python
import pytest

from cnnlib import interactive

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
KILOBYTES = {"digit-reader": 260, "parameter-ledger": 84}
# An experimental rule besides: names begin with the words that are shown.
RULES = {"rules": {"label-content-name-mismatch": {"enabled": True}}}
TALL = '<div style="height:3000px"></div>'
SEEN = "figure => Boolean(figure.shadowRoot)"
# An observer is told for the first time after those that came before it: the figure's own.
SEES_WHAT_IS_NEAR = """figure => new Promise((tell) =>
    new IntersectionObserver(() => tell(true)).observe(figure))"""
FOCUSED = """() => {
    let here = document.activeElement;
    while (here.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
    if (!here.getRootNode().host) return null;
    here.seen ??= Math.random();
    const outlined = (node) => parseFloat(getComputedStyle(node).outlineWidth) >= 2 &&
        getComputedStyle(node).outlineStyle !== "none";
    const near = [here, here.nextElementSibling, here.parentElement].filter(Boolean);
    return { id: here.seen, what: here.outerHTML.slice(0, 80), seen: near.some(outlined) };
}"""


def element(page, figure):
    """The figure, once it is there."""
    found = page.locator(f"cnn-{figure.name}").first
    page.wait_for_function(SEEN, arg=found.element_handle())
    return found


@pytest.fixture(scope="module")
def phone(figure, show_once):
    """The figure on a dark phone whose owner asked for rest."""
    options = {"has_touch": True, "reduced_motion": "reduce"}
    return element(show_once(figure, width=390, theme="dark", **options), figure)


@pytest.fixture(scope="module")
def desk(figure, show_once):
    """The figure on a light desk, twice."""
    return element(show_once(figure, figure), figure)


def test_it_weighs_little(figure):
    size = len(figure._repr_html_().encode())
    assert size <= 1024 * KILOBYTES.get(figure.name, 50)


def test_it_says_its_numbers_in_a_terminal(figure):
    assert re.search(r"\d", repr(figure))
    assert "<" not in repr(figure)


@pytest.mark.parametrize("place", ["phone", "desk"])
def test_axe_finds_nothing_and_nothing_is_cut_off(figure, place, request):
    card = request.getfixturevalue(place)
    page = card.page
    assert card.evaluate("figure => figure.hasAttribute('data-dark')") == (place == "phone")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.add_script_tag(content=AXE.read_text("utf-8"))
    found = page.evaluate("async (rules) => (await axe.run(rules)).violations", RULES)
    assert [(v["id"], [n["html"][:100] for n in v["nodes"]]) for v in found] == []


def test_without_scripts_it_still_says_something(figure, show):
    page = show(figure, java_script_enabled=False)
    assert re.search(r"\d", page.locator(f"cnn-{figure.name}").inner_text())
    assert page.locator(f"cnn-{figure.name} :is(table, svg, img, details)").first.is_visible()


def test_it_waits_until_the_reader_comes_near(figure, show):
    page = show(figure, body=TALL)
    far = page.locator(f"cnn-{figure.name}")
    assert far.evaluate(SEES_WHAT_IS_NEAR)
    assert not far.evaluate(SEEN)
    far.scroll_into_view_if_needed()
    element(page, figure)


def test_nothing_moves_for_who_asked_for_rest(phone):
    moving = phone.evaluate(
        """figure => [...figure.shadowRoot.querySelectorAll("*")].filter((node) => {
            const { transitionDuration, animationName } = getComputedStyle(node);
            return parseFloat(transitionDuration) > 0 || animationName !== "none";
        }).length"""
    )
    assert moving == 0


def test_what_is_touched_is_large_enough(phone):
    small = phone.evaluate(
        """figure => [...figure.shadowRoot.querySelectorAll("button, select, input")]
            .filter((node) => node.checkVisibility())
            .map((node) => [node.outerHTML.slice(0, 60), node.getBoundingClientRect()])
            .filter(([, box]) => Math.min(box.width, box.height) < 23.5).map(([what]) => what)"""
    )
    assert small == []


def test_the_tab_key_leads_through_it_and_one_sees_where(phone):
    stops, keyboard = [], phone.page.keyboard
    for _ in range(60):
        keyboard.press("Tab")
        stop = phone.page.evaluate(FOCUSED)
        if stops and (stop is None or stop["id"] == stops[0]["id"]):
            break
        stops += [stop] if stop else []
    else:
        pytest.fail("more than 60 stops, or a trap")
    assert len(stops) >= 2
    assert [stop["what"] for stop in stops if not stop["seen"]] == []


def test_the_theme_of_the_page_wins(phone):
    page, dark = phone.page, "figure => figure.hasAttribute('data-dark')"
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    page.wait_for_function(f"figure => !({dark})(figure)", arg=phone.element_handle())
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(dark, arg=phone.element_handle())


def test_a_press_is_answered_and_the_other_figure_is_left_alone(figure, desk):
    other = desk.page.locator(f"cnn-{figure.name}").nth(1)
    other.scroll_into_view_if_needed()
    desk.page.wait_for_function(SEEN, arg=other.element_handle())
    before = other.evaluate("figure => figure.shadowRoot.innerHTML")
    at_rest = desk.evaluate(
        """figure => {
            const root = figure.shadowRoot, before = root.innerHTML;
            [...root.querySelectorAll("button:not(:disabled)")].some((button) => {
                button.click();
                return root.innerHTML !== before;
            });
            return before;
        }"""
    )
    desk.page.wait_for_function(
        "([figure, at_rest]) => figure.shadowRoot.innerHTML !== at_rest",
        arg=[desk.element_handle(), at_rest],
    )
    assert other.evaluate("figure => figure.shadowRoot.innerHTML") == before


def test_every_figure_is_documented():
    for name in interactive.__all__:
        assert ">>>" in getattr(interactive, name).__doc__
