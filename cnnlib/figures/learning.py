"""How do we show what a network has learned, and how it got there?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib.figures import canvas, palette, style
from cnnlib.figures.images import as_pictures
from cnnlib.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cnnlib.figures.drawing import Drawing


def _as_curve(curve: Any, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and spread (2, n), below and above, of a curve."""
    x, y, *spread = curve if isinstance(curve, tuple) else (None, curve)
    y = style.as_numbers(y, f"{name}: y", ndim=1)
    x = np.arange(1, len(y) + 1) if x is None else style.as_numbers(x, f"{name}: x", ndim=1)
    band = np.asarray(spread[0] if spread else np.zeros(len(y)), dtype=float)
    if x.shape != y.shape or band.shape not in (y.shape, (2, len(y))) or not (band >= 0).all():
        raise ValueError(
            f"{name}: {len(x)} x, {len(y)} y, a spread of shape {band.shape}: give one of each for "
            "every point, or the spread as (2, n), below and above; it cannot be negative"
        )
    return x, y, np.broadcast_to(band, (2, len(y)))


def _apart(heights: np.ndarray, least: float) -> np.ndarray:
    """The heights, moved as little as makes them `least` apart.

    >>> _apart(np.array([0.5, 0.5, 0.0]), 0.2).round(3).tolist()
    [0.4, 0.6, 0.0]
    """
    order, placed = np.argsort(heights, kind="stable"), np.sort(heights)
    for _ in range(100):
        missing = np.maximum(least - np.diff(placed), 0) / 2
        placed[1:] += missing
        placed[:-1] -= missing
    return placed[np.argsort(order)]


def _label_ends(axes: Axes, ends: Mapping[str, tuple[float, float]], colours: Any) -> None:
    """Write each curve's name beside its last point, so that no two names overlap."""
    axes.figure.get_layout_engine().execute(axes.figure)
    points = (axes.transData - axes.transAxes).transform(list(ends.values()))
    height = axes.get_position().height * axes.figure.get_figheight()
    lines = _apart(points[:, 1], least=1.4 * style.TEXT / 72 / height)
    for (name, point), y, colour in zip(ends.items(), lines, colours, strict=False):
        line = {"arrowstyle": "-", "color": colour, "lw": 1, "shrinkA": 2, "shrinkB": 5}
        place = {"textcoords": "axes fraction", "va": "center_baseline", "arrowprops": line}
        axes.annotate(name, point, (1.05, y), **place)


@canvas.styled
def draw_curves(curves: Mapping[str, Any], x_label: str, y_label: str, title: str = "") -> Drawing:
    """Draw curves with their names at their ends, and their spread as a band.

    >>> figure = draw_curves({"dense": [0.8, 0.9], "shared": ([1, 2], [0.9, 0.97], [0.02, 0.01])},
    ...                      "epoch", "accuracy on the test set")
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['dense', 'shared']

    Curves: a name and y, (x, y) or (x, y, spread); x counts from 1 where it is left out. Spread:
    how far the band reaches below and above y, (n,) or (2, n), as Matplotlib's yerr; say beside the
    figure what it is, such as the standard deviation over so many seeds. Labels name the units.
    """
    from matplotlib.ticker import MaxNLocator

    if not (1 <= len(curves) <= len(palette.SERIES) and x_label and y_label):
        raise ValueError(
            f"{len(curves)} curves, x label {x_label!r}, y label {y_label!r}: a plot needs both "
            f"labels and 1 to {len(palette.SERIES)} curves, more cannot be told apart"
        )
    figure, ((axes,),) = canvas.plot(6.0, 3.7)
    data = {name: _as_curve(curve, name) for name, curve in curves.items()}
    looks = zip(palette.SERIES, style.DASHES, style.MARKERS, strict=True)
    for (x, y, (below, above)), (colour, dash, marker) in zip(data.values(), looks, strict=False):
        marker = marker if len(x) <= 30 else ""
        axes.plot(x, y, color=colour, ls=dash, marker=marker, ms=5.5)
        if below.any() or above.any():
            axes.fill_between(x, y - below, y + above, color=colour, alpha=0.15, lw=0)
    if all((x == x.round()).all() for x, *_ in data.values()):
        axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    axes.set(xlabel=x_label, ylabel=y_label, xlim=axes.get_xlim(), ylim=axes.get_ylim())
    axes.set_title(title)
    axes.grid(axis="y")
    _label_ends(axes, {name: (x[-1], y[-1]) for name, (x, y, _) in data.items()}, palette.SERIES)
    return figure


