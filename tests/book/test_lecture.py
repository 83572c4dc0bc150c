"""A lesson as slides: one section at a time, by keys, buttons and touch, and back to the text."""

import gzip

import pytest

from _ext.words import say
from scripts.lessons import ROOT
from tests.book.conftest import LESSONS, PAGES, name

ROOMS = [(1920, 1080), (1024, 768)]
LESSON = next(path for path in LESSONS if "receptive" in path.name)
SHOWN = """() => [...document.querySelectorAll(".bd-article section > :is(h1, h2, h3)")]
    .filter((heading) => heading.checkVisibility()).map((heading) => heading.innerText)"""
PLACE = ".lecture-bar output"
STAYS = "([heading, top]) => Math.abs(heading.getBoundingClientRect().top - top) <= 2"


@pytest.fixture(params=ROOMS, ids=lambda room: f"{room[0]}x{room[1]}")
def lesson(visit, request):
    width, height = request.param
    with visit(LESSON.as_uri(), viewport={"width": width, "height": height}) as page:
        yield page


def place(page) -> list[int]:
    return [int(number) for number in page.locator(PLACE).inner_text().split("/")]


def test_keys_lead_through_all_sections_one_at_a_time(lesson):
    headings = lesson.evaluate(SHOWN)
    lesson.keyboard.press("p")
    seen, steps = [], 0
    while True:
        (shown,) = lesson.evaluate(SHOWN)
        if shown not in seen:
            seen.append(shown)
        before = lesson.evaluate("scrollY"), place(lesson)
        lesson.keyboard.press(["PageDown", "ArrowRight", "ArrowDown", " "][steps % 4])
        steps += 1
        if (lesson.evaluate("scrollY"), place(lesson)) == before:
            break
    assert [heading for heading in headings if heading in seen] == seen
    alone = {"Exercises", "练习"}  # a heading with nothing below it but sections
    assert {h for h in headings if h not in seen} <= {
        h for h in headings if h.split(" ")[-1] in alone
    }
    assert place(lesson) == [len(seen), len(seen)]
    while place(lesson) != [1, len(seen)] or lesson.evaluate("scrollY") > 0:
        lesson.keyboard.press(["PageUp", "ArrowLeft"][steps % 2])
        steps += 1
        assert steps < 300


def test_what_is_read_passes_by_whole(lesson):
    """No part of a slide is jumped over: each comes to lie within the screen, or begins there."""
    lesson.keyboard.press("p")
    lesson.keyboard.press("End")
    last = place(lesson)[1]
    lesson.keyboard.press("Home")
    height = lesson.viewport_size["height"]
    passed = set()
    parts = """() => [...document.querySelectorAll(".lecture-now")].map((part, index) =>
        [index, part.getBoundingClientRect().top, part.getBoundingClientRect().bottom])"""
    for _ in range(300):
        here = place(lesson)[0]
        boxes = lesson.evaluate(parts)
        passed |= {(here, n) for n, top, _ in boxes if -1 <= top < height}
        lesson.keyboard.press("PageDown")
        if place(lesson)[0] != here:
            assert {n for slide, n in passed if slide == here} == {n for n, *_ in boxes}
            if place(lesson)[0] == last:
                return
    pytest.fail("the last slide never came")


def test_type_and_pictures_are_made_for_the_last_row(lesson):
    height = lesson.viewport_size["height"]
    lesson.locator("section > .cell img").first.scroll_into_view_if_needed()
    lesson.keyboard.press("p")
    size = """() => {
        const line = document.querySelector(".lecture-now:is(p)"), range = document.createRange();
        range.selectNodeContents(line);
        return parseFloat(getComputedStyle(line).lineHeight) *
            getComputedStyle(document.documentElement).getPropertyValue("--zoom");
    }"""
    assert lesson.evaluate(size) >= height / 25
    picture = lesson.locator(".lecture-now img:visible").first.bounding_box()
    assert picture["height"] >= 0.6 * height
    wide = "document.documentElement.scrollWidth <= innerWidth"
    for _ in range(place(lesson)[1]):
        assert lesson.evaluate(wide)
        lesson.keyboard.press("PageDown")


