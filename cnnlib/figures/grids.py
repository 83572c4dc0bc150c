"""How do we show the numbers of a small image, and a kernel at work on them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib import operations, shapes
from cnnlib.figures import canvas, palette, style
from cnnlib.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cnnlib.figures.drawing import Drawing

Patch = tuple[tuple[int, int], tuple[int, int]]  # ((top, bottom), (left, right)), half open
LARGEST = 10  # rows or columns whose numbers can still be read
# Points, decimals and least inches of a cell, for ever less room.
TIGHTER = (12, 3, 0.44), (10.5, 3, 0.38), (10, 3, 0.32), (10, 2, 0.32), (10, 1, 0.32)


@dataclass(frozen=True)
class _Grid:
    """Numbers in cells (NaN is an empty cell), with what stands above and before them."""

    values: np.ndarray
    title: str = ""
    role: str = "input"
    patch: Patch | None = None
    symbol: str = ""
    body: Patch | None = None  # where the values are that are not padding

    @property
    def gap(self) -> float:
        """Inches to the grid before."""
        return 0.4 if self.symbol else 0.3

    def width(self, unit: float) -> float:
        """Inches with the title and the gap."""
        return self.gap + max(self.values.shape[1] * unit, canvas.text_width(self.title))

    def draw(self, axes: Axes, left: float, top: float, size: float, decimals: int) -> None:
        """Draw cells, numbers, frame and patch."""
        largest = np.abs(np.nan_to_num(self.values)).max() or 1
        (first, last), (start, stop) = self.body or tuple((0, n) for n in self.values.shape)
        for (row, column), value in np.ndenumerate(self.values):
            x, y, colour = left + column, top + row, palette.ROLES[self.role]
            share = 0 if np.isnan(value) else 0.6 * abs(value) / largest
            fill = palette.tint(palette.NEGATIVE if value < 0 else colour, share)
            canvas.box(axes, x, y, 1, 1, fc=fill)
            if not np.isnan(value):
                inside = first <= row < last and start <= column < stop
                ink, text = (
                    palette.INK if inside else palette.GREY,
                    style.number_text(value, decimals),
                )
                canvas.write(axes, x + 0.5, y + 0.5, text, size, color=ink)
        _frame(axes, ((first, last), (start, stop)), palette.ROLES[self.role], left, top, line=1.5)
        if self.patch:
            role = "output" if self.role == "output" else "kernel"
            _frame(axes, self.patch, palette.ROLES[role], left, top)


def _frame(
    axes: Axes, patch: Any, colour: str, left: float = 0, top: float = 0, line: float = 3.5
) -> None:
    """Draw a frame around a patch."""
    (first, last), (start, stop) = patch
    look = {"ec": colour, "lw": line, "joinstyle": "round", "zorder": 3}
    canvas.box(axes, left + start, top + first, stop - start, last - first, **look)


def as_patch(patch: Any, shape: tuple[int, ...]) -> Patch:
    """The patch, once it is known to lie inside a grid of this shape."""
    try:
        (top, bottom), (left, right) = patch
        inside = 0 <= top < bottom <= shape[0] and 0 <= left < right <= shape[1]
    except (TypeError, ValueError):
        raise ValueError(f"a patch is ((top, bottom), (left, right)), not {patch!r}") from None
    if not inside:
        raise ValueError(
            f"patch {patch} is not inside {shape[0]} rows and {shape[1]} columns: "
            "give ((top, bottom), (left, right)), half open and counted from 0"
        )
    return (top, bottom), (left, right)


def _draw_rows(rows: Sequence[Sequence[_Grid]]) -> Drawing:
    """Draw rows of grids, with cells and numbers as large as the page allows."""
    values = {v for row in rows for g in row for v in g.values.flat if not np.isnan(v)}
    for size, decimals, least in TIGHTER:
        texts = [style.number_text(value, decimals) for value in values]
        unit = max(least, max((canvas.text_width(t, size) for t in texts), default=0) + 0.05)
        width = max(sum(grid.width(unit) for grid in row) for row in rows)
        if width <= style.WIDEST - 0.04:
            break
    heads = [0.26 / unit * max(g.title.count("\n") + bool(g.title) for g in row) for row in rows]
    bodies = [max(len(grid.values) for grid in row) for row in rows]
    height, gap = sum(heads) + sum(bodies), 0.3 / unit
    figure, axes = canvas.bare((width - 0.3) / unit, height + gap * (len(rows) - 1), unit)
    top = 0.0
    for row, head, body in zip(rows, heads, bodies, strict=True):
        right, middle = -0.3 / unit, top + head + body / 2
        for grid in row:
            left, right = right, right + grid.width(unit) / unit
            if grid.symbol:
                canvas.write(axes, left + grid.gap / unit / 2, middle, grid.symbol, 16)
            centre, above = (left + grid.gap / unit + right) / 2, middle - len(grid.values) / 2
            if grid.title:
                canvas.write(axes, centre, above - 0.08 / unit, grid.title, va="bottom")
            grid.draw(axes, centre - grid.values.shape[1] / 2, above, size, decimals)
        top += head + body + gap
    return figure


@canvas.styled
def draw_grids(
    grids: Sequence[Any],
    titles: Sequence[str] | None = None,
    roles: Sequence[str] | None = None,
    patches: Sequence[Patch | None] | None = None,
    symbols: Sequence[str] | None = None,
) -> Drawing:
    """Draw small arrays beside each other, each number in its cell.

    >>> figure = draw_grids([[[1, 2], [3, 4]], [[-1]]], titles=["patch", "kernel"],
    ...                     roles=["input", "kernel"], symbols=["×"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['patch', '1', '2', '3', '4', '×', 'kernel', '−1']

    Each grid (rows, columns), at most 10 by 10; NaN leaves a cell empty. Roles colour the grids:
    "input" blue, "kernel" orange, "output" green, "plain" grey; negative numbers are purple.
    Patches ((top, bottom), (left, right)), half open, are framed, green in an output, orange
    elsewhere. Symbols stand between the grids, one fewer than grids. What is too wide for one row
    goes on in the next.
    """
    arrays = [style.as_numbers(grid, f"grid {i}", gaps=True) for i, grid in enumerate(grids)]
    count = len(arrays)
    if not arrays or max(max(array.shape) for array in arrays) > LARGEST:
        raise ValueError(
            f"draw_grids takes grids of at most {LARGEST} × {LARGEST} numbers, and at least one; "
            f"these are {[array.shape for array in arrays]}: draw a patch, or use draw_images"
        )
    roles = style.one_each(roles, count, "roles", "input")
    if unknown := set(roles) - set(palette.ROLES):
        raise ValueError(
            f"roles are {', '.join(palette.ROLES)}, not {', '.join(map(repr, unknown))}"
        )
    patches = style.one_each(patches, count, "patches", None)
    places = [p and as_patch(p, array.shape) for p, array in zip(patches, arrays, strict=True)]
    titles = style.one_each(titles, count, "titles")
    symbols = ["", *style.one_each(symbols, count - 1, "gaps between grids, with symbols")]
    row = list(map(_Grid, arrays, titles, roles, places, symbols))
    lines = -(-sum(grid.width(0.38) for grid in row) // style.WIDEST)
    length = int(-(-count // lines))
    return _draw_rows([row[i : i + length] for i in range(0, count, length)])


def draw_grid(
    values: Any, title: str = "", role: str = "input", patch: Patch | None = None
) -> Drawing:
    """Draw one small array, each number in its cell; arguments as for draw_grids.

    >>> figure = draw_grid([[0, 9], [9, 0]], title="image", patch=((0, 1), (0, 2)))
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['image', '0', '9', '9', '0']
    """
    return draw_grids([values], [title], [role], [patch])


@canvas.styled
def draw_convolution_step(
    image: Any, kernel: Any, row: int, col: int, strides: int = 1, padding: shapes.Padding = "valid"
) -> Drawing:
    """Draw how one number of a convolution's output comes about.

    >>> figure = draw_convolution_step(np.eye(3), [[1, 2], [3, 4]], row=0, col=0)
    >>> [text.get_text() for text in figure.axes[0].texts][-2:]  # 1·1 + 0·2 + 0·3 + 1·4
    ['sum', '5']

    Image (H, W), kernel (kh, kw): one channel. Row and col count the output's cells from 0; those
    before this one are filled, those after it still empty. Strides and padding as Conv2D's.
    """
    image, kernel = style.as_numbers(image, "the image"), style.as_numbers(kernel, "the kernel")
    maps, kernels = image[None, ..., None], kernel[..., None, None]
    output = operations.conv2d(maps, kernels, strides=strides, padding=padding)[0, ..., 0]
    row, col = shapes.integer(row, "row", 0), shapes.integer(col, "col", 0)
    if row >= output.shape[0] or col >= output.shape[1]:
        raise ValueError(
            f"the output is {style.shape_text(output.shape)}: it has no cell ({row}, {col}), "
            "counted from 0"
        )
    steps, sides = shapes.pair(strides, "strides"), shapes.axis_paddings(padding)
    axes = map(shapes.Axis, image.shape, kernel.shape, steps, sides)
    zeros = [axis.zeros for axis in axes]
    (above, _), (before, _) = zeros
    top, left = row * steps[0], col * steps[1]
    patch = (top, top + kernel.shape[0]), (left, left + kernel.shape[1])
    body = (above, above + image.shape[0]), (before, before + image.shape[1])
    padded, window = np.pad(image, zeros), np.s_[slice(*patch[0]), slice(*patch[1])]
    later = np.arange(output.size).reshape(output.shape) > row * output.shape[1] + col
    here, total = ((row, row + 1), (col, col + 1)), output[row : row + 1, col : col + 1]
    return _draw_rows(
        [
            [
                _Grid(padded, say("image"), "input", patch, body=body),
                _Grid(np.where(later, np.nan, output), say("output"), "output", here, symbol="→"),
            ],
            [
                _Grid(padded[window], say("patch"), "input"),
                _Grid(kernel, say("kernel"), "kernel", symbol="×"),
                _Grid(padded[window] * kernel, say("products"), "plain", symbol="="),
                _Grid(total, say("sum"), "output", symbol="Σ"),
            ],
        ]
    )


@canvas.styled
def draw_logo() -> Drawing:
    """Draw the course's mark: an orange kernel on a blue image, and the green cell it computes.

    >>> draw_logo().get_size_inches().tolist()
    [1.0, 1.0]
    """
    figure, axes = canvas.bare(3, 3, unit=0.32, margin=0.02)
    figure.set_facecolor("none")
    shades = np.array([[0.9, 0.35, 0.6], [0.35, 0.9, 0.35], [0.6, 0.35, 0]])
    for (row, column), shade in np.ndenumerate(shades):
        fill = palette.tint(palette.ROLES["input"], shade) if shade else palette.ROLES["output"]
        canvas.box(axes, column + 0.06, row + 0.06, 0.88, 0.88, fc=fill, lw=0)
    _frame(axes, ((0.06, 1.94), (0.06, 1.94)), palette.ROLES["kernel"], line=6)
    return figure
