"""Each number of a lesson opens its proof, and each folded proof opens beside its sentence."""

import gzip
import re

import pytest
from bs4 import BeautifulSoup

from _ext.proofs import in_chinese
from _ext.words import say
from scripts import audit, lessons
from scripts.books import ENGLISH
from tests.book.conftest import BOOK, HTML

LARGEST = 8_000  # bytes over the wire that doors may cost a page
# Opens each door that stays on the page: [what it says, its title, whether its target is in sight,
# what is lit there].
OPEN_EACH = """() => [...document.querySelectorAll("article a.door:not(.qed)")]
    .filter((door) => door.getAttribute("href").startsWith("#"))
    .map((door) => {
        door.click();
        const target = document.querySelector(".proven");
        const { top, bottom } = target.getBoundingClientRect();
        const there = target.id === door.hash.slice(1) && target.checkVisibility();
        const [lit] = CSS.highlights.get("proven");
        return [door.textContent, door.title, there && top < innerHeight && bottom > 0, `${lit}`];
    })"""
PAGES = {
    HTML / path.relative_to(BOOK.source).with_suffix(".html"): path
    for path in lessons.lessons(BOOK)
}

MYRIADS = re.compile(r"([\d.,]+)([万亿])")

each_lesson = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


def in_english(found: re.Match) -> str:
    """120万 as 1.2 million, 153亿 as 15.3 billion: as exact as it is told."""
    few, scale = {"万": (100, "million"), "亿": (10, "billion")}[found[2]]
    return f"{audit.value(found[1]) / few:g} {scale}"


def read(path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@each_lesson
def test_no_number_is_without_its_door(path):
    # A formula, or a link that was there, is one door for all that it says.
    doors = {True: [], False: []}
    for door in read(path).select("article a.door"):
        several = door.find("math") is not None or "reference" in door["class"]
        doors[several].append(re.sub(r"\s", "", door.get_text().replace("·", "×")))
    english = ENGLISH.source / PAGES[path].relative_to(BOOK.source)
    cells = lessons.executed(PAGES[path])[0].cells
    for index, sentence, claim, place in audit.proofs(english, lessons.executed(english)[0]):
        told = claim.written if BOOK == ENGLISH else in_chinese(claim, cells[index].source)
        written = re.sub(r"\s", "", told)
        if place and written in doors[False]:
            doors[False].remove(written)
        elif place:  # a test of its own says that there is one
            assert any(written in text for text in doors[True]), (written, sentence)


@each_lesson
def test_each_door_opens_on_its_number(path, visit):
    with visit(path.as_uri(), reduced_motion="reduce") as page:
        opened = page.evaluate(OPEN_EACH)
    for says, title, in_sight, lit in opened:
        assert in_sight, says
        shown = audit.Evidence()
        shown.add(lit.replace("·", "×"), audit.Place("", ""))
        claims = list(audit.claims(MYRIADS.sub(in_english, says.replace("·", "×"))))
        assert claims, says
        if title != say("Source"):
            assert any(place for claim in claims for place in shown.places(claim)), (says, lit)


@each_lesson
def test_a_door_to_another_page_or_a_source_leads_somewhere(path):
    page = read(path)
    for door in page.select("article a.door"):
        name, _, place = door["href"].partition("#")
        if not name.startswith("http"):
            target = read((path.parent / name).resolve()) if name else page
            assert not place or target.find(id=place), door


@each_lesson
def test_the_tab_key_stops_once_in_a_paragraph(path):
    for block in read(path).select("article p, article h1, article h2, article h3, article table"):
        assert len(block.select("a.door:not([tabindex])")) <= 1 + len(block.select("a.reference"))


@each_lesson
def test_a_proof_opens_beside_its_sentence_and_closes_again(path, visit):
    with visit(path.as_uri()) as page:
        mark = page.locator("a.qed").first
        proof = page.locator(f"[id='{mark.get_attribute('href')[1:]}']")
        assert not proof.is_visible()
        for key, open_now in (("Enter", True), ("Space", False), ("Enter", True)):
            mark.focus()
            page.keyboard.press(key)
            assert proof.is_visible() == open_now
            assert mark.get_attribute("aria-expanded") == str(open_now).lower()
        assert "assert" in proof.inner_text()


def test_a_proof_has_its_values_put_in():
    proofs = read(HTML / "chapters" / "01-convolution.html").select(".proof")
    assert "[0, 21, 13, 4] == [0, 21, 13, 4]" in proofs[0].get_text()


def test_escape_leads_back_and_arrows_lead_on(visit):
    with visit((HTML / "chapters" / "09-lenet-by-hand.html").as_uri()) as page:
        here = "document.activeElement.outerHTML"
        crowd = page.locator("p:has(a.door + a.door), p:has(a.door[tabindex='-1'])").first
        first, second = (crowd.locator("a.door").nth(n) for n in (0, 1))
        first.focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate(here) == second.evaluate("door => door.outerHTML")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.matches('.proven')")
        page.keyboard.press("Escape")
        assert page.evaluate(here) == first.evaluate("door => door.outerHTML")
        assert page.locator(".proven").count() == 0


def test_without_scripts_proofs_stand_open(visit):
    page = (HTML / "chapters" / "01-convolution.html").as_uri()
    with visit(page, java_script_enabled=False) as page:
        assert page.locator(".proof").first.is_visible()


@each_lesson
def test_doors_are_light(path):
    page = read(path)
    before = over_the_wire(str(page))
    for door in page.select("a.door:not(.reference)"):
        door.unwrap()
    for added in page.select("[id^=cell-]"):
        del added["id"]
    for values in page.select(".proof > p, .proof > p + *"):
        values.decompose()
    ours = [lessons.ROOT / "_static" / f"proofs.{kind}" for kind in ("js", "css")]
    everywhere = sum(over_the_wire(each.read_text("utf-8")) for each in ours)
    assert before - over_the_wire(str(page)) + everywhere <= LARGEST


def over_the_wire(text: str) -> int:
    return len(gzip.compress(text.encode()))
