"""The built pages, and how to open one: from a file, or from a server as the published site's."""

from contextlib import contextmanager

import pytest

from scripts.serve import HTML, serving

OURS = "data-content_root="  # in every page of the theme
PAGES = sorted(path for path in HTML.rglob("*.html") if OURS in path.read_text("utf-8"))
LESSONS = sorted(HTML.glob("chapters/*.html"))


def name(path) -> str:
    return path.relative_to(HTML).as_posix()


@pytest.fixture(scope="session")
def site():
    """The address of the front page, while tests run."""
    with serving() as address:
        yield address


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
