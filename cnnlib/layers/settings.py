"""What may a setting of a layer be? Each says so itself: `strides: Pair = setting(pair, 1)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, field
from math import isfinite
from numbers import Real
from typing import Any

from cnnlib.shapes import Padding, axis_paddings, integer

Pair = int | tuple[int, int]
Table = tuple[tuple[bool, ...], ...]
Check = Callable[[Any, str], Any]

FUNCTIONS = (
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish",
    "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6",
    "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus",
    "sparse_sigmoid", "sparsemax", "squareplus", "swish", "tanh", "tanh_shrink",
)  # fmt: skip
"""Keras's activations that keep the shape."""


def setting(check: Check, default: Any = MISSING) -> Any:
    """A dataclass field with the check for its values: check(value, name) -> value, or ValueError.

    >>> from dataclasses import fields
    >>> from cnnlib import Dense
    >>> {field.name: field.metadata["check"].__name__ for field in fields(Dense)}["use_bias"]
    'boolean'
    """
    return field(default=default, metadata={"check": check})


def or_none(check: Check) -> Check:
    """The same check, which lets None pass."""
    return lambda value, name: None if value is None else check(value, name)


def text(value: Any, name: str) -> str:
    """A string that says something."""
    if isinstance(value, str) and value:
        return value
    raise ValueError(f"{name} must be a non-empty string, not {value!r}")


def one_of(*names: str) -> Check:
    """A check that lets one of these names pass."""

    def check(value: Any, name: str) -> str:
        if isinstance(value, str) and value in names:
            return value
        raise ValueError(f"{name} must be one of {', '.join(names)}, not {value!r}")

    return check


function = one_of(*FUNCTIONS)


def activation(value: Any, name: str) -> str | None:
    """What comes after a product: one of `FUNCTIONS`, or None, which is "linear"."""
    return None if value in (None, "linear") else function(value, name)


def share(value: Any, name: str) -> float:
    """A number from 0 to below 1: a rate, or a small constant."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    if number and 0 <= value < 1:
        return float(value)
    raise ValueError(f"{name} must be a number from 0 to below 1, not {value!r}")


def number(value: Any, name: str) -> float:
    """A finite number."""
    if isinstance(value, Real) and not isinstance(value, bool) and isfinite(value):
        return float(value)
    raise ValueError(f"{name} must be a number, not {value!r}")


def amount(value: Any, name: str) -> float:
    """A finite number of at least 0."""
    if number(value, name) >= 0:
        return float(value)
    raise ValueError(f"{name} must be a number of at least 0, not {value!r}")


def numbers(value: Any, name: str) -> float | tuple[float, ...]:
    """One number for all channels, or a list with one for each; NumPy's arrays will do too."""
    if isinstance(value, Mapping):  # an array, as Keras writes it into a file
        value = value.get("config", {}).get("value")
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list | tuple):
        return tuple(number(each, f"each of {name}") for each in value)
    return number(value, name)


def axis(value: Any, name: str) -> int:
    """The number of one axis, by itself or as the only one of a list."""
    one = value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
    return integer(one, name, -3)


def boolean(value: Any, name: str) -> bool:
    """True or False, and nothing that only counts as such."""
    if isinstance(value, bool):
        return value
    raise ValueError(f"{name} must be True or False, not {value!r}")


def table(value: Any, name: str) -> Table:
    """Rows of booleans, one for each filter: the channels that it reads."""
    try:
        rows = tuple(tuple(row) for row in value)
    except TypeError:
        raise ValueError(f"{name} must be rows of True and False, not {value!r}") from None
    for entry in (entry for row in rows for entry in row):
        if type(entry).__name__ != "bool":  # Python's or NumPy's
            raise ValueError(f"{name} may hold only True and False, not {entry!r}")
    return tuple(tuple(map(bool, row)) for row in rows)


def zeros_around(value: Any, name: str) -> Padding:
    """Padding: a name, one number for all sides, or ((top, bottom), (left, right))."""
    rows, columns = axis_paddings(value)
    return (rows, columns) if isinstance(rows, tuple) else rows


def input_shape(value: Any) -> tuple[int, ...]:
    """The shape of an image or of a vector as a tuple of whole numbers.

    >>> input_shape([28, 28])
    Traceback (most recent call last):
    ValueError: input_shape must be (rows, columns, channels) or (length,), not [28, 28]; \
a grey image has one channel: (rows, columns, 1)
    """
    if isinstance(value, tuple | list) and len(value) in (1, 3):
        return tuple(integer(size, "each size of input_shape") for size in value)
    grey = isinstance(value, tuple | list) and len(value) == 2
    hint = "; a grey image has one channel: (rows, columns, 1)" if grey else ""
    raise ValueError(
        f"input_shape must be (rows, columns, channels) or (length,), not {value!r}{hint}"
    )
