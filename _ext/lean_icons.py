"""Which icons does any page show? The theme's fonts of 2,000 shrink to those, within the style."""

import base64
import io
import logging
import re
from pathlib import Path

import tinycss2
from fontTools import subset
from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.WARNING)

FACE = re.compile(r"@font-face\s*\{[^}]*\}")
SOURCE = re.compile(r"src:[^;}]*url\((?:\"|')?([^)\"']+\.ttf)(?:\"|')?\)[^;}]*")
PRIVATE = range(0xE000, 0xF900)  # where icon fonts keep their glyphs


def inline_icons(css: str, folder: Path) -> str:
    """The style with each icon font in it, of those glyphs that its own rules name."""
    shown = icons(css)
    return FACE.sub(lambda face: inline_font(face[0], folder, shown), css)


def icons(css: str) -> set[int]:
    """The code points of all icons that a style's rules show."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True)
    return {ord(letter) for text in strings(rules) for letter in text if ord(letter) in PRIVATE}


def strings(nodes):
    """All strings of a style, however deep."""
    for node in nodes:
        if node.type == "string":
            yield node.value
        for part in ("prelude", "content", "arguments"):
            yield from strings(getattr(node, part, None) or [])


def inline_font(face: str, folder: Path, shown: set[int]) -> str:
    if not (source := SOURCE.search(face)):
        return face
    font = TTFont(folder / source[1], recalcTimestamp=False)
    drawn = shown & set(font.getBestCmap())
    if not drawn:
        return ""
    data = base64.b64encode(reduced(font, drawn)).decode()
    return face.replace(source[0], f"src:url(data:font/woff;base64,{data}) format('woff')")


def reduced(font: TTFont, shown: set[int]) -> bytes:
    """The font with these glyphs alone, as WOFF, the same on every run."""
    subsetter = subset.Subsetter(
        subset.Options(layout_features=[], hinting=False, notdef_outline=0)
    )
    subsetter.populate(unicodes=shown)
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=False)
    return buffer.getvalue()
