"""What does every figure look like?

Blue is what goes in, orange what is learned, green what comes out, purple what is below zero.
A figure is an opaque white card with dark text, so that it reads the same in print, on a light
page and on a dark one, and it is narrow enough for its text to be legible on a phone.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from cnnlib import language
from cnnlib.figures.palette import FAINT, GREY, INK, PAPER

DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "X")
# Points: of a 6 inch figure on a 390 pixel phone they make 10, 9 and 8.5 pixels.
TEXT, SMALL, LEAST = 12, 10.5, 10
WIDEST = 6.4  # inches

STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": TEXT,
    "figure.constrained_layout.h_pad": 0.1,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.facecolor": PAPER,
    "figure.figsize": (6.0, 3.6),
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": TEXT,
    "grid.color": FAINT,
    "image.cmap": "gray",
    "lines.linewidth": 2.0,
    "svg.fonttype": "none",  # text stays text: a quarter of the size, and other fonts are narrower
    "svg.hashsalt": "cnnlib",
    "text.color": INK,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "xtick.labelsize": SMALL,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
    "ytick.labelsize": SMALL,
}
# Of a Chinese text Matplotlib needs the width alone: readers' browsers draw it in their own font.
WIDE = "Wide"
IN_CHINESE = {
    "font.family": ["sans-serif", WIDE],
    "font.sans-serif": [
        *STYLE["font.sans-serif"],
        "PingFang SC",
        "Microsoft YaHei",
        "Noto Sans CJK SC",
    ],
}
NO_METADATA = {"Date": None, "Creator": None}  # a date would make every build differ


def look() -> dict[str, Any]:
    """Matplotlib's settings for a figure in the language that is spoken."""
    if language.current() == "en":
        return STYLE
    _add_wide()
    return STYLE | IN_CHINESE


@cache
def _add_wide() -> None:
    """Tell Matplotlib of a font in which each Chinese character is as wide as it is high.

    It has one glyph, an empty box. It makes figures the same whichever fonts a machine has.
    """
    from matplotlib.font_manager import fontManager

    fontManager.addfont(Path(__file__).with_name("wide.ttf"))
    fontManager.ttflist.append(replace(fontManager.ttflist[-1], weight=700))


def use_style() -> None:
    """Give every figure of a notebook the course's look, as SVG.

    >>> use_style()
    >>> import matplotlib
    >>> matplotlib.rcParams["svg.hashsalt"]
    'cnnlib'

    To be called once, in a lesson's first cell. Outside IPython it sets Matplotlib's defaults only.
    In Chinese, a figure saved as pixels needs a font of yours first in rcParams["font.sans-serif"].
    """
    import matplotlib

    # That it lists the fonts, where it is new, is no news to a reader.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    matplotlib.rcParams.update(look())
    try:
        from IPython import get_ipython
        from IPython.core.pylabtools import select_figure_formats
        from matplotlib_inline.config import InlineBackend
    except ImportError:
        return
    if (shell := get_ipython()) is None:
        return
    options = {"bbox_inches": None, "metadata": NO_METADATA}
    # The shell needs to know now; the backend, which pyplot may load later, would ask for PNG.
    backend = InlineBackend.instance(parent=shell)
    backend.figure_formats, backend.print_figure_kwargs = {"svg"}, options
    select_figure_formats(shell, {"svg"}, **options)


def number_text(value: float, decimals: int = 3) -> str:
    """A number as a figure writes it: three digits or all the whole ones, and a true minus.

    >>> [number_text(value) for value in (-3, 62378344, 0.125, 111.125, -0.0)]
    ['−3', '62,378,344', '0.125', '111', '0']
    """
    before = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    text = f"{value:,.{min(decimals, max(0, 3 - before))}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if text in ("0", "-0"):
        text = f"{value:.0e}" if value else "0"
    return text.replace("-", "−")


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as a figure writes it: 28 × 28 × 6."""
    return " × ".join(number_text(size) for size in shape)


def as_numbers(values: Any, name: str, ndim: int = 2, gaps: bool = False) -> np.ndarray:
    """The values as floats, of so many dimensions, or an error that says what they are instead."""
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(float), np.nan)
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, not {values!r}") from None
    if array.ndim != ndim or not array.size:
        raise ValueError(f"{name} must have {ndim} axes and a number, not the shape {array.shape}")
    if np.isinf(array).any() or (np.isnan(array).any() and not gaps):
        raise ValueError(
            f"{name} holds NaN or infinity, or is masked somewhere, which cannot be drawn: replace "
            "such values, or leave them out"
        )
    return array


def one_each(things: Any, count: int, what: str, default: Any = "") -> list[Any]:
    """As many things as there are others; the default for all of them when none are given."""
    things = [default] * count if things is None else list(things)
    if len(things) != count:
        raise ValueError(f"{len(things)} {what} for {count}: give one for each")
    return things
