"""Measure how long `import cnnlib` takes in a fresh Python, beside NumPy, most of what it loads."""

import subprocess
import sys
from statistics import median

CODE = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
ROUNDS = 11


def seconds(module: str) -> float:
    """Import it in a Python of its own, and return the seconds that took."""
    command = [sys.executable, "-c", CODE.format(module)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    times = {"numpy": [], "cnnlib": []}
    for _ in range(ROUNDS):
        for module, taken in times.items():
            taken.append(seconds(module))
    medians = ", ".join(f"{median(taken):.2f} s for {name}" for name, taken in times.items())
    print(f"   Importing takes {medians} (medians of {ROUNDS}, by turns).")


if __name__ == "__main__":
    main()
