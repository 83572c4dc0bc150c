"""The bank of questions: every lesson has its own, and asks again for those of earlier ones."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
import yaml

from cnnlib import language, questions

ROOT = Path(__file__).resolve().parent.parent
IN_LESSONS = re.compile(r"\b(?:this|the last) (?:lesson|page)\b|\bhere\b|\bour\b|\babove\b")

TRANSLATED = [name for name in questions.NOTEBOOKS if (ROOT / f"zh/{name}.ipynb").exists()]

each_lesson = pytest.mark.parametrize("lesson", questions.LESSONS)


def headings(notebook: str) -> list[str]:
    cells = nbformat.read(ROOT / f"{notebook}.ipynb", 4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"^##+ (.+)$", text, re.M)


def test_the_bank_has_the_lessons_of_the_book_in_its_order():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
    pages = [page["file"] for part in parts for page in part["chapters"]]
    lessons = [page for page in pages if page.startswith("chapters/")]
    assert list(questions.NOTEBOOKS) == [*lessons, "appendix/lesson-template"]


def test_every_module_of_the_bank_belongs_to_a_lesson():
    modules = {path.stem for path in Path(questions.__file__).parent.glob("on_*.py")}
    assert modules == {f"on_{lesson.replace('-', '_')}" for lesson in questions.LESSONS}


@each_lesson
def test_a_lesson_has_four_to_six_questions_that_make_sense_elsewhere(lesson):
    asked = questions.of(lesson)
    assert 4 <= len(asked) <= 6
    assert not [each.text for each in asked if IN_LESSONS.search(each.text)]


def test_no_two_lessons_ask_the_same():
    texts = [each.text for lesson in questions.LESSONS for each in questions.of(lesson)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("notebook", questions.NOTEBOOKS)
def test_every_question_names_the_one_section_of_its_lesson_that_answers_it(notebook):
    found = headings(notebook)
    for question in questions.of(questions.name_of(notebook)):
        assert found.count(question.see) == 1, f"{question.text} is answered in {question.see!r}"


@pytest.mark.parametrize("notebook", TRANSLATED)
def test_in_chinese_it_names_the_section_of_the_chinese_lesson(notebook, chinese):
    found = headings(f"zh/{notebook}")
    for question in questions.of(questions.name_of(notebook)):
        assert found.count(question.see) == 1, f"{question.text} is answered in {question.see!r}"


def test_a_lesson_asks_for_one_of_the_last_and_two_from_further_back():
    for number, lesson in enumerate(questions.LESSONS):
        asked = [questions.LESSONS.index(name) for name, _ in questions.recalled(lesson)]
        assert asked[:1] == [number - 1][: min(number, 1)]
        assert len(asked[1:]) == (2 if number > 1 else 0)
        assert all(earlier < number - 1 for earlier in asked[1:])


def test_neighbouring_lessons_never_ask_the_same_question():
    asked = [questions.recalled(lesson) for lesson in questions.LESSONS]
    assert all(len(set(each)) == len(each) for each in asked)
    assert not [both for one, other in pairwise(asked) if (both := set(one) & set(other))]


def test_every_lesson_comes_back_and_further_back_than_the_last():
    """Those that can: the last but one is the first that a lesson asks for from further back."""
    again = {name for lesson in questions.LESSONS for name, _ in questions.recalled(lesson)[1:]}
    assert again >= set(questions.LESSONS[:7])


def test_a_lesson_gives_all_its_questions_before_it_gives_one_again():
    given = [each for lesson in questions.LESSONS for each in questions.recalled(lesson)]
    for lesson in questions.LESSONS:
        places = [number for name, number in given if name == lesson]
        count = len(questions.of(lesson))
        assert places == [turn % count for turn in range(len(places))]


@each_lesson
def test_recall_shows_the_questions_that_it_names_with_links_to_their_lessons(lesson):
    asked = questions.recalled(lesson)
    if not asked:
        with pytest.raises(ValueError, match="'convolution' is the first lesson"):
            questions.recall(lesson)
        return
    shown = questions.recall(lesson)
    texts = [questions.of(name)[place].text for name, place in asked]
    assert [each["text"] for each in shown.options["questions"]] == texts
    links = re.findall(r'<a href="([^"#]+)#[^"]+">(?:lesson (\d+), )?[^<]+</a>', shown.fallback)
    here = (ROOT / questions.NOTEBOOKS[questions.LESSONS.index(lesson)]).parent
    targets = [(here / address).resolve().relative_to(ROOT).as_posix() for address, _ in links]
    notebooks = [questions.NOTEBOOKS[questions.LESSONS.index(name)] for name, _ in asked]
    assert targets == [f"{notebook}.ipynb" for notebook in notebooks]
    assert [int(number) for _, number in links] == [int(re.search(r"\d+", n)[0]) for n in notebooks]


def test_an_unknown_lesson_is_refused_with_the_names_there_are():
    for asking in (questions.of, questions.quiz, questions.recall, questions.recalled):
        with pytest.raises(ValueError, match="'06-receptive-fields': the names are convolution, "):
            asking("06-receptive-fields")


def test_in_chinese_the_twins_ask_and_lead_to_chinese_headings(chinese):
    asked = questions.recall("before-cnns")
    assert asked.options["heading"] == "你还记得吗？"
    (question,) = asked.options["questions"]
    assert question["text"] == questions.of("convolution")[0].text
    heading = questions.of("convolution")[0].see
    assert f'href="01-convolution.ipynb#{quote(heading)}">第1课：{heading}</a>' in asked.fallback


def test_a_question_keeps_its_language_when_another_is_spoken(chinese):
    theirs = questions.of("convolution")
    language.use("en")
    ours = questions.of("convolution")
    assert [each.answer.text for each in ours[:1]] == [each.answer.text for each in theirs[:1]]
    assert not {each.text for each in ours} & {each.text for each in theirs}


def test_a_language_without_the_lesson_is_told_of_and_english_does_not_stand_in(monkeypatch):
    monkeypatch.setattr(questions, "current", lambda: "tlh")
    with pytest.raises(ImportError, match=r"cnnlib\.questions\.tlh"):
        questions.of("weight-sharing")


def test_questions_are_made_when_they_are_asked_for():
    code = (
        "import sys, cnnlib.__main__; print('cnnlib.questions' in sys.modules);"
        "from cnnlib import questions; questions.quiz('convolution');"
        "print(*sorted(n for n in sys.modules if n.startswith(('cnnlib.questions.', 'tensorfl'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "cnnlib.questions.on_convolution"]
