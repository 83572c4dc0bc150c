"""What does every figure look like?

Blue is what goes in, orange what is learned, green what comes out, purple what is below zero.
Every figure is an opaque white card with dark text, so it reads the same in print, in a light page
and in a dark one, and no wider than a column of text, so that it still reads on a phone.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, GREY, FAINT, PAPER = "#1a1a1a", "#6b6b6b", "#d0d0d0", "#ffffff"
# Okabe and Ito (2008), Color Universal Design: blue, vermilion, bluish green, reddish purple.
ROLES = {"input": "#0072b2", "kernel": "#d55e00", "output": "#009e73", "plain": "#8c8c8c"}
NEGATIVE = "#a6478b"
SERIES = ("#1a1a1a", "#a6478b", "#2b83ba", "#8a7000", "#5e3c99", "#777777")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "^", "D", "v", "X")

TEXT, SMALL = 12, 10.5  # points; a 6 inch figure on a 390 pixel phone shows them at 10 and 9 pixels
WIDEST = 6.4  # inches

STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.labelsize": TEXT,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": TEXT,
    "figure.constrained_layout.use": True,
    "figure.dpi": 100,
    "figure.facecolor": PAPER,
    "figure.figsize": (6.0, 3.6),
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": TEXT,
    "grid.color": FAINT,
    "hatch.linewidth": 0.8,
    "image.cmap": "gray",
    "lines.linewidth": 2.0,
    "lines.markersize": 5.5,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",  # the letters travel with the figure: no device lays them out anew
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

    Called once, in a lesson's import cell. Outside IPython it sets Matplotlib's defaults only.
    """
    import matplotlib

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
    # The backend reads these when pyplot is imported later; the shell needs them now.
    backend = InlineBackend.instance(parent=shell)
    backend.figure_formats, backend.print_figure_kwargs = {"svg"}, options
    select_figure_formats(shell, {"svg"}, **options)


def styled(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Draw in the course's look, whatever the reader's own settings are."""

    @functools.wraps(draw)
    def drawn(*arguments, **options):
        import matplotlib

        with matplotlib.rc_context(STYLE):
            return draw(*arguments, **options)

    return drawn


def to_svg(figure: Figure) -> str:
    """The figure as the text of an SVG file, the same on every run.

    >>> from cnnlib.figures import draw_logo
    >>> to_svg(draw_logo()) == to_svg(draw_logo())
    True
    """
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context(STYLE):
        figure.savefig(buffer, format="svg", metadata=NO_METADATA)
    return buffer.getvalue()


def plot(width: float, height: float, rows: int = 1, columns: int = 1) -> tuple[Figure, np.ndarray]:
    """A figure in inches, unknown to pyplot (which would show it a second time), and its axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure in inches with one bare pair of axes that fills it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    # Turned off, not left out: Matplotlib would put the default back each time it saves.
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    return figure, axes


def canvas(width: float, height: float, unit: float = 1.0) -> tuple[Figure, Axes]:
    """A page of width × height units of `unit` inches; y grows downwards, as rows do."""
    margin = 0.12
    if width * unit + 2 * margin > WIDEST + 1e-6:
        raise ValueError(
            f"the figure would be {width * unit + 2 * margin:.1f} inches wide and a page has "
            f"{WIDEST}: draw fewer or smaller things, or shorten their titles"
        )
    figure, axes = sheet(width * unit + 2 * margin, height * unit + 2 * margin)
    axes.set(xlim=(-margin / unit, width + margin / unit))
    axes.set(ylim=(height + margin / unit, -margin / unit))
    return figure, axes


def text_width(text: str, size: float = TEXT) -> float:
    """Inches that the longest line of a text takes."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size)
    measure = text_to_path.get_text_width_height_descent
    return max(measure(line, font, False)[0] for line in text.split("\n")) / 72


def tint(colour: str, share: float) -> tuple[float, ...]:
    """The colour thinned with white: share 0 is white, 1 the colour itself."""
    from matplotlib.colors import to_rgb

    return tuple(1 - share * (1 - channel) for channel in to_rgb(colour))


def number(value: float, decimals: int = 3) -> str:
    """A number as it is written in a figure: a true minus, thousands apart, no idle zeros.

    >>> number(-3), number(62378344), number(0.125), number(111.125)
    ('−3', '62,378,344', '0.125', '111')
    """
    before = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    text = f"{value:,.{min(decimals, max(0, 3 - before))}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if value and not float(text.replace(",", "")):
        text = f"{value:.0e}"
    return text.replace("-", "−")


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as it is written in a figure: 28 × 28 × 6."""
    return " × ".join(number(size) for size in shape)


def as_array(values: object, name: str, ndim: int = 2, gaps: bool = False) -> np.ndarray:
    """Numbers of the asked dimensions, or an error that says which were given."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, not {values!r}") from None
    if array.ndim != ndim or array.size == 0:
        raise ValueError(
            f"{name} must have {ndim} dimension{'s' * (ndim > 1)} and at least one number; "
            f"its shape is {array.shape}"
        )
    if np.isinf(array).any() or (not gaps and np.isnan(array).any()):
        raise ValueError(f"{name} holds NaN or infinity, which cannot be drawn")
    return array


def as_count(value: object, name: str, least: int = 1) -> int:
    """A whole number of at least `least`; True and 2.0 are not."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))
    if not whole or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, not {value!r}")
    return int(value)


def as_names(names: object, count: int, what: str) -> list[str]:
    """One name for each of `count` things; none at all gives empty names."""
    names = [""] * count if names is None else [str(name) for name in names]
    if len(names) != count:
        raise ValueError(f"{len(names)} {what} for {count}: give one for each")
    return names
