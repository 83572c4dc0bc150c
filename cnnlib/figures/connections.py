"""How do we show who is connected to whom, and by which weight?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .style import (
    DASHES,
    FAINT,
    GREY,
    INK,
    PAPER,
    ROLES,
    SMALL,
    TEXT,
    WIDEST,
    as_array,
    as_count,
    as_names,
    canvas,
    number,
    plot,
    styled,
    tint,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WEIGHTS = (ROLES["kernel"], "#5e3c99", "#2b83ba", "#8a7000", "#1a1a1a", "#a6478b", "#777777")
MOST_NODES = 32


def as_connections(matrix: object, name: str) -> np.ndarray:
    """A boolean matrix (units, inputs) from booleans or from weights, where zero is no edge."""
    array = as_array(matrix, name) != 0
    if max(array.shape) > MOST_NODES:
        raise ValueError(
            f"{name} joins {array.shape[1]} inputs to {array.shape[0]} units and at most "
            f"{MOST_NODES} can be told apart: use draw_matrix"
        )
    return array


def positions(count: int, height: float) -> np.ndarray:
    """Where `count` nodes stand in a column, centred on its middle."""
    step = min(0.62, height / count)
    return height / 2 + (np.arange(count) - (count - 1) / 2) * step


def draw_nodes(axes: Axes, x: float, ys, names: Sequence[str], role: str, live=None) -> None:
    """Draw a column of units, their names inside; those that are not live stay pale."""
    from matplotlib.patches import Circle

    step = ys[1] - ys[0] if len(ys) > 1 else 0.4
    radius = min(0.17, 0.46 * step)
    for i, (y, name) in enumerate(zip(ys, names)):
        on = live is None or live[i]
        fill = tint(ROLES[role], 0.35) if on else PAPER
        edge = ROLES[role] if on else FAINT
        axes.add_patch(Circle((x, y), radius, fc=fill, ec=edge, lw=1.5, zorder=3))
        colour = INK if on else GREY
        axes.text(
            x, y, name, ha="center", va="center_baseline", fontsize=10, color=colour, zorder=4
        )


def draw_edges(axes: Axes, edges: np.ndarray, ends, colour, **style) -> None:
    """Draw the True entries of (units, inputs) as lines between two columns of nodes."""
    from matplotlib.collections import LineCollection

    (x0, left), (x1, right) = ends
    lines = [[(x0, left[j]), (x1, right[i])] for i, j in np.argwhere(edges)]
    if lines:
        axes.add_collection(LineCollection(lines, colors=[colour], **style), autolim=False)


def node_names(names, count: int, what: str) -> list[str]:
    return [str(i + 1) for i in range(count)] if names is None else as_names(names, count, what)


def edge_kinds(edges: np.ndarray, weights) -> list[tuple[np.ndarray, object, object]]:
    """Edges by the weight they carry, each kind with its colour and dash."""
    if weights is None:
        return [(edges, ROLES["kernel"], "-")]
    index = np.asarray(weights)
    if index.shape != edges.shape:
        raise ValueError(
            f"weights {index.shape} and connections {edges.shape} must have one shape: one weight's "
            "number for each connection"
        )
    kinds = np.unique(index[edges])
    return [
        (edges & (index == kind), WEIGHTS[i % 7], DASHES[(i // 7 + i) % 6])
        for i, kind in enumerate(kinds)
    ]


@styled
def draw_connections(
    connections: object,
    titles: Sequence[str] | None = None,
    weights: Sequence[object] | None = None,
    input_names: Sequence[str] | None = None,
    unit_names: Sequence[str] | None = None,
    unit: int | None = None,
) -> Figure:
    """Draw inputs on the left, units on the right and a line for each connection.

    >>> dense, sparse = np.ones((2, 4)), [[1, 1, 0, 0], [0, 0, 1, 1]]
    >>> figure = draw_connections([dense, sparse], titles=["dense", "sparse"],
    ...                           weights=[None, [[1, 2, 0, 0], [0, 0, 1, 2]]])
    >>> [text.get_text() for text in figure.axes[0].texts if "w" in text.get_text()]
    ['8 connections\\n8 weights', '4 connections\\n2 weights']

    Connections: a matrix (units, inputs), zero where there is none, or a list of them, drawn side
    by side. Weights, for each matrix: None, or the number of the weight that each connection
    carries; connections that share a weight share its colour. Unit: the one to bring out, from 0.
    """
    if np.ndim(connections[0][0]) == 0:
        connections, weights = [connections], None if weights is None else [weights]
    matrices = [as_connections(m, f"connections {i}") for i, m in enumerate(connections)]
    titles = as_names(titles, len(matrices), "titles")
    weights = [None] * len(matrices) if weights is None else list(weights)
    if len(weights) != len(matrices):
        raise ValueError(f"{len(weights)} sets of weights for {len(matrices)} sets of connections")
    panel = min(2.8, (WIDEST - 0.24) / len(matrices))
    height = max(0.36 * max(max(m.shape) for m in matrices), 1.2)
    figure, axes = canvas(panel * len(matrices), height + 0.95)
    axes.set_ylim(height + 0.12 + 0.5, -0.12 - 0.45)
    for i, (edges, title, carried) in enumerate(zip(matrices, titles, weights)):
        units, inputs = edges.shape
        left, right = positions(inputs, height), positions(units, height)
        x0, x1 = i * panel + 0.35, (i + 1) * panel - 0.35
        kinds = edge_kinds(edges, carried)
        chosen = np.ones(units, bool) if unit is None else np.arange(units) == unit
        if not chosen.any():
            raise ValueError(f"unit {unit} does not exist: there are {units}, counted from 0")
        for members, colour, dash in kinds:
            ends = (x0, left), (x1, right)
            draw_edges(axes, members & ~chosen[:, None], ends, FAINT, linewidths=1.0)
            style = {"linewidths": 1.3 if unit is None else 2.2, "linestyles": [dash]}
            draw_edges(axes, members & chosen[:, None], ends, colour, zorder=2, **style)
        seen = edges[chosen].any(axis=0)
        draw_nodes(axes, x0, left, node_names(input_names, inputs, "input names"), "input", seen)
        draw_nodes(axes, x1, right, node_names(unit_names, units, "unit names"), "output", chosen)
        count = edges.sum() if carried is None else len(kinds)
        axes.text((x0 + x1) / 2, -0.12, title, ha="center", va="bottom", fontsize=TEXT)
        counts = f"{number(edges.sum())} connections\n{number(count)} weights"
        axes.text((x0 + x1) / 2, height + 0.02, counts, ha="center", va="top", fontsize=SMALL)
    return figure


@styled
def draw_layers(
    connections: Sequence[object],
    names: Sequence[str] | None = None,
    unit: tuple[int, int] | None = None,
) -> Figure:
    """Draw layer behind layer, and everything that one unit sees, directly or not.

    >>> band = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) <= 1
    >>> figure = draw_layers([band, band], names=["x", "h", "g"], unit=(2, 2))  # g3
    >>> figure.axes[0].texts[-1].get_text()
    'g3 sees x1, x2, x3, x4, x5'

    Connections: matrices (units, inputs) from the first layer on. Names: one letter for each
    column, the input's included; units are numbered from 1. Unit: (layer, index), both from 0.
    """
    edges = [as_connections(m, f"connections {i}") for i, m in enumerate(connections)]
    if not edges:
        raise ValueError("no layer to draw: give at least one matrix of connections")
    for i, (below, above) in enumerate(zip(edges, edges[1:])):
        if below.shape[0] != above.shape[1]:
            raise ValueError(
                f"layer {i} has {below.shape[0]} units and layer {i + 1} takes {above.shape[1]}"
            )
    counts = [edges[0].shape[1], *(m.shape[0] for m in edges)]
    default = ["x", *("hgfedcba"[i % 8] for i in range(len(edges)))]
    letters = as_names(default if names is None else names, len(counts), "names")
    live = [np.ones(count, bool) for count in counts]
    if unit is not None:
        layer, index = (as_count(part, "unit", least=0) for part in unit)
        if layer >= len(counts) or index >= counts[layer]:
            raise ValueError(f"unit {unit} does not exist: the layers have {counts} units")
        live = [np.zeros(count, bool) for count in counts]
        live[layer][index] = True
        for i in range(layer, 0, -1):
            live[i - 1] = edges[i - 1][live[i]].any(axis=0)
    height, step = max(0.5 * max(counts), 1.5), min(1.7, 5.3 / len(edges))
    figure, axes = canvas(step * len(edges) + 0.6, height + (0.4 if unit else 0))
    xs, ys = 0.3 + step * np.arange(len(counts)), [positions(count, height) for count in counts]
    for i, matrix in enumerate(edges):
        ends, on = ((xs[i], ys[i]), (xs[i + 1], ys[i + 1])), live[i + 1][:, None]
        draw_edges(axes, matrix & ~on, ends, FAINT, linewidths=1.2)
        draw_edges(axes, matrix & on, ends, ROLES["kernel"], linewidths=2.2, zorder=2)
    for i, count in enumerate(counts):
        role = "input" if i == 0 else "output"
        labels = [f"{letters[i]}{j + 1}" for j in range(count)]
        draw_nodes(axes, xs[i], ys[i], labels, role, live[i])
    if unit is not None:
        seen = ", ".join(f"{letters[0]}{j + 1}" for j in np.flatnonzero(live[0]))
        caption = f"{letters[layer]}{index + 1} sees {seen}"
        axes.text(xs.mean(), height + 0.1, caption, ha="center", va="top")
    return figure


@styled
def draw_matrix(matrix: object, title: str = "") -> Figure:
    """Draw a layer as one matrix: blank where there is no connection, one colour per weight.

    >>> figure = draw_matrix([[1, 2, 0], [0, 1, 2]], title="a kernel of two weights")
    >>> figure.axes[0].get_ylabel(), figure.axes[0].get_xlabel()
    ('output unit', 'input pixel')

    Matrix (output units, input pixels), as operations.convolution_matrix gives it.
    """
    from matplotlib.colors import to_rgb
    from matplotlib.ticker import MaxNLocator

    values = as_array(matrix, "the matrix")
    kinds = np.unique(values[values != 0])
    colours = np.array([to_rgb(colour) for colour in WEIGHTS])
    if len(kinds) > len(WEIGHTS):
        from matplotlib import colormaps

        colours = colormaps["plasma"](np.linspace(0, 0.9, len(kinds)))[:, :3]
    picture = np.ones((*values.shape, 3))
    for kind, colour in zip(kinds, colours):
        picture[values == kind] = colour
    rows, columns = values.shape
    cell = min(0.34, 5.4 / columns)
    figure, ((axes,),) = plot(max(cell * columns + 0.9, 3), max(cell * rows + 0.9, 1.6))
    axes.imshow(picture, interpolation="none" if columns <= 128 else "nearest")
    axes.set(xlabel="input pixel", ylabel="output unit")
    axes.set_title(title)
    axes.spines[["right", "top"]].set_visible(True)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6, integer=True))
    if columns <= 36:
        axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
        axes.grid(which="minor", linewidth=0.6)
        axes.tick_params(which="minor", length=0)
    return figure
