"""Make `cnnlib/figures/wide.ttf`, the same bytes on each run: a font that measures Chinese.

Usage: python scripts/make_wide_font.py

Every character that East Asian type sets in a square has the same glyph, an empty box as wide as
the type is high, and no higher than DejaVu's l: a line of Chinese is as high as one of Latin.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

DESTINATION = Path(__file__).parents[1] / "cnnlib" / "figures" / "wide.ttf"
MADE = 3_800_000_000  # seconds since 1904: any will do, but the same each time
SIDE, BOTTOM, TOP, LINE = 1000, -80, 760, 40
# Radicals to punctuation, kana to Yi, Hangul, compatibility, vertical forms, fullwidth, the rest.
RANGES = (
    (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F),
    (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x20000, 0x3FFFD),
)  # fmt: skip


def box():
    pen, (right, top) = TTGlyphPen(None), (SIDE - LINE, TOP - LINE)
    for corners in (
        [(0, BOTTOM), (0, TOP), (SIDE, TOP), (SIDE, BOTTOM)],
        [(LINE, BOTTOM + LINE), (right, BOTTOM + LINE), (right, top), (LINE, top)],
    ):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def main(path: Path = DESTINATION) -> None:
    glyphs = {".notdef": box(), "wide": box()}
    font = FontBuilder(SIDE, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap({})
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (SIDE, 0)))
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": "Wide", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    font.setupPost(keepGlyphNames=False)
    many_to_one = CmapSubtable.newSubtable(13)
    many_to_one.platformID, many_to_one.platEncID, many_to_one.language = 3, 10, 0
    many_to_one.cmap = {code: "wide" for first, last in RANGES for code in range(first, last + 1)}
    font.font["cmap"].tables = [many_to_one]
    font.font.recalcTimestamp = False
    font.font["head"].created = font.font["head"].modified = MADE
    font.save(path)


if __name__ == "__main__":
    main()
