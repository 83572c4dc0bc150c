"""What do those miss who hear a page? Mends in its text what Sphinx and docutils write amiss."""

import re

MENDED = {
    # A heading without words heads nothing.
    re.compile(r"<th\b([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>"): r"<td\1></td>",
    # Its own words say more: "Show code cell source".
    re.compile(r'<summary aria-label="Toggle hidden content">'): "<summary>",
    # DPUB-ARIA took this role back, and its list holds links beside its entries.
    re.compile(r' role="doc-biblioentry"'): "",
    re.compile(r'<div role="list" class="citation-list">'): '<div class="citation-list">',
}


def mend(body: str) -> str:
    for fault, remedy in MENDED.items():
        body = fault.sub(remedy, body)
    return body


def mend_page(app, pagename, templatename, context, doctree) -> None:
    if doctree:
        context["body"] = mend(context["body"])


def setup(app):
    app.connect("html-page-context", mend_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
