"""How large is each picture on a page, and when does it load? Nothing jumps, what is far waits."""

import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from PIL import Image

PICTURE = re.compile(r'<img\b(?=[^>]*\bsrc="([^"?]+)")')
POINT = 4 / 3  # pixels of a page


def size(path: Path) -> tuple[int, int]:
    """Width and height in pixels of a page."""
    if path.suffix != ".svg":
        with Image.open(path) as picture:
            return picture.size
    root = ElementTree.parse(path).getroot()
    lengths = (root.get("width", ""), root.get("height", ""))
    if not all(length.endswith("pt") for length in lengths):
        raise ValueError(f"{path.name} is {lengths} large: give its width and height in pt")
    width, height = (round(POINT * float(length.removesuffix("pt"))) for length in lengths)
    return width, height


def place(body: str, folder: Path) -> str:
    """A page's text whose pictures keep their place; all but the first load when one comes near."""
    seen = []

    def placed(tag: re.Match) -> str:
        seen.append(tag)
        width, height = size(folder / unquote(tag[1]))
        when = "" if len(seen) == 1 else ' loading="lazy"'
        return f'<img width="{width}" height="{height}"{when}'

    return PICTURE.sub(placed, body)


def finish(app, exception) -> None:
    """Pictures are copied at the end: until then nobody knows their sizes."""
    if app.builder.name != "html" or exception:
        return
    for name in app.env.found_docs:
        page = Path(app.builder.get_outfilename(name))
        head, article, body = page.read_text("utf-8").partition("<article")
        page.write_text(head + article + place(body, page.parent), "utf-8")


def setup(app):
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
