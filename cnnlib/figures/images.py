"""How do we show pictures: photographs, digits, feature maps, kernels, patches of the input?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .grids import Patch, check_patch
from .style import (
    DASHES,
    GREY,
    PAPER,
    ROLES,
    SERIES,
    SMALL,
    WIDEST,
    as_array,
    as_count,
    as_names,
    canvas,
    number,
    shape_text,
    styled,
    text_width,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def as_images(images: object) -> list[np.ndarray]:
    """A list of (H, W) or (H, W, 3) arrays from an array or a list of images."""
    if getattr(images, "ndim", 0) == 2:
        images = [images]
    pictures = []
    for i, image in enumerate(images):
        image = np.asarray(image)
        image = image[..., 0] if image.ndim == 3 and image.shape[2] == 1 else image
        if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3) or not image.size:
            raise ValueError(
                f"image {i} has shape {image.shape}: an image is (H, W), (H, W, 1) or (H, W, 3)"
            )
        as_array(image, f"image {i}", image.ndim)
        pictures.append(image)
    if not pictures:
        raise ValueError("no image to draw: give at least one")
    return pictures


def value_range(images: Sequence[np.ndarray]) -> tuple[float, float]:
    """Black and white for all images alike: 0 and 255 for bytes, else the values' own range."""
    if all(image.dtype == np.uint8 for image in images):
        return 0, 255
    return float(min(i.min() for i in images)), float(max(i.max() for i in images))


def show_pixels(axes: Axes, image: np.ndarray, box: tuple[float, ...], limits=None, cmap="gray"):
    """Show an image in the box (left, right, bottom, top), as pixels and not as rectangles."""
    if image.ndim == 3:
        low, high = (0, 255) if image.dtype == np.uint8 else (0, 1)
        if image.min() < low or image.max() > high:
            raise ValueError(
                f"a colour image runs from {low} to {high}; this one from {image.min():.3g} to "
                f"{image.max():.3g}: scale it first"
            )
    vmin, vmax = limits or value_range([image])
    # Small images keep their own pixels; photographs are brought to the size at which they show.
    smooth = "none" if max(image.shape) <= 128 else "antialiased"
    limits = axes.get_xlim(), axes.get_ylim()
    axes.imshow(image, cmap=cmap, vmin=vmin, vmax=vmax, extent=box, interpolation=smooth)
    axes.set(xlim=limits[0], ylim=limits[1], aspect="auto")
    left, right, bottom, top = box
    axes.plot([left, right, right, left, left], [top, top, bottom, bottom, top], color=GREY, lw=0.8)


