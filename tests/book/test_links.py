"""Every link and every picture of the built pages leads to something that is there."""

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from scripts.build_book import HTML
from scripts.serve import PREFIX

LITE = "lite/"  # the lessons in the browser, which `make lite` adds and tests
NO_PAGES = (LITE, "_static/", "zh/_static/")  # the theme leaves a template of its own there


class Page(HTMLParser):
    """The addresses that a page names, and the places in it that others can name."""

    def __init__(self, path: Path):
        super().__init__()
        self.addresses, self.places = set(), {"", "top"}
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.addresses |= {attributes[name] for name in ("href", "src") if attributes.get(name)}
        self.places |= {attributes[name] for name in ("id", "name") if attributes.get(name)}


def dead_links(folder: Path) -> list[str]:
    """The addresses within the folder's pages that lead nowhere, each with its page."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    names = {name for name in files if name.endswith(".html") and not name.startswith(NO_PAGES)}
    pages = {name: Page(folder / name) for name in sorted(names)}
    return [
        f"{name}: {address}"
        for name, page in pages.items()
        for address in sorted(page.addresses)
        if not leads_somewhere(address, name, files, pages)
    ]


def leads_somewhere(address: str, name: str, files: set[str], pages: dict[str, Page]) -> bool:
    url = urlsplit(address)
    if url.scheme or url.netloc:
        return True  # another site, which `make linkcheck` asks
    path = posixpath.join(posixpath.dirname(name), unquote(url.path)) if url.path else name
    path = posixpath.normpath(path).removeprefix(PREFIX)  # the 404 page does not know where it is
    if path.startswith(LITE):
        return True
    places = pages[path].places if path in pages else {""}
    return path in files and unquote(url.fragment) in places


def test_every_link_within_the_book_leads_somewhere():
    assert dead_links(HTML) == []


@pytest.mark.parametrize(
    "address", ["there.html", "two.html#nowhere", "#nowhere", "lost.png", f"{PREFIX}there.html"]
)
def test_a_dead_link_is_found(address, tmp_path):
    for name in ("one.html", "two.html"):
        (tmp_path / name).write_text('<p id="here"><a href="two.html#here">', "utf-8")
    assert dead_links(tmp_path) == []
    with (tmp_path / "one.html").open("a", encoding="utf-8") as page:
        page.write(f'<a href="{address}">')
    assert dead_links(tmp_path) == [f"one.html: {address}"]
