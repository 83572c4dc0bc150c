"""Has the reader solved the exercise, and if not, what is the likely slip?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np

Slips = Mapping[Any, str] | Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer: whether it is right (None while it is missing), and why.

    >>> number(..., 156)
    ◻ Not answered yet: put your answer in place of the dots.
    >>> number(156, 156).right
    True
    """

    right: bool | None
    message: str

    def __repr__(self) -> str:
        return f"{ {True: '✔', False: '✘', None: '◻'}[self.right] } {self.message}"


_MISSING = Verdict(None, "Not answered yet: put your answer in place of the dots.")


def number(answer: Any, expected: float, slips: Slips = ()) -> Verdict:
    """Check a number; `slips` gives the hint for each wrong number that has a known cause.

    >>> number(150, 156, {150: "you forgot the bias of each filter"})
    ✘ 150 is not it: you forgot the bias of each filter.
    >>> number("156", 156)
    ✘ The answer must be a number, not '156' (str).
    """
    if answer is ...:
        return _MISSING
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, Number):
        return Verdict(False, f"The answer must be a number, not {answer!r} ({_kind(answer)}).")
    if _close(answer, expected):
        return Verdict(True, f"Yes, {_shown(answer)}.")
    return Verdict(False, f"{_shown(answer)} is not it{_hint(answer, slips, _close)}.")


def shape(answer: Any, expected: tuple[int, ...], slips: Slips = ()) -> Verdict:
    """Check a shape, a tuple of whole numbers.

    >>> shape((28, 28), (28, 28, 6))
    ✘ (28, 28) has 2 sizes; the answer has 3.
    """
    if answer is ...:
        return _MISSING
    whole = isinstance(answer, tuple | list) and all(
        isinstance(size, int | np.integer) and not isinstance(size, bool) for size in answer
    )
    if not whole:
        return Verdict(False, f"The answer must be a tuple of whole numbers, not {answer!r}.")
    answer = tuple(int(size) for size in answer)
    if answer == expected:
        return Verdict(True, f"Yes, {answer}.")
    hint = _hint(answer, slips, lambda a, b: a == b)
    if not hint and len(answer) != len(expected):
        return Verdict(False, f"{answer} has {len(answer)} sizes; the answer has {len(expected)}.")
    return Verdict(False, f"{answer} is not it{hint}.")


def array(answer: Any, expected: Any, slips: Slips = ()) -> Verdict:
    """Check an array, up to rounding.

    >>> array([[1, 2]], [[1, 2]])
    ✔ Yes, all 2 values agree.
    >>> array([[2, 1]], [[1, 2]], [([[2, 1]], "that is the kernel flipped")])
    ✘ Not yet: that is the kernel flipped.
    >>> array([[1, 2, 3]], [[1, 2]])
    ✘ The shape is (1, 3); the answer has (1, 2).
    """
    if answer is ...:
        return _MISSING
    try:
        given = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return Verdict(False, f"The answer must be an array of numbers, not {_kind(answer)}.")
    expected = np.asarray(expected, dtype=float)
    hint = _hint(given, slips, _same)
    if hint:
        return Verdict(False, f"Not yet{hint}.")
    if given.shape != expected.shape:
        return Verdict(False, f"The shape is {given.shape}; the answer has {expected.shape}.")
    wrong = np.argwhere(~np.isclose(given, expected, rtol=1e-5, atol=1e-6))
    if not len(wrong):
        return Verdict(True, f"Yes, all {expected.size:,} values agree.")
    place = tuple(int(i) for i in wrong[0])
    return Verdict(
        False,
        f"{len(wrong):,} of {expected.size:,} values differ; the first is at {place}: "
        f"{given[place]:g}, not {expected[place]:g}.",
    )


def function(
    answer: Any,
    cases: Sequence[tuple[tuple[Any, ...], Any]],
    slips: Sequence[tuple[Callable, str]] = (),
) -> Verdict:
    """Check a function on cases of (arguments, expected result).

    Each slip is a function with a known mistake and its hint: whoever agrees with it on a case
    that is wrong made that mistake.

    >>> function(lambda n, k: n - k, [((5, 3), 3)], [(lambda n, k: n - k, "one window too few")])
    ✘ For (5, 3) it gives 2, not 3: one window too few.
    """
    if answer is ...:
        return _MISSING
    if not callable(answer):
        return Verdict(False, f"The answer must be a function, not {answer!r} ({_kind(answer)}).")
    for arguments, expected in cases:
        try:
            given = answer(*arguments)
        except Exception as error:
            return Verdict(False, f"For {_brief(arguments)} it raises {_kind(error)}: {error}")
        if given is ... or given is None:
            return _MISSING
        if not _same(given, expected):
            hint = next((f": {h}" for f, h in slips if _same(f(*arguments), given)), "")
            return Verdict(
                False,
                f"For {_brief(arguments)} it gives {_brief(given)}, not {_brief(expected)}{hint}.",
            )
    return Verdict(True, f"Yes, on all {len(cases)} cases.")


def choice(answer: Any, expected: str, reasons: Mapping[str, str]) -> Verdict:
    """Check one of several named answers; `reasons` says of each why it is wrong, or right.

    >>> choice("b", "a", {"a": "it slides", "b": "a pool has no weights"})
    ✘ Not b: a pool has no weights.
    """
    if answer is ...:
        return _MISSING
    if not isinstance(answer, str) or answer not in reasons:
        return Verdict(False, f"The answer must be one of {', '.join(reasons)}, not {answer!r}.")
    right = answer == expected
    return Verdict(right, f"{'Yes' if right else 'Not'} {answer}: {reasons[answer]}.")


def _close(a: Any, b: Any) -> bool:
    return bool(np.isclose(complex(a), complex(b), rtol=1e-6, atol=1e-9))


def _same(a: Any, b: Any) -> bool:
    try:
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    except (TypeError, ValueError):
        return False
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-5, atol=1e-6)


def _hint(answer: Any, slips: Slips, agree: Callable[[Any, Any], bool]) -> str:
    pairs = slips.items() if isinstance(slips, Mapping) else slips
    return next((f": {hint}" for slip, hint in pairs if agree(answer, slip)), "")


def _shown(value: Any) -> str:
    whole = isinstance(value, int | np.integer) or (math.isfinite(value) and value == int(value))
    return f"{int(value):,}" if whole else f"{value:.6g}"


def _brief(value: Any) -> str:
    text = repr(value.tolist() if isinstance(value, np.ndarray) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _kind(value: Any) -> str:
    return type(value).__name__
