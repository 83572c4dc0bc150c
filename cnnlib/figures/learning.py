"""How do we show what a network has learned, and how it got there?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .grids import fill_cell
from .images import as_images
from .style import (
    DASHES,
    GREY,
    INK,
    MARKERS,
    NEGATIVE,
    ROLES,
    SERIES,
    SMALL,
    TEXT,
    as_array,
    as_names,
    canvas,
    number,
    plot,
    styled,
    text_width,
    tint,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def as_curve(curve: object, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and spread (2, n), below and above, of a curve; x counts from 1 when it is not given."""
    parts = list(curve) if isinstance(curve, tuple) else [None, curve]
    if len(parts) not in (2, 3):
        raise ValueError(f"curve {name!r} must be y, (x, y) or (x, y, spread)")
    y = as_array(parts[1], f"{name}: y", ndim=1)
    x = np.arange(1, len(y) + 1) if parts[0] is None else as_array(parts[0], f"{name}: x", ndim=1)
    spread = np.zeros(len(y)) if len(parts) == 2 else np.asarray(parts[2], dtype=float)
    if x.shape != y.shape or spread.shape not in (y.shape, (2, len(y))) or not (spread >= 0).all():
        raise ValueError(
            f"curve {name!r}: {len(x)} x, {len(y)} y and a spread of shape {spread.shape}; there "
            "must be one of each for every point, and no negative spread"
        )
    return x, y, np.broadcast_to(spread, (2, len(y)))


def spread_out(heights: Sequence[float], least: float) -> np.ndarray:
    """Move heights apart, as little as their order allows, until they are `least` apart."""
    order = np.argsort(heights)
    placed = np.array(heights, dtype=float)[order]
    for _ in range(200):
        for i in range(1, len(placed)):
            overlap = least - (placed[i] - placed[i - 1])
            if overlap > 1e-9:
                placed[i] += overlap / 2
                placed[i - 1] -= overlap / 2
    return placed[np.argsort(order)]


def label_ends(axes: Axes, ends: Mapping[str, tuple[float, float, str]], height: float) -> None:
    """Write each curve's name beside its last point, in its colour's order and not overlapping."""
    to_axes = axes.transData + axes.transAxes.inverted()
    points = [to_axes.transform((x, y)) for x, y, _ in ends.values()]
    heights = spread_out([point[1] for point in points], 1.35 * TEXT / 72 / height)
    for (name, (x, y, colour)), level in zip(ends.items(), heights):
        axes.annotate(
            name,
            (x, y),
            (1.05, level),
            textcoords="axes fraction",
            va="center_baseline",
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 1, "shrinkA": 2, "shrinkB": 4},
        )


@styled
def draw_curves(
    curves: Mapping[str, object], x_label: str, y_label: str, title: str = ""
) -> Figure:
    """Draw curves with their names at their ends, and their spread as a band.

    >>> figure = draw_curves({"dense": [0.8, 0.9], "shared": ([1, 2], [0.9, 0.97], [0.02, 0.01])},
    ...                      "epoch", "accuracy on the test set")
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['dense', 'shared']

    Curves: a name and y values, (x, y) or (x, y, spread); x counts from 1 when it is left out.
    Spread: how far below and above y the band reaches, (n,) or (2, n), as Matplotlib's yerr. Say
    beside the figure what it is: a standard deviation or the least and most of so many seeds.
    """
    from matplotlib.ticker import MaxNLocator

    if not curves or not x_label or not y_label:
        raise ValueError("a plot needs at least one curve, an x label and a y label")
    if len(curves) > len(SERIES):
        raise ValueError(f"{len(curves)} curves cannot be told apart: draw {len(SERIES)} at most")
    figure, ((axes,),) = plot(6.0, 3.7)
    data = {name: as_curve(curve, name) for name, curve in curves.items()}
    ends = {}
    for (name, (x, y, spread)), colour, dash, marker in zip(data.items(), SERIES, DASHES, MARKERS):
        axes.plot(x, y, color=colour, ls=dash, marker=marker if len(x) <= 30 else "", label=name)
        if spread.any():
            axes.fill_between(x, y - spread[0], y + spread[1], color=colour, alpha=0.15, lw=0)
        ends[name] = x[-1], y[-1], colour
    if all((x == x.round()).all() for x, *_ in data.values()):
        axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.set_title(title)
    axes.grid(axis="y")
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    label_ends(axes, ends, height=2.9)
    return figure


