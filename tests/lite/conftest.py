"""The book with the lessons that run in the browser, as `make lite` left it, and a Pyodide for it.

PYODIDE_DIST names a folder that holds Pyodide; it answers for the public address, which no test
asks. CNN_REQUIRE_PYODIDE=1 turns "there is none" into a failure.
"""

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from scripts.build_book import HTML
from scripts.build_lite import ADDRESS, PYODIDE, SITE, LiteError, checked
from tests.lite import lab

TYPES = {".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm"}


@pytest.fixture(scope="session")
def pyodide() -> Path:
    """The folder that PYODIDE_DIST names."""
    folder = os.environ.get("PYODIDE_DIST", "")
    try:
        assert checked(folder), "PYODIDE_DIST is not set"
    except (AssertionError, LiteError) as error:
        required = os.environ.get("CNN_REQUIRE_PYODIDE") == "1"
        advice = f"{error}: it has to name a folder with the files of Pyodide {PYODIDE}"
        (pytest.fail if required else pytest.skip)(advice)
    return Path(folder)


@contextmanager
def serve(folder: Path):
    """A server of a folder: its address, and how many bytes it has served for each path."""
    served = {}

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def copyfile(self, source, outputfile):
            served[self.path] = os.fstat(source.fileno()).st_size
            super().copyfile(source, outputfile)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", served
        server.shutdown()


@pytest.fixture(scope="session")
def book():
    if not (SITE / "jupyter-lite.json").exists():
        pytest.fail("the book has no lessons for the browser: run `make lite`")
    return HTML


@pytest.fixture(scope="session")
def wrong() -> list[str]:
    """What went wrong in any window."""
    return []


@pytest.fixture(autouse=True)
def nothing_goes_wrong(wrong):
    yield
    found, wrong[:] = wrong[:], []
    assert found == []


@pytest.fixture(scope="session")
def visit(browser, pyodide, wrong):
    """Open a site in a window of its own; no other host may be asked, nothing may fail."""
    windows = []

    def visit(site: str, served: dict[str, int]):
        def answer(route):
            path = pyodide / urlsplit(route.request.url).path.rpartition("/")[2]
            served[route.request.url] = path.stat().st_size
            kind = TYPES.get(path.suffix, "application/octet-stream")
            headers = {"Access-Control-Allow-Origin": "*", "Content-Type": kind}
            route.fulfill(path=path, headers=headers)

        window = browser.new_context(viewport={"width": 1280, "height": 900})
        window.set_default_timeout(600_000)
        window.route(f"{ADDRESS}**", answer)
        window.route("**/lite/jupyter-lite.json*", lab.expose)
        known = (site, ADDRESS, "data:", "blob:")
        window.on("request", lambda r: r.url.startswith(known) or wrong.append(r.url))
        window.on("response", lambda r: r.status < 400 or wrong.append(f"{r.status} {r.url}"))
        windows.append(window)
        page = window.new_page()
        page.on("pageerror", lambda error: lab.own(error.stack) or wrong.append(error.stack))
        return page

    yield visit
    for window in windows:
        window.close()


@dataclass(frozen=True)
class OpenedLab:
    """JupyterLab with a kernel: what it loaded, and how long that took, to a lesson's first number.

    Whoever comes next opens a lesson by `lab.open_lesson`, which leaves the kernel no name.
    """

    page: object
    served: dict[str, int]
    seconds: float


@pytest.fixture(scope="session")
def opened(book, visit):
    with serve(book) as (site, served):
        page, start = visit(site, served), time.monotonic()
        lab.compute_first_number(site, page)
        yield OpenedLab(page, dict(served), time.monotonic() - start)


def pytest_terminal_summary(terminalreporter):
    """Show what tests have measured."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"   {name}: {value}")
