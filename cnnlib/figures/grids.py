"""How do we show the numbers of a small image, and a kernel at work on them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .style import (
    FAINT,
    GREY,
    INK,
    NEGATIVE,
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
    sheet,
    styled,
    text_width,
    tint,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Patch = tuple[tuple[int, int], tuple[int, int]]  # ((top, bottom), (left, right)), half open


@dataclass(frozen=True)
class Grid:
    """Numbers in cells (NaN is an empty cell), with what stands above and before them."""

    values: np.ndarray
    title: str = ""
    role: str = "input"
    patch: Patch | None = None
    patch_role: str = "kernel"
    symbol: str = ""  # between this grid and the one before: "×", "=", "→"
    ring: int = 0  # rows and columns of padding around the values


def outline(axes: Axes, patch: Patch, colour: str, left: float = 0, top: float = 0, width=3.5):
    """Draw a frame around a half-open patch of rows and columns."""
    from matplotlib.patches import Rectangle

    (first, last), (start, stop) = patch
    corner = (left + start, top + first)
    frame = Rectangle(corner, stop - start, last - first, fill=False, ec=colour, lw=width)
    frame.set(joinstyle="round", clip_on=False, zorder=3)
    axes.add_patch(frame)


def fill_cell(axes: Axes, x: float, y: float, colour: object) -> None:
    """Colour one cell."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y), 1, 1, fc=colour, ec=FAINT, lw=0.8, clip_on=False))


def draw_cells(axes: Axes, grid: Grid, left: float, top: float, size: float, decimals: int) -> None:
    """Draw the cells and numbers of one grid, then the frame of its patch."""
    values, largest = grid.values, np.nanmax(np.abs(grid.values), initial=1e-12)
    inner = np.zeros(values.shape, dtype=bool)
    inner[grid.ring : values.shape[0] - grid.ring, grid.ring : values.shape[1] - grid.ring] = True
    for (row, column), value in np.ndenumerate(values):
        x, y = left + column, top + row
        if np.isnan(value):
            fill_cell(axes, x, y, PAPER)
            continue
        colour = ROLES[grid.role] if value >= 0 else NEGATIVE
        fill_cell(axes, x, y, tint(colour, 0.6 * abs(value) / largest))
        style = {"ha": "center", "va": "center_baseline", "fontsize": size}
        ink = INK if inner[row, column] else GREY
        axes.text(x + 0.5, y + 0.5, number(value, decimals), color=ink, **style)
    rows, columns = values.shape
    body = ((grid.ring, rows - grid.ring), (grid.ring, columns - grid.ring))
    outline(axes, body, ROLES[grid.role], left, top, width=1.5)
    if grid.patch is not None:
        outline(axes, grid.patch, ROLES[grid.patch_role], left, top)


def width_of(grid: Grid, unit: float) -> float:
    """Inches that a grid takes with its title."""
    return max(grid.values.shape[1] * unit, text_width(grid.title))


def gaps_of(row: Sequence[Grid]) -> list[float]:
    """Inches before each grid: more where a symbol stands."""
    return [0.0, *(0.4 if grid.symbol else 0.35 for grid in row[1:])]


def cell_size(rows: Sequence[Sequence[Grid]]) -> tuple[float, float, int]:
    """Inches per cell, points and decimals per number: as many as page and numbers allow."""
    values = {v for row in rows for g in row for v in g.values.flat if not np.isnan(v)}
    for size, decimals, least in ((TEXT, 3, 0.44), (SMALL, 3, 0.38), (10, 3, 0.32), (10, 2, 0.32)):
        longest = max((text_width(number(v, decimals), size) for v in values), default=0)
        unit = max(least, longest + 0.05)
        widest = max(sum(width_of(g, unit) for g in row) + sum(gaps_of(row)) for row in rows)
        if widest <= WIDEST - 0.24:
            break
    return unit, size, decimals


