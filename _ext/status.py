"""A directive for the status page: what each lesson took when the book was built, and with what."""

import os
import platform
from importlib import metadata
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from _ext.words import say
from scripts import books, lessons

PACKAGES = ("numpy", "tensorflow", "keras", "matplotlib", "jupyter-book")
UNKNOWN = "not measured"
MEASURED = ("execution_seconds", "core_seconds", "peak_megabytes")


class LessonStatus(SphinxDirective):
    """Two tables: each lesson's run times and peak memory, and the versions that ran it."""

    def run(self):
        book = books.of(Path(self.env.srcdir))
        self.env.note_dependency(str(book.cache / "global.db"))
        runs = [(path, *measured(path)) for path in lessons.lessons(book)]
        lines = [*lessons_table(runs), "", *versions_table()]
        container = nodes.container(classes=["lesson-status"])
        self.state.nested_parse(lines, self.content_offset, container)
        return [container]


def measured(path) -> list[float | None]:
    """Seconds, core seconds and megabytes of a lesson, as its run left them in the cache."""
    _, data = lessons.executed(path) or (None, {})
    return [data.get(name) for name in MEASURED]


def lessons_table(runs) -> list[str]:
    """The lines of a Markdown table: a row for each (path, *measured)."""
    rows = [say("| Lesson | Seconds | Core seconds | Peak memory in MB |")]
    rows.append("| --- | ---: | ---: | ---: |")
    for path, *numbers in runs:
        link = f"[{path.stem}](../{path.parent.name}/{path.name})"
        shown = [say(UNKNOWN) if number is None else f"{number:,.0f}" for number in numbers]
        rows.append(f"| {link} | {' | '.join(shown)} |")
    return rows


def versions_table() -> list[str]:
    """The lines of a Markdown table: Python, the machine, and the packages that matter."""
    rows = [say("| What | Version |"), "| --- | --- |", f"| Python | {platform.python_version()} |"]
    machine = f"{platform.system()} {platform.machine()}"
    rows.append(say("| Machine | {machine}, {n} cores |", machine=machine, n=os.cpu_count()))
    for name in PACKAGES:
        rows.append(f"| {name} | {version(name)} |")
    return rows


def version(name: str) -> str:
    """The version of a package; TensorFlow comes under two names."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return metadata.version(f"{name}-cpu")


def setup(app):
    app.add_directive("lesson-status", LessonStatus)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
