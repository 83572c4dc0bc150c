"""Let commands that write to the same place do so one after the other."""

import contextlib
import os
from pathlib import Path


@contextlib.contextmanager
def only_one_at_a_time(lock: Path, doing: str):
    """Let a second `make` wait for the first; the system frees the lock if we die."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with lock.open("a") as file:
        os.register_at_fork(after_in_child=file.close)  # processes of ours may outlive us
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"   Another make is {doing}: waiting for it.", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
