"""Where does each number of the prose come from? From an output, an assertion, or a source.

What is audited: whole numbers of three digits and more, numbers of thousands, millions and
billions, percentages, and shapes of three sizes and more. A number is proven if an executed
output of the lesson shows it, if the lesson's code holds it, or if its sentence cites a source;
a sentence that links to another lesson may take it from that lesson's code. The tests refuse what
is not proven, and the pages lead from each number to its place.
"""

import ast
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

NUMBER = r"\d{1,3}(?:[,_]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
SHAPE = re.compile(r"(?<![\d.,])\d+(?:\s?×\s?\d+){2,}")
PERCENT = re.compile(rf"({NUMBER})(?:\s?%|\s(?:percent|per cent)\b)")
SCALED = re.compile(rf"({NUMBER})\s({'|'.join(SCALES)})\b")
WHOLE = re.compile(rf"(?<![\w.,])(?:{NUMBER})(?![\w]|\.\d)")
YEAR = re.compile(r"(?:18|19|20)\d\d")
LESSON_LINK = re.compile(r"\]\(([\w./-]+)\.ipynb")
CITED = re.compile(
    r"\]\((?P<link>https?://[^)\s]+)"
    r"|(?P<author>[A-Z][a-z]+) (?:et al\.|and others|and (?:his )?colleagues)"
    r"|(?P<writer>[A-Z][a-z]+)(?: and [A-Z][a-z]+)?,? \(?(?:19|20)\d\d"  # Lowe (2004), Lowe, 2004
    r"|\b(?:paper|article)\b"  # the one that the lesson names under References
)
# Of several outputs a page shows the first of these kinds that there is.
SHOWN_FIRST = ("text/html", "image/svg+xml", "image/png", "text/markdown", "text/latex")
# Where readers are led last: to bare code, to a picture, to what an exercise keeps for later.
IN_CODE, IN_A_FIGURE, GIVEN_AWAY = 1, 2, 10

# (lesson, number): why nothing on the page proves it.
EXCEPTIONS: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Place:
    """What shows a number: the assertion, output or code of a cell, or a source."""

    kind: str
    cell: str  # its id; of a source, the link or the name that it goes by
    index: int = 0  # of the cell in its lesson
    doubt: int = 0  # the less, the sooner a reader is led there
    page: str = ""  # another lesson's address
    written: str = ""  # the number as it stands there


@dataclass(frozen=True)
class Claim:
    """A number in a sentence that wants a proof."""

    written: str
    kind: str
    number: float = 0.0
    tolerance: float = 0.0


@dataclass
class Evidence:
    """What a lesson shows or asserts: numbers, and text in which shapes are looked for."""

    numbers: list[tuple[float, Place]] = field(default_factory=list)
    texts: list[tuple[str, Place]] = field(default_factory=list)

    def add(self, text: str, place: Place) -> None:
        """Take up the numbers of an output or a string."""
        text = plain(text)
        for pattern, unit in ((PERCENT, lambda m: 0.01), (SCALED, lambda m: SCALES[m[2]])):
            for found in pattern.finditer(text):
                number = value(found[1]) * unit(found)
                self.numbers.append((number, replace(place, written=found[0])))
        for found in re.finditer(rf"(?<![A-Za-z_\d])(?:{NUMBER})", text):
            self.numbers.append((value(found[0]), replace(place, written=found[0])))
        self.texts.append((text, place))

    def places(self, claim: Claim) -> Iterator[Place]:
        """Wherever a claim is shown."""
        if claim.kind == "shape":
            sizes = r"\s?[×x·*,]\s?".join(re.findall(r"\d+", claim.written))
            for text, place in self.texts:
                if found := re.search(rf"(?<![\d.]){sizes}(?![\d.])", text):
                    yield replace(place, written=found[0])
            return
        for number, place in self.numbers:
            if abs(claim.number - number) <= max(claim.tolerance, 1e-9 * claim.number):
                yield place


def value(number: str) -> float:
    return float(re.sub(r"[,_]", "", number))


def plain(text: str) -> str:
    """Text as it is read: without tags, addresses and the marks of TeX."""
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^<>]*>", " ", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", html.unescape(text))
    text = text.replace("{,}", ",").replace(r"\,", " ").replace(r"\%", "%")
    return re.sub(r"\\(?:cdot|times)\b", "×", text)


def of_code(source: str, place: Place) -> Evidence:
    """The numbers that code holds; of words, only those that it asserts."""
    found = Evidence()
    source = re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.M)
    code, assertion = (replace(place, kind=kind) for kind in ("code", "assertion"))
    code = replace(code, doubt=place.doubt + IN_CODE)
    for node in ast.walk(ast.parse(source)):
        number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if not number and not isinstance(node, ast.Assert | ast.Tuple | ast.List | ast.BinOp):
            continue
        written = ast.get_source_segment(source, node) or ""
        if number:
            found.numbers.append((float(node.value), replace(code, written=written)))
        if isinstance(node, ast.Assert):
            found.add(written, assertion)
        if isinstance(node, ast.Tuple | ast.List | ast.BinOp):
            found.texts.append((written, code))
    return found


