"""How many threads may NumPy's matrix products use, and who shares out the work?"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

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


def each(tasks: Sequence[Sequence[Callable[[], Any]]]) -> None:
    """Make the calls of each task in order, the tasks side by side: one here, one on each thread.

    >>> done = []
    >>> each([[lambda: done.append(1), lambda: done.append(2)], [lambda: done.append("other")]])
    >>> sorted(done, key=str)
    [1, 2, 'other']

    NumPy's own calls let other threads run while they compute. Within `one_thread`, each of
    them is then on a core of its own.
    """
    others = [_pool(os.getpid()).submit(copy_context().run, _all, task) for task in tasks[1:]]
    try:
        _all(tasks[0])
    finally:
        for other in others:
            other.result()


def _all(calls: Sequence[Callable[[], Any]]) -> None:
    for call in calls:
        call()


@functools.cache
def _pool(process: int) -> ThreadPoolExecutor:
    """Threads kept for the next time, by process: a fork has none of its parent's."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="cnnlib")


@functools.cache
def _openblas(verb: str) -> Callable[..., int] | None:
    """OpenBLAS's own function, found through the module of NumPy's that is linked to it."""
    try:
        library = ctypes.CDLL(np._core._multiarray_umath.__file__)
    except (AttributeError, OSError):
        return None
    return next((f for name in _NAMES if (f := getattr(library, name.format(verb), None))), None)
