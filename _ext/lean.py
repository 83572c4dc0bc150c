"""What does a page load? After the build: one style, one script, and of both what some page uses.

The theme's own files are 17 requests and 850 KB gzipped, for icons and components no page has.
"""

import hashlib
import re
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from _ext import lean_figures, lean_icons, lean_pages, lean_styles

OURS = "data-content_root="  # in every page of the theme, and in no other's
IMPORT = re.compile(r'@import "([^"]+)";')
ICON_SCRIPT = "scripts/fontawesome.js"  # the style's font draws the same icons
LEFT_OVER = (f"{ICON_SCRIPT}*", "vendor", "**/*.map", "**/*.LICENSE.txt")


def lighten(folder: Path) -> None:
    """Give all pages of a built site the same one style and one script."""
    static = folder / "_static"
    pages = {page: page.read_text("utf-8") for page in sorted(folder.rglob("*.html"))}
    pages = {page: text for page, text in pages.items() if OURS in text}
    styles = in_order(map(lean_pages.styles, pages.values()))
    scripts = in_order(map(lean_pages.scripts, pages.values()))
    shared = [name for name in scripts if all(f"_static/{name}" in p for p in pages.values())]
    names = {name for text in pages.values() for name in lean_styles.names_in_page(text)}
    for name in set(scripts) - {ICON_SCRIPT}:
        names |= lean_styles.words_in_script((static / name).read_text("utf-8"))
    style = lean_styles.prune("".join(read(static / name) for name in styles), names)
    style = lean_icons.inline_icons(style, static / "styles")
    script = ";\n".join(read(static / name) for name in shared if name != ICON_SCRIPT)
    links = write(static / "site.css", style), write(static / "site.js", script)
    for page, text in pages.items():
        text = lean_pages.relink(text, *links, shared)
        page.write_text(lean_figures.share(text, partial(keep, static)), "utf-8")
    remove(static, [*styles, *shared, *LEFT_OVER])


def in_order(lists: Iterable[list[str]]) -> list[str]:
    """Each name once, in the place where it came first."""
    return list(dict.fromkeys(name for names in lists for name in names))


def read(path: Path) -> str:
    """The text of a file, with the style sheets that it imports in their places."""
    text = path.read_text("utf-8").removeprefix('@charset "UTF-8";')
    if path.suffix != ".css":
        return text
    return IMPORT.sub(lambda found: read(path.parent / found[1]), text) + "\n"


def write(path: Path, text: str) -> str:
    """Write a file; return its name with a mark of what it holds, so that no cache keeps it."""
    path.write_text(text, "utf-8")
    return f"{path.name}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"


def keep(static: Path, script: str) -> str:
    """Write a script into a file that is named for what it holds; return that name."""
    name = f"figure-{hashlib.sha256(script.encode()).hexdigest()[:8]}.js"
    (static / name).write_text(script, "utf-8")
    return name


def remove(static: Path, patterns: list[str]) -> None:
    """Take out what no page loads any more."""
    for pattern in patterns:
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def finish(app, exception) -> None:
    if app.builder.name == "html" and not exception:
        lighten(Path(app.outdir))


def setup(app):
    app.connect("build-finished", finish, priority=900)  # after the theme wrote its own
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
