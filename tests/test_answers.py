"""On paper nothing is given away before the end of a part, and there everything is."""

import pytest
from bs4 import BeautifulSoup

from scripts.answers import PAGE_OF, answers_last

LESSON = """
<span id="document-chapters/{name}"></span><section><h2>{name}<a>#</a></h2>
<section><h3>Check yourself</h3><div class="cell tag_quiz"><cnn-quiz><p>1. How many?</p>
<details><summary>Answer</summary><ul><li>✔ 5 of {name}</li></ul></details></cnn-quiz></div>
</section>
<section><h3>Exercises</h3><section><h4>Exercise 1: Count<a>#</a></h4><p>How many?</p>
<div class="cell tag_proof">assert</div><div class="cell tag_check">def check_1</div>
<details><summary>Hint</summary><p>Add up {name}.</p></details>
<div class="cell tag_solution"><details><summary>A solution</summary>solution of {name}</details>
</div>
</section></section></section>"""


@pytest.fixture
def book():
    entry = '<li class="toctree-l1"><a href="#document-chapters/{0}">{0}</a></li>'
    parts = [["one", "two"], ["three"]]
    contents = "".join(f"<ul>{''.join(map(entry.format, part))}</ul>" for part in parts)
    wrapped = "".join(
        f'<div class="toctree-wrapper">{"".join(LESSON.format(name=name) for name in part)}</div>'
        for part in parts
    )
    page = f'<div id="jb-print-toc">{contents}</div><article>{wrapped}</article>'
    return BeautifulSoup(answers_last(page), "html.parser")


def test_answers_of_a_part_follow_its_last_lesson_in_order(book):
    first, second = book.select(".answers")
    assert [heading.get_text() for heading in first("h3")] == ["one", "two"]
    words = first.get_text(" ")
    places = [words.index(f"{what} one") for what in ("5 of", "Add up", "solution of")]
    assert places == sorted(places)
    assert first.parent.find_all("section", recursive=False)[-1] is first
    assert [heading.get_text() for heading in second("h3")] == ["three"]


def test_a_lesson_keeps_its_questions_and_no_answer(book):
    for answers in book.select(".answers"):
        answers.extract()
    words = book.get_text()
    assert words.count("How many?") == 6
    for given in ("✔", "Add up", "solution of", "check_1", "assert"):
        assert given not in words


def test_the_contents_and_the_quiz_lead_to_the_answers(book):
    assert [entry.get_text() for entry in book.select("#jb-print-toc li")] == [
        *("one", "two", "Answers"),
        *("three", "Answers"),
    ]
    for link in book.select('article a[href^="#document-answers"]'):
        assert book.find(id=link["href"][1:])
        assert PAGE_OF.format(link["href"][1:]) in link.get_text()


def test_an_exercise_is_named_with_its_hint_before_its_solution(book):
    heading = book.select_one(".answers h4:-soup-contains('Exercise 1')")
    hint, solution = heading.find_next_siblings("div")[:2]
    assert "Add up one" in hint.get_text()
    assert "solution of one" in solution.get_text()
