"""A Chinese page weighs what the English one does: at most a tenth more.

But for the search: Chinese has no blanks, so its index holds every pair of signs.
"""

import pytest

from tests.book.test_weight import load
from tests.zh.test_two_languages import OF_THE_LIBRARY, PAGES


@pytest.mark.parametrize("name", [name for name in PAGES if name not in OF_THE_LIBRARY])
def test_a_page_weighs_at_most_a_tenth_more_than_its_twin(name, browser, site):
    english, _ = load(browser, f"{site}{name}", until_the_end=True)
    chinese, _ = load(browser, f"{site}zh/{name}", until_the_end=True)
    assert chinese <= (2 if name == "search.html" else 1.1) * english
