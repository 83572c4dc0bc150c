"""How do we show who is connected to whom, and by which weight?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib import shapes
from cnnlib.figures import canvas, palette, style
from cnnlib.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cnnlib.figures.drawing import Drawing

MOST_NODES = 32


def _as_edges(connections: Any) -> list[np.ndarray]:
    """Boolean matrices (units, inputs) from one matrix or several; zero is no connection."""
    single = isinstance(connections, np.ndarray) and connections.ndim == 2
    edges = [
        style.as_numbers(m, "connections") != 0 for m in ([connections] if single else connections)
    ]
    if not edges or max(max(m.shape) for m in edges) > MOST_NODES:
        raise ValueError(
            f"give one matrix (units, inputs) or more, none of them above {MOST_NODES}, not "
            f"{[m.shape for m in edges]}: draw_matrix shows larger layers"
        )
    return edges


def _draw_nodes(
    axes: Axes, x: float, heights: np.ndarray, names: Sequence[str], role: str, live: np.ndarray
) -> None:
    """Draw a column of units with their names inside; those that are not live stay pale."""
    from matplotlib.patches import Circle

    for y, name, on in zip(heights, names, live, strict=True):
        fill = palette.tint(palette.ROLES[role], 0.35) if on else palette.PAPER
        look = {"ec": palette.ROLES[role] if on else palette.FAINT, "lw": 1.5, "zorder": 3}
        axes.add_patch(Circle((x, y), 0.165, fc=fill, **look))
        canvas.write(
            axes, x, y, name, style.LEAST, color=palette.INK if on else palette.GREY, zorder=4
        )


def _draw_edges(
    axes: Axes, edges: np.ndarray, xs: Any, heights: Any, colour: str, **look: Any
) -> None:
    """Draw the True entries of (units, inputs) as lines between two columns of nodes."""
    from matplotlib.collections import LineCollection

    ends = [
        list(zip(xs, (heights[0][j], heights[1][i]), strict=True)) for i, j in np.argwhere(edges)
    ]
    if ends:
        axes.add_collection(LineCollection(ends, colors=colour, **look), autolim=False)


def _stack(count: int, height: float) -> np.ndarray:
    """Where `count` nodes stand in a column of this height."""
    return height / 2 + (np.arange(count) - (count - 1) / 2) * min(0.62, height / count)


def _by_weight(edges: np.ndarray, weights: Any) -> list[np.ndarray]:
    """The connections parted by the weight they carry; all in one part where weights is None."""
    index = np.zeros(edges.shape) if weights is None else np.asarray(weights)
    if index.shape != edges.shape:
        raise ValueError(
            f"weights {index.shape} and connections {edges.shape} differ in shape: "
            "give the number of a weight for each connection"
        )
    return [edges & (index == weight) for weight in np.unique(index[edges])]


def _draw_kinds(
    axes: Axes, kinds: Any, chosen: np.ndarray, colours: Any, xs: Any, heights: Any
) -> None:
    """Draw each kind of connection in its colour and dash where its unit is chosen, else pale."""
    width = 1.5 if chosen.all() else 2.2
    for i, edges in enumerate(kinds):
        colour, dash = colours[i % len(colours)], style.DASHES[(i + i // 7) % len(style.DASHES)]
        _draw_edges(axes, edges & ~chosen, xs, heights, palette.FAINT, linewidths=1.0)
        look: dict[str, Any] = {"linewidths": width, "linestyles": [dash], "zorder": 2}
        _draw_edges(axes, edges & chosen, xs, heights, colour, **look)


@canvas.styled
def draw_connections(
    connections: Any,
    titles: Sequence[str] | None = None,
    weights: Sequence[Any] | None = None,
    input_names: Sequence[str] | None = None,
    unit_names: Sequence[str] | None = None,
    unit: int | None = None,
) -> Drawing:
    """Draw inputs on the left, units on the right and a line for each connection.

    >>> dense, sparse = np.ones((2, 4)), [[1, 1, 0, 0], [0, 0, 1, 1]]
    >>> figure = draw_connections([dense, sparse], titles=["dense", "shared"],
    ...                           weights=[None, [[1, 2, 0, 0], [0, 0, 1, 2]]])
    >>> [text.get_text() for text in figure.axes[0].texts if "w" in text.get_text()]
    ['connections: 8\\nweights: 8', 'connections: 4\\nweights: 2']

    Connections: an array (units, inputs), zero where there is none, or a list of them, to be drawn
    side by side. Weights, for each: None, or the number of the weight that each connection carries;
    connections that share a weight share its colour, beside which unshared ones are grey. Names
    are those of every panel, by default 1, 2, 3 and so on. Unit: the one to bring out, from 0.
    """
    matrices = _as_edges(connections)
    unit = None if unit is None else shapes.integer(unit, "unit", 0)
    count, height = len(matrices), 0.36 * max(max(m.shape) for m in matrices)
    titles = style.one_each(titles, count, "titles")
    carried = style.one_each(weights, count, "sets of weights", None)
    # three beside each other stand close, so that a phone shrinks them less
    panel = min(2.8 if count < 3 else 1.6, (style.WIDEST - 0.24) / count)
    head = 0.3 * any(titles)
    figure, axes = canvas.bare(panel * count, head + height + 0.4)
    for i, (edges, title, shared) in enumerate(zip(matrices, titles, carried, strict=True)):
        units, inputs = edges.shape
        chosen = np.arange(units) == (np.arange(units) if unit is None else unit)
        if not chosen.any():
            raise ValueError(f"unit {unit!r} does not exist: there are {units}, counted from 0")
        xs = (i + np.array([0, 1])) * panel + np.array([0.3, -0.3])
        heights = [head + _stack(inputs, height), head + _stack(units, height)]
        kinds = _by_weight(edges, shared)
        colours = [palette.GREY] if weights is not None and shared is None else palette.WEIGHTS
        _draw_kinds(axes, kinds, chosen[:, None], colours, xs, heights)
        names = style.one_each(input_names or range(1, inputs + 1), inputs, "input names")
        _draw_nodes(axes, xs[0], heights[0], names, "input", edges[chosen].any(axis=0))
        names = style.one_each(unit_names or range(1, units + 1), units, "unit names")
        _draw_nodes(axes, xs[1], heights[1], names, "output", chosen)
        canvas.write(axes, xs.mean(), 0.1, title)
        distinct = edges.sum() if shared is None else len(kinds)
        counts = say(
            "connections: {connections}\nweights: {weights}",
            connections=style.number_text(edges.sum()),
            weights=style.number_text(distinct),
        )
        canvas.write(axes, xs.mean(), head + height + 0.04, counts, style.SMALL, va="top")
    return figure


@canvas.styled
def draw_layers(
    connections: Sequence[Any],
    names: Sequence[str] | None = None,
    unit: tuple[int, int] | None = None,
) -> Drawing:
    """Draw layer behind layer, and everything that one unit sees, directly or not.

    >>> band = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) <= 1
    >>> figure = draw_layers([band, band], names=["x", "h", "g"], unit=(2, 2))
    >>> figure.axes[0].texts[-1].get_text()
    'g3 sees x1, x2, x3, x4, x5'

    Connections: matrices (units, inputs), first layer first. Names: a letter for each column, the
    input's included; its units are numbered from 1. Unit: (column, index), both from 0.
    """
    edges = _as_edges(connections)
    for below, above in pairwise(edges):
        if below.shape[0] != above.shape[1]:
            raise ValueError(
                f"a layer of {below.shape[0]} units feeds one of {above.shape[1]} inputs: give "
                f"matrices (units, inputs), first layer first"
            )
    counts = [edges[0].shape[1], *(matrix.shape[0] for matrix in edges)]
    letters = style.one_each(names or "xhgfedcba"[: len(counts)], len(counts), "names")
    live: list[Any] = [np.ones(count, bool) for count in counts]
    if unit is not None:
        column, index = (shapes.integer(part, "unit", 0) for part in unit)
        if column >= len(counts) or index >= counts[column]:
            raise ValueError(f"unit {unit} does not exist: the columns have {counts} units")
        live = [np.zeros(count, bool) for count in counts]
        live[column][index] = True
        for i in range(column, 0, -1):
            live[i - 1] = edges[i - 1][live[i]].any(axis=0)
    height, step = max(0.5 * max(counts), 1.0), min(1.7, 5.5 / len(edges))
    figure, axes = canvas.bare(step * len(edges) + 0.5, height + 0.35 * (unit is not None))
    xs, heights = 0.25 + step * np.arange(len(counts)), [_stack(count, height) for count in counts]
    for i, matrix in enumerate(edges):
        place, seen = (xs[i : i + 2], heights[i : i + 2]), live[i + 1][:, None]
        _draw_edges(axes, matrix & ~seen, *place, palette.FAINT, linewidths=1.2)
        _draw_edges(axes, matrix & seen, *place, palette.WEIGHTS[0], linewidths=2.2, zorder=2)
    labels = [
        [f"{letter}{i + 1}" for i in range(n)] for letter, n in zip(letters, counts, strict=True)
    ]
    for i, role in enumerate(["input", *["output"] * len(edges)]):
        _draw_nodes(axes, xs[i], heights[i], labels[i], role, live[i])
    if unit is not None:
        inputs = ", ".join(labels[0][i] for i in np.flatnonzero(live[0]))
        seen = say("{unit} sees {inputs}", unit=labels[column][index], inputs=inputs)
        canvas.write(axes, xs.mean(), height + 0.25, seen)
    return figure


@canvas.styled
def draw_matrix(
    matrix: Any, title: str = "", inputs: str | None = None, units: str | None = None
) -> Drawing:
    """Draw a layer as one matrix: blank where there is no connection, one colour for each weight.

    >>> figure = draw_matrix([[1, 2, 0], [0, 1, 2]], title="a kernel of two weights")
    >>> figure.axes[0].get_ylabel(), figure.axes[0].get_xlabel()
    ('output unit', 'input pixel')

    Matrix (output units, input pixels), as operations.convolution_matrix gives it; inputs and units
    say what else its columns and rows are. Beyond seven weights the colours run from dark to light,
    from the least weight to the largest.
    """
    from matplotlib import colormaps
    from matplotlib.colors import to_rgb
    from matplotlib.ticker import MaxNLocator

    values = style.as_numbers(matrix, "the matrix")
    kinds, (rows, columns) = np.unique(values[values != 0]), values.shape
    colours: Any = [to_rgb(palette.fill(colour)) for colour in palette.WEIGHTS]
    if len(kinds) > len(palette.WEIGHTS):
        colours = colormaps["plasma"](np.linspace(0, 0.9, len(kinds)))[:, :3]
    picture = np.ones((rows, columns, 3))
    for kind, colour in zip(kinds, colours, strict=False):
        picture[values == kind] = colour
    cell = min(0.34, 5.3 / columns)
    figure, ((axes,),) = canvas.plot(
        max(cell * columns + 1, 3), max(cell * rows + 1, 1.8) + 0.3 * bool(title)
    )
    axes.imshow(picture, interpolation="none" if columns <= 400 else "nearest")
    axes.set(xlabel=inputs or say("input pixel"), ylabel=units or say("output unit"))
    axes.set_title(title)
    axes.spines[:].set_visible(True)
    for axis, count in ((axes.xaxis, columns), (axes.yaxis, rows)):
        axis.set_major_locator(MaxNLocator(6, integer=True))
        if columns <= 36:
            axis.set_ticks(np.arange(count + 1) - 0.5, minor=True)
            axis.set_tick_params(which="minor", length=0)
            axis.grid(which="minor", linewidth=0.6)
    return figure