def contact_sheet(pictures, titles, columns, limits, cmap, legend=0.0) -> tuple[Figure, Axes]:
    """Lay pictures out in columns, a title above each; `legend` inches stay free below."""
    ratio = max(image.shape[0] / image.shape[1] for image in pictures)
    head = 0.28 * max(title.count("\n") + bool(title) for title in titles)
    gap = 0.14
    most = max(text_width(title, SMALL) for title in titles)
    if columns is None:
        columns = min(len(pictures), max(1, min(6, int((WIDEST - 0.24 + gap) / (most + gap)))))
    rows = -(-len(pictures) // columns)
    wide = min(max(1.4, most), (WIDEST - 0.24 + gap) / columns - gap, 3.4)
    tall = wide * ratio
    width = columns * (wide + gap) - gap
    figure, axes = canvas(width, rows * (tall + head + gap) - gap + legend)
    for i, (image, title) in enumerate(zip(pictures, titles)):
        x, y = (i % columns) * (wide + gap), (i // columns) * (tall + head + gap) + head
        high = wide * image.shape[0] / image.shape[1]
        show_pixels(axes, image, (x, x + wide, y + high, y), limits, cmap)
        axes.text(x + wide / 2, y - 0.06, title, fontsize=SMALL, ha="center", va="bottom")
    return figure, axes


@styled
def draw_images(
    images: object,
    titles: Sequence[str] | None = None,
    columns: int | None = None,
    limits: tuple[float, float] | None = None,
) -> Figure:
    """Draw a contact sheet of images: photographs, digits, pictograms, feature maps.

    >>> figure = draw_images(np.zeros((4, 28, 28)), titles=["7", "2", "1", "0"], columns=2)
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['7', '2', '1', '0']

    Images (N, H, W), (N, H, W, 1), (N, H, W, 3) or a list of them; one image (H, W) will do. Grey
    values share one scale, from `limits` (black, white) or else 0 to 255 for uint8 and the least
    to the largest value for other types, so that brightness can be compared across the sheet.
    """
    pictures = as_images(images)
    columns = None if columns is None else as_count(columns, "columns")
    if limits is None and all(image.ndim == 2 for image in pictures):
        limits = value_range(pictures)
    titles = as_names(titles, len(pictures), "titles")
    return contact_sheet(pictures, titles, columns, limits, "gray")[0]


@styled
def draw_kernels(
    kernels: object, titles: Sequence[str] | None = None, columns: int | None = None
) -> Figure:
    """Draw kernels on one scale that is symmetric about zero: orange above, purple below.

    >>> figure = draw_kernels(np.array([[-2.0, 0.0], [0.0, 1.0]])[:, :, None, None])
    >>> [text.get_text() for text in figure.axes[0].texts][-3:]
    ['−2', '0', '2']

    Kernels (kh, kw, C, F), as Keras lays them out: the C slices of a filter follow one another,
    filter after filter. A list of (kh, kw) arrays will do as well.
    """
    from matplotlib.colors import LinearSegmentedColormap

    from .style import NEGATIVE

    if getattr(kernels, "ndim", 0) == 4:
        kernels = np.asarray(kernels).transpose(3, 2, 0, 1).reshape(-1, *kernels.shape[:2])
        columns = columns or (kernels.shape[2] if kernels.shape[2] > 1 else None)
    pictures = as_images(kernels)
    titles = as_names(titles, len(pictures), "titles")
    columns = None if columns is None else as_count(columns, "columns")
    largest = max(abs(image).max() for image in pictures) or 1.0
    scale = LinearSegmentedColormap.from_list("signed", [NEGATIVE, PAPER, ROLES["kernel"]])
    figure, axes = contact_sheet(pictures, titles, columns, (-largest, largest), scale, legend=0.5)
    middle, bottom = sum(axes.get_xlim()) / 2, axes.get_ylim()[0] - 0.12
    bar = (middle - 0.7, middle + 0.7, bottom - 0.2, bottom - 0.34)
    show_pixels(axes, np.linspace(-largest, largest, 65)[None], bar, (-largest, largest), scale)
    for x, value in zip((middle - 0.7, middle, middle + 0.7), (-largest, 0, largest)):
        axes.text(x, bottom, number(value), fontsize=SMALL, ha="center", va="bottom")
    return figure


@styled
def draw_receptive_field(image: object, patches: Mapping[str, Patch]) -> Figure:
    """Draw which patch of the input image each unit sees, nested one in the other.

    >>> figure = draw_receptive_field((32, 32), {"C1": ((12, 17), (12, 17)),
    ...                                          "S2": ((12, 18), (12, 18))})
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['C1: 5 × 5', 'S2: 6 × 6', 'input: 32 × 32']

    Image: pixels (H, W), (H, W, 1) or (H, W, 3), or the size (H, W) alone. Patches by name, in
    pixels of the input, half open, as row.input_patch gives them.
    """
    if isinstance(image, tuple) and len(image) == 2 and np.ndim(image[0]) == 0:
        picture = np.full([as_count(side, "an image's side") for side in image], 235, np.uint8)
    else:
        picture = as_images([image])[0]
    if not patches:
        raise ValueError("no patch to draw: give at least one by name")
    high, wide = picture.shape[:2]
    names = {name: check_patch(patch, (high, wide)) for name, patch in patches.items()}
    sizes = {name: (b - t, r - l) for name, ((t, b), (l, r)) in names.items()}
    labels = [f"{name}: {shape_text(size)}" for name, size in sizes.items()]
    labels.append(f"input: {shape_text((high, wide))}")
    room = max(text_width(label) for label in labels) + 0.7
    width = min(3.6, WIDEST - 0.24 - room)
    tall = max(width * high / wide, 0.32 * len(labels))
    scale = width / wide
    figure, axes = canvas(width + room, tall)
    show_pixels(axes, picture, (0, width, high * scale, 0))
    from matplotlib.patches import Rectangle

    for i, ((name, patch), label) in enumerate(zip(names.items(), labels)):
        (top, _), (left, right) = patch
        rows, columns = sizes[name]
        colour, dash = ((ROLES["kernel"], *SERIES)[i % 7], DASHES[i % 6])
        frame = Rectangle((left * scale, top * scale), columns * scale, rows * scale)
        frame.set(fill=False, ec=colour, lw=2.5, ls=dash, label=name, zorder=3)
        axes.add_patch(frame)
        y = 0.16 + i * 0.32
        ends = ([right * scale, width + 0.2, width + 0.5], [(top + rows / 2) * scale, y, y])
        axes.plot(*ends, color=colour, lw=1.5, ls=dash, zorder=4)
        axes.text(width + 0.58, y, label, va="center")
    axes.text(width + 0.58, 0.16 + 0.32 * len(names), labels[-1], va="center", color=GREY)
    return figure
