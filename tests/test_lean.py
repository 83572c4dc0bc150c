"""A page loads one style and one script, of what its own elements can use."""

import io
import json
import re
from base64 import b64decode

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from _ext import lean, lean_figures, lean_icons, lean_pages, lean_styles

PAGE = """<html data-content_root="../">
<link rel="stylesheet" href="../_static/a.css?v=1" />
<link rel="stylesheet" href="../_static/styles/b.css" />
<link rel="preload" as="script" href="../_static/a.js" />
<script src="../_static/a.js?v=1"></script>
<script src="../_static/scripts/b.js"></script>
<script>DOCUMENTATION_OPTIONS.pagename = 'x';</script>
<p class="used">a page</p>
"""


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".used{color:red}.idle{color:red}", ".used{color:red}"),
        (".idle,.used > p{color:red}", ".used > p{color:red}"),
        ("p{color:red}#used{top:0}#idle{top:0}", "p{color:red}#used{top:0}"),
        (".used:not(.idle, .off){top:0}", ".used:not(.idle, .off){top:0}"),
        (".used.idle{top:0}", ""),
        ("@media print{.idle{top:0}}", ""),
        ("@media print{.idle{top:0}.used{top:0}}", "@media print{.used{top:0}}"),
        ("@keyframes idle{from{top:0}}/* a word */", "@keyframes idle{from{top:0}}"),
    ],
)
def test_rules_stay_whose_names_are_in_use(css, left):
    assert lean_styles.prune(css, {"used"}) == left


def test_a_page_names_what_its_elements_have_and_a_script_may_name_any_word():
    assert lean_styles.names_in_page('<p class="a b-c" id="d">no</p>') == {"a", "b-c", "d"}
    assert {"show", "fade-in"} <= lean_styles.words_in_script('x.add("show","fade-in")')


def test_a_page_links_one_style_one_script_and_then_its_own():
    page = lean_pages.relink(PAGE, "site.css", "site.js", ["a.js"])
    assert re.findall(r'(?:href|src)="([^"]+)"', page) == [
        "../_static/site.css",
        "../_static/site.js",
        "../_static/scripts/b.js",
    ]
    assert page.count("<script") == page.count("<script defer") == 2


def built(folder):
    """A site of two pages, of which one has a script of its own."""
    static = folder / "_static"
    (static / "styles").mkdir(parents=True)
    (static / "scripts").mkdir()
    (static / "a.css").write_text('@import "styles/c.css";.idle{top:0}')
    (static / "styles" / "c.css").write_text(".used{top:0}")
    (static / "styles" / "b.css").write_text(".used{left:0}")
    (static / "a.js").write_text("one()")
    (static / "scripts" / "b.js").write_text("(two)()")
    (folder / "one.html").write_text(PAGE + 2 * figure("cnn-a", FEW))
    (folder / "two.html").write_text(PAGE.replace("scripts/b.js", "a.js"))
    (folder / "other.html").write_text("<p>not of the theme</p>")
    return folder


def test_a_site_is_made_light(tmp_path):
    static = built(tmp_path) / "_static"
    lean.lighten(tmp_path)
    assert "".join((static / "site.css").read_text().split()) == ".used{top:0}.used{left:0}"
    assert (static / "site.js").read_text() == "one()"
    assert (tmp_path / "one.html").read_text().count("<script>cnn-a()</script>") == 1
    assert (static / "scripts" / "b.js").exists()
    assert not (static / "a.js").exists()
    assert (tmp_path / "other.html").read_text() == "<p>not of the theme</p>"


def test_the_same_site_is_made_light_in_the_same_way(tmp_path):
    pages = []
    for name in ("one", "two"):
        lean.lighten(built(tmp_path / name))
        pages.append((tmp_path / name / "one.html").read_text())
    assert pages[0] == pages[1]


@pytest.fixture
def font(tmp_path):
    """A font of three icons."""
    pen = TTGlyphPen(None)
    for point in ((0, 0), (0, 500), (500, 500)):
        (pen.lineTo if point != (0, 0) else pen.moveTo)(point)
    pen.closePath()
    names = [".notdef", "bars", "list", "sun"]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0xF001: "bars", 0xF002: "list", 0xF003: "sun"})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost()
    builder.save(tmp_path / "icons.ttf")
    return tmp_path


FACE = '@font-face{font-family:Icons;src:url(icons.woff2) format("woff2"),url(icons.ttf)}'


def test_an_icon_font_shrinks_to_the_icons_that_the_style_shows(font):
    style = lean_icons.inline_icons(FACE + r'.bars:before{content:"\f001"}', font)
    data = re.search(r"url\(data:font/woff;base64,([^)]+)\)", style)[1]
    assert set(TTFont(io.BytesIO(b64decode(data))).getBestCmap()) == {0xF001}
    assert "icons." not in style


def test_an_icon_font_that_shows_nothing_goes(font):
    assert lean_icons.inline_icons(FACE + ".bars{top:0}", font) == ".bars{top:0}"


def figure(tag: str, options: str) -> str:
    return f"<{tag} data-options='{options}' id=\"x\"><p>{tag}</p></{tag}><script>{tag}()</script>"


FIGURES = '<html data-content_root="../"><body>\n{}</body></html>'
FEW, MANY = '{"a":"it&#39;s"}', '{"a":"it&#39;s","b":"%s"}' % ("7" * lean_figures.LARGE)


@pytest.fixture
def shared():
    """What a page of these figures becomes, and the scripts in files, in the order they run."""

    def shared(*figures):
        files = {}
        page = FIGURES.format("".join(figures))
        page = lean_figures.share(page, lambda script: files.setdefault(script, f"{len(files)}.js"))
        scripts = {f"../_static/{name}": script for script, name in files.items()}
        return page, [scripts[source] for source in re.findall(r'defer src="([^"]+)"', page)]

    return shared


def test_figures_of_a_kind_share_the_script_of_the_first(shared):
    page, files = shared(figure("cnn-a", FEW), figure("cnn-b", FEW), figure("cnn-a", "{}"))
    assert re.findall(r"<script>(.*?)</script>", page) == ["cnn-a()", "cnn-b()"]
    assert re.findall(r"data-options='(.*?)'", page) == [FEW, FEW, "{}"]
    assert files == []


def test_large_options_come_from_a_file_before_the_script_that_reads_them(shared):
    page, (options, script) = shared(figure("cnn-a", FEW), figure("cnn-a", MANY))
    filled = json.loads(options.removeprefix(lean_figures.FILL))
    assert json.loads(filled) == {"a": "it's", "b": "7" * lean_figures.LARGE}
    assert script == "cnn-a()"
    assert "<script>" not in page
    assert page.count("<p>cnn-a</p>") == 2
    assert '<cnn-a id="x"><p>cnn-a</p></cnn-a><script defer' in page


def test_a_page_without_figures_stays_as_it_is(shared):
    assert shared("<p>no figure</p>") == (FIGURES.format("<p>no figure</p>"), [])


def test_a_figure_in_another_language_is_lightened_and_keeps_it(shared):
    chinese = figure("cnn-a", MANY).replace("<cnn-a", '<cnn-a lang="zh-CN"', 1)
    page, files = shared(chinese)
    assert len(files) == 2
    assert '<cnn-a lang="zh-CN" id="x">' in page
