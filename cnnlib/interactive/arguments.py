"""Which arguments can a figure hold?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnnlib import shapes


def one_padding(padding: Any) -> str | int:
    """A padding that is a name or one whole number.

    >>> one_padding("same"), one_padding(2)
    ('same', 2)
    """
    checked = shapes.axis_padding(padding)
    if isinstance(checked, tuple):
        names = ", ".join(shapes.NAMED_PADDINGS)
        raise ValueError(
            f"padding must be one of {names} or a whole number in this figure, not {padding!r}"
        )
    return checked


def check_largest(values: Mapping[str, Any], largest: Mapping[str, int]) -> None:
    """Raise where a number is larger than what can be read and touched on a phone.

    >>> check_largest({"strides": 9}, {"strides": 4})
    Traceback (most recent call last):
    ValueError: strides must be at most 4 in this figure, not 9
    """
    for name, most in largest.items():
        value = values.get(name, 0)
        if not isinstance(value, str) and value > most:
            raise ValueError(f"{name} must be at most {most} in this figure, not {value}")


def words(text: Any, name: str) -> str:
    """The text, unless there is nothing to read in it.

    >>> words("How many windows fit?", "question")
    'How many windows fit?'
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} must be words, not {text!r}")
    return text