def draw_rows(rows: Sequence[Sequence[Grid]]) -> Figure:
    """Draw rows of grids, one row below the other."""
    unit, size, decimals = cell_size(rows)
    widths = [sum(width_of(g, unit) for g in row) + sum(gaps_of(row)) for row in rows]
    heads = [0.26 / unit * max(g.title.count("\n") + bool(g.title) for g in row) for row in rows]
    bodies = [max(grid.values.shape[0] for grid in row) for row in rows]
    height = sum(heads) + sum(bodies) + 0.7 * (len(rows) - 1)
    figure, axes = canvas(max(widths) / unit, height, unit)
    y = 0.0
    for row, head, body in zip(rows, heads, bodies, strict=True):
        x = 0.0
        for grid, gap in zip(row, gaps_of(row), strict=True):
            gap, wide, middle = gap / unit, width_of(grid, unit) / unit, y + head + body / 2
            if grid.symbol:
                place = (x + gap / 2, middle)
                axes.text(*place, grid.symbol, ha="center", va="center_baseline", fontsize=16)
            left, top = x + gap + (wide - grid.values.shape[1]) / 2, middle - len(grid.values) / 2
            centre = (x + gap + wide / 2, top - 0.08 / unit)
            if grid.title:
                axes.text(*centre, grid.title, ha="center", va="bottom")
            draw_cells(axes, grid, left, top, size, decimals)
            x += gap + wide
        y += head + body + 0.7
    return figure


def check_patch(patch: Patch | None, shape: tuple[int, ...]) -> Patch | None:
    """The patch, once it is known to lie inside a grid of this shape."""
    if patch is None:
        return None
    try:
        (top, bottom), (left, right) = patch
        inside = 0 <= top < bottom <= shape[0] and 0 <= left < right <= shape[1]
    except (TypeError, ValueError):
        raise ValueError(f"a patch is ((top, bottom), (left, right)), not {patch!r}") from None
    if not inside:
        raise ValueError(
            f"patch rows {top}:{bottom}, columns {left}:{right} is not inside the "
            f"{shape[0]} × {shape[1]} grid: rows and columns are half open, counted from 0"
        )
    return (top, bottom), (left, right)


def check_role(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"role {role!r} is not one of {', '.join(ROLES)}")
    return role


@styled
def draw_grids(
    grids: Sequence[object],
    titles: Sequence[str] | None = None,
    roles: Sequence[str] | None = None,
    patches: Sequence[Patch | None] | None = None,
    symbols: Sequence[str] | None = None,
) -> Figure:
    """Draw small arrays in a row, each number in its cell.

    >>> figure = draw_grids([[[1, 2], [3, 4]], [[-1]]], titles=["patch", "kernel"],
    ...                     roles=["input", "kernel"], symbols=["×"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['patch', '1', '2', '3', '4', '×', 'kernel', '−1']

    Each grid (rows, columns), at most 12 by 12; NaN leaves a cell empty. Roles colour the grids:
    "input" blue, "kernel" orange, "output" green, "plain" grey; negative numbers are purple.
    Patches ((top, bottom), (left, right)), half open, are framed in orange. Symbols stand between
    the grids, one fewer than grids.
    """
    arrays = [as_array(grid, f"grid {i}", gaps=True) for i, grid in enumerate(grids)]
    if not arrays:
        raise ValueError("no grid to draw: give at least one")
    for i, array in enumerate(arrays):
        if max(array.shape) > 12:
            raise ValueError(
                f"grid {i} is {array.shape[0]} × {array.shape[1]} and numbers can be read up to "
                "12 × 12: draw a patch of it, or use draw_images"
            )
    count = len(arrays)
    titles = as_names(titles, count, "titles")
    roles = [check_role(role) for role in (["input"] * count if roles is None else roles)]
    symbols = ["", *as_names(symbols, count - 1, "symbols")]
    patches = [None] * count if patches is None else list(patches)
    if not len(roles) == len(patches) == count:
        raise ValueError(f"{len(roles)} roles and {len(patches)} patches for {count} grids")
    patches = [check_patch(patch, array.shape) for patch, array in zip(patches, arrays)]
    rows = [
        Grid(array, title, role, patch, symbol=symbol)
        for array, title, role, patch, symbol in zip(arrays, titles, roles, patches, symbols)
    ]
    return draw_rows([rows])


