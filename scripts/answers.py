"""What a lesson folds away, on paper: answers, hints and solutions stand at the end of its part.

The code of checks and proofs is for screens, and so are guesses: they are left out.
"""

import re

from bs4 import BeautifulSoup, Tag

from _ext.words import say

PAGE_OF = "[page of {}]"  # where the page's number is to be written


def answers_last(page: str) -> str:
    """The long page of the whole book, its parts with their answers behind them."""
    book = BeautifulSoup(page, "html.parser")
    for cell in book.select(".tag_check, .tag_proof, .tag_guess"):
        cell.decompose()
    parts = [part for part in book.select(".toctree-wrapper") if part.select_one(".tag_solution")]
    for number, part in enumerate(parts, start=1):
        name = f"document-answers-{number}"
        lessons = part.find_all("section", recursive=False)
        part.append(tag(book, "span", id=name))
        part.append(
            answers := tag(book, "section", tag(book, "h2", say("Answers")), class_="answers")
        )
        for lesson in lessons:
            if lesson.select_one(".tag_solution"):
                refer(book, lesson, name)
                name_of = re.sub(r"^(\d+)\. ", say(r"Lesson \1: "), title(lesson))
                answers.append(tag(book, "h3", name_of))
                answers.extend(quiz_answers(book, lesson))
                answers.extend(solutions(book, lesson))
        list_in_contents(book, part, name)
    for place in book.select('.toctree-wrapper > span[id^="document-"]'):
        section = place.find_next_sibling("section")
        section.find(["h1", "h2"]).insert(0, place.extract())  # or it stays on the page before
    return str(book)


def tag(book: BeautifulSoup, name: str, *children, **attributes) -> Tag:
    attributes = {key.rstrip("_"): value for key, value in attributes.items()}
    made = book.new_tag(name, attrs=attributes)
    made.extend(children)
    return made


def title(section: Tag) -> str:
    """A section's heading, without the sign that links to it."""
    heading = section.find(["h2", "h3", "h4", "h5"])
    return "".join(heading.find_all(string=True)).removesuffix("#").strip()


def refer(book: BeautifulSoup, lesson: Tag, name: str) -> None:
    """Say under the quiz and above the exercises where the answers stand."""
    quiz = lesson.select_one(".tag_quiz")
    link = tag(book, "a", say("Answers: page {page}", page=PAGE_OF.format(name)), href=f"#{name}")
    quiz.insert_after(tag(book, "p", link))


def quiz_answers(book: BeautifulSoup, lesson: Tag):
    """Each question's options, with the reasons why they are right or wrong."""
    yield tag(book, "h4", say("Check yourself"))
    yield (questions := tag(book, "ol"))
    for fold in lesson.select("cnn-quiz details"):
        fold.summary.decompose()
        questions.append(tag(book, "li", *list(fold.children)))
        fold.decompose()


def solutions(book: BeautifulSoup, lesson: Tag):
    """Of each exercise the hint, then the solution."""
    for exercise in lesson.find_all("section"):
        solved = exercise.find_all(class_="tag_solution", recursive=False)
        if not solved:
            continue
        yield tag(book, "h4", title(exercise))
        for hint in exercise.find_all("details", recursive=False):
            hint.summary.replace_with(tag(book, "strong", say("Hint")))
            yield tag(book, "div", *list(hint.extract().children), class_="hint")
        yield from [cell.extract() for cell in solved]


def list_in_contents(book: BeautifulSoup, part: Tag, name: str) -> None:
    """Give the answers a line in the book's contents, behind the part's last lesson."""
    last = part.find_all("span", id=lambda value: value and value.startswith("document-"))[-2]
    entry = book.select_one(f'#jb-print-toc a[href="#{last["id"]}"]').find_parent("li")
    link = tag(book, "a", say("Answers"), class_="reference internal", href=f"#{name}")
    entry.insert_after(tag(book, "li", link, class_="toctree-l1"))
