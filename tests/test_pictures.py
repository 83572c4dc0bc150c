"""A picture keeps its place free, waits until one comes near, and has colours for the dark."""

import re

import pytest
from PIL import Image

from _ext import accessible, brand, dark_figures, pictures
from cnnlib import figures
from cnnlib.figures import palette


def contrast(one: str, other: str) -> float:
    """How well two colours part, by WCAG 2's definition of contrast."""
    luminances = sorted(0.05 + luminance(colour) for colour in (one, other))
    return luminances[1] / luminances[0]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def hexadecimal(colour) -> str:
    return (
        colour
        if isinstance(colour, str)
        else "#" + "".join(f"{round(255 * c):02x}" for c in colour)
    )


PAGE = dark_figures.dark(palette.PAPER, dark_figures.SURFACES)
HUES = {**palette.ROLES, "negative": palette.NEGATIVE}
TINTS = {
    (name, share): hexadecimal(palette.tint(hue, share))
    for name, hue in HUES.items()
    for share in (0.15, 0.35, 0.6)
}


def test_pictures_keep_their_place_and_all_but_the_first_wait(tmp_path):
    (tmp_path / "a.svg").write_text(figures.draw_logo().to_svg())
    Image.new("RGB", (30, 20)).save(tmp_path / "b.png")
    body = '<img alt="a" src="a.svg" /><p>text</p><img src="b.png" alt="b" />'
    assert pictures.place(body, tmp_path) == (
        '<img width="96" height="96" alt="a" src="a.svg" /><p>text</p>'
        '<img width="30" height="20" loading="lazy" src="b.png" alt="b" />'
    )


def test_a_drawing_without_a_size_is_refused_by_name(tmp_path):
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="10px"/>')
    with pytest.raises(ValueError, match=r"a\.svg is .*10px.*give its width and height in pt"):
        pictures.size(tmp_path / "a.svg")


@pytest.mark.parametrize("name", [*HUES, "ink", "grey"])
def test_lines_and_words_stand_out_in_the_dark(name):
    colour = {**HUES, "ink": palette.INK, "grey": palette.GREY}[name]
    least = 4.5 if name in ("ink", "grey") else 3  # WCAG's for words, and for drawings
    assert contrast(dark_figures.dark(colour, dark_figures.LINES), PAGE) >= least


@pytest.mark.parametrize("tint", TINTS)
def test_a_number_on_a_tint_is_legible_in_the_light_and_in_the_dark(tint):
    surface = dark_figures.dark(TINTS[tint], dark_figures.SURFACES)
    assert contrast(TINTS[tint], palette.INK) >= 4.5
    assert contrast(surface, dark_figures.dark(palette.INK, dark_figures.LINES)) >= 4.5


@pytest.mark.parametrize("name", HUES)
def test_a_hue_stays_what_it_is(name):
    for lightness in (dark_figures.LINES, dark_figures.SURFACES):
        before = dark_figures.to_oklab(HUES[name])[1:]
        after = dark_figures.to_oklab(dark_figures.dark(HUES[name], lightness))[1:]
        cosine = before @ after / ((before @ before) * (after @ after)) ** 0.5
        assert cosine > 0.99 or before @ before < 1e-3  # grey has no hue


def test_a_figure_gets_its_dark_colours_and_keeps_its_light_ones():
    light = figures.draw_logo().to_svg()
    both = dark_figures.add_dark_colours(light)
    added = re.search(r" <style>@media \(prefers-color-scheme: dark\).*</style>\n?", both)[0]
    assert both.replace("\n" + added.rstrip("\n"), "", 1) == light
    assert palette.ROLES["output"] in added


def test_what_hearers_would_miss_is_mended():
    assert accessible.mend("<tr><th> </th><th>Net</th></tr>") == "<tr><td></td><th>Net</th></tr>"
    assert "role" not in accessible.mend('<div class="citation" id="x" role="doc-biblioentry">')
    assert accessible.mend('<summary aria-label="Toggle hidden content">') == "<summary>"


def test_the_mark_is_drawn_the_same_each_time(tmp_path):
    for name in ("one", "two"):
        brand.draw(tmp_path / name)
    for one in (tmp_path / "one").iterdir():
        assert one.read_bytes() == (tmp_path / "two" / one.name).read_bytes()
    with Image.open(tmp_path / "one" / "favicon.png") as icon:
        assert icon.size == (brand.ICON_PIXELS, brand.ICON_PIXELS)