def draw_grid(
    values: object, title: str = "", role: str = "input", patch: Patch | None = None
) -> Figure:
    """Draw one small array, each number in its cell.

    >>> figure = draw_grid([[0, 9], [9, 0]], title="image", patch=((0, 1), (0, 2)))
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['image', '0', '9', '9', '0']

    Arguments as for draw_grids.
    """
    return draw_grids([values], [title], [role], [patch])


@styled
def draw_convolution_step(
    image: object, kernel: object, row: int, col: int, strides: int = 1, padding: int = 0
) -> Figure:
    """Draw how one cell of a convolution's output comes about.

    >>> figure = draw_convolution_step(np.eye(3), [[1, 2], [3, 4]], row=0, col=0)
    >>> texts = [text.get_text() for text in figure.axes[0].texts]
    >>> texts[-2:]  # 1·1 + 0·2 + 0·3 + 1·4
    ['sum', '5']

    Image (H, W) and kernel (kh, kw): one channel. Row and col count the output's cells from 0;
    the cells before it are filled, those after it empty. Padding is a number of zeros on each side.
    """
    image, kernel = as_array(image, "image"), as_array(kernel, "kernel")
    strides, padding = as_count(strides, "strides"), as_count(padding, "padding", least=0)
    padded = np.pad(image, padding)
    if any(k > n for k, n in zip(kernel.shape, padded.shape)):
        raise ValueError(
            f"a {kernel.shape[0]} × {kernel.shape[1]} kernel does not fit the {padded.shape[0]} × "
            f"{padded.shape[1]} image (padding included): use a smaller kernel or more padding"
        )
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)[::strides, ::strides]
    output = np.einsum("ijkl,kl->ij", windows, kernel)
    row, col = as_count(row, "row", least=0), as_count(col, "col", least=0)
    if row >= output.shape[0] or col >= output.shape[1]:
        raise ValueError(
            f"output cell ({row}, {col}) does not exist: the output is "
            f"{output.shape[0]} × {output.shape[1]}, counted from 0"
        )
    top, left = row * strides, col * strides
    patch = ((top, top + kernel.shape[0]), (left, left + kernel.shape[1]))
    window, cell = windows[row, col], ((row, row + 1), (col, col + 1))
    so_far = np.where(
        np.arange(output.size).reshape(output.shape) <= row * output.shape[1] + col, output, np.nan
    )
    return draw_rows(
        [
            [
                Grid(padded, "image", "input", patch, ring=padding),
                Grid(so_far, "output", "output", cell, patch_role="output", symbol="→"),
            ],
            [
                Grid(window, "patch", "input"),
                Grid(kernel, "kernel", "kernel", symbol="×"),
                Grid(window * kernel, "products", "plain", symbol="="),
                Grid(output[row : row + 1, col : col + 1], "sum", "output", symbol="Σ"),
            ],
        ]
    )


@styled
def draw_logo() -> Figure:
    """Draw the course's mark: a blue image, an orange kernel on it, the green cell it computes.

    >>> draw_logo().get_size_inches().tolist()
    [1.0, 1.0]
    """
    from matplotlib.patches import Rectangle

    figure, axes = sheet(1, 1)
    figure.set_facecolor("none")
    axes.set(xlim=(-0.12, 3.12), ylim=(3.12, -0.12))
    shades = np.array([[0.9, 0.35, 0.6], [0.35, 0.9, 0.35], [0.6, 0.35, 0.0]])
    for (row, column), shade in np.ndenumerate(shades):
        colour = tint(ROLES["input"], shade) if shade else ROLES["output"]
        axes.add_patch(Rectangle((column + 0.06, row + 0.06), 0.88, 0.88, fc=colour, lw=0))
    outline(axes, ((0, 2), (0, 2)), ROLES["kernel"], width=6)
    return figure