def test_code_is_folded_until_it_is_opened(lesson):
    shown = "section > .cell:has(> .cell_input) > .cell_output"  # the opening hides its code
    lesson.locator(shown).first.scroll_into_view_if_needed()
    lesson.keyboard.press("p")
    assert lesson.locator(".cell_input:visible").count() == 0
    lesson.locator(".lecture-now .lecture-code").first.click()
    assert lesson.locator(".cell_input:visible").count() == 1
    assert lesson.locator(".lecture-code[aria-expanded=true]").count() == 1


def test_escape_and_the_key_p_return_to_the_place_in_the_text(lesson):
    heading = lesson.locator("section h2").nth(4)
    heading.evaluate("heading => heading.scrollIntoView({ behavior: 'instant' })")
    top = heading.bounding_box()["y"]
    for key in ("Escape", "p"):
        lesson.keyboard.press("p")
        lesson.keyboard.press(key)
        lesson.wait_for_function(STAYS, arg=[heading.element_handle(), top])
    lesson.keyboard.press("p")
    (begun,) = lesson.evaluate(SHOWN)
    while lesson.evaluate(SHOWN) == [begun]:
        lesson.keyboard.press("PageDown")
    (left,) = lesson.evaluate(SHOWN)
    lesson.keyboard.press("Escape")
    heading = lesson.get_by_role("heading", name=left.removesuffix("#"))
    lesson.wait_for_function(STAYS, arg=[heading.element_handle(), 80])


def test_the_button_and_the_bar_do_what_the_keys_do(lesson):
    lesson.get_by_role("button", name=say("Show as slides (P)")).click()
    one, last = place(lesson)
    assert one == 1
    assert last > 10
    lesson.keyboard.press("End")
    lesson.get_by_role("button", name=say("Back"), exact=True).click()
    for _ in range(20):  # a slide that does not fit is scrolled first
        if place(lesson)[0] < last:
            break
        lesson.get_by_role("button", name=say("Back"), exact=True).click()
    assert place(lesson)[0] == last - 1
    lesson.get_by_role("button", name=say("On"), exact=True).click()
    assert place(lesson)[0] == last
    lesson.get_by_role("button", name=say("Back to the text (Escape)")).click()
    assert lesson.locator(PLACE).count() == 0
    assert len(lesson.evaluate(SHOWN)) > 10


def test_letters_in_a_box_and_keys_in_a_figure_are_their_own(lesson):
    figure = lesson.locator("cnn-receptive-field-explorer")
    figure.scroll_into_view_if_needed()
    box = figure.locator("select:visible").first
    box.focus()
    lesson.keyboard.press("p")
    assert lesson.locator(PLACE).count() == 0
    box.evaluate("element => element.blur()")
    lesson.keyboard.press("p")
    here = place(lesson)
    button = figure.locator("button:visible").first
    button.focus()
    lesson.keyboard.press("ArrowRight")
    assert place(lesson) == here


def test_a_finger_turns_the_page(visit):
    with visit(LESSON.as_uri(), viewport={"width": 1024, "height": 768}, has_touch=True) as page:
        page.keyboard.press("p")
        swipe = """(across) => {
            const target = document.querySelector(".lecture-now");
            const at = (x) => new Touch({ identifier: 1, target, clientX: x, clientY: 300 });
            const send = (kind, x) => target.dispatchEvent(new TouchEvent(kind, {
                bubbles: true, touches: kind === "touchstart" ? [at(x)] : [],
                changedTouches: [at(x)] }));
            send("touchstart", 500);
            send("touchend", 500 + across);
        }"""
        page.keyboard.press("End")
        last = place(page)[1]
        for _ in range(20):  # a slide that does not fit is scrolled first
            page.evaluate(swipe, 200)
            if place(page)[0] < last:
                break
        assert place(page)[0] == last - 1
        page.evaluate(swipe, -20)
        assert place(page)[0] == last - 1
        page.evaluate(swipe, -200)
        assert place(page)[0] == last


def test_only_pages_with_cells_have_slides(visit):
    with visit(next(p for p in PAGES if name(p) == "index.html").as_uri()) as page:
        page.keyboard.press("p")
        assert page.locator(".lecture-start, .lecture-bar").count() == 0


def test_slides_cost_at_most_six_kilobytes():
    files = [ROOT / "_static" / file for file in ("lecture.js", "lecture.css")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 6000
