"""What does every figure look like?

Blue is what goes in, orange what is learned, green what comes out, purple what is below zero.
A figure is an opaque white card with dark text, so that it reads the same in print, on a light
page and on a dark one, and it is narrow enough for its text to be legible on a phone.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cnnlib.figures.drawing import Drawing

INK, GREY, FAINT, PAPER = "#1a1a1a", "#6b6b6b", "#d0d0d0", "#ffffff"
# Blue, vermilion and bluish green of Okabe and Ito (2008), Color Universal Design.
ROLES = {"input": "#0072b2", "kernel": "#d55e00", "output": "#009e73", "plain": "#8c8c8c"}
NEGATIVE = "#a6478b"
FILLS = {ROLES["kernel"]: "#e69f00"}  # Okabe and Ito's orange: clear as a surface, faint as a line
SERIES = (INK, "#3a95d0", "#a6478b", "#8a7000", "#5e3c99", "#777777")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "X")
# Points: of a 6 inch figure on a 390 pixel phone they make 10, 9 and 8.5 pixels.
TEXT, SMALL, LEAST = 12, 10.5, 10
WIDEST = 6.4  # inches

STYLE = {
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
NO_METADATA = {"Date": None, "Creator": None}  # a date would make every build differ


def use_style() -> None:
    """Give every figure of a notebook the course's look, as SVG.

    >>> use_style()
    >>> import matplotlib
    >>> matplotlib.rcParams["svg.hashsalt"]
    'cnnlib'

    To be called once, in a lesson's first cell. Outside IPython it sets Matplotlib's defaults only.
    """
    import matplotlib

    # That it lists the fonts, where it is new, is no news to a reader.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    matplotlib.rcParams.update(STYLE)
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


def styled(draw: Callable[..., Drawing]) -> Callable[..., Drawing]:
    """Draw in the course's look, whatever the reader's own settings are, and lay it out."""

    @functools.wraps(draw)
    def drawn(*arguments: Any, **options: Any) -> Drawing:
        import matplotlib

        with matplotlib.rc_context(STYLE):
            figure = draw(*arguments, **options)
            # Laid out now and once: each further layout would shift a plot by a hair.
            figure.get_layout_engine().execute(figure)
            figure.set_layout_engine("none")
            return figure

    return drawn


def plot(
    width: float, height: float, rows: int = 1, columns: int = 1
) -> tuple[Drawing, np.ndarray]:
    """A figure in inches with its axes."""
    from cnnlib.figures.drawing import Drawing

    figure = Drawing(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def canvas(
    width: float, height: float, unit: float = 1.0, margin: float = 0.12
) -> tuple[Drawing, Axes]:
    """A bare sheet of width × height units of `unit` inches; y grows downwards, as rows do."""
    from cnnlib.figures.drawing import Drawing

    size = width * unit + 2 * margin, height * unit + 2 * margin
    if size[0] > WIDEST + 1e-6:
        raise ValueError(
            f"the figure would be {size[0]:.1f} inches wide and a page has {WIDEST}: "
            "draw fewer or smaller things, or shorten their names"
        )
    figure = Drawing(figsize=size, layout="constrained")
    # Turned off, not left out: Matplotlib would put the default back each time it saves.
    figure.set_layout_engine("none")
    axes, edge = figure.add_axes((0, 0, 1, 1)), margin / unit
    axes.set(xlim=(-edge, width + edge), ylim=(height + edge, -edge))
    axes.axis("off")
    return figure, axes


def write(axes: Axes, x: float, y: float, text: str, size: float = TEXT, **look: Any) -> None:
    """Write a text, centred on (x, y) unless the look says otherwise."""
    look = {"ha": "center", "va": "center_baseline", "fontsize": size, **look}
    axes.text(x, y, text, **look)


def box(axes: Axes, x: float, y: float, width: float, height: float, **look: Any) -> None:
    """Draw a rectangle whose first corner is (x, y), by default a thin grey frame."""
    from matplotlib.patches import Rectangle

    look = {"fc": "none", "ec": FAINT, "lw": 0.8, "clip_on": False, **look}
    axes.add_patch(Rectangle((x, y), width, height, **look))


def text_width(text: str, size: float = TEXT) -> float:
    """Inches that the longest line of a text takes."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size)
    measure = text_to_path.get_text_width_height_descent
    return max(measure(line, font, False)[0] for line in text.split("\n")) / 72


def tint(colour: str, share: float) -> tuple[float, ...]:
    """The colour as a surface, thinned with white: share 0 is white, 1 the full colour."""
    from matplotlib.colors import to_rgb

    return tuple(1 - share * (1 - channel) for channel in to_rgb(FILLS.get(colour, colour)))


def number(value: float, decimals: int = 3) -> str:
    """A number as a figure writes it: three digits or all the whole ones, and a true minus.

    >>> number(-3), number(62378344), number(0.125), number(111.125), number(-0.0)
    ('−3', '62,378,344', '0.125', '111', '0')
    """
    before = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    text = f"{value:,.{min(decimals, max(0, 3 - before))}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if text in ("0", "-0"):
        text = f"{value:.0e}" if value else "0"
    return text.replace("-", "−")


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as a figure writes it: 28 × 28 × 6."""
    return " × ".join(number(size) for size in shape)


def numbers(values: Any, name: str, ndim: int = 2, gaps: bool = False) -> np.ndarray:
    """The values as floats, of so many dimensions, or an error that says what they are instead."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, not {values!r}") from None
    if array.ndim != ndim or not array.size:
        raise ValueError(f"{name} must have {ndim} axes and a number, not the shape {array.shape}")
    if np.isinf(array).any() or (np.isnan(array).any() and not gaps):
        raise ValueError(f"{name} holds NaN or infinity, which cannot be drawn")
    return array


def one_each(things: Any, count: int, what: str, default: Any = "") -> list[Any]:
    """As many things as there are others; the default for all of them when none are given."""
    things = [default] * count if things is None else list(things)
    if len(things) != count:
        raise ValueError(f"{len(things)} {what} for {count}: give one for each")
    return things
