"""How do we show a network: its sizes, its costs, and where its windows land?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib import shapes
from cnnlib.figures import canvas, palette, style
from cnnlib.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cnnlib.figures.drawing import Drawing


def _as_layers(network: Any) -> list[tuple[str, tuple[int, ...], int]]:
    """(name, output shape, parameters) of each layer, the input first."""
    if hasattr(network, "input_shape"):
        rows = [(row.name, row.output_shape, row.parameters) for row in network]
        network = [(say("input"), network.input_shape, 0), *rows]
    layers = []
    for row in network:
        if len(row) not in (2, 3):
            raise ValueError(f"a layer is (name, shape) or (name, shape, parameters), not {row!r}")
        sizes = tuple(shapes.integer(size, f"{row[0]}: a size") for size in row[1])
        layers.append((str(row[0]), sizes, shapes.integer((*row, 0)[2], "parameters", 0)))
    if not layers:
        raise ValueError("no layer to draw: give at least one (name, shape)")
    return layers


def _draw_block(axes: Axes, x: float, y: float, length: float, height: float, colour: str) -> None:
    """Draw a block that stands on y, seen from its front, from above and from its right."""
    from matplotlib.patches import Polygon

    right, top, slant = x + length, y - height, 0.35 * height
    front = (x, y), (right, y), (right, top), (x, top)
    above = (x, top), (right, top), (right + slant, top - slant), (x + slant, top - slant)
    side = (right, y), (right, top), (right + slant, top - slant), (right + slant, y - slant)
    for corners, share in ((front, 0.6), (above, 0.3), (side, 0.85)):
        look = {"fc": palette.tint(colour, share), "ec": colour, "lw": 1.0, "joinstyle": "round"}
        axes.add_patch(Polygon(corners, **look))


@canvas.styled
def draw_network(network: Any) -> Drawing:
    """Draw a network as blocks, from the input at the top to the output at the bottom.

    >>> figure = draw_network([("input", (32, 32, 1)), ("C1", (28, 28, 6), 156), ("F6", (84,))])
    >>> [text.get_text() for text in figure.axes[0].texts][:5]
    ['input', '32 × 32 × 1', 'C1', '28 × 28 × 6', '156']

    Network: a cnnlib Network, or rows of (name, shape) or (name, shape, parameters). A block is as
    high as its feature map has rows and as long as it has channels, both on a logarithmic scale.
    Orange layers have parameters, grey ones none.
    """
    layers = _as_layers(network)
    names, sizes, parameters = zip(*layers, strict=True)
    sides, depths = [s[0] if len(s) == 3 else 1 for s in sizes], [s[-1] for s in sizes]
    highs = 0.07 + 0.4 * np.log2(sides) / np.log2(max(*sides, 2))
    longs = 0.07 + 1.7 * np.log2(depths) / np.log2(max(*depths, 2))
    texts, costs = [style.shape_text(s) for s in sizes], [style.number_text(p) for p in parameters]
    first = max(map(canvas.text_width, names)) * 1.15 + 0.15
    heads = say("shape"), say("parameters")
    second = (
        first + max(longs + 0.35 * highs) + 0.15 + max(map(canvas.text_width, (*texts, heads[0])))
    )
    third = second + max(map(canvas.text_width, (*costs, heads[1]))) + 0.25
    if not any(parameters):
        third, costs = second, [""] * len(costs)
    steps = np.maximum(1.35 * highs + 0.1, 0.34)
    figure, axes = canvas.bare(third, 0.3 + steps.sum() + 0.35)
    bases = 0.3 + np.cumsum(steps)
    for i, ((name, _, weights), y) in enumerate(zip(layers, bases, strict=True)):
        role = "input" if i == 0 else "kernel" if weights else "plain"
        _draw_block(axes, first, y, longs[i], highs[i], palette.ROLES[role])
        line = y - max(0.02, 0.5 * highs[i] - 0.06)
        canvas.write(axes, 0, line, name, ha="left", va="baseline", weight="bold")
        canvas.write(axes, second, line, texts[i], ha="right", va="baseline")
        if weights:
            canvas.write(axes, third, line, costs[i], ha="right", va="baseline")
    look = {"color": palette.GREY, "va": "top"}
    canvas.write(axes, second, 0, heads[0], style.SMALL, ha="right", **look)
    if any(parameters):
        canvas.write(axes, third, 0, heads[1], style.SMALL, ha="right", **look)
    scales = say("height: rows, length: channels, log scales")
    canvas.write(axes, 0, bases[-1] + 0.17, scales, style.SMALL, ha="left", **look)
    return figure


@canvas.styled
def draw_ledger(names: Sequence[str], columns: Mapping[str, Sequence[float]]) -> Drawing:
    """Draw what each layer costs, one panel for each kind of cost.

    >>> figure = draw_ledger(["C1", "F6"], {"parameters": [156, 10164], "MACs": [117600, 10080]})
    >>> figure.axes[0].get_title(loc="left")
    'parameters: 10,320 in all'
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['156 (1.5%)', '10,164 (98.5%)']

    Names: one for each layer. Columns: a label with its unit, and a value for each layer.
    """
    names = [str(name) for name in names]
    panels = {label: style.as_numbers(values, label, ndim=1) for label, values in columns.items()}
    if not panels:
        raise ValueError("no column to draw: give at least one label with its values")
    figure, grid = canvas.plot(5.6, len(panels) * (0.28 * len(names) + 0.6), rows=len(panels))
    for axes, (label, values) in zip(grid[:, 0], panels.items(), strict=True):
        style.one_each(values, len(names), f"{label} values")
        if (values < 0).any() or not values.any():
            raise ValueError(f"{label}: costs cannot be negative, nor all of them zero")
        texts = [f"{style.number_text(value)} ({value / values.sum():.1%})" for value in values]
        largest = values == values.max()
        shades = [palette.tint(palette.ROLES["kernel"], 0.9 if most else 0.35) for most in largest]
        axes.barh(range(len(names)), values, height=0.7, color=shades, ec=palette.ROLES["kernel"])
        look = {"textcoords": "offset points", "va": "center", "fontsize": style.SMALL}
        for i, (value, text) in enumerate(zip(values, texts, strict=True)):
            axes.annotate(text, (value, i), (4, 0), **look)
        bars = 5.2 - max(canvas.text_width(name, style.SMALL) for name in names)
        room = max(canvas.text_width(text, style.SMALL) for text in texts) + 0.1
        axes.set(xlim=(0, values.max() * bars / (bars - room)), xticks=[])
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        title = say("{label}: {sum} in all", label=label, sum=style.number_text(values.sum()))
        axes.set_title(title, weight="bold")
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(length=0)
    return figure


def _shown_of(axis: shapes.Axis) -> tuple[list[int], np.ndarray]:
    """The windows and the cells to draw: all of a short row, the two ends of a long one."""
    last, cells = axis.count - 1, np.arange(axis.size + sum(axis.zeros))
    if len(cells) <= 18 and last < 8:
        return list(range(last + 1)), cells
    head, tail = 2 * axis.stride + axis.kernel, (last - 1) * axis.stride - 1
    windows = sorted({0, 1, 2, last - 1, last} & set(range(last + 1)))
    return windows, cells[(cells <= head) | (cells >= tail)]


@canvas.styled
def draw_windows(
    size: int, kernel_size: int, strides: int = 1, padding: shapes.Padding = "valid"
) -> Drawing:
    """Draw where the windows land along one row of pixels, and what is left over.

    >>> figure = draw_windows(224, 11, strides=4)
    >>> figure.axes[0].texts[-1].get_text()
    '⌊(224 + 2·0 − 11) / 4⌋ + 1 = 54 windows, 1 pixel left over'

    Sizes in pixels, padding as Conv2D's; pixels and windows are counted from 0. Of a long row only
    the two ends are drawn.
    """
    axis = shapes.Axis(size, kernel_size, strides, padding)
    shapes.check_fit(axis)
    windows, cells = _shown_of(axis)
    left_over = (size + sum(axis.zeros) - kernel_size) % strides
    formula = " = ".join(axis.equations("")[-1].text().split(" = ")[-2:])
    landed = say("{n} window", n=formula) if axis.count == 1 else say("{n} windows", n=formula)
    pixels = say("1 pixel") if left_over == 1 else say("{n} pixels", n=left_over)
    caption = say("{windows}, {pixels} left over", windows=landed, pixels=pixels)
    # A gap in the row takes the room of two cells.
    places = np.cumsum(1 + 2 * (np.diff(cells, prepend=-1) > 1)) - 1
    span = places[-1] + 1
    width = max(min(style.WIDEST - 0.24, 0.42 * span), canvas.text_width(caption))
    unit = min(0.42, width / span)
    lefts = dict(zip(cells.tolist(), (width - unit * span) / 2 + unit * places, strict=True))
    head = 0.0 if unit >= 0.3 else 0.3  # where a number does not fit in its cell, it stands above
    below = head + unit + 0.12
    figure, axes = canvas.bare(width, below + 0.3 * len(windows) + 0.3)
    _draw_pixels(axes, axis, lefts, head, unit, {window * strides for window in windows})
    for i, window in enumerate(windows):
        x, y, wide = lefts[window * strides], below + 0.3 * i, unit * kernel_size
        look = {"fc": palette.tint(palette.ROLES["kernel"], 0.5), "ec": palette.ROLES["kernel"]}
        canvas.box(axes, x, y, wide, 0.22, **look)
        text = say("window {n}", n=window) if wide > 0.9 else str(window)
        canvas.write(axes, x + wide / 2, y + 0.11, text, style.LEAST)
    canvas.write(axes, width / 2, below + 0.3 * len(windows) + 0.17, caption)
    return figure


def _draw_pixels(
    axes: Axes, axis: shapes.Axis, lefts: dict[int, float], head: float, unit: float, starts: set
) -> None:
    """Draw the row: pixels blue, padding white, what is left over hatched, dots in a gap."""
    before, last = axis.zeros[0], max(lefts)
    used = (axis.count - 1) * axis.stride + axis.kernel
    for cell, x in lefts.items():
        padded, lost = not before <= cell < before + axis.size, cell >= used
        fill = palette.tint(
            palette.NEGATIVE if lost else palette.ROLES["input"], 0 if padded else 0.3
        )
        look = {"ec": palette.GREY, "hatch": "//" * lost}
        canvas.box(axes, x, head, unit, unit, fc=fill, **look)
        if cell and cell - 1 not in lefts:
            canvas.write(axes, x - unit, head + unit / 2, "…")
        if not padded and (not head or cell in starts or cell == last):
            y = 0.18 if head else unit / 2
            canvas.write(axes, x + unit / 2, y, style.number_text(cell - before), style.LEAST)
