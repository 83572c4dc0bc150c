"""The printed book holds every lesson, its numbers and its fonts: `make pdf` reads what it made."""

import os
import re
import unicodedata

import pytest
import yaml
from pypdf import PdfReader

from _ext import words
from scripts import lessons, pdf
from scripts.books import BOOKS

LANGUAGE = os.environ.get("CNN_BOOK", "en")
BOOK = BOOKS[LANGUAGE]
PDF = pdf.pdf_of(LANGUAGE)
TOC = lessons.ROOT / "_toc.yml"
FEWEST_LINES = 8  # of words, on a page with pictures
GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\w×])|(?<=[\w×]) (?=[\u3400-\u9fff])")
LARGEST = 12_000_000  # bytes, so that it can be mailed


@pytest.fixture(scope="module", autouse=True)
def say():
    """The words of the language that is printed."""
    words.speak(LANGUAGE)
    yield words.say
    words.speak("en")


@pytest.fixture(scope="module")
def book():
    return PdfReader(PDF)


@pytest.fixture(scope="module")
def texts(book):
    return [plain(page.extract_text()) for page in book.pages]


def plain(text: str) -> str:
    """Text as it is typed: fonts share a glyph among signs, and Chinese is set with gaps."""
    return GAP.sub("", unicodedata.normalize("NFKC", text))


def titles(book) -> list[str]:
    return [plain(entry["/Title"]) for entry in pdf.entries(book.root_object["/Outlines"])]


def lesson_titles() -> list[str]:
    chapters = [path for path in lessons.lessons(BOOK) if path.parent.name == "chapters"]
    first = [lessons.nbformat.read(path, 4).cells[0].source for path in chapters]
    return [plain(source.splitlines()[0].removeprefix("# ")) for source in first]


def test_it_is_a_book_of_some_hundred_pages_and_not_too_large_to_mail(book):
    assert 150 < len(book.pages) < 400
    assert PDF.stat().st_size < LARGEST


def test_the_outline_names_every_lesson_in_order_and_no_heading_twice_over(book):
    found = [re.sub(r"^\d+\. ", "", title).replace(" ", "") for title in titles(book)]
    wanted = [title.replace(" ", "") for title in lesson_titles()]  # a line's end eats a space
    assert [title for title in found if title in wanted] == wanted
    assert [title for title in titles(book) if pdf.said_once(title) != title] == []


def test_the_contents_say_on_which_page_a_lesson_begins(texts):
    contents = re.sub(r"\s+", " ", texts[0])
    for title in lesson_titles():
        page = re.search(rf"{re.escape(title)} ?(\d+)", contents)
        assert page, title
        words = re.sub(r"\s+", " ", texts[int(page[1]) - 1])
        assert re.search(rf"(\d+\. )?{re.escape(title)}", words), (title, page[1])


@pytest.mark.parametrize("number", ["62,378,344", "60,965,224", "61,706", "340,908"])
def test_the_numbers_of_the_pages_are_in_it(number, texts):
    assert sum(number in text for text in texts) > 1


def answers(book) -> list[range]:
    """The pages of each part's answers, counted from 1: up to where the next lesson begins."""
    begins = {name: page for name, page in pdf.first_pages(book).items() if "document-" in name}
    places = sorted((page, "answers" in name) for name, page in begins.items())
    ends = [page for page, _ in places[1:]] + [len(book.pages)]
    return [
        range(page, end + 1)
        for (page, is_answers), end in zip(places, ends, strict=True)
        if is_answers
    ]


def test_answers_and_solutions_stand_at_the_end_of_each_part(book, texts, say):
    assert len(answers(book)) == len(yaml.safe_load(TOC.read_text("utf-8"))["parts"])
    for pages in answers(book):
        shown = "".join(texts[page - 1] for page in pages)
        assert re.search(r"solution_\d", shown)
        assert "✔" in shown
        assert say("Hint") in shown


def test_nothing_is_given_away_before(book, texts):
    end = pdf.first_pages(book)["document-appendix/glossary"]
    for page in set(range(1, end)) - {page for pages in answers(book) for page in pages}:
        assert not re.search(r"\bsolution_\d|✔|✘|def check_|Show code", texts[page - 1]), page


def test_a_quiz_names_the_page_of_its_answers(book, texts, say):
    reference = plain(say("Answers: page {page}", page=r"(\d+)"))
    named = {int(n) for text in texts for n in re.findall(reference, text)}
    assert named == {pages[0] for pages in answers(book)}


def test_no_page_is_all_but_blank(texts):
    """But for the title's, and the last."""
    lines = [len([line for line in text.splitlines() if line.strip()]) for text in texts]
    assert min(lines[2:-1]) >= FEWEST_LINES, lines.index(min(lines[2:-1])) + 1


def test_every_font_comes_with_it(book):
    fonts = [font for page in book.pages for font in page["/Resources"].get("/Font", {}).values()]
    assert fonts
    for font in fonts:
        font = font.get_object()
        if font["/Subtype"] != "/Type3":  # which is drawn in the file itself
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]


def test_a_screen_reader_finds_structure_and_language(book):
    assert book.root_object["/MarkInfo"]["/Marked"]
    assert book.root_object["/Lang"].startswith(LANGUAGE)
    assert book.metadata.title == BOOK.settings.get("html_title", "Convolutional networks, counted")


def test_no_sign_is_a_box_for_want_of_a_glyph(book):
    for number, page in enumerate(book.pages, start=1):
        assert not missing(page), number


def missing(page) -> list[bytes]:
    """What a page shows with the first glyph of a font, the box."""
    fonts, found, wide = page["/Resources"].get("/Font", {}), [], False

    def look(operator, operands, *_):
        nonlocal wide
        if operator == b"Tf":
            wide = fonts[operands[0]].get_object()["/Subtype"] == "/Type0"
        if operator in (b"Tj", b"TJ") and wide:
            shown = operands[0] if operator == b"TJ" else operands
            texts = [part.original_bytes for part in shown if hasattr(part, "original_bytes")]
            found.extend(text for text in texts if b"\0\0" in in_pairs(text))

    page.extract_text(visitor_operand_before=look)
    return found


def in_pairs(text: bytes) -> list[bytes]:
    return [text[i : i + 2] for i in range(0, len(text), 2)]
