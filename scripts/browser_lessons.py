"""Which lessons run in a browser, whose Python has no TensorFlow, and what becomes of their cells?

A lesson that imports Keras right below its opening is about Keras, and stays out. In the others, a
cell that needs Keras becomes a note that shows its code and what it gave when the book was built.
So does one with the tag `long`, which would take minutes there, and what builds on either.
"""

import base64
import dis
import re
from pathlib import Path
from types import CodeType
from urllib.parse import urljoin

import nbformat
from nbformat import NotebookNode

from _ext.words import say
from scripts import books
from scripts.books import ENGLISH, Book
from scripts.lessons import executed, lessons

KERAS = re.compile(
    r"^\s*(import|from) (keras|tensorflow)\b|\bkeras_bridge\b|\.(to|from)_keras\(", re.M
)
MAGIC = re.compile(r"^(\s*)[%!].*$", re.M)
LINK = re.compile(r"(?<=\]\()[^)\s]+(?=\))")
SPOKEN = re.compile(r'^from cnnlib import language\n+language\.use\("(?!en")\w+"\)$', re.M)
TOO_LONG = {"14-equal-budgets"}  # minutes of training, and there ten times as many
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
NOTE = "**Not run here:** this cell needs Keras, and a browser's Python has no TensorFlow."
LONG = "**Not run here:** this cell takes minutes in a browser, or builds on one that does."
GAVE = "When the book was built, it gave:"


def browser_lessons(book: Book = ENGLISH) -> list[Path]:
    """The lessons of a book that run in a browser, in its order."""
    chapters = [path for path in lessons(book) if path.parent.name == "chapters"]
    return [path for path in chapters if runs_in_browser(path)]


def runs_in_browser(path: Path) -> bool:
    cells = code_cells(nbformat.read(path, 4))
    imports = next(cell for cell in cells if not {"remove-cell", "opening"} & set(tags(cell)))
    return path.stem not in TOO_LONG and not KERAS.search(imports.source)


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def keras_cells(notebook: NotebookNode) -> set[str]:
    """The ids of the cells that call Keras or are long, or read what only such a cell has given."""
    found, missing = set(), set()
    for cell in code_cells(notebook):
        read, given = names(cell.source)
        if KERAS.search(cell.source) or "long" in tags(cell) or read & missing:
            found.add(cell.id)
            missing |= given
        else:
            missing -= given
    return found


def names(source: str) -> tuple[set[str], set[str]]:
    """The global names that a cell reads before it gives them, and those that it gives."""
    cell, read, given = compile(MAGIC.sub(r"\1pass", source), "cell", "exec"), set(), set()
    for step in dis.get_instructions(cell):
        if step.opname == "LOAD_NAME" and step.argval not in given:
            read.add(step.argval)
        if step.opname == "STORE_NAME":
            given.add(step.argval)
    inner = [constant for constant in cell.co_consts if isinstance(constant, CodeType)]
    return read.union(*map(globals_read, inner)) - (given - read), given


def globals_read(code: CodeType) -> set[str]:
    reads = {"LOAD_NAME", "LOAD_GLOBAL"}  # a comprehension's own names are neither, in any Python
    own = {step.argval for step in dis.get_instructions(code) if step.opname in reads}
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return own.union(*map(globals_read, inner))


def browser_copy(path: Path) -> NotebookNode:
    """A lesson as it opens in the browser: no outputs yet, and every cell runs."""
    notebook, (ran, _) = nbformat.read(path, 4), executed(path)
    outputs = {cell.id: cell.outputs for cell in code_cells(ran)}
    noted = keras_cells(notebook)
    why = NOTE if any(KERAS.search(cell.source) for cell in code_cells(notebook)) else LONG
    kept = [cell for cell in notebook.cells if "remove-cell" not in tags(cell) or speaks(cell)]
    kept = [cell for cell in kept if not ("proof" in tags(cell) and cell.id in noted)]
    notebook.cells = [
        note(cell, outputs[cell.id], why) if cell.id in noted else cell for cell in kept
    ]
    book = books.of(path)
    there, front = {lesson.name for lesson in browser_lessons(book)}, book.address()
    for cell in notebook.cells:
        if "remove-cell" in tags(cell):
            cell.source = SPOKEN.search(cell.source)[0]
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(lambda found: address(found[0], there, front), cell.source)
    notebook.metadata.kernelspec = KERNEL
    return notebook


def speaks(cell: NotebookNode) -> bool:
    """Whether a cell has the library speak another language than English."""
    return SPOKEN.search(cell.source) is not None


def note(cell: NotebookNode, outputs: list[NotebookNode], why: str = NOTE) -> NotebookNode:
    """What stands for a cell that cannot run: its code and its outputs, as Markdown."""
    parts = [say(why), f"```python\n{cell.source}\n```"]
    if shown := [markdown(cell, output) for output in outputs if output.get("name") != "stderr"]:
        parts += [say(GAVE), *shown]
    return nbformat.v4.new_markdown_cell("\n\n".join(parts), id=cell.id)


def markdown(cell: NotebookNode, output: NotebookNode) -> str:
    data = output.get("data", {})
    if picture := data.get("image/svg+xml"):
        address = f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
        return f"![{cell.metadata.mystnb.image.alt}]({address})"
    text = data["text/plain"] if data else output.text
    return f"```text\n{text.rstrip()}\n```"


def address(link: str, there: set[str], front: str) -> str:
    """Where a link of a lesson leads: to a lesson that is there, or to the published book."""
    page, _, place = link.partition("#")
    if ":" in link or page in there or not page:
        return link
    page = urljoin("chapters/", re.sub(r"\.(md|ipynb)$", ".html", page))
    return urljoin(front, page) + (f"#{place}" if place else "")
