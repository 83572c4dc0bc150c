"""Print a whole book into one PDF: `make pdf`, `make zh-pdf`.

Sphinx writes one long page from what `make book` read, and Chromium prints it, twice: where the
chapters lie on the first print are the page numbers of the contents in the second. Then the many
small objects that tell a screen reader how the text is built are packed.
"""

import logging
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from scripts.answers import PAGE_OF, answers_last
from scripts.books import BOOKS
from scripts.browser import ADVICE, FLAGS, chromium
from scripts.build_book import BUILD, only_one_at_a_time
from scripts.pack_pdf import packed
from scripts.pages import write_pages

NAME = "convolutional-networks-counted"
PDF = BUILD / "pdf" / f"{NAME}.pdf"
STYLE = Path(__file__).with_name("pdf.css")
ENTRY = re.compile(r'(<li class="toctree-l1[^>]*><a[^>]*href="#(document-[^"]*)">.*?)(</a>)')
TWICE = re.compile(r"(?:([\d.]+ )\1)?(.+)\2")
PLAIN = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>')  # tokens in the colour of text
TAKEN_DOWN = re.compile(rb"<2[EF][0-9A-F]{2}>(?=\n)")
# The radicals that Unicode itself does not count as written forms of their signs.
SIMPLIFIED = dict(
    zip(
        "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民西见角贝车长门青韦页风飞食马鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
FOOTER = '<div style="width: 100%; font-size: 8px; text-align: center" class="pageNumber"></div>'
PAPER = {
    "format": "A4",
    "scale": 0.72,
    "margin": {"top": "16mm", "bottom": "18mm", "left": "20mm", "right": "20mm"},
    "display_header_footer": True,
    "header_template": "<div></div>",
    "footer_template": FOOTER,
    "print_background": True,
    "tagged": True,
    "outline": True,
}


def for_paper(page: str, numbers: dict[str, int]) -> str:
    """The long page with the style of paper, all that folds open, and numbers in its contents."""
    page = page.replace("</head>", f"<style>{STYLE.read_text('utf-8')}</style></head>", 1)
    page = page.replace("<html", '<html data-theme="light"', 1).replace("<details", "<details open")
    page = PLAIN.sub(r"\1", page)
    for name, number in numbers.items():
        page = page.replace(PAGE_OF.format(name), str(number))
    return ENTRY.sub(
        lambda entry: f'{entry[1]}<span class="page">{numbers.get(entry[2], 0)}</span>{entry[3]}',
        page,
    )


def print_book(program: str, long_page: Path, pdf: Path) -> None:
    """Without scripts: then a figure to touch shows what it holds for those who have none."""
    page, printed = answers_last(long_page.read_text("utf-8")), long_page.with_name("print.html")
    pdf.parent.mkdir(exist_ok=True)
    unfinished = pdf.with_suffix(".unfinished")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        tab = browser.new_context(java_script_enabled=False).new_page()
        numbers = {}
        for _ in ("to learn the numbers", "with the numbers"):
            printed.write_text(for_paper(page, numbers), "utf-8")
            tab.emulate_media(media="print")  # or what the screen left for later stays away
            tab.goto(printed.as_uri())
            tab.pdf(path=unfinished, **PAPER)
            numbers = first_pages(PdfReader(unfinished))
        browser.close()
    writer = PdfWriter(clone_from=unfinished)
    for entry in entries(writer.root_object["/Outlines"]):
        entry[NameObject("/Title")] = TextStringObject(said_once(entry["/Title"]))
    mend_signs(writer)
    writer.compress_identical_objects(remove_duplicates=True)  # a glyph is drawn in many fonts
    unfinished.write_bytes(packed(writer))
    unfinished.replace(pdf)


def entries(parent):
    """The entries of the outline below one of them, in order."""
    entry = parent.get("/First")
    while entry is not None:
        yield entry.get_object()
        yield from entries(entry.get_object())
        entry = entry.get_object().get("/Next")


def said_once(title: str) -> str:
    """Chromium takes each part of a heading down twice where a page ends just before it.

    >>> said_once("1.8. 1.8. Name itName it"), said_once("The pathThe path"), said_once("3. Go")
    ('1.8. Name it', 'The path', '3. Go')
    """
    twice = TWICE.fullmatch(title)
    return (twice[1] or "") + twice[2] if twice else title


def mend_signs(writer: PdfWriter) -> None:
    """Let a reader find and copy what is typed: fonts draw a radical and a word of one sign alike.

    Chromium takes a glyph of both down for the radical, which nobody types.
    """
    mended = set()
    for page in writer.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            signs = font.get_object().get("/ToUnicode")
            if signs is not None and id(signs.get_object()) not in mended:
                mended.add(id(signs.get_object()))
                signs = signs.get_object()
                signs.set_data(TAKEN_DOWN.sub(typed, signs.get_data()))


def typed(code: re.Match) -> bytes:
    """
    >>> typed(re.match(b"<2F64>", b"<2F64>"))  # ⽤
    b'<7528>'
    """
    sign = chr(int(code[0][1:-1], 16))
    sign = SIMPLIFIED.get(sign, unicodedata.normalize("NFKC", sign))
    return b"<%04X>" % ord(sign)


def first_pages(pdf: PdfReader) -> dict[str, int]:
    """On which page, counted from 1, each place lies that a link leads to."""
    places = pdf.named_destinations.items()
    return {name[1:]: pdf.get_destination_page_number(place) + 1 for name, place in places}


def main(language: str = "en") -> int:
    logging.getLogger("pypdf").setLevel(
        logging.ERROR
    )  # what it warns of in Chromium's files it mends
    program = chromium()
    if program is None:
        print(f"   No PDF: {ADVICE}.")
        return 1
    if language == "zh" and lacks_chinese():
        print("   No PDF: install a Chinese font (on Debian and Ubuntu it is fonts-noto-cjk).")
        return 1
    book, folder, pdf = BOOKS[language], BOOKS[language].build / "singlehtml", pdf_of(language)
    with only_one_at_a_time():
        if not write_pages("singlehtml", folder, book.doctrees, book.source):
            return 1
        print_book(program, folder / "index.html", pdf)
    print(f"   The book is {pdf.relative_to(BUILD.parent)}")
    return 0


def lacks_chinese() -> bool:
    """Whether this system has no font for Chinese; those without fc-list bring one."""
    lister = shutil.which("fc-list")
    return bool(lister) and not subprocess.run([lister, ":lang=zh"], capture_output=True).stdout


def pdf_of(language: str) -> Path:
    """
    >>> pdf_of("zh").name
    'convolutional-networks-counted-zh.pdf'
    """
    return PDF if language == "en" else PDF.with_stem(f"{NAME}-{language}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