def of_output(output, place: Place) -> Evidence:
    """The numbers that an output shows; a page shows the first of its kinds."""
    found = Evidence()
    kinds = {"text/plain": output.get("text", ""), **output.get("data", {})}
    first = next((kind for kind in SHOWN_FIRST if kind in kinds), "text/plain")
    for kind, text in kinds.items():
        if kind.startswith("text/") or kind == "image/svg+xml":
            plainly = kind == first and kind != "image/svg+xml" and "data-options" not in text
            doubt = place.doubt + (0 if plainly else IN_A_FIGURE)
            found.add(text, replace(place, kind="output", doubt=doubt))
    return found


def evidence(notebook, outputs: bool = True, page: str = "") -> Evidence:
    """What the code of a notebook holds, and what its outputs show."""
    found = Evidence()
    for index, cell in enumerate(notebook.cells):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type != "code" or tags & {"remove-cell", "quiz"}:
            continue  # questions take their numbers from the library, and some from other lessons
        doubt = GIVEN_AWAY if tags & {"guess", "check", "solution"} else 0
        place = Place("", cell.id, index, doubt, page)
        parts = [of_code(cell.source, place)]
        parts += [of_output(output, place) for output in cell.outputs if outputs]
        for part in parts:
            found.numbers += part.numbers
            found.texts += part.texts
    return found


def sentences(markdown: str) -> Iterator[str]:
    """The sentences of a cell; displayed formulas stay with what precedes them."""
    markdown = re.sub(r"^```.*?^```", "", markdown, flags=re.M | re.S)
    markdown = markdown.replace("\n\n$$", " $$")
    end = r"(?<=[.!?])(?<!al\.)[)\"”]?\s+(?=[(\"“*`\[$A-Z0-9])"
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )", markdown):
        yield from re.split(end, block.replace("\n", " "))


def claims(sentence: str) -> Iterator[Claim]:
    """The numbers in a sentence that want a proof."""
    rest = plain(sentence)
    for pattern, kind in ((SHAPE, "shape"), (PERCENT, "share"), (SCALED, "scaled")):
        for match in pattern.finditer(rest):
            if kind == "shape":
                yield Claim(match.group(), kind)
                continue
            unit = 0.01 if kind == "share" else SCALES[match[2]]
            decimals = len(match[1].partition(".")[2])
            number, tolerance = value(match[1]) * unit, 0.5 * unit * 10**-decimals
            yield Claim(match.group(), kind, number, tolerance)
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    for match in WHOLE.finditer(rest):
        if value(match.group()) >= 100:
            yield Claim(match.group(), "whole", value(match.group()))


def source(sentence: str, references: str) -> Place | None:
    """What a sentence cites: a link, or an entry of the References by a name that is in it."""
    cited = CITED.search(sentence)
    if cited is None:
        return None
    name = cited["author"] or cited["writer"] or ""
    return Place("source", cited["link"] or (name if name in references else ""))


def prove(
    sentence: str, found: Evidence, linked=lambda address: Evidence(), references="", index=0
) -> Iterator[tuple[Claim, Place | None]]:
    """The claims of a sentence in the cell of this index, each with what shows it best."""
    cited = source(sentence, references)
    known = [found, *map(linked, LESSON_LINK.findall(sentence))]
    for claim in claims(sentence):
        places = [place for each in known for place in each.places(claim)]
        if claim.kind == "whole" and YEAR.fullmatch(claim.written):
            dated = cited or (claim.written in references and Place("source", claim.written))
            yield claim, dated or min(places, key=far(index), default=None)
        else:
            yield claim, min(places, key=far(index), default=cited)


def far(index: int) -> Callable[[Place], tuple[bool, int, int]]:
    """How far a reader is led: to another page, to what is no plain proof, over how many cells."""
    return lambda place: (bool(place.page), place.doubt, abs(place.index - index))


def proofs(path: Path, notebook) -> Iterator[tuple[int, str, Claim, Place | None]]:
    """Each claim of an executed lesson's prose: its cell's index, its sentence, it, its proof."""
    import nbformat

    @cache
    def linked(address: str) -> Evidence:
        other = nbformat.read(path.parent / f"{address}.ipynb", as_version=4)
        return evidence(other, outputs=False, page=address)

    found = evidence(notebook)
    prose = [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "markdown"]
    references = next((c.source for _, c in prose if c.source.startswith("## References")), "")
    for index, cell in prose:
        for sentence in sentences(cell.source):
            for claim, place in prove(sentence, found, linked, references, index):
                yield index, " ".join(sentence.split()), claim, place


def faults(path: Path, notebook) -> list[str]:
    """One line for each number of an executed lesson's prose that nothing proves."""
    return [
        f"{path.name}, cell {notebook.cells[index].id}: {claim.written} is not proven in: {words}"
        for index, words, claim, place in proofs(path, notebook)
        if place is None and (path.stem, claim.written) not in EXCEPTIONS
    ]
