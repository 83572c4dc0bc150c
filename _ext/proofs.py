"""Lead from each number of a lesson's prose to what proves it, and fold proofs beside sentences.

Where the proof stands is the audit's finding. A cell tagged `proof` leaves the row of cells: a mark
beside the sentence opens it, with the values that the lesson's run put in.
"""

import ast
import re
from collections import defaultdict
from itertools import takewhile
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from _ext.words import say
from scripts import audit, books, lessons
from scripts.books import ENGLISH

CELL, SHOWN_LINES = 10_000, 4  # MyST numbers the lines of cell n from (n + 1) * CELL
PERCENT = re.compile(r"\s*(?:%|percent|per cent)$")
PROSE = (nodes.paragraph, nodes.bullet_list, nodes.enumerated_list)
ONE_STOP = (nodes.table, nodes.paragraph, nodes.title, nodes.math_block)  # of the Tab key

KINDS = {
    "assertion": "Proof: assertion",
    "output": "Proof: output",
    "code": "Proof: code",
    "source": "Source",
}

logger = logging.getLogger(__name__)


class door(nodes.inline):
    """A number, or a formula, that leads to its proof."""


class Lesson:
    """A lesson's page, its cells by their index, and what its run noted."""

    def __init__(self, doctree, notebook, compared: dict[str, list[str]]):
        self.doctree, self.notebook, self.compared = doctree, notebook, compared
        found = doctree.findall(lambda node: "cell_index" in getattr(node, "attributes", {}))
        self.cells = {node["cell_index"]: node for node in found if "cell" in node["classes"]}
        for index, node in self.cells.items():
            node["ids"].append(name(index))

    def prose(self):
        """Each text and formula outside of the cells of code, with the index of its cell."""
        index = -1
        for node in self.doctree.findall():
            index = max(index, (node.line or 0) // CELL - 1)
            read = isinstance(node, nodes.Text | nodes.math | nodes.math_block)
            if read and not any(map(holds_no_prose, parents(node))):
                yield index, node

    def references(self) -> list[nodes.list_item]:
        for section in self.doctree.findall(nodes.section):
            if "references" in section["ids"]:
                return list(section.findall(nodes.list_item))
        return []


def name(index: int) -> str:
    return f"cell-{index}"


def parents(node):
    while node := node.parent:
        yield node


def within(node, *kinds):
    """The nearest node of these kinds that holds this one."""
    return next((parent for parent in parents(node) if isinstance(parent, kinds)), None)


def holds_no_prose(node) -> bool:
    formula_or_page = isinstance(node, nodes.math | nodes.math_block | nodes.raw)
    return formula_or_page or "cell" in node.get("classes", [])


# Doors


def open_doors(lesson: Lesson, path: Path, address) -> None:
    """Make a door of each audited number; warn of one that is not found on the page.

    A translation has the numbers of the English lesson, cell by cell: they lead where those lead.
    """
    english = ENGLISH.source / path.relative_to(books.of(path).source)
    translated = path != english
    notebook = lessons.executed(english)[0] if translated else lesson.notebook
    waiting: dict[int, list] = defaultdict(list)
    for index, _, claim, place in audit.proofs(english, notebook):
        if place:
            source = lesson.notebook.cells[index].source
            written = in_chinese(claim, source) if translated else claim.written
            waiting[index].append((written, place))
    for index, node in list(lesson.prose()):
        if isinstance(node, nodes.Text):
            open_in_text(node, waiting[index], address)
        else:
            open_formula(node, waiting[index], address)
    for index, left in waiting.items():
        for written, _ in left:
            logger.warning("no door for %s in cell %s of %s", written, index, path.name)


def in_chinese(claim: audit.Claim, source: str) -> str:
    """How the Chinese source of a cell writes a claim of the English one: 1.2 million is 120万."""
    if claim.kind != "scaled":
        return PERCENT.sub("%", claim.written)
    unit, sign = (1e8, "亿") if claim.number >= 1e8 else (1e4, "万")
    size = claim.number / unit
    ways = f"{size:g}{sign}", f"{size:,g}{sign}"
    return next((way for way in ways if way in source), ways[0])


def open_in_text(node: nodes.Text, waiting: list, address) -> None:
    text, parts = node.astext(), []
    while found := first(text, waiting):
        start, number, place = found
        waiting.remove((number, place))
        if link := within(node, nodes.reference):
            link["classes"].append("door")
            parts.append(nodes.Text(text[: start + len(number)]))
        else:
            parts += [nodes.Text(text[:start]), make_door(number, place, address)]
        text = text[start + len(number) :]
    if parts:
        node.parent.replace(node, [*parts, nodes.Text(text)])


def first(text: str, waiting: list):
    """Which of the numbers that wait comes first in a text: its start, it, its place."""
    found = [
        (match.start(), -len(number), number, place)
        for number, place in waiting
        if (match := re.search(rf"(?<![\w.,]){re.escape(number)}(?!\w|[.,]\d)", text, re.ASCII))
    ]
    start, _, number, place = min(found, key=lambda each: each[:2], default=(None,) * 4)
    return number and (start, number, place)


def open_formula(node, waiting: list, address) -> None:
    """A formula is one door: to the plainest proof of a number in it."""
    inside = [each for each in waiting if first(audit.plain(node.astext()), [each])]
    if inside:
        for each in inside:
            waiting.remove(each)
        made = make_door("", min((place for _, place in inside), key=doubt), address)
        node.replace_self(made)
        made += node


def doubt(place: audit.Place) -> int:
    return place.doubt


def make_door(text: str, place: audit.Place, address) -> door:
    made = door("", text, classes=["door"], href=address(place), kind=place.kind)
    made["folded"] = place.doubt >= audit.GIVEN_AWAY
    if place.kind != "source" and place.written != text:
        made["number"] = place.written
    return made


def visit_door(translator, node) -> None:
    attributes = {"href": node["href"], "title": say(KINDS[node["kind"]])}
    if node.get("folded"):
        attributes["title"] += say(", folded")
    if "number" in node:
        attributes["data-n"] = node["number"]
    if node.get("later"):
        attributes["tabindex"] = "-1"
    translator.body.append(translator.starttag(node, "a", "", **attributes))


def depart_door(translator, node) -> None:
    translator.body.append("</a>")


def leave_one_stop(doctree) -> None:
    """The Tab key stops at the first door of a paragraph; arrows lead to the others."""
    seen = set()
    for each in doctree.findall(door):
        block = within(each, nodes.table) or within(each, *ONE_STOP) or each
        each["later"] = id(block) in seen
        seen.add(id(block))


# Proofs


def fold_proofs(lesson: Lesson) -> None:
    """Put each proof behind the paragraph that it proves, and a mark at that paragraph's end."""
    for index, node in lesson.cells.items():
        if "tag_proof" not in node["classes"]:
            continue
        sentence = proven_by(lesson, index, node)
        source = lesson.notebook.cells[index].source
        proof = nodes.container("", *node.children, classes=["proof"], ids=node["ids"])
        if lines := values(source, lesson.compared):
            proof += nodes.paragraph("", say("With the values put in:"))
            proof += nodes.literal_block("", "\n".join(lines), language="python")
        node.parent.remove(node)
        end = last_paragraph(sentence)
        mark = door(
            "", say("proof"), classes=["door", "qed"], href=f"#{name(index)}", kind="assertion"
        )
        end += [nodes.Text(" "), mark]
        behind = sentence.parent.children[sentence.parent.index(sentence) + 1 :]
        others = takewhile(lambda child: "proof" in child.get("classes", []), behind)
        place = sentence.parent.index(sentence) + 1 + len(list(others))
        sentence.parent.insert(place, proof)


def proven_by(lesson: Lesson, index: int, node):
    """The block of prose nearest to a proof that leads there; else the one before, or after."""
    section = node.parent
    blocks = [child for child in section if isinstance(child, PROSE)]
    here = section.index(node)
    leading = [
        block
        for block in blocks
        if any(each["href"] == f"#{name(index)}" for each in block.findall(door))
    ]
    before = section[here - 1] if here else None
    if not leading and isinstance(before, PROSE):
        return before
    return min(leading or blocks, key=lambda block: abs(section.index(block) - here + 0.5))


def last_paragraph(block):
    return list(block.findall(nodes.paragraph))[-1]


def values(source: str, compared: dict[str, list[str]]) -> list[str]:
    """What the run noted of a cell's assertions."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assert):
            noted = compared.get(ast.unparse(node.test), [])
            lines += noted[:SHOWN_LINES]
            if len(noted) > SHOWN_LINES:
                lines.append(f"# and {len(noted) - SHOWN_LINES} more")
    return lines


def lead(app, doctree, docname: str) -> None:
    path = Path(app.srcdir, f"{docname}.ipynb")
    if app.builder.name != "html" or app.config.nb_execution_mode == "off":
        return  # nothing ran that could prove a number
    if path not in lessons.lessons(books.of(path)):
        return
    notebook, measured = lessons.executed(path)
    lesson = Lesson(doctree, notebook, measured["compared"])

    def address(place: audit.Place) -> str:
        if place.kind != "source":
            page = ""
            if place.page:
                other = (path.parent / place.page).resolve().relative_to(app.srcdir).as_posix()
                page = app.builder.get_relative_uri(docname, other)
            return f"{page}#{name(place.index)}"
        if place.cell.startswith("http"):
            return place.cell
        for item in lesson.references():
            if place.cell and place.cell in item.astext():
                item["ids"] = item["ids"] or [f"ref-{item.parent.index(item)}"]
                return f"#{item['ids'][0]}"
        return "#references"

    open_doors(lesson, path, address)
    fold_proofs(lesson)
    leave_one_stop(doctree)


def setup(app):
    app.add_node(door, html=(visit_door, depart_door))
    app.connect("doctree-resolved", lead)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
