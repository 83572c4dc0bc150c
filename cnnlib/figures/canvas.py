"""What does a figure stand on, and how are words and boxes put there?"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib.arrays import quiet
from cnnlib.figures.palette import FAINT
from cnnlib.figures.style import TEXT, WIDEST, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cnnlib.figures.drawing import Drawing


def styled(draw: Callable[..., Drawing]) -> Callable[..., Drawing]:
    """Draw in the course's look, whatever the reader's own settings are, and lay it out."""

    @quiet
    @functools.wraps(draw)
    def drawn(*arguments: Any, **options: Any) -> Drawing:
        import matplotlib

        with matplotlib.rc_context(look()):
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


def bare(
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

    families = ["DejaVu Sans", *look()["font.family"][1:]]
    font = FontProperties(family=families, size=size)
    measure = text_to_path.get_text_width_height_descent
    return max(measure(line, font, False)[0] for line in text.split("\n")) / 72
