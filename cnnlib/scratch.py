"""Where does a convolution put what it needs for a moment only?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np

SIZE = 32 * 2**20  # bytes
_spare: list[tuple[np.ndarray, int]] = []  # memory, and the place in it that is next


@contextlib.contextmanager
def borrow(size: int) -> Iterator[np.ndarray]:
    """Lend so many bytes, at most SIZE, with whatever is left in them.

    >>> with borrow(16) as memory:
    ...     numbers = np.ndarray((2, 2), np.float32, memory)

    Memory is kept, for the system makes new memory page by page: with it LeNet's C1 took 2.2
    times. But not lent again at once: the other core has read it, and to write what another's
    cache still holds is slow: LeNet's C3 took 1.15 times. So small parts have turns, in an eighth
    of the memory; in a quarter LeNet's C1 took 1.2 times.
    """
    try:
        memory, start = _spare.pop()
    except IndexError:  # the first to borrow, or another thread has it
        memory, start = np.empty(SIZE, np.uint8), 0
    start = start if start + size <= SIZE // 8 else 0
    yield memory[start : start + size]
    _spare.append((memory, start + size + -size % 64))  # 64 bytes are a line of the cache
