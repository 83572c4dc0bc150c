"""Where do links in outputs lead? To pages of the book, as those of its text do.

Sphinx knows the links of the text. An output comes as it is: its links are JupyterLab's, to
notebooks, and to headings by their words. On paper they lead to the lesson: two lessons may have
headings of the same words, and a page knows one place by a name.
"""

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote

from docutils import nodes

LINK = re.compile(r'(?<=href=")(?!\w+:)([^"#]+)\.ipynb#([^"]+)(?=")')
TYPED = str.maketrans("‘’“”", "''\"\"")  # Sphinx turns quotes round, JupyterLab does not


def to_pages(body: str, place: Callable[[str, str], str]) -> str:
    """The text of a page with links to places on the book's pages: place(page, heading)."""
    return LINK.sub(lambda found: f"{found[1]}.html#{place(found[1], unquote(found[2]))}", body)


def places(doctree) -> dict[str, str]:
    """The ids of a page's sections, by their headings as `as_typed`."""
    sections = doctree.findall(nodes.section)
    return {
        as_typed(section.next_node(nodes.title).astext().replace(" ", "-")): section["ids"][0]
        for section in sections
    }


def as_typed(heading: str) -> str:
    """A heading as JupyterLab links to it, but for the roundness of quotes."""
    return heading.translate(TYPED)


def on_paper(body: str, pages: set[str]) -> str:
    """The text of the one long page with links to the lessons in it."""
    lessons = {posixpath.basename(page): page for page in pages}
    return LINK.sub(lambda found: f"#document-{lessons[posixpath.basename(found[1])]}", body)


def mend_page(app, pagename, templatename, context, doctree) -> None:
    if not doctree:
        return
    if app.builder.name == "singlehtml":
        context["body"] = on_paper(context["body"], app.env.found_docs)
        return

    def place(path: str, heading: str) -> str:
        page = posixpath.normpath(posixpath.join(posixpath.dirname(pagename), path))
        return places(app.env.get_doctree(page))[as_typed(heading)]

    context["body"] = to_pages(context["body"], place)


def setup(app):
    app.connect("html-page-context", mend_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
