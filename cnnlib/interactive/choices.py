"""The quiz: does the reader know it, and if not, what is it that they mix up?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from itertools import zip_longest
from typing import Any

from cnnlib.interactive.arguments import words
from cnnlib.interactive.element import Touchable, lead_html
from cnnlib.language import say


@dataclass(frozen=True)
class Option:
    """One answer to choose, and why it is right or wrong; text between backticks is code.

    >>> Option("25", "the kernel is 5×5", right=True).right
    True
    """

    text: str
    why: str
    right: bool = False

    def __post_init__(self) -> None:
        _check_text(self.text, "an option's text")
        _check_text(self.why, f"the reason of option {self.text!r}")
        if not isinstance(self.right, bool):
            raise ValueError(
                f"option {self.text!r}: right must be True or False, not {self.right!r}"
            )


@dataclass(frozen=True)
class Question:
    """A question, its options, of which exactly one is right, and the heading that answers it.

    >>> sizes = [Option("5×5", "a half step is no step"), Option("4×4", "rounded down", right=True)]
    >>> Question("How large is the output?", sizes).answer.text
    '4×4'

    See is the heading of a section of a lesson, which `cnnlib.questions` links to.
    """

    text: str
    options: Sequence[Option]
    see: str = ""

    def __post_init__(self) -> None:
        _check_text(self.text, "a question's text")
        if self.see != "":
            _check_text(self.see, f"the heading to see of {self.text!r}")
        options = _all_of(self.options, Option, f"the options of {self.text!r}", least=2)
        right = [option.text for option in options if option.right]
        if len(right) != 1:
            raise ValueError(
                f"{self.text!r} has {len(right)} right options ({', '.join(right) or 'none'}): "
                "mark exactly one with right=True"
            )
        object.__setattr__(self, "options", options)

    @property
    def answer(self) -> Option:
        """The option that is right."""
        return next(option for option in self.options if option.right)


@dataclass(frozen=True)
class Link:
    """A place on a page of the course, which opens from the book and in JupyterLab.

    >>> Link("lesson 1, Slide", "01-convolution.ipynb#Slide").text
    'lesson 1, Slide'
    """

    text: str
    address: str


def quiz(questions: Sequence[Question], heading: str = "", links: Sequence[Link] = ()) -> Touchable:
    """Questions to choose an answer to, each answer with its reason.

    >>> places = [Option("3", "2 steps, and the start", right=True), Option("2", "add the start")]
    >>> quiz([Question("A kernel of 2 on 4 pixels: how many places?", places)])
    Check yourself
    1. A kernel of 2 on 4 pixels: how many places?
       a) 3
       b) 2

    A heading is for a quiz that does not stand below one. Links are none, or one for each question:
    where its answer comes from. Where no script runs, the answers stand below each one, folded.
    """
    questions = _all_of(questions, Question, "questions", least=1)
    if heading != "":
        _check_text(heading, "heading")
    title = heading or say("Check yourself")
    if links and len(links) != len(questions):
        raise ValueError(
            f"{len(questions)} questions have {len(links)} links: give each its own, or none"
        )
    asked = [{"text": each.text, "options": list(map(asdict, each.options))} for each in questions]
    text = "\n".join([title, *(_plain(i, question) for i, question in enumerate(questions, 1))])
    fallback = lead_html(title) + "".join(
        f"<p><strong>{i}. {_html(question.text)}</strong></p>{_answers_html(question, link)}"
        for i, (question, link) in enumerate(zip_longest(questions, links), 1)
    )
    options = {"title": title, "heading": heading, "questions": asked}
    return Touchable("quiz", options, fallback, text)


def _check_text(text: Any, name: str) -> None:
    if words(text, name).count("`") % 2:
        raise ValueError(f"{name} opens a backtick and does not close it: {text!r}")


def _all_of(items: Any, kind: type, name: str, least: int) -> tuple:
    """The items as a tuple, if each is of this kind and no two have the same text."""
    if not isinstance(items, list | tuple) or not all(isinstance(item, kind) for item in items):
        raise ValueError(f"{name} must be a list of {kind.__name__}, not {items!r}")
    texts = [item.text for item in items]
    if len(items) < least:
        raise ValueError(f"{name} must be at least {least}, not {len(items)}")
    if twice := {text for text in texts if texts.count(text) > 1}:
        raise ValueError(f"{name}: {', '.join(sorted(twice))} is there twice; each must differ")
    return tuple(items)


def _plain(number: int, question: Question) -> str:
    options = zip("abcdefgh", question.options, strict=False)
    lines = [f"   {letter}) {option.text}" for letter, option in options]
    return "\n".join([f"{number}. {question.text}", *lines])


def _answers_html(question: Question, link: Link | None) -> str:
    """The options as a list, and behind a fold which is right and why the others are not."""
    options = "".join(f"<li>{_html(option.text)}</li>" for option in question.options)
    reasons = "".join(
        f"<li>{'✔' if option.right else '✘'} {_reason(option)}</li>" for option in question.options
    )
    see, head = "", f"<summary>{say('Answer')}</summary>"
    if link:
        place = f'<a href="{escape(link.address)}">{escape(link.text)}</a>'
        see = f"<p>{say('See {place}.', place=place)}</p>"
    return f"<ul>{options}</ul><details>{head}<ul>{reasons}</ul>{see}</details>"


def _reason(option: Option) -> str:
    return say("{answer}: {why}", answer=_html(option.text), why=_html(option.why))


def _html(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))
