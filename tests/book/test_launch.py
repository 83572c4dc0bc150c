"""The launch buttons of a lesson lead to that lesson, and the book hides what only Colab needs."""

import re

import pytest

from scripts import lessons
from scripts.address import home
from scripts.books import ENGLISH
from scripts.browser_lessons import browser_lessons
from tests.book.conftest import BOOK, HTML
from tests.test_structure import ROOT, read_yaml


@pytest.fixture(params=lessons.lessons(BOOK), ids=lambda path: path.stem)
def lesson(request):
    """The path of a lesson in the repository, and its page."""
    page = (HTML / request.param.relative_to(BOOK.source)).with_suffix(".html")
    return request.param.relative_to(ROOT).as_posix(), page.read_text("utf-8")


@pytest.mark.parametrize(
    ("service", "address"),
    [
        ("binderhub_url", "/v2/gh{name}/{branch}?urlpath=lab/tree/{lesson}"),
        ("colab_url", "/github{name}/blob/{branch}/{lesson}"),
    ],
)
def test_its_buttons_open_it(lesson, service, address):
    path, page = lesson
    config = read_yaml("_config.yml")
    service, here = config["launch_buttons"][service], home()
    links = [link for link in re.findall(r'href="([^"]+)"', page) if link.startswith(service)]
    parts = here and {"name": f"/{here.repository}", "branch": here.branch, "lesson": path}
    assert links == ([service + address.format(**parts)] if parts else [])


def test_the_browser_is_offered_where_it_can_run_the_lesson(lesson):
    path, page = lesson
    links = re.findall(r'href="([./]+/lite/[^"]+)"', page)
    can = ROOT / path in browser_lessons(BOOK)
    up = "../" * path.count("/")
    assert links == ([f"{up}lite/lab/index.html?path={path}"] if can else [])
    assert (ENGLISH.html / "lite" / "lab" / "index.html").exists()


def test_the_cell_that_gets_cnnlib_is_not_shown(lesson):
    assert "/archive/" not in lesson[1]
