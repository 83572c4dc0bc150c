"""The quiz: does the reader know it, and if not, what is it that they mix up?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from cnnlib.interactive.element import Touchable

TITLE = "Check yourself"


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
    """A question and its options, of which exactly one is right.

    >>> sizes = [Option("5×5", "a half step is no step"), Option("4×4", "rounded down", right=True)]
    >>> Question("How large is the output?", sizes).answer.text
    '4×4'
    """

    text: str
    options: Sequence[Option]

    def __post_init__(self) -> None:
        _check_text(self.text, "a question's text")
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


def quiz(questions: Sequence[Question]) -> Touchable:
    """Questions to choose an answer to, each answer with its reason.

    >>> places = [Option("3", "2 steps, and the start", right=True), Option("2", "add the start")]
    >>> quiz([Question("A kernel of 2 on 4 pixels: how many places?", places)])
    Check yourself
    1. A kernel of 2 on 4 pixels: how many places?
       a) 3
       b) 2

    Where no script runs, the answers stand below each question, folded.
    """
    questions = _all_of(questions, Question, "questions", least=1)
    options = {"title": TITLE, "questions": [asdict(question) for question in questions]}
    text = "\n".join([TITLE, *(_plain(i, question) for i, question in enumerate(questions, 1))])
    fallback = f"<p><strong>{TITLE}.</strong></p>" + "".join(
        f"<p><strong>{i}. {_html(question.text)}</strong></p>{_answers_html(question)}"
        for i, question in enumerate(questions, 1)
    )
    return Touchable("quiz", options, fallback, text)


def _check_text(text: Any, name: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} must be words, not {text!r}")
    if text.count("`") % 2:
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


def _answers_html(question: Question) -> str:
    """The options as a list, and behind a fold which is right and why the others are not."""
    options = "".join(f"<li>{_html(option.text)}</li>" for option in question.options)
    reasons = "".join(
        f"<li>{'✔' if option.right else '✘'} {_html(option.text)}: {_html(option.why)}</li>"
        for option in question.options
    )
    return f"<ul>{options}</ul><details><summary>Answer</summary><ul>{reasons}</ul></details>"


def _html(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))
