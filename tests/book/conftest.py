"""The built pages, and how to open one: from a file, or from a server as the published site's.

CNN_BOOK=zh has the Chinese pages read by the tests of the English ones (`make test-zh`).
"""

import os
from contextlib import contextmanager

import pytest

from _ext import words
from scripts.books import BOOKS, CHINESE, ENGLISH
from scripts.serve import serving

BOOK = BOOKS[os.environ.get("CNN_BOOK", "en")]
HTML = BOOK.html
OTHERS = set() if BOOK == CHINESE else set(CHINESE.html.rglob("*.html"))
OURS = "data-content_root="  # in every page of the theme
PAGES = sorted(
    path for path in set(HTML.rglob("*.html")) - OTHERS if OURS in path.read_text("utf-8")
)
LESSONS = sorted(HTML.glob("chapters/*.html"))


def name(path) -> str:
    return path.relative_to(HTML).as_posix()


@pytest.fixture(scope="session")
def site():
    """The address of the front page, while tests run."""
    below = HTML.relative_to(ENGLISH.html).as_posix().removeprefix(".")
    with serving() as address:
        yield f"{address}{below}/" if below else address


@pytest.fixture(autouse=True)
def in_its_language():
    """Let a test look for the words that the book's pages have."""
    words.speak(BOOK.settings.get("language", "en"))
    yield
    words.speak("en")


@pytest.fixture
def visit(context):
    """Open an address; whatever goes wrong until the end of the test fails it."""
    wrong = []

    @contextmanager
    def visit(address: str, **options):
        page = context(**options).new_page()
        here = address.split("/_build/")[0] if address.startswith("file:") else address[:20]
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.on(
            "request",
            lambda sent: (
                sent.url.startswith((here, "data:", "blob:"))
                or wrong.append(f"asks another host: {sent.url}")
            ),
        )
        page.goto(address)
        yield page
        page.close()

    yield visit
    assert wrong == []
