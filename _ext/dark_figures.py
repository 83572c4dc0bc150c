"""What does a figure look like in the dark? Of the same hues, which keep their meaning.

Each SVG file gets a second set of colours, for who prefers dark pages. Lightness is turned round in
OKLab (https://bottosson.github.io/posts/oklab/): paper becomes the page, ink becomes pale, lines
turn brighter than surfaces, so that the numbers written on these stay legible. Pictures embedded in
a figure keep their pixels.
"""

import re
from pathlib import Path

import numpy as np

COLOUR = re.compile(r"\b(fill|stroke): (#[0-9a-f]{6})")
# 1 - lightness of paper, a tint, the fill of a kernel, a hue's line, ink, black ...
DARKNESS = [0, 0.15, 0.25, 0.47, 0.78, 1]
SURFACES = [0.18, 0.32, 0.41, 0.49, 0.93, 1]  # ... and the lightness of each in the dark
LINES = [0.18, 0.42, 0.60, 0.76, 0.93, 1]

TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def add_dark_colours(svg: str) -> str:
    """The figure with a style for who prefers dark pages."""
    rules = []
    for kind, colour in sorted(set(COLOUR.findall(svg))):
        old = f'[style*="{kind}: {colour}"]'
        line = dark(colour, LINES)
        if kind == "stroke":
            rules.append(f"{old}{{stroke:{line} !important}}")
        else:
            rules.append(f"{old}{{fill:{dark(colour, SURFACES)} !important}}")
            rules.append(f"text{old}{{fill:{line} !important}}")
    style = f"<style>@media (prefers-color-scheme: dark) {{{''.join(rules)}}}</style>"
    return svg.replace("</defs>", f"</defs>\n {style}", 1)


def dark(colour: str, lightness: list[float]) -> str:
    """The colour of the same hue whose lightness is turned round.

    >>> dark("#eeeeee", SURFACES), dark("#333333", LINES)
    ('#1c1c1c', '#d6d6d6')
    """
    light, *hue = to_oklab(colour)
    turned = float(np.interp(1 - light, DARKNESS, lightness))
    chroma = next(c for c in np.linspace(1, 0, 101) if displayable([turned, *(c * h for h in hue)]))
    return from_oklab([turned, *(chroma * h for h in hue)])


def to_oklab(colour: str) -> np.ndarray:
    encoded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return np.array(TO_LAB) @ np.cbrt(np.array(TO_CONES) @ linear)


def linear_rgb(lab) -> np.ndarray:
    return np.linalg.inv(TO_CONES) @ (np.linalg.inv(TO_LAB) @ np.array(lab)) ** 3


def displayable(lab) -> bool:
    return bool(np.all(np.abs(linear_rgb(lab) - 0.5) <= 0.5001))


def from_oklab(lab) -> str:
    linear = np.clip(linear_rgb(lab), 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in encoded)


def finish(app, exception) -> None:
    if app.builder.name == "html" and not exception:
        for path in Path(app.outdir, "_images").glob("*.svg"):
            svg = path.read_text("utf-8")
            if "prefers-color-scheme" not in svg:
                path.write_text(add_dark_colours(svg), "utf-8")


def setup(app):
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
