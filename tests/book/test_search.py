"""What a reader looks for is found, on the published site and in the files of a folder."""

import pytest

from tests.book.conftest import HTML

QUERY = "search.html?q=multiply-accumulates"


@pytest.mark.parametrize("where", ["site", "files"])
def test_search_finds_a_word_of_a_lesson(where, site, visit):
    root = site if where == "site" else f"{HTML.as_uri()}/"
    with visit(root + QUERY) as page:
        found = page.locator("#search-results ul.search li a")
        found.first.wait_for()
        page.wait_for_function(
            "document.querySelector('#search-results').textContent.includes('found')"
        )
        addresses = [link.get_attribute("href") for link in found.all()]
        assert any("chapters/09-lenet-by-hand.html" in address for address in addresses)


def test_the_search_button_leads_to_the_results(visit):
    with visit((HTML / "chapters" / "04-learned-kernels.html").as_uri()) as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("receptive field")
        page.keyboard.press("Enter")
        page.locator("#search-results ul.search li a").first.wait_for()
        assert "search.html" in page.url
