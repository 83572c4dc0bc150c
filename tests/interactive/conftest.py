"""One Chromium for all tests of the figures to touch, and pages that report what goes wrong.

CNN_CHROMIUM names the program; CNN_REQUIRE_CHROMIUM=1 turns "there is none" into a failure.
"""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from cnnlib import interactive

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


def chromium() -> str | None:
    named = os.environ.get("CNN_CHROMIUM")
    if named:
        return named
    return next(filter(None, map(shutil.which, NAMES)), MAC if Path(MAC).exists() else None)


@pytest.fixture(scope="session")
def browser():
    program = chromium()
    if program is None:
        required = os.environ.get("CNN_REQUIRE_CHROMIUM") == "1"
        (pytest.fail if required else pytest.skip)(
            "no Chromium found: install Chromium or Chrome, or name it in CNN_CHROMIUM"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(browser):
    """A window of the browser with these options, opened once."""
    opened = {}

    def context(**options):
        key = repr(sorted(options.items()))
        opened[key] = opened.get(key) or browser.new_context(**options)
        opened[key].set_default_timeout(5000)
        return opened[key]

    return context


@contextmanager
def pages(context, folder):
    """Open files with figures, from top to bottom; nothing may go wrong until the end."""
    opened, wrong = [], []

    def show(*figures, width=1280, theme="light", body="", **options):
        path = folder / "page.html"
        blobs = "".join(figure._repr_html_() for figure in figures)
        path.write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>figures</title>'
            '<meta name="viewport" content="width=device-width">'
            f"<body><main><h1>figures</h1>{body}{blobs}</main></body></html>",
            "utf-8",
        )
        viewport = {"width": width, "height": 900}
        page = context(viewport=viewport, color_scheme=theme, **options).new_page()
        opened.append(page)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.on("request", lambda request: here(request.url) or wrong.append(request.url))
        page.goto(path.as_uri())
        return page

    yield show
    for page in opened:
        page.close()
    assert wrong == []


@pytest.fixture
def show(context, tmp_path):
    """Open figures on a page of this test's own."""
    with pages(context, tmp_path) as show:
        yield show


@pytest.fixture(scope="module")
def show_once(context, tmp_path_factory):
    """Open figures on a page that several tests look at."""
    with pages(context, tmp_path_factory.mktemp("pages")) as show:
        yield show


def here(address: str) -> bool:
    return address.startswith(("file:", "data:", "blob:"))


def quiz():
    """A quiz of two questions."""
    places = [interactive.Option("3", "2 steps, and the start", right=True)]
    places += [interactive.Option("2", "add the `start`"), interactive.Option("4", "it has to fit")]
    sizes = [
        interactive.Option("5", "a half step is no step"),
        interactive.Option("4", "yes", True),
    ]
    questions = {"A kernel of 2 on 4 pixels: how many places?": places, "Floor of 4.5?": sizes}
    return interactive.quiz([interactive.Question(*each) for each in questions.items()])


FIGURES = {name: getattr(interactive, name) for name in interactive.__all__ if name.islower()}
FIGURES["quiz"] = quiz


@pytest.fixture(scope="module", params=FIGURES)
def figure(request):
    """Each figure there is, as it comes without arguments."""
    return FIGURES[request.param]()
