"""How does a figure reach a page: as one blob of HTML that needs no kernel and no other host?

To add a figure `cnn-NAME`: write `js/NAME.js`, which ends in `define("cnn-NAME", draw, arithmetic)`
(see `js/page.js`) and builds on the parts in `SHARED` and those that `MORE` names for it; each of
these files may have a style sheet beside it. What a reader sees or hears is marked there, as in
say`${n} rows`, and has its Chinese in `cnnlib/language/zh.json`. Write a module here with a plain
function that checks its arguments, computes the options and the fallback, and returns
`Touchable("NAME", options, fallback, text)`; name the function in `__init__.py`, and the tests of
every figure (tests/interactive) take it up; compare its arithmetic with the library's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np

from cnnlib import language
from cnnlib.figures import palette, style
from cnnlib.language import say

SHARED = ("arithmetic", "page", "controls")
GRID = ("grid",)
NUMBERS = ("numbers",)
FILES = ("files", "calls", "windows", "kinds", "merges", "network", "own-network")
MORE = {
    "convolution-stepper": (*GRID, *NUMBERS, "convolution", "drag"),
    "connection-explorer": (*GRID, *NUMBERS, "connections"),
    "shape-calculator": NUMBERS,
    "receptive-field-explorer": (*GRID, *NUMBERS, "map", "fields"),
    "gradient-stepper": (*NUMBERS, "slopes", "graph"),
    "parameter-ledger": FILES,
    "quiz": (),
    "guess": (),
    "digit-reader": (*GRID, *NUMBERS, "map", "sheet", "digits", "lenet", "account", "occlusion"),
}
TAG = "say`"
CARD = (
    f"background:{palette.PAPER};color:{palette.INK};border:1px solid {palette.FAINT};"
    "border-radius:10px;padding:12px;overflow-x:auto"
)


@dataclass(frozen=True)
class Touchable:
    """A figure that answers the hand: a custom element, its script, and what stands there without.

    Options go to the figure's JavaScript and hold at least a "title". The fallback is HTML that
    says something where no script runs; the text is what a terminal shows. It speaks the language
    that was spoken when it was made, and says which, unless that is English.
    """

    name: str
    options: Mapping[str, Any]
    fallback: str
    text: str
    language: str = field(default_factory=language.current)

    def _repr_html_(self) -> str:
        tag = f"cnn-{self.name}"
        options = json.dumps(self.options, ensure_ascii=False, separators=(",", ":"))
        # Only what would end the attribute is escaped: JSON is full of double quotes.
        options = options.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")
        speaks = "" if self.language == "en" else f' lang="{language.TAGS[self.language]}"'
        # JupyterLab takes keys for its own commands unless told not to.
        return (
            f"<{tag}{speaks} data-options='{options}' data-lm-suppress-shortcuts=\"true\""
            f' style="display:block"><div style="{CARD}">{self.fallback}</div></{tag}>'
            f"<script>{script(self.name, self.language)}</script>"
        )

    def __repr__(self) -> str:
        return self.text


@cache
def script(name: str, spoken: str = "en") -> str:
    """The JavaScript of a figure with its shared parts, in a scope of its own and one language.

    >>> script("convolution-stepper").startswith("(() => {")
    True
    """
    names = (*SHARED, *MORE[name], name)
    sheets = [_trimmed(_source(f"{sheet}.css")) for sheet in ("style", *names)]
    look = json.dumps("\n".join([palette.style_sheet(), *sheets]))
    catalogue = language.catalogue(spoken)
    parts = [said(_trimmed(_source(f"{part}.js")), catalogue) for part in names]
    return "\n".join(["(() => {", '"use strict";', f"const STYLE = {look};", *parts, "})();"])


def _source(name: str) -> str:
    """The text of a file; most parts have no style sheet."""
    file = files("cnnlib.interactive") / "js" / name
    return "" if name.endswith(".css") and not file.is_file() else file.read_text("utf-8")


def _trimmed(source: str) -> str:
    """The source without indentation, empty lines, and comments on lines of their own."""
    source = re.sub(r"^\s*(//.*|/\*.*\*/)$", "", source, flags=re.M)
    return re.sub(r"\s*\n\s*", "\n", source.strip())


def said(source: str, catalogue: Mapping[str, str]) -> str:
    """JavaScript with a plain template, or string, in place of each say`...`.

    >>> said("hint = say`${n} rows, ${m ? say`many` : n}`; key = say`row`", {"row": "行"})
    'hint = `${n} rows, ${m ? "many" : n}`; key = "行"'

    A sentence that the catalogue has is said as it says; its expressions may say more.
    """
    before, tag, rest = source.partition(TAG)
    if not tag:
        return source
    end = _end(rest)
    text = said(catalogue.get(rest[:end], rest[:end]), catalogue)
    quote = "`" if re.search(r'[$"\\]', text) else '"'
    return f"{before}{quote}{text}{quote}{said(rest[end + 1 :], catalogue)}"


def _end(source: str) -> int:
    """Where a template ends that begins here: its expressions may hold templates and braces."""
    at, braces = 0, 0
    while braces or source[at] != "`":
        if source[at] == "`":
            at += 1 + _end(source[at + 1 :])
        elif source[at] == "{":
            braces += bool(braces) or source[at - 1 : at] == "$"
        elif source[at] == "}":
            braces -= bool(braces)
        at += 2 if source[at] == "\\" else 1
    return at


def lead_html(title: str, text: str = "") -> str:
    """The first line of a figure's fallback: its title, and HTML behind it.

    >>> lead_html("Guess first", "How many?"), lead_html("How many?")
    ('<p><strong>Guess first.</strong> How many?</p>', '<p><strong>How many?</strong></p>')
    """
    ends = title.endswith(("?", "？"))
    sentence = escape(title if ends else say("{title}.", title=title), quote=False)
    return f"<p><strong>{sentence}</strong>{' ' if text else ''}{text}</p>"


def grid_html(values: Sequence[Any] | np.ndarray, title: str, role: str) -> str:
    """A small array as a table in its role's colour, for the fallback of a figure.

    >>> grid_html([[1, -2]], "kernel", "kernel").count("<td")
    2
    """
    colour = palette.fill(palette.ROLES[role])
    cell = "border:1px solid;padding:4px 8px;text-align:center;"
    rows = (
        "".join(
            f'<td style="{cell}background:{colour}33">{style.number_text(v)}</td>' for v in line
        )
        for line in np.asarray(values).tolist()
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    look = f"display:inline-table;margin:8px;border-collapse:collapse;color:{palette.INK}"
    caption = f'<caption style="caption-side:top;color:{palette.INK}">{escape(title)}</caption>'
    return f'<table style="{look}">{caption}<tbody>{body}</tbody></table>'
