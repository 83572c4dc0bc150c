"""A guess: committed before the output shows, and then both side by side."""

import re
from pathlib import Path

import pytest

from cnnlib.interactive import guess_choice, guess_number, guess_point

ROOT = Path(__file__).parents[2]
NUMBER = guess_number("How many weights?", 1500, "weights")


@pytest.fixture
def ask(show):
    """A page as the book's: a cell that asks, and the next, whose output waits."""
    style = (ROOT / "_static" / "course.css").read_text("utf-8")

    def ask(figure, **options):
        output = '<div class="cell"><div class="cell_output">COMPUTED</div></div>'
        body = f'<style>{style}</style><div class="cell">{figure._repr_html_()}</div>{output}'
        page = show(body=body, **options)
        if options.get("java_script_enabled", True):
            page.locator("cnn-guess .card").wait_for()
        return page

    return ask


def is_shown(page) -> bool:
    return page.get_by_text("COMPUTED", exact=True).is_visible()


def told(page) -> str:
    return " ".join(page.locator("cnn-guess").get_by_role("status").inner_text().split())


def test_the_output_waits_for_the_guess_and_then_both_are_shown(ask):
    page = ask(NUMBER)
    assert not is_shown(page)
    page.get_by_role("textbox", name="My guess").fill("1,000")
    page.get_by_role("button", name="This is my guess").click()
    assert told(page).startswith("You guessed 1,000 weights; it is 1,500 weights.")
    guess, answer = page.locator("cnn-guess .mark span").all()
    assert guess.inner_text() == "your guess: 1,000"
    assert answer.inner_text() == "computed: 1,500"
    assert is_shown(page)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,500", "1,500"),
        (" 1500 ", "1,500"),
        ("1 500", "1,500"),
        ("1.5e3", "1,500"),
        ("1,5", "1.5"),
        ("0.25", "0.25"),
        (".25", "0.25"),
        ("25 %", "0.25"),
        ("−3", "-3"),
        ("1,234,567.5", "1,234,567.5"),
    ],
)
def test_a_number_may_be_written_as_people_write_it(ask, typed, meant):
    page = ask(NUMBER)
    page.get_by_role("textbox").fill(typed)
    page.keyboard.press("Enter")
    assert told(page).startswith(f"You guessed {meant} weights")


@pytest.mark.parametrize("typed", ["", "many", "1,2,3x", "--1", "1..2"])
def test_what_is_no_number_is_said_and_nothing_shows(ask, typed):
    page = ask(NUMBER)
    page.get_by_role("textbox").fill(typed)
    page.keyboard.press("Enter")
    assert told(page) == "Write a number first, as in 1,200 or 0.5."
    assert not is_shown(page)


def test_a_place_on_an_axis_is_chosen_by_arrow_keys(ask):
    page = ask(guess_point("How many digits?", 2000, 100, 10_000, "digits", logarithmic=True))
    slider = page.get_by_role("slider", name="My guess")
    assert slider.get_attribute("aria-valuetext") == "1,000 digits"
    slider.focus()
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") == "10,000 digits"
    for key in ("Tab", "Enter"):
        page.keyboard.press(key)
    assert told(page).startswith("You guessed 10,000 digits; it is 2,000 digits.")
    assert "logarithmic axis" in told(page)
    first, second = (mark.bounding_box() for mark in page.locator("cnn-guess .mark span").all())
    assert second["x"] < first["x"]


def test_one_of_a_few_is_chosen_and_named(ask):
    page = ask(guess_choice("Which has most?", ["conv2", "fc6"], "fc6"))
    page.get_by_role("button", name="This is my guess").click()
    assert told(page) == "Choose an answer first."
    page.get_by_role("radio", name="conv2").check()
    page.keyboard.press("Enter")
    assert told(page) == "You guessed conv2; it is fc6."
    assert is_shown(page)


def test_a_right_guess_is_told_so(ask):
    page = ask(guess_choice("Which has most?", ["conv2", "fc6"], "fc6"))
    page.get_by_role("radio", name="fc6").check()
    page.get_by_role("button", name="This is my guess").click()
    assert told(page) == "You guessed fc6; and so it is."


def test_who_does_not_guess_may_see_it_too(ask):
    page = ask(NUMBER)
    page.get_by_role("button", name="Show it").click()
    assert told(page) == "It is 1,500 weights."
    assert is_shown(page)


def test_the_guess_is_kept_in_the_page_only(ask):
    page = ask(NUMBER)
    page.get_by_role("textbox").fill("7")
    page.keyboard.press("Enter")
    kept = "localStorage.length + sessionStorage.length + document.cookie.length"
    assert page.evaluate(kept) == 0
    page.reload()
    assert not is_shown(page)


def test_without_scripts_nothing_is_hidden(ask):
    page = ask(NUMBER, java_script_enabled=False)
    assert is_shown(page)
    assert "How many weights?" in page.locator("cnn-guess").inner_text()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: guess_number("", 3), "question must be words"),
        (lambda: guess_number("How many?", "3"), "answer must be a number, not '3'"),
        (lambda: guess_number("How many?", float("nan")), "answer must be a number"),
        (lambda: guess_point("Where?", 3, 5, 4), "low must be below high, not 5 and 4"),
        (lambda: guess_point("Where?", 3, 4, 5), "must lie from low to high, 4 to 5"),
        (lambda: guess_point("Where?", 3, 0, 5, logarithmic=True), "begins above 0, not at 0"),
        (lambda: guess_choice("Which?", ["a", "a"], "a"), "two or more different answers"),
        (lambda: guess_choice("Which?", ["a", "b"], "c"), "'c', must be one of a, b"),
    ],
)
def test_what_cannot_be_asked_is_refused(make, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        make()
