"""Guess first: what does the reader expect, before the output below is seen?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from numbers import Real
from typing import Any

from cnnlib.interactive.arguments import words
from cnnlib.interactive.element import Touchable, lead_html
from cnnlib.language import say


def guess_number(question: str, answer: float, unit: str = "") -> Touchable:
    """Ask for a number before the output of the next cell shows.

    >>> guess_number("How many weights does a 3×3 kernel on 64 channels have?", 576, "weights")
    Guess first: How many weights does a 3×3 kernel on 64 channels have?

    Once the reader has guessed, or asks to see it, both numbers stand on one axis, and the output
    appears. In JupyterLab the next cell waits to be run anyway; without scripts nothing is hidden.
    """
    options = _options(
        question, answer=_number(answer, "answer"), unit=unit and words(unit, "unit")
    )
    return _figure(options, say(" (in {unit})", unit=unit) if unit and unit not in question else "")


def guess_point(
    question: str,
    answer: float,
    low: float,
    high: float,
    unit: str = "",
    logarithmic: bool = False,
) -> Touchable:
    """Ask for a place on an axis from low to high before the output of the next cell shows.

    >>> guess_point("What share of moved digits does it read?", 0.4, 0, 1)
    Guess first: What share of moved digits does it read? (from 0 to 1)
    """
    low, high, answer = (
        _number(v, n) for v, n in ((low, "low"), (high, "high"), (answer, "answer"))
    )
    if not low < high:
        raise ValueError(f"low must be below high, not {low:g} and {high:g}")
    if not low <= answer <= high:
        raise ValueError(f"the answer, {answer:g}, must lie from low to high, {low:g} to {high:g}")
    if logarithmic and low <= 0:
        raise ValueError(f"a logarithmic axis begins above 0, not at {low:g}")
    axis = {"low": low, "high": high, "logarithmic": logarithmic}
    options = _options(question, unit, answer=answer, axis=axis)
    ends = {"low": f"{low:,g}", "high": f"{high:,g}"}
    if not unit:
        return _figure(options, say(" (from {low} to {high})", **ends))
    return _figure(options, say(" (from {low} to {high} {unit})", unit=unit, **ends))


def guess_choice(question: str, choices: Sequence[str], answer: str) -> Touchable:
    """Ask for one of a few answers before the output of the next cell shows.

    >>> guess_choice("Which layer has most of AlexNet's parameters?", ["conv2", "fc6"], "fc6")
    Guess first: Which layer has most of AlexNet's parameters? (conv2, or fc6)
    """
    if isinstance(choices, str) or len(choices) < 2 or len(set(choices)) < len(choices):
        raise ValueError(f"choices must be two or more different answers, not {choices!r}")
    choices = [words(choice, "a choice") for choice in choices]
    if answer not in choices:
        raise ValueError(f"the answer, {answer!r}, must be one of {', '.join(choices)}")
    text = say(" ({some}, or {last})", some=", ".join(choices[:-1]), last=choices[-1])
    return _figure(_options(question, answer=answer, choices=choices), text)


def _options(question: str, unit: str = "", **more: Any) -> dict[str, Any]:
    question, unit = words(question, "question"), unit and words(unit, "unit")
    return {"title": say("Guess first"), "question": question, "unit": unit, **more}


def _figure(options: dict[str, Any], more: str) -> Touchable:
    title, question, answer = options["title"], options["question"], options["answer"]
    shown = answer if isinstance(answer, str) else f"{answer:,} {options['unit']}".strip()
    fallback = (
        lead_html(title, escape(question + more))
        + f"<details><summary>{say('Answer')}</summary><p>{escape(shown)}</p></details>"
    )
    text = say("{title}: {question}", title=title, question=question + more)
    return Touchable("guess", options, fallback, text)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ValueError(f"{name} must be a number, not {value!r}")
    number = float(value)
    return int(number) if number.is_integer() else number
