"""Has the reader solved the exercise, and if not, what is the likely slip?

A check never raises, whatever the answer is: it says what is wrong with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from numbers import Integral, Real
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

    A whole number has to be met exactly, any other to six digits.
    """
    if answer is ...:
        return _MISSING
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer[()]
    if isinstance(answer, bool | np.bool_) or not isinstance(answer, Real):
        return Verdict(False, f"The answer must be a number, not {_typed(answer)}.")
    if _close(answer, expected):
        return Verdict(True, f"Yes, {_shown(answer)}.")
    return Verdict(False, f"{_shown(answer)} is not it{_hint(answer, slips, _close)}.")


def shape(answer: Any, expected: tuple[int, ...], slips: Slips = ()) -> Verdict:
    """Check a shape, a tuple of whole numbers.

    >>> shape((28, 28), (28, 28, 6))
    ✘ (28, 28) has 2 sizes; the answer has 3.
    """
    sizes = answer if isinstance(answer, tuple | list) else [answer]
    if any(size is ... for size in sizes):
        return _MISSING
    if sizes is not answer or not all(map(_is_whole, sizes)):
        return Verdict(False, f"The answer must be a tuple of whole numbers, not {_brief(answer)}.")
    answer = tuple(map(int, sizes))
    if answer == tuple(expected):
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
    if _has_dots(answer):
        return _MISSING
    given, expected = _numbers(answer), _numbers(expected)
    if given is None:
        return Verdict(False, f"The answer must be an array of numbers, not {_typed(answer)}.")
    if _same(given, expected):
        return Verdict(True, f"Yes, all {expected.size:,} values agree.")
    hint = _hint(given, slips, _same)
    if hint:
        return Verdict(False, f"Not yet{hint}.")
    if given.shape != expected.shape:
        return Verdict(False, f"The shape is {given.shape}; the answer has {expected.shape}.")
    wrong = np.argwhere(~_agreeing(given, expected))
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
    """Check a function on cases of (arguments, expected number or array).

    Each slip is a function with a known mistake and its hint: whoever agrees with it on a case
    that is wrong made that mistake. Every call gets arguments of its own to spoil.

    >>> function(lambda n, k: n - k, [((5, 3), 3)], [(lambda n, k: n - k, "one window too few")])
    ✘ For (5, 3) it gives 2, not 3: one window too few.
    """
    if answer is ...:
        return _MISSING
    if not callable(answer):
        return Verdict(False, f"The answer must be a function, not {_typed(answer)}.")
    for arguments, expected in cases:
        case = f"or {_brief(arguments)} it"
        try:
            given = answer(*deepcopy(arguments))
        except Exception as error:
            return Verdict(False, f"F{case} raises {type(error).__name__}: {error}")
        if given is None or _has_dots(given):
            return Verdict(None, f"Not answered yet: f{case} returns nothing.")
        if not _same(given, expected):
            hint = _hint(given, slips, _given(arguments))
            return Verdict(False, f"F{case} gives {_brief(given)}, not {_brief(expected)}{hint}.")
    return Verdict(True, f"Yes, on all {len(cases)} cases.")


def choice(answer: Any, expected: str, reasons: Mapping[str, str]) -> Verdict:
    """Check one of several named answers; `reasons` says of each why it is wrong, or right.

    >>> choice("b", "a", {"a": "it slides", "b": "a pool has no weights"})
    ✘ Not b: a pool has no weights.
    """
    if answer is ...:
        return _MISSING
    if not isinstance(answer, str) or answer not in reasons:
        known = ", ".join(reasons)
        return Verdict(False, f"The answer must be one of {known}, not {_brief(answer)}.")
    right = answer == expected
    return Verdict(right, f"{'Yes' if right else 'Not'} {answer}: {reasons[answer]}.")


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _close(a: Any, b: Any) -> bool:
    if _is_whole(a) and _is_whole(b):
        return bool(a == b)
    try:
        return abs(a - b) < 1e-6 if _is_whole(b) else math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
    except OverflowError:  # a whole number beyond all floats
        return False


def _numbers(value: Any) -> np.ndarray | None:
    """The value as an array of numbers, or None if it is none; words and None are no numbers."""
    try:
        array = np.asarray(value)
    except Exception:
        return None
    if array.dtype.kind not in "biuf":
        return None
    return array.astype(np.int8) if array.dtype.kind == "b" else array


def _agreeing(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if a.dtype.kind in "iu" and b.dtype.kind in "iu":
        return a == b
    return np.isclose(a, b, rtol=1e-5, atol=1e-6)


def _same(a: Any, b: Any) -> bool:
    a, b = _numbers(a), _numbers(b)
    if a is None or b is None or a.shape != b.shape:
        return False
    return bool(np.all(_agreeing(a, b)))


def _has_dots(answer: Any) -> bool:
    if isinstance(answer, tuple | list):
        return any(map(_has_dots, answer))
    return answer is ...


def _hint(answer: Any, slips: Slips, agree: Callable[[Any, Any], bool]) -> str:
    for slip, hint in slips.items() if isinstance(slips, Mapping) else slips:
        try:
            if agree(answer, slip):
                return f": {hint}"
        except Exception:
            continue  # a function with a mistake may break on a case
    return ""


def _given(arguments: tuple[Any, ...]) -> Callable[[Any, Callable], bool]:
    """Does a function with a mistake, given these arguments, give the same?"""
    return lambda answer, slip: _same(answer, slip(*deepcopy(arguments)))


def _shown(value: Any) -> str:
    try:
        whole = _is_whole(value) or (abs(value) < 1e15 and value == int(value))
        return _cut(f"{int(value):,}" if whole else f"{float(value):.6g}")
    except (ValueError, OverflowError):  # not a number, or too long to write
        return _brief(value)


def _brief(value: Any) -> str:
    try:
        plain = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        return _cut(" ".join(repr(plain).split()))  # an array inside a tuple fills several lines
    except Exception:
        return "what cannot be written down"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _typed(value: Any) -> str:
    return f"{_brief(value)} ({type(value).__name__})"
