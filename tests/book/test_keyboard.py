"""A reader without a mouse gets from the front page to the last lesson."""

import pytest

from tests.book.conftest import HTML, LESSONS

FOCUSED = """() => {
    const { className = "", id = "", href = "", textContent = "" } = document.activeElement ?? {};
    return { className, id, href, text: textContent.trim() };
}"""
MOST_STOPS = 400
SKIP = {"Skip to main content", "跳转至主要内容"}


def press_until(page, key: str, wanted) -> int:
    """How often a key has to be pressed until what has the focus is wanted."""
    for count in range(1, MOST_STOPS):
        page.keyboard.press(key)
        if wanted(page.evaluate(FOCUSED)):
            return count
    pytest.fail(f"not reached by {key} in {MOST_STOPS} steps from {page.url}")


def is_next(focused: dict) -> bool:
    return "right-next" in focused["className"]


def test_the_first_stop_skips_to_the_text(visit):
    with visit((HTML / "chapters" / "01-convolution.html").as_uri()) as page:
        page.keyboard.press("Tab")
        skip = page.locator("#pst-skip-link a")
        assert page.evaluate(FOCUSED)["text"] == skip.inner_text() in SKIP
        page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
        page.keyboard.press("Enter")
        assert page.url.endswith("#main-content")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_button_above_the_text_takes_the_focus_and_the_text_stays(visit):
    with visit(LESSONS[0].as_uri(), reduced_motion="reduce") as page:
        heading = page.locator("article section[id] h2").nth(4)
        heading.evaluate("it => it.scrollIntoView()")
        buttons = page.locator(".bd-header-article :is(a, button):visible").all()
        assert len(buttons) > 2
        for button in buttons:
            before = heading.bounding_box()["y"]
            button.focus()
            assert heading.bounding_box()["y"] == pytest.approx(before, abs=1)


def test_nothing_holds_the_focus_between_the_top_of_a_page_and_its_end(visit):
    with visit((HTML / "index.html").as_uri()) as page:
        press_until(page, "Tab", is_next)


def test_the_keyboard_leads_from_the_front_page_to_the_last_lesson(visit):
    with visit((HTML / "index.html").as_uri()) as page:
        seen = []
        for lesson in LESSONS:
            press_until(page, "Shift+Tab", is_next)  # from the end of the page: the shorter way
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/{lesson.name}")
            seen.append(lesson)
        assert seen == LESSONS
