"""How many threads may NumPy's matrix products use?"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import threading
from collections.abc import Callable, Iterator

import numpy as np

_NAMES = ("scipy_openblas_{}_num_threads64_", "scipy_openblas_{}_num_threads",
          "openblas_{}_num_threads64_", "openblas_{}_num_threads")  # fmt: skip
_lock = threading.Lock()
_before: list[int] = []  # what to go back to, as each that is within `one_thread` leaves it


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Within this, products run on one thread, wherever NumPy stands on OpenBLAS.

    >>> with one_thread():
    ...     product = np.ones((2, 3)) @ np.ones((3, 2))

    A layer of LeNet is thousands of small products: to share each among threads costs more than
    to do it, many times more if others use the processor too. Elsewhere nothing is changed.
    """
    put = _openblas("set")
    if not put:
        yield
        return
    with _lock:
        _before.append(threads())
        put(1)
    try:
        yield
    finally:
        with _lock:  # the last to leave finds what the first to enter found
            put(_before.pop())


def threads() -> int:
    """How many threads a product may use; 1 where NumPy does not stand on OpenBLAS."""
    get = _openblas("get")
    return get() if get and _openblas("set") else 1


@functools.cache
def _openblas(verb: str) -> Callable[..., int] | None:
    """OpenBLAS's own function, found through the module of NumPy's that is linked to it."""
    try:
        library = ctypes.CDLL(np._core._multiarray_umath.__file__)
    except (AttributeError, OSError):
        return None
    return next((f for name in _NAMES if (f := getattr(library, name.format(verb), None))), None)
