"""The quiz: each answer gets its reason, by mouse, keyboard and screen reader."""

import re

import pytest

from cnnlib.interactive import Link, Option, Question, quiz

RIGHT = Option("three `windows`", "two steps, and the start", right=True)
WRONG = Option("two", "it also stands at its < start")


def questions():
    first = Question("A kernel of 2 on 4 pixels: how many places?", [WRONG, RIGHT])
    return [first, Question("And on `5` pixels?", [Option("4", "yes", right=True), WRONG])]


@pytest.fixture
def card(show):
    page = show(quiz(questions()))
    page.locator("cnn-quiz fieldset").first.wait_for()
    return page.locator("cnn-quiz .card")


def verdict(card, number):
    return card.get_by_role("status").nth(number - 1)


def check(card, number):
    card.get_by_role("button", name=f"Check answer {number}").click()


def test_an_answer_gets_its_reason_and_counts(card):
    first = card.get_by_role("group", name="1. A kernel of 2 on 4 pixels: how many places?")
    first.get_by_role("radio", name="two", exact=True).check()
    check(card, 1)
    assert verdict(card, 1).inner_text() == f"✘ Not this one: {WRONG.why}"
    assert "0 of 2 right" in card.inner_text()
    first.get_by_role("radio", name="three windows").check()
    assert verdict(card, 1).inner_text() == ""
    check(card, 1)
    assert verdict(card, 1).inner_text() == f"✔ Right: {RIGHT.why}"
    assert "1 of 2 right" in card.inner_text()
    assert verdict(card, 2).inner_text() == ""


def test_nothing_chosen_is_said_and_not_counted(card):
    check(card, 2)
    assert verdict(card, 2).inner_text() == "Choose an answer first."
    assert "0 of 2 right" in card.inner_text()


def test_the_keyboard_is_enough(card):
    keys = card.page.keyboard
    for key in ("Tab", "Space", "ArrowDown", "Tab", "Enter"):
        keys.press(key)
    assert verdict(card, 1).inner_text().startswith("✔")
    assert verdict(card, 1).get_attribute("aria-live") == "polite"


def test_code_is_code_and_signs_are_text(card):
    assert card.locator("code").all_inner_texts() == ["windows", "5"]


def test_two_quizzes_on_a_page_do_not_share_their_answers(show):
    page = show(quiz(questions()), quiz(questions()))
    for number in (0, 1):
        card = page.locator("cnn-quiz").nth(number)
        card.scroll_into_view_if_needed()
        card.get_by_role("radio").nth(number).check()
    assert page.locator("cnn-quiz").nth(0).get_by_role("radio").nth(0).is_checked()


def test_without_scripts_the_answers_are_folded_below_the_questions(show):
    page = show(quiz(questions()), java_script_enabled=False)
    assert page.get_by_text("two", exact=True).first.is_visible()
    reason = page.get_by_text(WRONG.why).first
    assert not reason.is_visible()
    page.locator("summary").first.click()
    assert reason.is_visible()


LINKS = [Link("lesson 1, Slide & add", "#slide"), Link("lesson 2, Move", "other.html#move")]


def test_a_verdict_links_to_the_section_that_answers(show):
    page = show(quiz(questions(), "What do you remember?", LINKS), body='<p id="slide">here</p>')
    card = page.get_by_role("group", name="What do you remember?")
    assert card.get_by_text("What do you remember?", exact=True).is_visible()
    card.get_by_role("radio").first.check()
    assert page.get_by_role("link").count() == 0, "no answer was checked yet"
    check(card, 1)
    link = page.get_by_role("link")
    assert link.all_inner_texts() == [LINKS[0].text]
    assert card.get_by_role("status").first.aria_snapshot().count("link") == 1
    link.click()
    assert page.url.endswith("page.html#slide")
    card.get_by_role("radio", name="three windows").check()
    assert page.get_by_role("link").count() == 0
    check(card, 1)
    assert page.get_by_role("link").all_inner_texts() == [LINKS[0].text]


def test_links_stay_in_the_page_where_jupyterlab_finds_them(show):
    page = show(quiz(questions(), links=LINKS))
    page.locator("cnn-quiz fieldset").first.wait_for()
    found = page.evaluate("[...document.querySelectorAll('cnn-quiz > a')].map((a) => a.href)")
    assert [address.rpartition("/")[2] for address in found] == [
        "page.html#slide",
        "other.html#move",
    ]


def test_without_scripts_the_links_stand_with_the_answers(show):
    page = show(quiz(questions(), links=LINKS), java_script_enabled=False)
    link = page.locator("cnn-quiz a", has_text=LINKS[1].text)
    assert not link.is_visible()
    page.locator("summary").last.click()
    assert link.is_visible()


def test_it_is_the_same_each_time():
    assert quiz(questions())._repr_html_() == quiz(questions())._repr_html_()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Question("Why?", [WRONG, Option("x", "y")]), "has 0 right options (none)"),
        (lambda: Question("Why?", [RIGHT, Option("x", "y", True)]), "has 2 right options"),
        (lambda: Question("Why?", [RIGHT]), "must be at least 2, not 1"),
        (lambda: Question("Why?", [RIGHT, RIGHT]), "is there twice"),
        (lambda: Question("Why?", ["a", "b"]), "must be a list of Option"),
        (lambda: Question(" ", [WRONG, RIGHT]), "a question's text must be words"),
        (lambda: Option(61_706, "y"), "must be words, not 61706"),
        (lambda: Option("x", ""), "the reason of option 'x' must be words"),
        (lambda: Option("x", "`y"), "does not close it"),
        (lambda: Option("x", "y", right=1), "right must be True or False, not 1"),
        (lambda: quiz([]), "questions must be at least 1, not 0"),
        (lambda: quiz([questions()[0]] * 2), "is there twice"),
        (lambda: quiz([RIGHT]), "must be a list of Question"),
        (lambda: quiz(questions(), " "), "heading must be words"),
        (lambda: quiz(questions(), links=LINKS[:1]), "2 questions have 1 links"),
        (lambda: Question("Why?", [WRONG, RIGHT], " "), "the heading to see of 'Why?'"),
    ],
)
def test_a_bad_question_is_refused(wrong, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        wrong()
