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

from cnnlib.language import say

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


def _missing() -> Verdict:
    return Verdict(None, say("Not answered yet: put your answer in place of the dots."))


def _printed() -> Verdict:
    said = say("The answer is None. If it came from print, leave the print out.")
    return Verdict(False, said)


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
                    return _missing()
                return _printed() if answer is None else check(answer, *args, **kwargs)
            except Exception as error:
                kind = type(error).__name__
                said = say("The answer cannot be read: that raises {error}.", error=kind)
                return Verdict(False, said)

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
        return _must_be(say("a number"), answer)
    if _meets(answer, expected):
        if _close(value, expected):
            return _right(_shown(value))
        rounded, exact = _shown(value), _shown(expected)
        said = say("Yes, {answer} is right, or {exact} to six digits.", answer=rounded, exact=exact)
        return Verdict(True, said)
    return _wrong(_shown(value, expected), _hint(answer, slips, _meets))


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
        return _must_be(say("a share, from 0 to 1 or in per cent"), answer)
    shown = answer.strip() if isinstance(answer, str) else _shown(float(_value(answer) or 0))
    if _meets(value, expected) or abs(value - expected) <= within:
        return _right(shown)
    return _wrong(shown, _hint(value, slips, _meets))


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
        return _must_be(say("a tuple of whole numbers"), answer, _brief)
    if sizes == tuple(expected):
        return _right(sizes)
    hint = _hint(sizes, slips, lambda a, b: a == tuple(b))
    if not hint and len(sizes) != len(expected):
        few = say("1 size") if len(sizes) == 1 else say("{count} sizes", count=len(sizes))
        said = say("{sizes} has {few}, and that is not how many there are.", sizes=sizes, few=few)
        return Verdict(False, said)
    return _wrong(sizes, hint)


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
        return _must_be(say("an array of numbers"), answer)
    if _same(given, expected):
        return Verdict(True, say("Yes, all {count} values are right.", count=f"{expected.size:,}"))
    if hint := _hint(given, slips, _same):
        return _not_yet(hint)
    if given.shape != expected.shape:
        said = say("The shape {shape} is not that of the answer.", shape=given.shape)
        return Verdict(False, said)
    return Verdict(False, say("{mistake}.", mistake=_differing(given, expected)))


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
        return _must_be(say("a function"), answer)
    calls = [_call(answer, arguments) for arguments, _ in cases]
    for (arguments, expected), (given, printed) in zip(cases, calls, strict=True):
        if isinstance(given, BaseException) or not _same(given, expected):
            message = _fault(given, expected, printed)
            if given is not None:
                print(printed, end="")  # the reader may be looking for the mistake by printing
            where = _arguments(arguments)
            if message is None:
                said = say("Not answered yet: for {where} it returns nothing.", where=where)
                return Verdict(None, said)
            hint = _hint([given for given, _ in calls], slips, _as_on([case for case, _ in cases]))
            said = say("For {where} it {does}{hint}.", where=where, does=message, hint=hint)
            return Verdict(False, said)
    return Verdict(True, say("Yes, it is right on all {count} cases.", count=len(cases)))


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
        return _must_be(say("one of {names}", names=known), answer, _brief)
    if name == expected:
        return Verdict(True, say("Yes: {reason}.", reason=reasons[name]))
    return _wrong(f'"{name}"', say(": {hint}", hint=reasons[name]))


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
        return _must_be(say("a Network"), answer)
    does, due = [row for row, _ in rows], [row for row, _ in wanted]
    if does == due:
        return Verdict(True, say("Yes, every layer is right."))
    if hint := _hint(does, slips, lambda a, b: a == [row for row, _ in _rows(b)]):
        return _not_yet(hint)
    for (given, words), right in zip(rows, due, strict=False):
        if given != right:
            return _not_yet(say(": {hint}", hint=words))
    if len(does) < len(due):
        end = say("all layers are right so far, but at the end some are missing")
    else:
        end = say("all layers are right so far, but at the end some are too many")
    return _not_yet(say(": {hint}", hint=end))


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
        call = f"Network({input_shape}, [...])"
        return Verdict(False, say("A list is no Network: wrap layers in {call}.", call=call))
    if not _rows(answer):
        return _must_be(say("a Network"), answer)
    ends = {"given": answer.input_shape, "due": input_shape}
    if answer.input_shape != input_shape:
        return Verdict(False, say("It reads {given}, and its task gives {due}.", **ends))
    ends = {"given": answer.output_shape, "due": output_shape}
    if answer.output_shape != output_shape:
        said = say("Not yet: it ends in {given}, and its task wants {due}.", **ends)
        return Verdict(False, said)
    if hint := _hint(answer, slips, lambda network, is_so: is_so(network)):
        return _not_yet(hint)
    total, costliest = answer.parameters, max(answer, key=lambda row: row.parameters)
    costs = {
        "total": f"{total:,}",
        "most": f"{most:,}",
        "name": costliest.name,
        "largest": f"{costliest.parameters:,}",
    }
    if total > most:
        said = say(
            "{total} parameters are {over} over the budget of {most}: "
            '"{name}" costs most, {largest}.',
            over=f"{total - most:,}",
            **costs,
        )
        return Verdict(False, said)
    said = say(
        'Yes, it fits: {total} of {most} parameters, {largest} of them in "{name}".', **costs
    )
    return Verdict(True, said)


