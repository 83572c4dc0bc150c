"""What a translated page takes from its English twin: ids of headings, and the files it includes.

Each heading has the id of the English heading at its place. So a link to a heading is the same in
both books, and the way to the other language leads to the heading that the reader sees. The
English page is taken as its book's build has read it.
"""

import os
import pickle
import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from scripts import books

INCLUDED = re.compile(r"(?<=include\} )\S+")

logger = logging.getLogger(__name__)


class EnglishAnchors(SphinxTransform):
    """Before Sphinx and MyST look for the targets of links."""

    default_priority = 400

    def apply(self, **_) -> None:
        twin = books.ENGLISH.doctrees / f"{self.env.docname}.doctree"
        if not twin.exists():
            return
        self.env.note_dependency(str(twin))
        english = pickle.loads(twin.read_bytes())
        theirs, ours = (list(each.findall(nodes.section)) for each in (english, self.document))
        if len(theirs) != len(ours) > 1:  # a page of one heading only leads to its twin
            message = "%s has %s headings, and the English page has %s"
            logger.warning(message, self.env.docname, len(ours), len(theirs))
        slugs = {place: slug for slug, (_, place, _) in english.myst_slugs.items()}
        new = {}
        for their, our in zip(theirs, ours, strict=False):
            our["ids"] = list(their["ids"])
            title = our.next_node(nodes.title).astext()
            new |= {slugs[name]: (our.line, name, title) for name in their["ids"] if name in slugs}
        self.document.myst_slugs = self.env.metadata[self.env.docname]["myst_slugs"] = new


def include_from_english(app, docname: str, source: list[str]) -> None:
    english, here = (Path(root, docname).parent for root in (books.ENGLISH.source, app.srcdir))

    def address(found: re.Match) -> str:
        if (here / found[0]).exists():
            return found[0]
        return Path(os.path.relpath(english / found[0], here)).as_posix()

    source[0] = INCLUDED.sub(address, source[0])


def setup(app):
    if Path(app.srcdir) == books.CHINESE.source:
        app.add_transform(EnglishAnchors)
        app.connect("source-read", include_from_english)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
