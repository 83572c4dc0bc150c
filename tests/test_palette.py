"""Do the course's colours stand in one file, and reach figures, pages and what is to touch?"""

import re
import subprocess
import sys
from pathlib import Path

from _ext import dark_figures
from cnnlib.figures import palette
from cnnlib.interactive import element

ROOT = Path(__file__).parents[1]
SOURCE = Path(palette.__file__)
HEX = re.compile(r"#[0-9a-f]{6}\b", re.IGNORECASE)
FOLDERS = ("cnnlib", "_ext", "_static", "_templates", "scripts", "chapters", "appendix")
KINDS = {".py", ".js", ".css", ".html", ".ipynb", ".md", ".yml"}
COLOURS = {colour.lower() for colour in HEX.findall(SOURCE.read_text("utf-8"))}

# Another orange: which figures and which style sheets show the old one?
ANOTHER_ORANGE = """
import importlib.util, sys
from pathlib import Path

spec = importlib.util.find_spec("cnnlib.figures")
source = Path(spec.submodule_search_locations[0], "palette.py")
module = type(sys)("cnnlib.figures.palette")
exec(source.read_text("utf-8").replace("{old}", "{new}"), module.__dict__)
sys.modules["cnnlib.figures.palette"] = module

from cnnlib import figures
from cnnlib.interactive import element

drawn = figures.draw_convolution_step([[1, 2], [3, 4]], [[1]], 0, 0).to_svg()
print(drawn, *map(element.script, element.MORE), sep="\\x1e")
"""


def files():
    yield from (path for path in ROOT.iterdir() if path.suffix in KINDS)
    for folder in FOLDERS:
        yield from (path for path in (ROOT / folder).rglob("*") if path.suffix in KINDS)


def test_a_colour_of_the_palette_stands_nowhere_else():
    assert len(COLOURS) > 20
    searched = [path for path in files() if path != SOURCE]
    assert len(searched) > 100
    for path in searched:
        found = {colour.lower() for colour in HEX.findall(path.read_text("utf-8"))}
        assert not found & COLOURS, f"{path.name}: take it from cnnlib/figures/palette.py"


def test_a_colour_stands_in_the_palette_once():
    every = HEX.findall(SOURCE.read_text("utf-8"))
    assert sorted(set(every)) == sorted(every)


def test_another_orange_is_another_orange_everywhere():
    old, new = palette.ROLES["kernel"], "#123456"
    code = ANOTHER_ORANGE.replace("{old}", old).replace("{new}", new)
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    shown = done.stdout.split("\x1e")
    assert len(shown) > 7
    assert f'[style*="stroke: {new}"]' in dark_figures.add_dark_colours(shown[0])
    for text in shown:
        assert new in text
        assert old not in text


def test_what_a_style_sheet_asks_for_is_there():
    folder = Path(element.__file__).parent / "js"
    sheets = "\n".join(path.read_text("utf-8") for path in sorted(folder.glob("*.*s*")))
    asked = set(re.findall(r"var\(--([\w-]+\w)", sheets)) - set(palette.PROPERTIES)
    for name in asked - {"weight"}:
        assert re.search(rf"--{name}\b[\"']?[:,]", sheets), f"--{name} is set nowhere"
