"""What does a reader know, at the end of a lesson, and what is left of it some lessons later?

The bank of all questions. Those of a lesson stand in a module of their own, named for it; the
lesson asks them in its quiz, and later lessons ask for them again. What each answer says is
computed when it is asked.
"""

import posixpath
import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from urllib.parse import quote

from cnnlib.interactive.choices import Link, Question
from cnnlib.interactive.choices import quiz as ask
from cnnlib.interactive.element import Touchable
from cnnlib.language import current, say

# The notebooks that ask, in the order in which they are read; the template stands behind them all.
NOTEBOOKS = (
    "chapters/01-convolution",
    "chapters/02-before-cnns",
    "chapters/03-gradients",
    "chapters/04-learned-kernels",
    "chapters/05-sparse-connectivity",
    "chapters/06-receptive-fields",
    "chapters/07-weight-sharing",
    "chapters/08-project-small-budget",
    "chapters/09-lenet-by-hand",
    "chapters/10-lenet-in-keras",
    "chapters/11-alexnet-by-hand",
    "chapters/12-alexnet-in-keras",
    "chapters/13-when-it-breaks",
    "chapters/14-equal-budgets",
    "chapters/15-lenet-in-numpy",
    "chapters/16-what-it-looks-at",
    "chapters/17-read-any-network",
    "appendix/lesson-template",
)
FURTHER_BACK = 2


def name_of(notebook: str) -> str:
    """The name of a lesson, which stays when lessons are numbered anew.

    >>> name_of("chapters/06-receptive-fields")
    'receptive-fields'
    """
    return re.sub(r"^\d+-", "", posixpath.basename(notebook))


LESSONS = tuple(map(name_of, NOTEBOOKS))


def of(lesson: str) -> tuple[Question, ...]:
    """The questions of a lesson, by its name without the number, in the language that is spoken.

    >>> of("receptive-fields")[1].answer.text
    '7×7'
    """
    _check(lesson)
    return _of(lesson, current())


@cache
def _of(lesson: str, language: str) -> tuple[Question, ...]:
    folder = __name__ if language == "en" else f"{__name__}.{language}"
    return tuple(import_module(f"{folder}.on_{lesson.replace('-', '_')}").questions())


def quiz(lesson: str) -> Touchable:
    """The quiz at the end of a lesson.

    >>> print(quiz("receptive-fields").text.splitlines()[5])
    2. Three 3×3 convolutions, stride 1, one behind the other. How much is seen?
    """
    questions = of(lesson)
    links = [Link(each.see, _address(lesson, each, lesson)) for each in questions]
    return ask(questions, links=links)


def recall(lesson: str) -> Touchable:
    """Three questions to begin a lesson with: one of the last lesson, two from further back.

    >>> print(recall("before-cnns"))
    What do you remember?
    1. A kernel of 2 moves in steps of 2 over 7 pixels. How many windows fit?
       a) 4
       b) 3.5
       c) 3

    The first lesson has nothing to recall, and raises a ValueError; the second has one question.
    """
    asked = recalled(lesson)
    if not asked:
        raise ValueError(f"{lesson!r} is the first lesson: recall begins in {LESSONS[1]!r}")
    questions = [of(name)[number] for name, number in asked]
    links = [
        Link(_place(name, question), _address(name, question, lesson))
        for (name, _), question in zip(asked, questions, strict=True)
    ]
    return ask(questions, say("What do you remember?"), links)


def recalled(lesson: str) -> list[tuple[str, int]]:
    """Which questions a lesson begins with: the lesson they come from, and their place in its quiz.

    >>> recalled("gradients")
    [('before-cnns', 0), ('convolution', 1), ('convolution', 2)]

    The last lesson is asked for one question. The lessons further back stand in a queue, which each
    joins when it is no longer the last: the first two give a question each, and go to its end. Each
    time a lesson gives its next question, and begins again after its last.
    """
    _check(lesson)
    return next(asked for name, asked in _schedule() if name == lesson)


def _schedule() -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Each lesson with what it recalls."""
    waiting: deque[str] = deque()  # the lessons further back, in the order in which they come
    given: dict[str, int] = {}
    for last, lesson in zip((None, *LESSONS), LESSONS, strict=False):
        asked = [last] if last else []
        for _ in range(FURTHER_BACK if waiting else 0):
            asked.append(waiting[0])
            waiting.rotate(-1)
        yield lesson, [(name, _next(name, given)) for name in asked]
        if last:
            waiting.append(last)


def _next(lesson: str, given: dict[str, int]) -> int:
    """The place of the question that a lesson gives next."""
    number = given.get(lesson, 0)
    given[lesson] = (number + 1) % len(_of(lesson, "en"))
    return number


def _place(lesson: str, question: Question) -> str:
    """The section that answers a question, as it is named in another lesson."""
    number = int(posixpath.basename(NOTEBOOKS[LESSONS.index(lesson)]).split("-")[0])
    return say("lesson {number}, {heading}", number=number, heading=question.see)


def _address(lesson: str, question: Question, reader: str) -> str:
    """Where the section lies that answers a question, as seen from a reader's lesson.

    Places are called as JupyterLab calls them; the book's own names are put in when it is built.
    """
    notebook, start = (NOTEBOOKS[LESSONS.index(name)] for name in (lesson, reader))
    path = posixpath.relpath(f"{notebook}.ipynb", posixpath.dirname(start))
    return f"{path}#{quote(question.see.replace(' ', '-'))}"


def _check(lesson: str) -> None:
    if lesson not in LESSONS:
        raise ValueError(f"no lesson is called {lesson!r}: the names are {', '.join(LESSONS)}")
