"""How do we draw the numbers of a computation, forward and back?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cnnlib import scalars
from cnnlib.figures import canvas, palette, style
from cnnlib.scalars import Node

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cnnlib.figures.drawing import Drawing

    Place = tuple[int, int]  # column, row
    Route = list[Place]

# Inches: a line of text, and what is free between rows, between columns, and there at least.
LINE, BETWEEN, GAP, TIGHT = 0.2, 0.3, 0.35, 0.08
PORTS = 0.3  # inches between the ends of two edges at a box
FORWARD, BACK = palette.ROLES["input"], palette.SERIES[4]


def lay_out(nodes: Mapping[str, Node]) -> dict[str, list[Route]]:
    """Where each number stands, (column, row), and the places that each of its edges runs through.

    >>> graph = scalars.work_out({"x": 2, "w": 3, "b": 1},
    ...                          [("p", "multiply", "x", "w"), ("y", "add", "p", "b")])
    >>> lay_out(graph)["y"]
    [[(1, 0), (2, 0)], [(1, 1), (2, 0)]]
    >>> lay_out(graph)["b"]
    [[(1, 1)]]

    An edge begins at an operand and ends at its step; a given value is a route of one place. A
    step stands one column behind its operands and in the row of the first, a value in the column
    before the first step that reads it.
    """
    columns = _columns(nodes)
    places: dict[str, Place] = {}
    bottom = [-1] * (max(columns.values()) + 1)
    routes: dict[str, list[Route]] = {}

    def put(column: int, row: int) -> Place:
        bottom[column] = max(bottom[column] + 1, row)
        return column, bottom[column]

    def visit(name: str) -> Place:
        if name not in places:
            edges = []
            for operand in nodes[name].operands:
                column, row = visit(operand)
                between = range(column + 1, columns[name])
                edges.append([(column, row), *(put(passed, row) for passed in between)])
            row = edges[0][-1][1] if edges else 0
            places[name] = put(columns[name], row)
            routes[name] = [[*edge, places[name]] for edge in edges] or [[places[name]]]
        return places[name]

    visit([*nodes][-1])
    return routes


def _columns(nodes: Mapping[str, Node]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for name, node in nodes.items():
        columns[name] = 1 + max((columns[operand] for operand in node.operands), default=-1)
    for name, node in nodes.items():
        if not node.operands:
            columns[name] = min(columns[n] for n in nodes if name in nodes[n].operands) - 1
    return columns


def _forward(node: Node) -> list[str]:
    """What a box says of the way forward."""
    return [f"→ {style.number_text(node.value)}"]


def _back(nodes: dict[str, Node], name: str) -> list[str]:
    """What a box says of the way back: the sum of what arrives, if it is more than one number."""
    arrived, total = scalars.arrivals(nodes, name), style.number_text(nodes[name].gradient)
    if not 2 <= len(arrived) <= 3:
        return [f"← {total}"]
    return [f"← {sum_text(arrived)}", f"= {total}"]


def sum_text(numbers: Sequence[float]) -> str:
    """A sum as a figure writes it out, numbers below zero in brackets.

    >>> sum_text([2, -3.5])
    '2 + (−3.5)'
    """
    texts = [style.number_text(number) for number in numbers]
    return " + ".join([texts[0], *(f"({t})" if t.startswith("−") else t for t in texts[1:])])


@canvas.styled
def draw_forward_graph(values: Mapping[str, float], steps: Sequence[Sequence[str]]) -> Drawing:
    """Draw a computation as a graph: a box for each number, worked out from left to right.

    >>> figure = draw_forward_graph({"x": 2, "w": 3}, [("y", "multiply", "x", "w")])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['x', '→ 2', 'w', '→ 3', 'y', 'x·w', '→ 6']

    Values and steps as in `cnnlib.scalars.work_out`. Values that are given stand on blue, the
    result on green.
    """
    nodes = scalars.work_out(values, steps)
    return _draw(nodes, {name: _forward(node) for name, node in nodes.items()}, {})


@canvas.styled
def draw_gradient_graph(values: Mapping[str, float], steps: Sequence[Sequence[str]]) -> Drawing:
    """Draw a computation and its way back: local slopes on the edges, gradients in the boxes.

    >>> figure = draw_gradient_graph({"x": 2, "w": 3}, [("y", "multiply", "x", "w")])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['x', '→ 2', '← 3', 'w', '→ 3', '← 2', 'y', 'x·w', '→ 6', '← 1', '×3', '×2']

    Values and steps as in `cnnlib.scalars.work_out`. Behind → stands the number itself, behind ←
    its gradient, the slope of the last step with respect to it: the gradient of the box to the
    right, times the slope on the edge. Where edges meet on the way back, the sum is written out.
    """
    nodes = scalars.work_out(values, steps)
    lines = {name: _forward(node) + _back(nodes, name) for name, node in nodes.items()}
    slopes = {
        name: [f"×{style.number_text(slope)}" for slope in node.slopes]
        for name, node in nodes.items()
    }
    return _draw(nodes, lines, slopes)


def _draw(
    nodes: Mapping[str, Node], lines: Mapping[str, list[str]], slopes: Mapping[str, list[str]]
) -> Drawing:
    """Draw the boxes with their lines, and the edges with their slopes, if there are any."""
    routes = lay_out(nodes)
    places = {name: edges[0][-1] for name, edges in routes.items()}
    texts = {n: [n, *filter(None, [nodes[n].formula]), *lines[n]] for n in nodes}
    heights = {name: LINE * len(lines) + 0.1 for name, lines in texts.items()}
    widths = [0.0] * (1 + max(column for column, _ in places.values()))
    labels = [0.0] * len(widths)  # each in the gap in front of its column
    for name, (column, _) in places.items():
        widest = max(canvas.text_width(text, style.SMALL) for text in texts[name])
        widths[column] = max(widths[column], widest + 0.12)
        for slope in slopes.get(name, []):
            labels[column] = max(labels[column], canvas.text_width(slope, style.LEAST))
    free = style.WIDEST - 0.24 - sum(widths) - sum(labels)
    gap = min(GAP, max(TIGHT, free / max(1, len(widths) - 1)))
    lefts = [
        sum(widths[:column]) + sum(labels[: column + 1]) + gap * column
        for column in range(len(widths))
    ]
    tall = [0.0] * (1 + max(row for edges in routes.values() for edge in edges for _, row in edge))
    for name, (_, row) in places.items():
        tall[row] = max(tall[row], heights[name])
    middles = [sum(tall[:row]) + tall[row] / 2 + BETWEEN * row for row in range(len(tall))]
    figure, axes = canvas.bare(lefts[-1] + widths[-1], middles[-1] + tall[-1] / 2)
    for name, (column, row) in places.items():
        role = "output" if name == [*nodes][-1] else "plain" if nodes[name].operands else "input"
        size = widths[column], heights[name]
        _draw_box(axes, (lefts[column], middles[row] - size[1] / 2), size, texts[name], role)
    for name, edges in routes.items():
        for number, route in enumerate(edges if nodes[name].operands else []):
            spread = min(PORTS, 0.7 * heights[name] / len(edges)) * (number - (len(edges) - 1) / 2)
            line = [
                (x, middles[row])
                for column, row in route
                for x in (lefts[column], lefts[column] + widths[column])
            ][1:-1]
            line[-1] = line[-1][0], line[-1][1] + spread
            _draw_edge(axes, line, slopes[name][number] if slopes else "")
    return figure


def _draw_box(
    axes: Axes, corner: tuple[float, float], size: tuple[float, float], texts: list[str], role: str
) -> None:
    """Draw a box with its name, its formula, and what comes forward and back."""
    (x, y), (width, height), colour = corner, size, palette.ROLES[role]
    look = {"fc": palette.tint(colour, 0.12), "ec": colour, "lw": 1.5, "zorder": 2}
    canvas.box(axes, x, y, width, height, **look)
    ink, top = palette.INK, y + (height - LINE * (len(texts) - 1)) / 2
    for number, text in enumerate(texts):
        ink = {"→": FORWARD, "←": BACK}.get(text[0], ink)
        look = {"color": ink, "zorder": 4, "weight": "normal" if number else "bold"}
        canvas.write(axes, x + width / 2, top + LINE * number, text, style.SMALL, **look)


def _draw_edge(axes: Axes, line: list[tuple[float, float]], slope: str) -> None:
    """Draw an edge from an operand to its step; with a slope on it, it leads back."""
    from matplotlib.patches import FancyArrowPatch

    *_, before, end = line
    colour = BACK if slope else palette.GREY
    axes.plot(*zip(*line, strict=True), color=colour, lw=1.3, zorder=1)
    ends = (line[1], line[0]) if slope else (before, end)
    look = {"arrowstyle": "-|>", "mutation_scale": 9, "shrinkA": 0, "shrinkB": 0, "lw": 1.3}
    axes.add_patch(FancyArrowPatch(*ends, color=colour, zorder=1, **look))
    if slope:
        x, y = (0.4 * a + 0.6 * b for a, b in zip(before, end, strict=True))
        paper = {"fc": palette.PAPER, "ec": "none", "pad": 1}
        canvas.write(axes, x, y, slope, style.LEAST, color=BACK, bbox=paper, zorder=3)
