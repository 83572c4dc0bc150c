"""Runs in the browser's Python: pytest, on FILES. Ends with what the page gets."""

import os
import sys

import pytest
from pyodide.ffi import to_js
from pyodide.http import pyfetch

ABSENT = {"keras", "tensorflow", "scipy", "nbformat", "threadpoolctl"}


class Outcomes:
    """Counts; a test that asks for what no browser has, another process say, is skipped."""

    passed = absent = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if call.excinfo and is_absence(call.excinfo.value):
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {call.excinfo.value}")
            self.absent += 1
        self.passed += report.when == "call" and report.outcome == "passed"
        return report


def is_absence(error: BaseException) -> bool:
    if isinstance(error, ModuleNotFoundError):
        return error.name.partition(".")[0] in ABSENT
    return isinstance(error, OSError) and "does not support processes" in str(error)


async def run(files: list[str]):
    os.chdir("/home/pyodide")
    await (await pyfetch("tests.zip")).unpack_archive(format="zip")
    sys.path.insert(0, os.getcwd())
    outcomes = Outcomes()
    options = ["-q", "--capture=sys", "--durations=5", "-p", "no:faulthandler"]
    options += ["-p", "no:cacheprovider", *(f"tests/{name}" for name in files)]
    code = pytest.main(options, plugins=[outcomes])
    return to_js([outcomes.passed, outcomes.absent, int(code)])


await run(FILES)  # noqa: F704, F821 (Pyodide waits at the top; FILES comes before)
