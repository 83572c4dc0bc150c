"""Links in outputs name notebooks and headings, and lead to pages and places."""

import pytest
from docutils import nodes

from _ext import links_of_outputs

PAGES = {"chapters/01-convolution", "appendix/api"}
PLACES = {
    ("../chapters/01-convolution", "Add-a-margin"): "add-a-margin",
    ("01-convolution", "LeNet's-28×28:-why"): "lenet-s-2828-why",
}


@pytest.mark.parametrize(
    ("written", "on_page", "on_paper"),
    [
        (
            "../chapters/01-convolution.ipynb#Add-a-margin",
            "../chapters/01-convolution.html#add-a-margin",
            "#document-chapters/01-convolution",
        ),
        (
            "01-convolution.ipynb#LeNet%27s-28%C3%9728%3A-why",
            "01-convolution.html#lenet-s-2828-why",
            "#document-chapters/01-convolution",
        ),
        ("#add-a-margin", "#add-a-margin", "#add-a-margin"),
        ("01-convolution.ipynb", "01-convolution.ipynb", "01-convolution.ipynb"),
        ("https://a.org/b.ipynb#c", "https://a.org/b.ipynb#c", "https://a.org/b.ipynb#c"),
    ],
)
def test_a_link_to_a_heading_of_a_notebook_leads_to_its_place(written, on_page, on_paper):
    body = f'<p>See <a class="a" href="{written}">it</a></p>'
    assert links_of_outputs.to_pages(body, lambda *named: PLACES[named]) == body.replace(
        written, on_page
    )
    assert links_of_outputs.on_paper(body, PAGES) == body.replace(written, on_paper)


def test_a_heading_in_another_language_has_the_place_that_its_section_has():
    section = nodes.section("", nodes.title("", "加一圈边 3"), ids=["add-a-margin"])
    assert links_of_outputs.places(section) == {"加一圈边-3": "add-a-margin"}
