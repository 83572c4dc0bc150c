"""Two directives for the front page: the path through the lessons, and a figure to touch."""

import json
import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.util.docutils import SphinxDirective

from _ext.words import say
from cnnlib import interactive


class LessonList(SphinxDirective):
    """The lessons in order, each with its question and its minutes, as the lessons state them."""

    def run(self):
        rows = []
        for path in sorted(Path(self.env.srcdir, "chapters").glob("*.ipynb")):
            self.env.note_dependency(str(path))
            rows.append(describe(path))
        lines = [say("| | Lesson | Its question | Minutes |"), "| ---: | --- | --- | ---: |", *rows]
        container = nodes.container(classes=["lesson-list"])
        self.parse_into(container, "\n".join(lines))
        return [container]

    def parse_into(self, container, text: str) -> None:
        self.state.nested_parse(text.splitlines(), self.content_offset, container)


def describe(path: Path) -> str:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    title = re.search(r"^# (.+)$", text, re.M)[1]
    question = re.search(r"^\*\*(.+)\*\*$", text, re.M)[1]
    minutes = re.search(r"\*\*(?:Time|时间)\D*(\d+)", text)[1]
    return f"| {int(path.name[:2])} | [{title}](chapters/{path.name}) | {question} | {minutes} |"


class FigureToTouch(Directive):
    """A figure of cnnlib.interactive, with its defaults."""

    required_arguments = 1

    def run(self):
        figure = getattr(interactive, self.arguments[0])()
        return [nodes.raw("", figure._repr_html_(), format="html")]


def setup(app):
    app.add_directive("lesson-list", LessonList)
    app.add_directive("figure-to-touch", FigureToTouch)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