@canvas.styled
def draw_confusion(matrix: Any, names: Sequence[str] | None = None) -> Drawing:
    """Draw how often each true class was taken for each class.

    >>> figure = draw_confusion([[9, 1], [0, 12]], names=["person", "car"])
    >>> [text.get_text() for text in figure.axes[0].texts][:4]
    ['9', '1', '0', '12']

    Matrix (true classes, predicted classes) of counts. Green cells are right, purple ones wrong;
    the more of its row a cell holds, the stronger its colour.
    """
    counts = style.as_numbers(matrix, "the confusion matrix")
    classes, text = len(counts), style.SMALL
    if counts.shape != (classes, classes) or (counts < 0).any() or (counts % 1).any():
        raise ValueError(
            f"a confusion matrix is square and of counts, not {matrix!r}: give a row and a column "
            "for each class"
        )
    names = style.one_each(names or range(classes), classes, "names")
    longest = max(canvas.text_width(str(name), text) for name in names)
    widest = canvas.text_width(style.number_text(counts.max()), text)
    unit = max(0.42, widest + 0.1, min(longest + 0.14, 1.0))
    left, top = (longest + 0.4) / unit, 0.6 / unit
    figure, axes = canvas.bare(left + classes, top + classes, unit)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for (row, column), count in np.ndenumerate(counts):
        x, y, right = left + column, top + row, row == column
        share = 0.6 * (shares[row, column] if right else min(1, 2 * shares[row, column] ** 0.5))
        colour = palette.ROLES["output"] if right else palette.NEGATIVE
        canvas.box(axes, x, y, 1, 1, fc=palette.tint(colour, share))
        ink = palette.INK if count else palette.GREY
        canvas.write(axes, x + 0.5, y + 0.5, style.number_text(count), text, color=ink)
    for i, name in enumerate(names):
        canvas.write(axes, left - 0.08 / unit, top + i + 0.5, name, text, ha="right")
        canvas.write(axes, left + i + 0.5, top - 0.16 / unit, name, text)
    canvas.write(axes, left + classes / 2, 0, say("predicted class"), va="top")
    look: dict[str, Any] = {"rotation": 90, "ha": "left", "va": "center"}
    canvas.write(axes, 0, top + classes / 2, say("true class"), **look)
    return figure


@canvas.styled
def draw_digits_with_probabilities(
    images: Any,
    probabilities: Any,
    labels: Sequence[Any] | None = None,
    names: Sequence[str] | None = None,
) -> Drawing:
    """Draw each digit beside the probability that a network gives to each class.

    >>> figure = draw_digits_with_probabilities(np.zeros((28, 28)), [0.1] * 10, labels=[3])
    >>> figure.axes[0].get_title(loc="left"), figure.axes[1].get_xlabel()
    ('label: 3', 'class')

    Images (N, H, W), (N, H, W, 1) or one (H, W); probabilities (N, classes), each row adding up
    to 1. The likeliest class is green; the true one, if given, stands above the digit. Names: those
    of the classes, by default 0, 1, 2 and so on.
    """
    pictures, rows = (
        as_pictures(images),
        style.as_numbers(np.atleast_2d(probabilities), "probabilities"),
    )
    style.one_each(rows, len(pictures), "rows of probabilities")
    if (rows < 0).any() or not np.allclose(rows.sum(axis=1), 1, atol=1e-3):
        raise ValueError("probabilities are 0 or more and add up to 1: apply a softmax first")
    labels = style.one_each(labels, len(pictures), "labels", None)
    classes = range(rows.shape[1])
    names = style.one_each(names or classes, len(classes), "names")
    figure, grid = canvas.plot(5.6, 2.0 * len(pictures), len(pictures), 2)
    grid[0, 0].get_gridspec().set_width_ratios([1, 2.6])
    for axes, picture, row, label in zip(grid, pictures, rows, labels, strict=True):
        axes[0].imshow(picture, interpolation="none")
        axes[0].set_axis_off()
        axes[0].set_title("" if label is None else say("label: {label}", label=label))
        best = row.argmax()
        colours = [palette.ROLES["output" if i == best else "plain"] for i in classes]
        axes[1].bar(classes, row, color=[palette.tint(c, 0.7) for c in colours], ec=colours)
        canvas.write(axes[1], best, row[best] + 0.04, f"{row[best]:.1%}", style.SMALL, va="bottom")
        axes[1].set_xticks(classes, names)
        axes[1].set(ylim=(0, 1.3), yticks=[0, 0.5, 1])
        axes[1].set(xlabel=say("class"), ylabel=say("probability"))
    return figure
