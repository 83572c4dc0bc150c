"""How do we show a network: its sizes, its costs, and where its windows land?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .style import (
    GREY,
    NEGATIVE,
    PAPER,
    ROLES,
    SMALL,
    WIDEST,
    as_array,
    as_count,
    as_names,
    canvas,
    number,
    plot,
    shape_text,
    styled,
    text_width,
    tint,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def as_stack(network: object) -> list[tuple[str, tuple[int, ...], int | None]]:
    """(name, output shape, parameters) of each layer, the input first."""
    if hasattr(network, "input_shape"):
        rows = [(row.name, row.output_shape, row.parameters) for row in network]
        return [("input", tuple(network.input_shape), 0), *rows]
    stack = []
    for row in network:
        if len(row) not in (2, 3):
            raise ValueError(f"a layer is (name, shape) or (name, shape, parameters), not {row!r}")
        name, shape, *rest = row
        sizes = tuple(as_count(size, f"{name}: a size in its shape") for size in shape)
        stack.append((str(name), sizes, rest[0] if rest else None))
    if not stack:
        raise ValueError("no layer to draw: give at least one (name, shape)")
    return stack


def draw_block(axes: Axes, x: float, base: float, size: tuple[float, float], colour: str) -> None:
    """Draw a block that stands on `base`: its height for rows and columns, its length for depth."""
    from matplotlib.patches import Polygon

    length, height = size
    slant = 0.35 * height
    front = [(x, base), (x + length, base), (x + length, base - height), (x, base - height)]
    top = [
        front[3],
        front[2],
        (x + length + slant, base - height - slant),
        (x + slant, base - height - slant),
    ]
    side = [front[1], front[2], top[2], (x + length + slant, base - slant)]
    for corners, share in ((front, 0.55), (top, 0.3), (side, 0.75)):
        axes.add_patch(Polygon(corners, fc=tint(colour, share), ec=colour, lw=1.0))


@styled
def draw_network(network: object) -> Figure:
    """Draw a network as a list of blocks, from the input down to the output.

    >>> figure = draw_network([("input", (32, 32, 1)), ("C1", (28, 28, 6), 156), ("F6", (84,))])
    >>> [text.get_text() for text in figure.axes[0].texts][:5]
    ['input', '32 × 32 × 1', 'C1', '28 × 28 × 6', '156']

    Network: a cnnlib Network, or rows of (name, shape) or (name, shape, parameters). A block is as
    high as its feature map's rows and as long as its depth, both on a logarithmic scale. Orange
    layers have parameters, which stand at the right; grey ones have none.
    """
    stack = as_stack(network)
    counted = any(parameters for *_, parameters in stack)
    sides = [shape[0] if len(shape) == 3 else 1 for _, shape, _ in stack]
    depths = [shape[-1] for _, shape, _ in stack]
    highest, longest = 0.42, 1.7
    heights = [0.06 + highest * np.log2(side) / np.log2(max(*sides, 2)) for side in sides]
    lengths = [0.06 + longest * np.log2(depth) / np.log2(max(*depths, 2)) for depth in depths]
    names = max(text_width(name) for name, *_ in stack) + 0.15
    shapes = max(text_width(shape_text(shape)) for _, shape, _ in stack)
    costs = max(text_width(number(p or 0)) for *_, p in stack) + 0.3 if counted else 0
    blocks = longest + 0.35
    figure, axes = canvas(names + blocks + shapes + costs, 0.62 * len(stack) + 0.3 * counted)
    for i, ((name, shape, parameters), length, height) in enumerate(zip(stack, lengths, heights)):
        base = 0.62 * (i + 1) - 0.05 + 0.3 * counted
        role = "input" if i == 0 else "kernel" if parameters else "plain"
        draw_block(axes, names, base, (length, height), ROLES[role])
        axes.text(0, base - 0.1, name, va="baseline", weight="bold")
        axes.text(names + blocks + shapes, base - 0.1, shape_text(shape), ha="right")
        if parameters:
            axes.text(names + blocks + shapes + costs, base - 0.1, number(parameters), ha="right")
    if counted:
        right = names + blocks + shapes
        style = {"fontsize": SMALL, "color": GREY, "ha": "right", "va": "top"}
        axes.text(right, 0, "output shape", **style)
        axes.text(right + costs, 0, "parameters", **style)
    return figure


@styled
def draw_ledger(names: Sequence[str], columns: Mapping[str, Sequence[float]]) -> Figure:
    """Draw what each layer costs, one panel for each kind of cost.

    >>> figure = draw_ledger(["C1", "F6"], {"parameters": [156, 10164], "MACs": [117600, 10080]})
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['156 (1.5%)', '10,164 (98.5%)']
    >>> figure.axes[0].get_title(loc="left")
    'parameters: 10,320 in all'

    Names: one for each layer. Columns: a label, with its unit, and one value for each layer.
    """
    names, panels = [str(name) for name in names], {}
    for label, values in columns.items():
        panels[label] = as_array(values, label, ndim=1)
        as_names(panels[label], len(names), f"{label} values")
        if (panels[label] < 0).any() or panels[label].sum() == 0:
            raise ValueError(f"{label}: costs cannot be negative, nor all of them zero")
    if not panels:
        raise ValueError("no column to draw: give at least one label and its values")
    figure, grid = plot(5.6, len(panels) * (0.28 * len(names) + 0.55), rows=len(panels))
    for axes, (label, values), (bar, _) in zip(grid[:, 0], panels.items(), BARS * len(panels)):
        total = values.sum()
        texts = [f"{number(value)} ({value / total:.1%})" for value in values]
        axes.barh(names, values, height=0.7, color=tint(bar, 0.65), edgecolor=bar)
        for i, (value, text) in enumerate(zip(values, texts)):
            axes.annotate(
                text, (value, i), (4, 0), textcoords="offset points", va="center", fontsize=SMALL
            )
        room = max(text_width(text, SMALL) for text in texts) + 0.15
        widest = 5.4 - max(text_width(name) for name in names) - 0.2
        axes.set(xlim=(0, values.max() * widest / (widest - room)), xticks=[])
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_title(f"{label}: {number(total)} in all", loc="left", weight="bold")
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(length=0)
    return figure


BARS = [(ROLES["kernel"], ""), (ROLES["output"], ""), (ROLES["input"], "")]


def windows_shown(count: int, cells: int) -> list[int]:
    """All windows of a short ruler; the first three and the last two of a long one."""
    return list(range(count)) if count <= 6 and cells <= 18 else [0, 1, 2, count - 2, count - 1]


@styled
def draw_windows(size: int, kernel_size: int, strides: int = 1, padding: int = 0) -> Figure:
    """Draw where a kernel's windows land on one row of pixels, and what is left over.

    >>> figure = draw_windows(227, 11, strides=4)
    >>> figure.axes[0].texts[-1].get_text()
    '⌊(227 + 2·0 − 11) / 4⌋ + 1 = 55 windows, 0 pixels left over'

    Size, kernel size, strides in pixels; padding in pixels on each side. Pixels are counted from 0.
    """
    size, kernel = as_count(size, "size"), as_count(kernel_size, "kernel_size")
    strides, padding = as_count(strides, "strides"), as_count(padding, "padding", least=0)
    cells = size + 2 * padding
    if kernel > cells:
        raise ValueError(
            f"a window of {kernel} does not fit {cells} pixels (padding included): use a smaller "
            "kernel_size or more padding"
        )
    count, left_over = (cells - kernel) // strides + 1, (cells - kernel) % strides
    return figure_of_windows(size, kernel, strides, padding, count, left_over)


def figure_of_windows(size, kernel, strides, padding, count, left_over) -> Figure:
    from matplotlib.patches import Rectangle

    cells = size + 2 * padding
    shown = windows_shown(count, cells)
    if len(shown) == count:
        pieces = [(0, cells)]
    else:
        pieces = [(0, 2 * strides + kernel + 1), ((count - 2) * strides - 1, cells)]
    gap = 2
    total = sum(stop - start for start, stop in pieces) + gap * (len(pieces) - 1)
    formula = f"⌊({size} + 2·{padding} − {kernel}) / {strides}⌋ + 1 = {count} windows, "
    formula += f"{left_over} pixels left over"
    width = max(min(WIDEST - 0.3, 0.42 * total), text_width(formula) + 0.1)
    unit = min(0.42, width / total)
    figure, axes = canvas(width, 0.75 + unit + 0.3 * len(shown))
    shift = (width - unit * total) / 2

    def x(cell: int) -> float:
        inside = cell if cell <= pieces[0][1] else cell - pieces[-1][0] + pieces[0][1] + gap
        return shift + unit * inside

    for start, stop in pieces:
        for cell in range(start, stop):
            padded = not padding <= cell < size + padding
            lost = cell >= cells - left_over
            fill = PAPER if padded else tint(NEGATIVE if lost else ROLES["input"], 0.3)
            box = Rectangle((x(cell), 0.3), unit, unit, fc=fill, ec=GREY, lw=0.6)
            box.set_hatch("///" if lost else "")
            axes.add_patch(box)
    for i, window in enumerate(shown):
        y = 0.3 + unit + 0.1 + 0.3 * i
        start = window * strides
        box = Rectangle(
            (x(start), y), kernel * unit, 0.2, fc=tint(ROLES["kernel"], 0.4), ec=ROLES["kernel"]
        )
        axes.add_patch(box)
        axes.text(
            x(start) + kernel * unit / 2,
            y + 0.1,
            str(window),
            ha="center",
            va="center_baseline",
            fontsize=10,
        )
        axes.text(x(start), 0.26, str(start - padding), ha="left", fontsize=10)
    axes.text(width / 2, 0.75 + unit + 0.3 * len(shown) - 0.2, formula, ha="center", va="center")
    return figure
