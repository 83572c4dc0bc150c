"""A book is served below the prefix that it has on Pages, and without one where it has none."""

from gzip import decompress
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from scripts import serve


@pytest.fixture(params=["/", "/course/"])
def site(request, tmp_path, monkeypatch):
    for name in ("index", "404"):
        (tmp_path / f"{name}.html").write_text(name, "utf-8")
    monkeypatch.setattr(serve, "HTML", tmp_path)
    monkeypatch.setattr(serve, "PREFIX", request.param)
    with serve.serving() as address:
        yield address


def read(address: str) -> str:
    with urlopen(address) as answer:
        return decompress(answer.read()).decode()


def test_the_front_page_is_found_with_and_without_the_prefix(site):
    host = site.removesuffix(serve.PREFIX)
    assert read(site) == read(f"{host}/") == read(f"{site}index.html") == "index"


def test_what_is_not_there_gets_the_page_for_that(site):
    with pytest.raises(HTTPError) as answer:
        urlopen(f"{site}no/such/page.html")
    with answer.value as page:
        assert (page.code, decompress(page.read())) == (404, b"404")
