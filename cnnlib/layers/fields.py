"""What may a layer's fields hold?"""

from __future__ import annotations

from numbers import Real
from typing import Any

from cnnlib.shapes import axis_paddings, integer, pair

ACTIVATIONS = (
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish",
    "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6",
    "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus",
    "sparse_sigmoid", "sparsemax", "squareplus", "swish", "tanh", "tanh_shrink",
)  # fmt: skip
"""Keras's activations that keep the shape."""


def checked_shape(shape: Any) -> tuple[int, ...]:
    """Return the shape of an image or of a vector as a tuple of whole numbers.

    >>> checked_shape([28, 28])
    Traceback (most recent call last):
    ValueError: input_shape must be (rows, columns, channels) or (length,), not [28, 28]; \
a grey image has one channel: (rows, columns, 1)
    """
    if isinstance(shape, tuple | list) and len(shape) in (1, 3):
        return tuple(integer(size, "each size of input_shape") for size in shape)
    grey = isinstance(shape, tuple | list) and len(shape) == 2
    hint = "; a grey image has one channel: (rows, columns, 1)" if grey else ""
    raise ValueError(
        f"input_shape must be (rows, columns, channels) or (length,), not {shape!r}{hint}"
    )


def _name(value: Any, name: str) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    raise ValueError(f"{name} must be a non-empty string, not {value!r}")


def _activation(value: Any, name: str) -> str | None:
    if value is None or (isinstance(value, str) and value in ACTIVATIONS):
        return value
    known = ", ".join(ACTIVATIONS)
    raise ValueError(f"{name} must be None or one of {known}, not {value!r}")


def _number(value: Any, name: str) -> float:
    """A number from 0 to below 1: a rate, or a small constant."""
    if isinstance(value, Real) and not isinstance(value, bool) and 0 <= value < 1:
        return float(value)
    raise ValueError(f"{name} must be a number from 0 to below 1, not {value!r}")


def _boolean(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{name} must be True or False, not {value!r}")


def _table(value: Any, name: str) -> tuple[tuple[bool, ...], ...] | None:
    """Rows of booleans, one for each filter: the channels that it reads."""
    if value is None:
        return None
    try:
        rows = tuple(tuple(row) for row in value)
    except TypeError:
        raise ValueError(f"{name} must be rows of True and False, not {value!r}") from None
    for entry in (entry for row in rows for entry in row):
        if type(entry).__name__ != "bool":  # Python's or NumPy's
            raise ValueError(f"{name} may hold only True and False, not {entry!r}")
    return tuple(tuple(map(bool, row)) for row in rows)


def _padding(value: Any, name: str) -> Any:
    rows, columns = axis_paddings(value)
    return (rows, columns) if isinstance(rows, tuple) else rows


CHECKS = {
    "name": _name,
    "filters": integer,
    "units": integer,
    "groups": integer,
    "depth_multiplier": integer,
    "kernel_size": pair,
    "pool_size": pair,
    "strides": pair,
    "dilation_rate": pair,
    "padding": _padding,
    "activation": _activation,
    "use_bias": _boolean,
    "ceil_mode": _boolean,
    "connection_table": _table,
    "rate": _number,
    "momentum": _number,
    "epsilon": _number,
    "center": _boolean,
    "scale": _boolean,
}
