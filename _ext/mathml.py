"""Write mathematics as MathML when the book is built: no script, no font, no other host."""

import html
from xml.etree import ElementTree

from docutils import nodes
from latex2mathml.converter import Converter
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

# The same layouts, under the names that latex2mathml lays out.
SYNONYMS = {"{aligned}": "{split}", "{align}": "{align*}", "{gather}": "{gather*}"}

# The theme lets the keyboard scroll what has its second name, where it is too wide.
BLOCK = "math-block pst-scrollable-table-container"

logger = logging.getLogger(__name__)


def to_mathml(latex: str, display: str) -> str:
    for name, synonym in SYNONYMS.items():
        latex = latex.replace(name, synonym)
    tree = Converter(display=display).convert_to_element(latex)
    for element in tree.iter():
        element.text = element.text and html.unescape(element.text)
        if element.text and ("\\" in element.text or element.text == "&"):
            raise ValueError(f"unknown command {element.text!r}")
        if element.tag == "menclose":
            raise ValueError("browsers draw neither boxes nor strokes (menclose)")
        if element.tag == "mo" and element.text and element.text.isalpha():
            element.attrib.update(lspace="0", rspace="0.1667em")  # a function's name, as in TeX
    for row in list(tree.iter()):
        join_thousands(row)
    return ElementTree.tostring(tree, encoding="unicode")


def join_thousands(row: ElementTree.Element) -> None:
    """Make one number of 62{,}378{,}344, which arrives as three numbers and two rows."""
    neighbours = zip(row[:], row[1:], row[2:], strict=False)
    for left, comma, right in list(neighbours)[::-1]:
        tags = (left.tag, comma.tag, right.tag)
        if tags == ("mn", "mrow", "mn") and "".join(comma.itertext()) == ",":
            left.text += "," + right.text
            row.remove(comma)
            row.remove(right)


def write(translator, node, display: str) -> None:
    try:
        translator.body.append(to_mathml(node.astext(), display))
    except Exception as error:
        logger.warning("mathematics: %s in %r", error, node.astext(), location=node)


def visit_math(translator, node) -> None:
    write(translator, node, "inline")
    raise nodes.SkipNode


def visit_math_block(translator, node) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS=BLOCK))
    write(translator, node, "block")
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(visit_math, None),
        block_renderers=(visit_math_block, None),
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
