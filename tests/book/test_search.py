"""What a reader looks for is found, on the published site and in the files of a folder."""

import pytest

from scripts.books import CHINESE
from tests.book.conftest import BOOK, HTML

QUERIES = ["multiply-accumulates"]
CHINESE_QUERIES = ["感受野", "卷积神经网络", "权重共享", "池化", "感受野 池化", "权重共享卷积核"]
FINISHED = "document.querySelector('#search-results .search-summary').textContent"


def results(page) -> list[str]:
    """The addresses that a search has found, once it is done."""
    found = page.locator("#search-results ul.search li a")
    found.first.wait_for()
    page.wait_for_function(FINISHED)
    return [link.get_attribute("href") for link in found.all()]


@pytest.mark.parametrize("query", CHINESE_QUERIES if BOOK == CHINESE else QUERIES)
@pytest.mark.parametrize("where", ["site", "files"])
def test_search_finds_a_word_of_a_lesson(where, query, site, visit):
    root = site if where == "site" else f"{HTML.as_uri()}/"
    with visit(f"{root}search.html?q={query}") as page:
        assert any("chapters/" in address for address in results(page))


def test_the_search_button_leads_to_the_results(visit):
    with visit((HTML / "chapters" / "04-learned-kernels.html").as_uri()) as page:
        page.keyboard.press("Control+k")
        page.keyboard.insert_text("感受野" if BOOK == CHINESE else "receptive field")
        page.keyboard.press("Enter")
        page.locator("#search-results ul.search li a").first.wait_for()
        assert "search.html" in page.url