@styled
def draw_confusion(matrix: object, names: Sequence[str] | None = None) -> Figure:
    """Draw how often each true class was taken for each class.

    >>> figure = draw_confusion([[9, 1], [0, 12]], names=["person", "car"])
    >>> [text.get_text() for text in figure.axes[0].texts][:4]
    ['9', '1', '0', '12']

    Matrix (true classes, predicted classes) of counts. Green cells are right, purple ones wrong.
    """
    counts = as_array(matrix, "the confusion matrix")
    if counts.shape[0] != counts.shape[1] or (counts < 0).any() or (counts % 1).any():
        raise ValueError(f"a confusion matrix is square, of counts; this one is {counts.shape}")
    classes = len(counts)
    names = as_names(range(classes) if names is None else names, classes, "names")
    long = max(text_width(name, SMALL) for name in names)
    unit = max(0.42, text_width(number(counts.max()), SMALL) + 0.12, min(long + 0.14, 1.0))
    left, head = (long + 0.45) / unit, 0.62 / unit
    figure, axes = canvas(left + classes, head + classes, unit)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for (row, column), count in np.ndenumerate(counts):
        colour = ROLES["output"] if row == column else NEGATIVE
        share = 0.6 * shares[row, column] if row == column else min(0.6, 4 * shares[row, column])
        fill_cell(axes, left + column, head + row, tint(colour, share))
        ink = INK if count else GREY
        place = (left + column + 0.5, head + row + 0.5)
        axes.text(
            *place, number(count), ha="center", va="center_baseline", fontsize=SMALL, color=ink
        )
    for i, name in enumerate(names):
        axes.text(
            left - 0.08 / unit,
            head + i + 0.5,
            name,
            ha="right",
            va="center_baseline",
            fontsize=SMALL,
        )
        axes.text(
            left + i + 0.5, head - 0.08 / unit, name, ha="center", va="baseline", fontsize=SMALL
        )
    axes.text(left + classes / 2, 0, "predicted class", ha="center", va="top")
    axes.text(0, head + classes / 2, "true class", rotation=90, ha="left", va="center")
    return figure


@styled
def draw_digits_with_probabilities(
    images: object, probabilities: object, labels: Sequence[object] | None = None
) -> Figure:
    """Draw each digit beside the probability that a network gives to each class.

    >>> figure = draw_digits_with_probabilities(np.zeros((28, 28)), [0.1] * 10, labels=[3])
    >>> figure.axes[0].get_title(loc="left"), figure.axes[1].get_xlabel()
    ('label: 3', 'class')

    Images (N, H, W) or one (H, W); probabilities (N, classes), each row adding up to 1. The
    likeliest class is green; the true one, where labels are given, is written above the digit.
    """
    pictures = as_images(images)
    rows = as_array(np.atleast_2d(probabilities), "probabilities")
    if len(rows) != len(pictures):
        raise ValueError(f"{len(rows)} rows of probabilities for {len(pictures)} images")
    if (rows < 0).any() or not np.allclose(rows.sum(axis=1), 1, atol=1e-3):
        raise ValueError("probabilities must be at least 0 and add up to 1: apply a softmax first")
    labels = as_names(labels, len(pictures), "labels")
    figure, grid = plot(5.6, 1.75 * len(pictures) + 0.25, len(pictures), 2)
    grid[0, 0].get_gridspec().set_width_ratios([1, 2.6])
    for (left, right), image, row, label in zip(grid, pictures, rows, labels):
        left.imshow(image, interpolation="none")
        left.set_axis_off()
        left.set_title(f"label: {label}" if label else "")
        likeliest = np.arange(len(row)) == row.argmax()
        colours = [ROLES["output"] if best else ROLES["plain"] for best in likeliest]
        right.bar(range(len(row)), row, color=[tint(c, 0.7) for c in colours], edgecolor=colours)
        right.annotate(
            f"{row.max():.1%}",
            (row.argmax(), row.max()),
            (0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL,
        )
        right.set(ylim=(0, 1.2), yticks=[0, 0.5, 1], xticks=range(len(row)), ylabel="probability")
    grid[-1, 1].set_xlabel("class")
    return figure