def _right(answer: Any) -> Verdict:
    return Verdict(True, say("Yes, {answer} is right.", answer=answer))


def _wrong(answer: Any, hint: str) -> Verdict:
    return Verdict(False, say("{answer} is not it{hint}.", answer=answer, hint=hint))


def _not_yet(hint: str) -> Verdict:
    return Verdict(False, say("Not yet{hint}.", hint=hint))


def _must_be(wanted: str, answer: Any, told: Callable[[Any], str] | None = None) -> Verdict:
    given = (told or _typed)(answer)
    said = say("The answer must be {wanted}, not {given}.", wanted=wanted, given=given)
    return Verdict(False, said)


def _rows(network: Any) -> list[tuple[tuple, str]]:
    """What each layer does, and how to speak of it; the input comes first."""
    try:
        start = network.input_shape
        said = say("the input has the shape {shape}", shape=start)
        rows: list[tuple[tuple, str]] = [((start,), said)]
        for row in network:
            if row.parameters or row.output_shape != row.input_shape:
                sizes = (row.kind, row.output_shape, row.parameters, row.macs)
                words = say(
                    '"{name}" is the first layer that differs: it gives {shape}, '
                    "with {count} parameters",
                    name=row.name,
                    shape=row.output_shape,
                    count=f"{row.parameters:,}",
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
                return say(": {hint}", hint=hint)
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
        why = _cut(str(given).rstrip("."), _LINE)
        return say("raises {error}: {why}", error=type(given).__name__, why=why)
    if given is None and printed.strip():
        prints = _cut(" ".join(printed.split()))
        return say(
            "prints {prints} and returns nothing: write return in place of print", prints=prints
        )
    if given is None or _has_dots(given):
        return None
    values, wanted = _numbers(given), _numbers(expected)
    if values is None or wanted is None:
        return say("gives {given}, where numbers are due", given=_typed(given))
    if values.shape != wanted.shape:
        shapes = {"given": _brief(given), "shape": values.shape}
        if not wanted.shape:
            return say("gives {given}, of shape {shape}, where one number is due", **shapes)
        shapes["due"] = wanted.shape
        return say("gives {given}, of shape {shape}, where the shape {due} is due", **shapes)
    if not wanted.shape:
        return say("gives {given}, which is wrong", given=_shown(values.item(), wanted.item()))
    mistake = _differing(values, wanted)
    return say("gives {given}, where {mistake}", given=_brief(given, _LINE), mistake=mistake)


def _differing(given: np.ndarray, expected: np.ndarray) -> str:
    """How many values are wrong, and where; not what they should be."""
    places = [tuple(map(int, place)) for place in np.argwhere(~_agreeing(given, expected))]
    spots = [str(place[0] if len(place) == 1 else place) for place in places]
    where = ", ".join(spots)
    if len(spots) > 4:
        where = say("{some} and so on", some=", ".join(spots[:3]))
    counts = {"some": f"{len(places):,}", "all": f"{expected.size:,}", "where": where}
    if len(places) == 1:
        return say("{some} of {all} values is wrong: at {where}", **counts)
    return say("{some} of {all} values are wrong: at {where}", **counts)


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
            if values is None:
                texts[place] = _cut(texts[place])
            else:
                texts[place] = say("an array of shape {shape}", shape=values.shape)
    return f"({', '.join(texts)})"


def _brief(value: Any, room: int = 60) -> str:
    try:
        plain = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        return _cut(" ".join(repr(plain).split()), room)  # an array in a tuple fills several lines
    except Exception:
        return say("what cannot be written down")


def _cut(text: str, room: int = 60) -> str:
    return text if len(text) <= room else f"{text[: room - 3]}..."


def _typed(value: Any) -> str:
    return f"{_brief(value)} ({type(value).__name__})"
