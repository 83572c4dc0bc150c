"""Each term of the glossary has a Chinese one, and a link where a lesson first uses it."""

import re

import pytest

from tests.test_structure import NOTEBOOKS, ROOT, links, read

GLOSSARY = ROOT / "appendix" / "glossary.md"
TERMS = re.findall(
    r"^## (.+)\n\n\*\*.*[\u4e00-\u9fff].*\*\* · .+\]\(\.\./(chapters/[\w-]+\.ipynb)\)$",
    GLOSSARY.read_text("utf-8"),
    re.M,
)
OTHER_FORMS = {
    "Dilation": ["dilated"],
    "Equivariance": ["equivariant"],
    "Invariance": ["invariant"],
    "Nonlinearity": ["nonlinearities"],
    "Pooling": ["pool", "pools"],
    "Underfitting": ["underfits"],
    "Validation split": ["validation"],
}
FORMS = {
    form.lower(): title
    for title, _ in TERMS
    for form in [title, f"{title}s", f"{title}es", *OTHER_FORMS.get(title, [])]
}
WORDS = "|".join(sorted(map(re.escape, FORMS), key=len, reverse=True))
# A link to the glossary; what is no prose, or links elsewhere; a term.
TOKENS = re.compile(
    r"\[[^\[\]]*\]\(\.\./appendix/glossary\.md#(?P<linked>[\w-]+)\)"
    r"|\$\$[^$]*\$\$|\$[^$\n]*\$|`[^`\n]*`|^#+ [^\n]*$|\[[^\[\]]*\]\([^)]*\)"
    rf"|(?<![\w-])(?P<used>{WORDS})(?![\w-])",
    re.M | re.I,
)


def slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def story(notebook) -> str:
    """The prose between what the reader needs and the references."""
    prose = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    return prose.partition("**Time:**")[2].partition("\n## References")[0]


def missing_links(prose: str) -> list[str]:
    """The terms that are used before they are linked."""
    known, missing = set(), []
    for token in TOKENS.finditer(prose):
        term = token["linked"] or (token["used"] and slug(FORMS[token["used"].lower()]))
        if term and term not in known:
            known.add(term)
            missing += [] if token["linked"] else [term]
    return missing


def test_each_term_has_a_chinese_one_and_a_lesson_that_links_to_it():
    titles = re.findall(r"^## (.+)$", GLOSSARY.read_text("utf-8"), re.M)
    assert [title for title, _ in TERMS] == titles == sorted(titles, key=str.lower)
    for title, lesson in TERMS:
        addresses = [address for _, address, _ in links(ROOT / lesson)]
        assert f"../appendix/glossary.md#{slug(title)}" in addresses, f"{lesson}: no {title}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_links_each_term_once_where_it_first_uses_it(path):
    assert missing_links(story(read(path))) == []
    terms = [address for _, address, _ in links(path) if "glossary.md#" in address]
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize(
    ("prose", "missing"),
    [
        ("A [kernel](../appendix/glossary.md#kernel) slides. The kernel stops.", []),
        ("A kernel slides.", ["kernel"]),
        ("A kernel, a [kernel](../appendix/glossary.md#kernel).", ["kernel"]),
        ("Two feature maps of a pool.", ["feature-map", "pooling"]),
        ("`kernel` and $kernel$ are no prose.\n\n## Nor is a kernel up here", []),
    ],
)
def test_a_term_that_is_not_linked_is_found(prose, missing):
    assert missing_links(prose) == missing
