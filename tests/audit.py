"""Where does each number of the prose come from? From an output, an assertion, or a source.

What is audited: whole numbers of three digits and more, numbers of thousands, millions and
billions, percentages, and shapes of three sizes and more. A number is proven if an executed
output of the lesson shows it, if the lesson's code holds it, or if its sentence cites a source;
a sentence that links to another lesson may take it from that lesson's code.
"""

import ast
import html
import re
from dataclasses import dataclass, field
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
    r"\]\(https?://"  # a link
    r"|[A-Z][a-z]+ (?:et al\.|and others|and (?:his )?colleagues)"
    r"|[A-Z][a-z]+(?: and [A-Z][a-z]+)?,? \(?(?:19|20)\d\d"  # Lowe (2004), Lowe, 2004
    r"|\b(?:paper|article)\b"  # the one that the lesson names under References
)

# (lesson, number): why nothing on the page proves it.
EXCEPTIONS: dict[tuple[str, str], str] = {}


@dataclass
class Evidence:
    """What a lesson shows or asserts: numbers, and text in which shapes are looked for."""

    numbers: set[float] = field(default_factory=set)
    text: str = ""

    def add(self, text: str) -> None:
        """Take up the numbers of an output or a string."""
        text = plain(text)
        self.numbers.update(value(number) for number in re.findall(NUMBER, text))
        self.numbers.update(value(n) / 100 for n in PERCENT.findall(text))
        self.numbers.update(value(n) * SCALES[scale] for n, scale in SCALED.findall(text))
        self.text += f"\n{text}"

    def has_shape(self, shape: str) -> bool:
        sizes = r"\s?[×x·*,]\s?".join(re.findall(r"\d+", shape))
        return bool(re.search(rf"(?<![\d.]){sizes}(?![\d.])", self.text))

    def has(self, number: float, tolerance: float = 0.0) -> bool:
        return any(abs(number - known) <= max(tolerance, 1e-9 * number) for known in self.numbers)


def value(number: str) -> float:
    return float(re.sub(r"[,_]", "", number))


def plain(text: str) -> str:
    """Text as it is read: without tags, addresses and the marks of TeX."""
    text = re.sub(r"<(style|script)\b.*?</\1>|<[^<>]*>", " ", text, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", html.unescape(text))
    text = text.replace("{,}", ",").replace(r"\,", " ").replace(r"\%", "%")
    return re.sub(r"\\(?:cdot|times)\b", "×", text)


def of_code(source: str) -> Evidence:
    """The numbers that code holds; of words, only those that it asserts."""
    found = Evidence()
    tree = ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.M))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            found.numbers.add(float(node.value))
        if isinstance(node, ast.Assert):
            found.add(ast.unparse(node))
        if isinstance(node, ast.Tuple | ast.List | ast.BinOp):
            found.text += "\n" + ast.unparse(node)
    return found


def evidence(notebook, outputs: bool = True) -> Evidence:
    """What the code of a notebook holds, and what its outputs show."""
    found = Evidence()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        code = of_code(cell.source)
        found.numbers |= code.numbers
        found.text += code.text
        for output in cell.outputs if outputs else ():
            shown = [output.get("text", ""), *output.get("data", {}).values()]
            kinds = ["text/plain", *output.get("data", {})]
            for kind, text in zip(kinds, shown, strict=True):
                if kind.startswith("text/") or kind == "image/svg+xml":
                    found.add(text)
    return found


def sentences(markdown: str):
    """The sentences of a cell; displayed formulas stay with what precedes them."""
    markdown = re.sub(r"^```.*?^```", "", markdown, flags=re.M | re.S)
    markdown = markdown.replace("\n\n$$", " $$")
    end = r"(?<=[.!?])(?<!al\.)[)\"”]?\s+(?=[(\"“*`\[$A-Z0-9])"
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )", markdown):
        yield from re.split(end, block.replace("\n", " "))


def claims(sentence: str):
    """The numbers in a sentence that want a proof: (as written, kind, value, tolerance)."""
    rest = plain(sentence)
    for pattern, kind in ((SHAPE, "shape"), (PERCENT, "share"), (SCALED, "scaled")):
        for match in pattern.finditer(rest):
            if kind == "shape":
                yield match.group(), kind, 0.0, 0.0
                continue
            unit = 0.01 if kind == "share" else SCALES[match[2]]
            decimals = len(match[1].partition(".")[2])
            yield match.group(), kind, value(match[1]) * unit, 0.5 * unit * 10**-decimals
        rest = pattern.sub(lambda match: " " * len(match.group()), rest)
    for match in WHOLE.finditer(rest):
        if value(match.group()) >= 100:
            yield match.group(), "whole", value(match.group()), 0.0


def unproven(markdown: str, found: Evidence, linked=lambda address: Evidence(), years: str = ""):
    """The numbers of a text that nothing proves: (number, sentence)."""
    for sentence in sentences(markdown):
        if CITED.search(sentence):
            continue
        known = [found, *map(linked, LESSON_LINK.findall(sentence))]
        for written, kind, number, tolerance in claims(sentence):
            if kind == "shape":
                proven = any(each.has_shape(written) for each in known)
            else:
                proven = any(each.has(number, tolerance) for each in known)
            if kind == "whole" and YEAR.fullmatch(written):
                proven = proven or written in years
            if not proven:
                yield written, " ".join(sentence.split())


def faults(path: Path, notebook) -> list[str]:
    """One line for each number of an executed lesson's prose that nothing proves."""
    import nbformat

    def linked(address: str) -> Evidence:
        other = path.parent / f"{address}.ipynb"
        return evidence(nbformat.read(other, as_version=4), outputs=False)

    found, lines = evidence(notebook), []
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    years = next((c.source for c in prose if c.source.startswith("## References")), "")
    for cell in prose:
        for number, sentence in unproven(cell.source, found, linked, years):
            if (path.stem, number) not in EXCEPTIONS:
                lines.append(f"{path.name}, cell {cell.id}: {number} is not proven in: {sentence}")
    return lines
