"""Pages with figures to touch, which report what goes wrong."""

from contextlib import contextmanager
from functools import partial

import pytest

from cnnlib import interactive


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
FIGURES["guess_number"] = partial(
    interactive.guess_number, "How many weights has a 3×3 kernel?", 576, "weights"
)
FIGURES["guess_point"] = partial(interactive.guess_point, "How many digits?", 900, 100, 1000)
FIGURES["guess_choice"] = partial(interactive.guess_choice, "Which?", ["C1", "F6"], "F6")


@pytest.fixture(scope="module", params=FIGURES)
def figure(request):
    """Each figure there is, as it comes without arguments."""
    return FIGURES[request.param]()
