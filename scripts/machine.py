"""On what, and when, was something measured?"""

from __future__ import annotations

import datetime
import os
import platform
from pathlib import Path


def circumstances() -> str:
    """Return the date and the machine.

    >>> circumstances().endswith("cores")
    True
    """
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")  # on Linux
    if described.is_file():
        lines = described.read_text("utf-8").splitlines()
        model = next((x.split(": ")[1] for x in lines if x.startswith("model name")), model)
    return f"{datetime.date.today():%d %B %Y}; {model}, {os.cpu_count()} cores"
