"""Where do links in outputs lead? To pages of the book, as those of its text do.

Sphinx knows the links of the text. An output comes as it is: its links are JupyterLab's, to
notebooks, and to headings by their words. On paper they lead to the lesson: two lessons may have
headings of the same words, and a page knows one place by a name.
"""

import posixpath
import re
from urllib.parse import unquote

from docutils.nodes import make_id

LINK = re.compile(r'(?<=href=")(?!\w+:)([^"#]+)\.ipynb#([^"]+)(?=")')


def to_pages(body: str) -> str:
    """The text of a page with links to places on the book's pages."""
    return LINK.sub(lambda found: f"{found[1]}.html#{make_id(unquote(found[2]))}", body)


def on_paper(body: str, pages: set[str]) -> str:
    """The text of the one long page with links to the lessons in it."""
    lessons = {posixpath.basename(page): page for page in pages}
    return LINK.sub(lambda found: f"#document-{lessons[posixpath.basename(found[1])]}", body)


def mend_page(app, pagename, templatename, context, doctree) -> None:
    if doctree:
        single = app.builder.name == "singlehtml"
        body = context["body"]
        context["body"] = on_paper(body, app.env.found_docs) if single else to_pages(body)


def setup(app):
    app.connect("html-page-context", mend_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
