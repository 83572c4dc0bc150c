"""The audit of the prose finds what is wrong, and lets pass what is proven."""

from pathlib import Path

import nbformat
import pytest

from scripts import audit

ROOT = Path(__file__).resolve().parent.parent
CODE = """
total = 6 * 25
assert total == 150  # not 151
assert f"{total / 160:.1%}" == "93.8%"
shape = (28, 28, 6)
"""


def lesson(prose, code=CODE, output="parameters  61,706\nmaps (1, 10, 10, 16), 0.125"):
    cell = nbformat.v4.new_code_cell(code)
    cell.outputs = [nbformat.v4.new_output("stream", text=output)]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose), cell])


def unproven(prose):
    notebook = lesson(prose)
    found = audit.evidence(notebook)
    return unproven_in(prose, found, references="LeCun (1998)")


def unproven_in(prose, found, linked=lambda address: audit.Evidence(), references=""):
    return [
        claim.written
        for sentence in audit.sentences(prose)
        for claim, place in audit.prove(sentence, found, linked, references)
        if place is None
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "It has 61,706 parameters, 150 of them here.",
        "That is 93.8% of them, or 12.5%; in words 12.5 percent.",
        "The maps are 28×28×6 and 10×10×16.",
        r"In a formula: $6 \cdot 25 = 150$, and $61{,}706$.",
        "About 61.7 thousand.",
        "Small numbers, 5×5 or 32, are no claims.",
        "It was published in 1998.",
        "LeCun et al. (1998) count 340,908 connections.",
        "There are [340,908](https://example.org/paper) connections.",
        "The paper says 340,908.",
    ],
)
def test_what_is_proven_passes(prose):
    assert unproven(prose) == []


def test_questions_prove_nothing():
    notebook = lesson("There are 61,706.")
    assert list(audit.evidence(notebook).places(audit.Claim("61,706", "whole", 61_706)))
    notebook.cells[1].metadata.tags = ["hide-input", "quiz"]
    assert not list(audit.evidence(notebook).places(audit.Claim("61,706", "whole", 61_706)))


@pytest.mark.parametrize(
    ("prose", "wrong"),
    [
        ("It has 61,707 parameters.", "61,707"),
        ("A comment proves nothing: 151.", "151"),
        ("That is 93.7% of them.", "93.7%"),
        ("The maps are 28×28×16.", "28×28×16"),
        ("About 61.8 thousand.", "61.8 thousand"),
        (r"In a formula: $6 \cdot 26 = 156$.", "156"),
        ("One of two is wrong: 61,706 and 60,000.", "60,000"),
        ("It was published in 1999.", "1999"),
        ("The paper says 340,908. We count 340,909.", "340,909"),
        ("- 61,706 in all,\n- 48,120 in C5.", "48,120"),
        ("LeNet and AlexNet have 100 layers.", "100"),
    ],
)
def test_a_planted_wrong_number_is_found(prose, wrong):
    assert unproven(prose) == [wrong]


def test_a_fault_names_file_cell_and_sentence(tmp_path):
    notebook = lesson("# Count\n\nIt has 156 parameters. It has 157.", "assert 12 * 13 == 156")
    notebook.cells[0].id = "count"
    (line,) = audit.faults(tmp_path / "99-count.ipynb", notebook)
    assert line == "99-count.ipynb, cell count: 157 is not proven in: It has 157."


def test_a_link_to_a_lesson_brings_what_its_code_holds(tmp_path):
    nbformat.write(lesson("# Other"), tmp_path / "07-other.ipynb")
    prose = "[Lesson 7](07-other.ipynb) gives 150 and 151."
    (line,) = audit.faults(tmp_path / "08-this.ipynb", lesson(prose, "pass", ""))
    assert ": 151 is not proven" in line


def linked(address, folder=ROOT):
    """What the code of a lesson holds, by its address on a page in this folder."""
    notebook = nbformat.read(folder / f"{address}.ipynb", as_version=4)
    return audit.evidence(notebook, outputs=False)


def test_the_front_page_takes_its_numbers_from_the_lessons_it_links_to():
    page = (ROOT / "index.md").read_text("utf-8")
    assert unproven_in(page, audit.Evidence(), linked) == []
    wrong = page.replace("62,378,344", "62,378,345")
    assert unproven_in(wrong, audit.Evidence(), linked) == ["62,378,345"]


NOTES = (ROOT / "appendix" / "notes-on-the-source.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in NOTES.splitlines()
    if line.startswith("| ") and "Verdict" not in line
]


@pytest.mark.parametrize(("claim", "verdict", "shown"), ROWS, ids=[row[0][:40] for row in ROWS])
def test_each_claim_of_the_source_has_a_verdict_and_a_lesson_that_proves_it(claim, verdict, shown):
    assert verdict in {"right", "loose", "wrong"}
    lessons = [linked(name, ROOT / "appendix") for name in audit.LESSON_LINK.findall(shown)]
    assert lessons
    for text in (claim, shown):
        for sentence in audit.sentences(text):
            for number in audit.claims(sentence):
                assert any(any(found.places(number)) for found in lessons), number.written


def test_exceptions_are_few_and_give_reasons():
    assert len(audit.EXCEPTIONS) <= 5
    for (name, number), reason in audit.EXCEPTIONS.items():
        assert (ROOT / "chapters" / f"{name}.ipynb").exists()
        assert number
        assert len(reason.split()) > 3
