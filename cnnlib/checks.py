"""Has the reader solved the exercise, and if not, what is the likely slip?

A check never raises, whatever the answer is: it says what is wrong with it, and never what would
be right. A slip is a known mistake with its hint; the hint has to be true for whoever gives that
answer, on whatever way.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import numpy as np

if TYPE_CHECKING:
    from cnnlib.network import Network

Slips = Mapping[Any, str] | Sequence[tuple[Any, str]]
_P = ParamSpec("_P")
_LINE = 160  # characters of an argument list or a result that are shown whole


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
_PRINTED = Verdict(False, "The answer is None. If it came from print, leave the print out.")


def _never_raises(
    check: Callable[Concatenate[Any, _P], Verdict],
) -> Callable[Concatenate[Any, _P], Verdict]:
    """However the reader has set warnings and NumPy, and whatever the answer does when touched."""

    @wraps(check)
    def calm(answer: Any, *args: _P.args, **kwargs: _P.kwargs) -> Verdict:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                if _has_dots(answer):
                    return _MISSING
                return _PRINTED if answer is None else check(answer, *args, **kwargs)
            except Exception as error:
                kind = type(error).__name__
                return Verdict(False, f"The answer cannot be read: that raises {kind}.")

    return calm


@_never_raises
def number(answer: Any, expected: float, slips: Slips = ()) -> Verdict:
    """Check a number; `slips` gives the hint for each wrong number that has a known cause.

    >>> number(150, 156, {150: "you forgot the bias of each filter"})
    ✘ 150 is not it: you forgot the bias of each filter.
    >>> number("156", 156)
    ✘ The answer must be a number, not '156' (str).
    >>> number(96.15, 2500 / 26)
    ✔ Yes, 96.15 is right, or 96.1538 to six digits.

    A whole number has to be met exactly, and so has one of at most six digits. Any other is met by
    six of its digits, or by fewer, though two at least, if they are rounded correctly.
    """
    value = _value(answer)
    if value is None:
        return Verdict(False, f"The answer must be a number, not {_typed(answer)}.")
    if _meets(answer, expected):
        more = "" if _close(value, expected) else f", or {_shown(expected)} to six digits"
        return Verdict(True, f"Yes, {_shown(value)} is right{more}.")
    return Verdict(False, f"{_shown(value, expected)} is not it{_hint(answer, slips, _meets)}.")


@_never_raises
def share(answer: Any, expected: float, slips: Slips = (), within: float = 0) -> Verdict:
    """Check a share of a whole, from 0 to 1 or in per cent; a measured one has to lie `within`.

    >>> share(25, 0.25), share("25 %", 0.25), share(0.261, 0.25, within=0.03)
    (✔ Yes, 25 is right., ✔ Yes, 25 % is right., ✔ Yes, 0.261 is right.)
    >>> share(0.5, 0.25, {0.5: "there are four classes, not two"})
    ✘ 0.5 is not it: there are four classes, not two.

    What is above 1, or ends in a per cent sign, is in per cent. Slips are shares from 0 to 1.
    """
    value = _value(answer)
    if isinstance(answer, str) and answer.strip().endswith("%"):
        with suppress(ValueError):
            value = float(answer.strip()[:-1]) / 100
    elif value is not None and value > 1:
        value = value / 100
    if value is None or not 0 <= value <= 1:
        wanted = "a share, from 0 to 1 or in per cent"
        return Verdict(False, f"The answer must be {wanted}, not {_typed(answer)}.")
    shown = answer.strip() if isinstance(answer, str) else _shown(float(_value(answer) or 0))
    if _meets(value, expected) or abs(value - expected) <= within:
        return Verdict(True, f"Yes, {shown} is right.")
    return Verdict(False, f"{shown} is not it{_hint(value, slips, _meets)}.")


@_never_raises
def shape(answer: Any, expected: tuple[int, ...], slips: Slips = ()) -> Verdict:
    """Check a shape, a tuple of whole numbers.

    >>> shape((28, 28), (28, 28, 6))
    ✘ (28, 28) has 2 sizes, and that is not how many there are.
    >>> shape([28.0, 28.0, 6.0], (28, 28, 6))
    ✔ Yes, (28, 28, 6) is right.
    """
    sizes = _sizes(answer)
    if sizes is None:
        return Verdict(False, f"The answer must be a tuple of whole numbers, not {_brief(answer)}.")
    if sizes == tuple(expected):
        return Verdict(True, f"Yes, {sizes} is right.")
    hint = _hint(sizes, slips, lambda a, b: a == tuple(b))
    if not hint and len(sizes) != len(expected):
        few = f"{len(sizes)} size{'' if len(sizes) == 1 else 's'}"
        return Verdict(False, f"{sizes} has {few}, and that is not how many there are.")
    return Verdict(False, f"{sizes} is not it{hint}.")


@_never_raises
def array(answer: Any, expected: Any, slips: Slips = ()) -> Verdict:
    """Check an array, up to rounding.

    >>> array([[1, 2]], [[1, 2]])
    ✔ Yes, all 2 values are right.
    >>> array([[2, 1]], [[1, 2]], [([[2, 1]], "that is the kernel flipped")])
    ✘ Not yet: that is the kernel flipped.
    >>> array([[1, 3]], [[1, 2]])
    ✘ 1 of 2 values is wrong: at (0, 1).
    """
    given, expected = _numbers(answer), _numbers(expected)
    if given is None:
        return Verdict(False, f"The answer must be an array of numbers, not {_typed(answer)}.")
    if _same(given, expected):
        return Verdict(True, f"Yes, all {expected.size:,} values are right.")
    if hint := _hint(given, slips, _same):
        return Verdict(False, f"Not yet{hint}.")
    if given.shape != expected.shape:
        return Verdict(False, f"The shape {given.shape} is not that of the answer.")
    return Verdict(False, f"{_differing(given, expected)}.")


@_never_raises
def function(
    answer: Any,
    cases: Sequence[tuple[tuple[Any, ...], Any]],
    slips: Sequence[tuple[Callable, str]] = (),
) -> Verdict:
    """Check a function on cases of (arguments, expected number or array).

    Each slip is a function with a known mistake and its hint: whoever agrees with it on every case
    made that mistake. Every call gets arguments of its own to spoil.

    >>> cases = [((5, 3), 3), ((28, 5), 24)]
    >>> function(lambda n, k: n - k, cases, [(lambda n, k: n - k, "one window too few")])
    ✘ For (5, 3) it gives 2, which is wrong: one window too few.
    >>> function(lambda n, k: print(n - k + 1), cases)
    ✘ For (5, 3) it prints 3 and returns nothing: write return in place of print.
    """
    if not callable(answer):
        return Verdict(False, f"The answer must be a function, not {_typed(answer)}.")
    calls = [_call(answer, arguments) for arguments, _ in cases]
    for (arguments, expected), (given, printed) in zip(cases, calls, strict=True):
        if isinstance(given, BaseException) or not _same(given, expected):
            message = _fault(given, expected, printed)
            if given is not None:
                print(printed, end="")  # the reader may be looking for the mistake by printing
            if message is None:
                where = _arguments(arguments)
                return Verdict(None, f"Not answered yet: for {where} it returns nothing.")
            hint = _hint([given for given, _ in calls], slips, _as_on([case for case, _ in cases]))
            return Verdict(False, f"For {_arguments(arguments)} it {message}{hint}.")
    return Verdict(True, f"Yes, it is right on all {len(cases)} cases.")


@_never_raises
def choice(answer: Any, expected: str, reasons: Mapping[str, str]) -> Verdict:
    """Check one of several named answers; `reasons` says of each why it is wrong, or right.

    >>> choice("b", "a", {"a": "it slides", "b": "a pool has no weights"})
    ✘ "b" is not it: a pool has no weights.
    >>> choice(" A", "a", {"a": "it slides", "b": "a pool has no weights"})
    ✔ Yes: it slides.
    """
    names = {_plain(name): name for name in reasons}
    name = names.get(_plain(_alone(answer)))
    if name is None:
        known = ", ".join(f'"{name}"' for name in reasons)
        return Verdict(False, f"The answer must be one of {known}, not {_brief(answer)}.")
    if name == expected:
        return Verdict(True, f"Yes: {reasons[name]}.")
    return Verdict(False, f'"{name}" is not it: {reasons[name]}.')


@_never_raises
def network(answer: Any, expected: Network, slips: Sequence[tuple[Network, str]] = ()) -> Verdict:
    """Check a network layer by layer: totals may agree by chance.

    >>> from cnnlib import Conv2D, Dense, Flatten, Network
    >>> expected = Network((9, 9, 1), [Conv2D(2, 3), Flatten(), Dense(1)])
    >>> network(Network((9, 9, 1), [Conv2D(2, 3), Flatten(), Dense(2)]), expected)
    ✘ Not yet: "dense" is the first layer that differs: it gives (2,), with 198 parameters.

    Names do not count, nor layers that only hand their input on, as dropout does.
    """
    rows, wanted = _rows(answer), _rows(expected)
    if not rows:
        return Verdict(False, f"The answer must be a Network, not {_typed(answer)}.")
    does, due = [row for row, _ in rows], [row for row, _ in wanted]
    if does == due:
        return Verdict(True, "Yes, every layer is right.")
    if hint := _hint(does, slips, lambda a, b: a == [row for row, _ in _rows(b)]):
        return Verdict(False, f"Not yet{hint}.")
    for (given, words), right in zip(rows, due, strict=False):
        if given != right:
            return Verdict(False, f"Not yet: {words}.")
    amount = "are missing" if len(does) < len(due) else "are too many"
    return Verdict(False, f"Not yet: all layers are right so far, but at the end some {amount}.")


@_never_raises
def design(
    answer: Any,
    most: int,
    slips: Sequence[tuple[Callable[[Network], bool], str]] = (),
    *,
    input_shape: tuple[int, ...],
    output_shape: tuple[int, ...],
) -> Verdict:
    """Check that a network does a task on a budget of parameters, whatever its layers are.

    >>> from cnnlib import Dense, Flatten, Network
    >>> task = {"input_shape": (9, 9, 1), "output_shape": (2,)}
    >>> net = Network((9, 9, 1), [Flatten(), Dense(2, name="scores")])
    >>> design(net, 200, **task)
    ✔ Yes, it fits: 164 of 200 parameters, 164 of them in "scores".
    >>> design(net, 100, **task)
    ✘ 164 parameters are 64 over the budget of 100: "scores" costs most, 164.

    A slip is a function that says whether a network has a known mistake, with its hint.
    """
    if isinstance(answer, list | tuple):
        return Verdict(
            False, f"A list is no Network: wrap layers in Network({input_shape}, [...])."
        )
    if not _rows(answer):
        return Verdict(False, f"The answer must be a Network, not {_typed(answer)}.")
    if answer.input_shape != input_shape:
        return Verdict(False, f"It reads {answer.input_shape}, and its task gives {input_shape}.")
    if answer.output_shape != output_shape:
        given = f"it ends in {answer.output_shape}"
        return Verdict(False, f"Not yet: {given}, and its task wants {output_shape}.")
    if hint := _hint(answer, slips, lambda network, is_so: is_so(network)):
        return Verdict(False, f"Not yet{hint}.")
    total, costliest = answer.parameters, max(answer, key=lambda row: row.parameters)
    largest = f"{costliest.parameters:,}"
    if total > most:
        over = f"{total:,} parameters are {total - most:,} over the budget of {most:,}"
        return Verdict(False, f'{over}: "{costliest.name}" costs most, {largest}.')
    spent = f"{total:,} of {most:,} parameters"
    return Verdict(True, f'Yes, it fits: {spent}, {largest} of them in "{costliest.name}".')


def _rows(network: Any) -> list[tuple[tuple, str]]:
    """What each layer does, and how to speak of it; the input comes first."""
    try:
        start = network.input_shape
        rows: list[tuple[tuple, str]] = [((start,), f"the input has the shape {start}")]
        for row in network:
            if row.parameters or row.output_shape != row.input_shape:
                sizes = (row.kind, row.output_shape, row.parameters, row.macs)
                words = (
                    f'"{row.name}" is the first layer that differs: it gives {row.output_shape}, '
                    f"with {row.parameters:,} parameters"
                )
                rows.append(((*sizes, row.receptive_field, row.jump, row.start), words))
    except (AttributeError, TypeError):
        return []
    return rows


def _alone(answer: Any) -> Any:
    """What a list, tuple or array of one holds; anything else as it is."""
    for _ in range(9):  # a list may hold itself
        if isinstance(answer, tuple | list) and len(answer) == 1:
            answer = answer[0]
    return answer.ravel()[0] if isinstance(answer, np.ndarray) and answer.size == 1 else answer


def _plain(name: Any) -> str | None:
    return " ".join(name.casefold().split()).strip("\"'. ") if isinstance(name, str) else None


def _value(answer: Any) -> int | float | None:
    """The one number that the answer is or holds; None if it is none."""
    answer = _alone(answer)
    if isinstance(answer, bool | np.bool_):
        return None
    if isinstance(answer, Integral):
        return int(answer)
    if isinstance(answer, Real | Decimal):
        try:
            return float(answer)
        except OverflowError:  # a fraction beyond all floats
            return math.inf
    array = _numbers(answer)
    return None if array is None or array.size != 1 or array.dtype.kind == "b" else array.item()


def _sizes(answer: Any) -> tuple[int, ...] | None:
    if not isinstance(answer, tuple | list) and np.ndim(answer) != 1:
        return None
    values = [_value(size) for size in answer]
    if any(value is None or not float(value).is_integer() for value in values):
        return None
    return tuple(int(value) for value in values if value is not None)


def _meets(answer: Any, expected: Any) -> bool:
    """Is the answer the expected number, as exactly as its own kind of number can hold it?"""
    value, expected = _value(answer), _value(expected)
    if value is None or expected is None:
        return False
    kind = getattr(_alone(answer), "dtype", None)
    narrow = float(np.finfo(kind).eps) if getattr(kind, "kind", "") == "f" else 0
    return _close(value, expected, narrow) or _rounded(value, expected)


def _close(value: float, expected: float, narrow: float = 0) -> bool:
    try:
        if float(expected).is_integer():
            return abs(value - expected) < 1e-6
        return math.isclose(value, expected, rel_tol=max(1e-6, narrow), abs_tol=1e-9)
    except OverflowError:  # a whole number beyond all floats
        return value == expected


def _rounded(value: float, expected: float) -> bool:
    """Is it a number of more than six digits, rounded to two or more?"""
    if not math.isfinite(value) or not math.isfinite(expected):
        return False
    given, exact = Decimal(repr(value)).normalize(), Decimal(repr(expected)).normalize()
    last = min(int(given.as_tuple().exponent), 0)
    if len(exact.as_tuple().digits) <= 6 or given.adjusted() - last < 1:
        return False
    return 2 * abs(given - exact) <= Decimal(1).scaleb(last)


def _numbers(value: Any) -> np.ndarray | None:
    """The value as an array of numbers, or None if it is none; words and None are no numbers."""
    try:
        if isinstance(value, np.ma.MaskedArray):  # what is masked is not there
            value = np.ma.filled(value.astype(float), np.nan)
        array = np.asarray(value)
        if array.dtype.kind == "O" and all(isinstance(x, Real | Decimal) for x in array.flat):
            array = array.astype(float)
    except Exception:
        return None
    return array if array.dtype.kind in "biuf" else None


def _agreeing(given: np.ndarray, expected: np.ndarray) -> np.ndarray:
    if expected.dtype.kind in "biu":
        exact = given.astype(int) if given.dtype.kind == "b" else given
        return np.abs(np.subtract(exact, expected, dtype=float)) < 1e-6
    narrow = 2 * np.finfo(given.dtype).eps if given.dtype.kind == "f" else 0
    largest = np.max(np.abs(expected), initial=0, where=np.isfinite(expected))
    return np.isclose(given, expected, rtol=max(1e-5, narrow), atol=1e-6 * (largest or 1))


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


def _call(function: Callable, arguments: tuple[Any, ...]) -> tuple[Any, str]:
    """What a function returns, or the error that it raises; and what it prints."""
    with redirect_stdout(io.StringIO()) as printed:
        try:
            given = function(*deepcopy(arguments))
        except (Exception, SystemExit) as error:
            given = error
    return given, printed.getvalue()


def _as_on(cases: list[tuple[Any, ...]]) -> Callable[[list, Callable], bool]:
    """Does a function with a mistake give the same on all these cases?"""
    return lambda calls, slip: all(
        _same(given, slip(*deepcopy(case))) for given, case in zip(calls, cases, strict=True)
    )


def _fault(given: Any, expected: Any, printed: str) -> str | None:
    """What is wrong with a result, in words; None if there is none yet."""
    if isinstance(given, BaseException):
        return f"raises {type(given).__name__}: {_cut(str(given).rstrip('.'), _LINE)}"
    if given is None and printed.strip():
        prints = _cut(" ".join(printed.split()))
        return f"prints {prints} and returns nothing: write return in place of print"
    if given is None or _has_dots(given):
        return None
    values, wanted = _numbers(given), _numbers(expected)
    if values is None or wanted is None:
        return f"gives {_typed(given)}, where numbers are due"
    if values.shape != wanted.shape:
        due = f"the shape {wanted.shape} is due" if wanted.shape else "one number is due"
        return f"gives {_brief(given)}, of shape {values.shape}, where {due}"
    if not wanted.shape:
        return f"gives {_shown(values.item(), wanted.item())}, which is wrong"
    return f"gives {_brief(given, _LINE)}, where {_differing(values, wanted)}"


def _differing(given: np.ndarray, expected: np.ndarray) -> str:
    """How many values are wrong, and where; not what they should be."""
    places = [tuple(map(int, place)) for place in np.argwhere(~_agreeing(given, expected))]
    spots = [str(place[0] if len(place) == 1 else place) for place in places]
    where = ", ".join(spots) if len(spots) <= 4 else f"{', '.join(spots[:3])} and so on"
    verb = "is" if len(places) == 1 else "are"
    return f"{len(places):,} of {expected.size:,} values {verb} wrong: at {where}"


def _shown(value: float, beside: float = math.nan) -> str:
    """A number as one writes it, with so many digits that it does not look like the other."""
    try:
        if abs(value) < 1e15 and value == int(value):
            return f"{int(value):,}"
        both = ((f"{value:.{digits}g}", f"{beside:.{digits}g}") for digits in range(6, 18))
        return next(text for text, other in both if text != other or float(text) == value)
    except (ValueError, OverflowError, StopIteration):  # not a number, or too long to write
        return _brief(value)


def _arguments(arguments: tuple[Any, ...]) -> str:
    """The arguments of a call, whole where they fit; else the large ones by their shape."""
    texts = [_brief(argument, 10**6) for argument in arguments]
    for place in sorted(range(len(texts)), key=lambda place: -len(texts[place])):
        if sum(map(len, texts)) > _LINE:
            values = _numbers(arguments[place])
            large = values is not None and f"an array of shape {values.shape}"
            texts[place] = large or _cut(texts[place])
    return f"({', '.join(texts)})"


def _brief(value: Any, room: int = 60) -> str:
    try:
        plain = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        return _cut(" ".join(repr(plain).split()), room)  # an array in a tuple fills several lines
    except Exception:
        return "what cannot be written down"


def _cut(text: str, room: int = 60) -> str:
    return text if len(text) <= room else f"{text[: room - 3]}..."


def _typed(value: Any) -> str:
    return f"{_brief(value)} ({type(value).__name__})"
