"""Join the lines of a Chinese paragraph: where its source breaks, it means no blank."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

SIGN = r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e“”‘’]"
BREAK = re.compile(rf"(?<={SIGN})\n|\n(?={SIGN})")


class JoinLines(SphinxTransform):
    """Before anything counts words: the search, the contents, the description of a page."""

    default_priority = 410

    def apply(self, **_) -> None:
        for paragraph in list(self.document.findall(nodes.paragraph)):
            join(paragraph)


def join(paragraph: nodes.paragraph) -> None:
    """Take out each break beside a Chinese sign, though a link or a bold word begins there."""
    start, texts = 0, list(paragraph.findall(nodes.Text))
    breaks = {found.start() for found in BREAK.finditer("".join(texts))}
    for text in texts:
        kept = "".join(sign for at, sign in enumerate(text, start) if at not in breaks)
        start += len(text)
        if kept != text:
            text.parent.replace(text, [nodes.Text(kept)] if kept else [])


def setup(app):
    app.connect("config-inited", only_in_chinese)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def only_in_chinese(app, config) -> None:
    if (config.language or "").startswith("zh"):
        app.add_transform(JoinLines)
