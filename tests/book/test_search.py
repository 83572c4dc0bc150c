"""What a reader looks for is found, on the published site and in the files of a folder."""

import pytest

from scripts.books import CHINESE
from tests.book.conftest import BOOK, HTML

# What is looked for, and a lesson that tells of it.
QUERIES = {"multiply-accumulates": "09-lenet-by-hand"}
CHINESE_QUERIES = {
    "感受野": "06-receptive-fields",
    "卷积神经网络": "01-convolution",
    "权重共享": "07-weight-sharing",
    "池化": "14-equal-budgets",
    "感受野 池化": "06-receptive-fields",
    "权重共享卷积核": "07-weight-sharing",
}
UNHEARD_OF = "量子纠缠" if BOOK == CHINESE else "phlogiston"
FINISHED = "document.querySelector('#search-results .search-summary').textContent"


def results(page) -> list[str]:
    """The addresses that a search has found, once it is done."""
    found = page.locator("#search-results ul.search li a")
    found.first.wait_for()
    page.wait_for_function(FINISHED)
    return [link.get_attribute("href") for link in found.all()]


@pytest.mark.parametrize(
    ("query", "lesson"), (CHINESE_QUERIES if BOOK == CHINESE else QUERIES).items()
)
@pytest.mark.parametrize("where", ["site", "files"])
def test_search_finds_the_lesson_that_tells_of_it(where, query, lesson, site, visit):
    root = site if where == "site" else f"{HTML.as_uri()}/"
    with visit(f"{root}search.html?q={query}") as page:
        assert any(f"chapters/{lesson}" in address for address in results(page))


def test_search_finds_nothing_where_no_page_tells_of_it(site, visit):
    with visit(f"{site}search.html?q={UNHEARD_OF}") as page:
        page.wait_for_function(FINISHED)
        assert page.locator("#search-results ul.search li").count() == 0


def test_the_search_button_leads_to_the_results(visit):
    with visit((HTML / "chapters" / "04-learned-kernels.html").as_uri()) as page:
        page.keyboard.press("Control+k")
        page.keyboard.insert_text("感受野" if BOOK == CHINESE else "receptive field")
        page.keyboard.press("Enter")
        page.locator("#search-results ul.search li a").first.wait_for()
        assert "search.html" in page.url
