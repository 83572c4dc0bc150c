"""`make lesson` makes a lesson that passes every test of the lessons' form."""

import ast
import inspect
import re
import shutil
from pathlib import Path

import pytest
import yaml

from cnnlib import questions
from scripts import new_lesson
from tests import test_glossary, test_structure

ROOT = Path(__file__).resolve().parent.parent
OF_EACH_LESSON = [
    function
    for module in (test_structure, test_glossary)
    for name, function in vars(module).items()
    if name.startswith("test_") and list(inspect.signature(function).parameters) == ["path"]
]


@pytest.fixture
def course(tmp_path):
    for name in ("chapters", "appendix", "_toc.yml", "index.md", "cnnlib/questions"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


def listed(course):
    parts = yaml.safe_load((course / "_toc.yml").read_text("utf-8"))["parts"]
    files = [page["file"] for part in parts for page in part["chapters"]]
    return [name for name in files if name.startswith("chapters/")]


@pytest.mark.parametrize("name", ["00-before-all", "99-new-idea"])
def test_a_new_lesson_is_listed_and_in_order(course, name, monkeypatch):
    before = listed(course)
    new_lesson.new_lesson(name, course)
    assert listed(course) == sorted([*before, f"chapters/{name}"])
    monkeypatch.setattr(test_structure, "ROOT", course)
    test_structure.test_the_table_of_contents_lists_every_lesson_and_appendix_once()


def test_a_new_lesson_has_questions_in_the_bank(course):
    lesson = new_lesson.new_lesson("99-new-idea", course)
    bank = course / "cnnlib" / "questions"
    compile((bank / "on_new_idea.py").read_text("utf-8"), "questions", "exec")
    names = ast.literal_eval(
        re.search(
            r"^NOTEBOOKS = (\(.*?^\))", (bank / "__init__.py").read_text("utf-8"), re.M | re.S
        )[1]
    )
    assert names == (*questions.NOTEBOOKS[:-1], "chapters/99-new-idea", questions.NOTEBOOKS[-1])
    assert "lesson-template" not in re.findall(r"questions\.\w+\(.*?\)", lesson.read_text("utf-8"))


@pytest.mark.parametrize("check", OF_EACH_LESSON, ids=lambda check: check.__name__)
def test_a_new_lesson_has_the_form_of_a_lesson(course, check):
    check(new_lesson.new_lesson("99-new-idea", course))


def test_a_new_lesson_is_not_done_before_it_is_written(course):
    lesson = new_lesson.new_lesson("99-new-idea", course)
    with pytest.raises(AssertionError, match="write the cells"):
        test_structure.test_a_lesson_keeps_no_words_of_the_template(lesson)


def test_a_new_lesson_is_missed_until_the_lesson_before_leads_there(course, monkeypatch):
    lesson = new_lesson.new_lesson("99-new-idea", course)
    monkeypatch.setattr(test_structure, "LESSONS", sorted(lesson.parent.glob("*.ipynb")))
    with pytest.raises(AssertionError, match="link to 99-new-idea"):
        test_structure.test_the_lesson_before_leads_here(len(test_structure.LESSONS) - 1)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "two digits and words, as in 18-new-idea, not ''"),
        ("14", "not '14'"),
        ("14-New", "not '14-New'"),
        ("../14-x", "not '../14-x'"),
        ("09-again", "number 09 is taken by 09-lenet-by-hand"),
        ("99-lenet-by-hand", "has questions in cnnlib/questions/on_lenet_by_hand.py"),
    ],
)
def test_a_bad_name_is_refused_and_nothing_is_made(course, name, words):
    before = sorted(course.rglob("*")), (course / "_toc.yml").read_text("utf-8")
    with pytest.raises(ValueError, match=words.replace(".", r"\.")):
        new_lesson.new_lesson(name, course)
    assert (sorted(course.rglob("*")), (course / "_toc.yml").read_text("utf-8")) == before
