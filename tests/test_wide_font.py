"""The font that stands in for a Chinese one, to measure with, is what its script makes."""

from fontTools.ttLib import TTFont

from scripts import make_wide_font


def test_the_font_that_measures_is_the_one_that_the_script_makes(tmp_path):
    make_wide_font.main(tmp_path / "wide.ttf")
    shipped, made = map(TTFont, (make_wide_font.DESTINATION, tmp_path / "wide.ttf"))
    assert shipped["cmap"].getcmap(3, 10).cmap == made["cmap"].getcmap(3, 10).cmap
    assert shipped["hmtx"].metrics == made["hmtx"].metrics
    for name in made.getGlyphOrder():
        assert shipped["glyf"][name] == made["glyf"][name]
