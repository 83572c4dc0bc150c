"""How much does a reader wait for? Everything that a lesson loads, all its pictures included."""

import gzip
from statistics import median

import pytest

from tests.book.conftest import LESSONS

MEDIAN, HEAVIEST = 300, 450  # kilobytes over the wire
FRONT = 250  # of which the digit reader is about 130: LeNet's weights travel with it
REQUESTS = 8
TEXT = 100  # kilobytes that come before the first word shows; a network's weights are 125
ALL_PICTURES = "for (const picture of document.images) picture.loading = 'eager'"


def load(browser, address: str, until_the_end: bool = False) -> tuple[float, list[str]]:
    """Kilobytes of a first visit, as they came through the network, and what was asked for."""
    window = browser.new_context(viewport={"width": 390, "height": 800})
    page, asked = window.new_page(), []
    page.on("request", lambda request: asked.append(request))
    page.goto(address, wait_until="networkidle")
    if until_the_end:
        page.evaluate(ALL_PICTURES)
        page.wait_for_function("[...document.images].every((picture) => picture.complete)")
    asked = [request for request in asked if not request.url.startswith("data:")]
    sizes = [request.sizes() for request in asked]  # waits until each has come
    window.close()
    came = sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes)
    return came / 1000, [request.url for request in asked]


@pytest.fixture(scope="module")
def weights(browser, site):
    """Kilobytes of each lesson, read to its end."""
    addresses = {path.stem: f"{site}chapters/{path.name}" for path in LESSONS}
    return {name: load(browser, url, until_the_end=True)[0] for name, url in addresses.items()}


def test_a_lesson_is_light(weights):
    assert median(weights.values()) <= MEDIAN
    assert max(weights.values()) <= HEAVIEST, weights


def test_a_first_view_asks_for_few_files(browser, site):
    kilobytes, asked = load(browser, site)
    assert 20 < kilobytes <= FRONT
    assert len(asked) <= REQUESTS, asked
    assert not [url for url in asked if "searchindex" in url]


def test_no_text_waits_for_what_a_figure_needs():
    sizes = {path.stem: len(gzip.compress(path.read_bytes())) / 1000 for path in LESSONS}
    assert max(sizes.values()) <= TEXT, sizes
