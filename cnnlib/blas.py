"""How many threads may NumPy's matrix products use?"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import LibController

_lock = threading.Lock()
_before: list[list[int]] = []  # what to go back to, as each that is within `one_thread` leaves it


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Within this, products run on one thread, wherever threadpoolctl is installed.

    >>> import numpy as np
    >>> with one_thread():
    ...     product = np.ones((2, 3)) @ np.ones((3, 2))

    A layer of LeNet is thousands of small products: to share each among threads costs more than
    to do it, many times more if others use the processor too. Elsewhere nothing is changed.
    """
    with _lock:
        _before.append([library.get_num_threads() for library in _libraries()])
        _allow([1] * len(_before[-1]))
    try:
        yield
    finally:
        with _lock:  # the last to leave finds what the first to enter found
            _allow(_before.pop())


def _allow(threads: list[int]) -> None:
    for library, count in zip(_libraries(), threads, strict=True):
        library.set_num_threads(count)


@functools.cache
def _libraries() -> list[LibController]:
    """What NumPy's products stand on. A browser's Python has one thread and no threadpoolctl."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return []
    return ThreadpoolController().select(user_api="blas").lib_controllers
