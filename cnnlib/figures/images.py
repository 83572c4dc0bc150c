"""How do we show pictures: photographs, digits, feature maps, kernels, patches of the input?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cnnlib import shapes
from cnnlib.figures import canvas, palette, style
from cnnlib.figures.grids import Patch, as_patch
from cnnlib.language import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cnnlib.figures.drawing import Drawing

GAP = 0.14  # inches between two pictures
SCALE = 1.8  # inches that a scale of colours takes, the numbers at its ends included


def as_pictures(images: Any, name: str = "image") -> list[np.ndarray]:
    """The images as a list of (H, W) or (H, W, 3) arrays."""
    images = [images] if getattr(images, "ndim", 0) == 2 else list(images)
    pictures = [np.asarray(image) for image in images]
    for i, (image, picture) in enumerate(zip(images, pictures, strict=True)):
        if picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (1,), (3,)):
            first = picture.ndim == 3 and picture.shape[0] in (1, 3)
            raise ValueError(
                f"{name} {i} must be (H, W), (H, W, 1) or (H, W, 3), not {picture.shape}"
                + ": its channels stand first, so use np.moveaxis(image, 0, -1)" * first
            )
        style.as_numbers(image, f"{name} {i}", picture.ndim)
        pictures[i] = picture[..., 0] if picture.shape[2:] == (1,) else picture
    if not pictures:
        raise ValueError(f"no {name} to draw: give at least one")
    return pictures


def _limits_of(pictures: Sequence[np.ndarray]) -> tuple[float, float]:
    """Black and white: 0 and 255 for bytes, else the least and the largest of all values."""
    if all(picture.dtype == np.uint8 for picture in pictures):
        return 0, 255
    return float(min(p.min() for p in pictures)), float(max(p.max() for p in pictures))


def _show(axes: Axes, picture: np.ndarray, x: float, y: float, width: float, **look: Any) -> None:
    """Show a picture as pixels, `width` inches wide, its first corner at (x, y)."""
    low, high = _limits_of([picture])
    if picture.ndim == 3 and picture.dtype != np.uint8 and (low < 0 or high > 1):
        code = "image / 255" if low >= 0 and high <= 255 else f"(image - {low!r}) / {high - low!r}"
        raise ValueError(
            f"colours run from 0 to 1, not from {low:.3g} to {high:.3g}: scale them by {code}"
        )
    height = width * picture.shape[0] / picture.shape[1]
    # The file holds the picture's own pixels, or fewer where it has more than can be seen.
    look["interpolation"] = "none" if picture.shape[1] <= 100 * width else "antialiased"
    look = {"cmap": "gray", "vmin": low, "vmax": high, "aspect": "auto", **look}
    view = axes.axis()
    axes.imshow(picture, extent=(x, x + width, y + height, y), **look)
    axes.axis(view)
    canvas.box(axes, x, y, width, height, ec=palette.GREY)


def _contact_sheet(
    pictures: Sequence[np.ndarray],
    titles: Any,
    columns: Any,
    room: float = 0,
    foot: float = 0,
    **look: Any,
) -> tuple[Drawing, Axes]:
    """Lay pictures out in columns, a title above each, with `foot` inches, `room` wide, below."""
    titles = style.one_each(titles, len(pictures), "titles")
    head = 0.24 * max(title.count("\n") + bool(title) for title in titles)
    least = max(0.85, *(canvas.text_width(title, style.SMALL) for title in titles))
    page = style.WIDEST - 0.24 + GAP
    fit = max(1, min(len(pictures), int(page / (least + GAP))))
    if columns is None:  # as many as fit, in rows of one length
        columns = -(-len(pictures) // -(-len(pictures) // fit))
    columns = min(shapes.integer(columns, "columns"), len(pictures))
    wanted = max(least, min(0.05 * max(p.shape[1] for p in pictures), 2.4))
    width = min(wanted, page / columns - GAP)
    height = width * max(p.shape[0] / p.shape[1] for p in pictures) + head + GAP
    rows = -(-len(pictures) // columns)
    across = columns * (width + GAP) - GAP
    figure, axes = canvas.bare(max(across, room), rows * height - GAP + foot)
    indent = max(0, room - across) / 2
    for i, (picture, title) in enumerate(zip(pictures, titles, strict=True)):
        x, y = indent + i % columns * (width + GAP), i // columns * height + head
        _show(axes, picture, x, y, width, **look)
        canvas.write(axes, x + width / 2, y - 0.06, title, style.SMALL, va="bottom")
    return figure, axes


@canvas.styled
def draw_images(
    images: Any,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    limits: tuple[float, float] | None = None,
    cmap: str = "gray",
) -> Drawing:
    """Draw a contact sheet of images: photographs, digits, pictograms, feature maps.

    >>> figure = draw_images(np.zeros((4, 28, 28)), titles=["7", "2", "1", "0"], columns=2)
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['7', '2', '1', '0']

    Images (N, H, W), (N, H, W, 1), (N, H, W, 3) or a list of them; one image (H, W) will do. Grey
    values share one scale, so that brightness can be compared: `limits` (black, white), else 0 to
    255 for uint8, else the least to the largest of all values.
    """
    pictures = as_pictures(images)
    low, high = limits or _limits_of([p for p in pictures if p.ndim == 2] or pictures)
    return _contact_sheet(pictures, titles, columns, vmin=low, vmax=high, cmap=cmap)[0]


@canvas.styled
def draw_kernels(
    kernels: Any, titles: Sequence[str] | None = None, columns: int | None = None
) -> Drawing:
    """Draw kernels on one scale about zero: orange above, purple below.

    >>> figure = draw_kernels(np.array([[-2.0, 0.0], [0.0, 1.0]])[:, :, None, None])
    >>> [text.get_text() for text in figure.axes[0].texts][-3:]
    ['−2', '0', '2']

    Kernels (kh, kw, C, F), as Keras lays them out: the C slices of the first filter, then those of
    the next. A list of (kh, kw) arrays, of different sizes too, will do.
    """
    from matplotlib.colors import LinearSegmentedColormap

    of_one_size = not isinstance(kernels, list | tuple) or len(set(map(np.shape, kernels))) == 1
    if of_one_size and np.ndim(kernels) == 4:
        kernels = np.moveaxis(kernels, (3, 2), (0, 1))
        columns = columns or (kernels.shape[1] if 1 < kernels.shape[1] <= 8 else None)
        kernels = kernels.reshape(-1, *kernels.shape[2:])
    slices = as_pictures(kernels, "kernel")
    most = max(float(abs(part).max()) for part in slices) or 1.0
    ends = [palette.NEGATIVE, palette.PAPER, palette.fill(palette.ROLES["kernel"])]
    look = {"cmap": LinearSegmentedColormap.from_list("signed", ends), "vmin": -most, "vmax": most}
    figure, axes = _contact_sheet(slices, titles, columns, SCALE, 0.5, **look)
    (left, right), bottom = axes.get_xlim(), axes.get_ylim()[0] - 0.12
    for i, value in enumerate((-most, 0, most)):
        x = (left + right) / 2 + 0.6 * (i - 1)
        canvas.write(axes, x, bottom, style.number_text(value), style.SMALL, va="bottom")
    _show(
        axes, np.linspace(-most, most, 65)[None].repeat(6, 0), x - 1.2, bottom - 0.32, 1.2, **look
    )
    return figure


@canvas.styled
def draw_receptive_field(image: Any, patches: Mapping[str, Patch]) -> Drawing:
    """Draw which patch of the input image each unit sees.

    >>> figure = draw_receptive_field((32, 32), {"C1": ((12, 17), (12, 17)),
    ...                                          "S2": ((12, 18), (12, 18))})
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['C1: 5 × 5', 'S2: 6 × 6', 'input: 32 × 32']

    Image: pixels (H, W), (H, W, 1) or (H, W, 3), or the size (H, W) alone. Patches by name, in
    pixels of the input, half open, as row.input_patch gives them.
    """
    if isinstance(image, tuple) and np.ndim(image[0]) == 0:
        surface = palette.tint(palette.ROLES["input"], 0.15)
        picture = np.broadcast_to(surface, (*shapes.pair(image, "image"), 3))
    else:
        picture = as_pictures([image])[0]
    size = picture.shape[:2]
    if not 1 <= len(patches) <= len(palette.SERIES):
        raise ValueError(f"{len(patches)} patches to draw: give 1 to {len(palette.SERIES)} by name")
    places = [as_patch(patch, size) for patch in patches.values()]
    spans = [(bottom - top, right - left) for (top, bottom), (left, right) in places]
    named = [*zip(patches, spans, strict=True), (say("input"), size)]
    labels = [say("{name}: {size}", name=n, size=style.shape_text(s)) for n, s in named]
    room = max(map(canvas.text_width, labels)) + 0.6
    width = min(3.6, style.WIDEST - 0.24 - room)
    scale = width / size[1]
    figure, axes = canvas.bare(width + room, max(size[0] * scale, 0.32 * len(labels)))
    _show(axes, picture, 0, 0, width)
    colours = palette.ROLES["kernel"], *palette.SERIES
    for i, ((top, _), (left, right)) in enumerate(places):
        rows, columns = spans[i]
        level, middle = 0.16 + 0.32 * i, (top + rows / 2) * scale
        leader = [right * scale, width + 0.15, width + 0.45], [middle, level, level]
        # A white band keeps the dashes visible on any photograph.
        for colour, line, dash, z in (
            (palette.PAPER, 5, "-", 2),
            (colours[i], 2.5, style.DASHES[i], 3),
        ):
            look: dict[str, Any] = {"lw": line, "ls": dash, "zorder": z}
            corner = left * scale, top * scale
            canvas.box(axes, *corner, columns * scale, rows * scale, ec=colour, **look)
            axes.plot(*leader, color=colour, **{**look, "lw": 0.6 * line})
    for i, label in enumerate(labels):
        canvas.write(axes, width + 0.55, 0.16 + 0.32 * i, label, ha="left")
    return figure
