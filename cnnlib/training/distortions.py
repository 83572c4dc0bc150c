"""How else could the same digit have been written?"""

from __future__ import annotations

from functools import cache

import numpy as np

from cnnlib.arrays import check_images, floats, quiet

NODES = 5  # a side of the coarse grid whose random moves bend an image


@quiet
def distort(
    images: np.ndarray,
    random: np.random.Generator,
    turn: float = 10,
    stretch: float = 0.1,
    shear: float = 0.1,
    shift: float = 1.5,
    bend: float = 0.8,
) -> np.ndarray:
    """Turn, stretch, shear, shift and bend each image a little, each in its own way.

    >>> from cnnlib import datasets
    >>> digits = datasets.prepare_digits(datasets.load_mnist()[1][0][:8])
    >>> distort(digits, np.random.default_rng(0)).shape
    (8, 32, 32, 1)

    images (N, H, W, C), float32 or float64. Each map is drawn evenly: a turn of up to so many
    degrees, a stretch and a shear of up to so large a share, a shift of up to so many pixels, the
    same to both sides. `bend` is the standard deviation, in pixels, of a smooth random field.
    What comes from beyond the edge repeats the edge. Source: Simard, Steinkraus and Platt (2003),
    section 2, whose field is smoothed otherwise.
    """
    (images,) = floats(images=images)
    check_images(images)
    n, height, width, _ = images.shape
    if not min(height, width) > 1:
        raise ValueError(
            f"images of {height}×{width} pixels cannot be bent: give at least 2 rows and columns"
        )
    sizes = np.array([height, width], images.dtype).reshape(2, 1, 1, 1)
    rows, columns = (np.arange(size, dtype=images.dtype) for size in (height, width))
    maps = _linear_maps(n, random, turn, stretch, shear).astype(images.dtype)[..., None, None]
    where = random.normal(0, bend, (2, n, NODES, NODES)).astype(images.dtype)
    where = _bumps(height, images.dtype) @ where @ _bumps(width, images.dtype).T
    where += random.uniform(-shift, shift, (2, n, 1, 1)).astype(images.dtype) + (sizes - 1) / 2
    where += maps[:, 0] * (rows - (height - 1) / 2)[:, None]
    where += maps[:, 1] * (columns - (width - 1) / 2)
    return _read_between(images, np.clip(where, 0, sizes - 1.001))


def _linear_maps(
    n: int, random: np.random.Generator, turn: float, stretch: float, shear: float
) -> np.ndarray:
    """(2, 2, n): each shears, then turns, then stretches the places that are looked up."""
    angle = np.deg2rad(random.uniform(-turn, turn, n))
    slant, factor = random.uniform(-shear, shear, n), 1 + random.uniform(-stretch, stretch, (2, n))
    cos, sin = np.cos(angle), np.sin(angle)
    rows, columns = (cos, cos * slant - sin), (sin, sin * slant + cos)
    return np.array([rows, columns]) * factor[:, None]


@cache
def _bumps(size: int, dtype: np.dtype) -> np.ndarray:
    """(size, NODES): how far each node's move carries; their squares add up to 1 anywhere."""
    apart = np.arange(size)[:, None] - np.linspace(0, size - 1, NODES)
    bumps = np.exp(-((apart / (0.7 * size / NODES)) ** 2) / 2)
    return (bumps / np.sqrt((bumps**2).sum(axis=1, keepdims=True))).astype(dtype)


def _read_between(images: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The images' values at places (2, N, H, W) between pixels, weighed by nearness."""
    n, height, width, channels = images.shape
    corner = np.floor(where)
    down, right = (where - corner)[..., None]
    row, column = corner.astype(np.intp)
    first = (np.arange(n)[:, None, None] * height + row) * width + column
    pixels = images.reshape(-1, channels)
    top = pixels[first] * (1 - right) + pixels[first + 1] * right
    first += width
    bottom = pixels[first] * (1 - right) + pixels[first + 1] * right
    return top + (bottom - top) * down
