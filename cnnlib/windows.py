"""How do the windows of a convolution or a pool lie over the images?

A window has `kh * kw` taps. All windows step together, so the pixels that one tap meets, in every
window at once, form a strided slice of the padded images: `Windows.taps` lists these slices, and
the layers in `operations.py` and their gradients in `gradients.py` are loops over that list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import product
from typing import Any

import numpy as np

from cnnlib import shapes

FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}


def same_kind(**arrays: Any) -> tuple[np.ndarray, ...]:
    """Return arrays of one dtype: all float32, all float64, or all integers as int64.

    >>> images, kernels = same_kind(images=[[1, 2]], kernels=np.uint8([3, 4]))
    >>> images.dtype, kernels.dtype
    (dtype('int64'), dtype('int64'))

    Floats are never mixed, nor turned into one another: a mixture raises a ValueError.
    """
    found = {name: np.asarray(array) for name, array in arrays.items()}
    kinds = {array.dtype for array in found.values()}
    if len(kinds) == 1 and kinds <= FLOATS:
        return tuple(found.values())
    if all(np.issubdtype(kind, np.integer) and np.can_cast(kind, np.int64) for kind in kinds):
        return tuple(array.astype(np.int64, copy=False) for array in found.values())
    listed = " and ".join(f"{name} {a.dtype}" for name, a in found.items())
    raise ValueError(
        f"got {listed}, but all must be float32, all float64, or all integers: "
        "convert one, for example with .astype('float32')"
    )


def floats(**arrays: Any) -> tuple[np.ndarray, ...]:
    """Like `same_kind`, for what whole numbers cannot hold: means, exponentials, gradients."""
    checked = same_kind(**arrays)
    if checked[0].dtype == np.int64:
        raise ValueError(
            f"{' and '.join(arrays)} must be float32 or float64, not integers: "
            "convert with .astype('float32')"
        )
    return checked


def check_axes(array: np.ndarray, name: str, axes: str) -> None:
    """Raise unless the array has the named axes: `check_axes(images, "images", "N, H, W, C")`."""
    if array.ndim != len(axes.split(", ")):
        raise ValueError(
            f"{name} must have the axes ({axes}), but the shape {array.shape} has {array.ndim}: "
            "add the missing ones with a reshape, such as images[None, :, :, None]"
        )


def check_shape(array: np.ndarray, name: str, shape: tuple[int, ...], why: str) -> None:
    """Raise unless the array has this shape."""
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape {shape} ({why}), not {array.shape}")


def check_labels(labels: Any, shape: tuple[int, int]) -> np.ndarray:
    """Return the labels as integers, one for each row of logits of this shape."""
    labels = np.asarray(labels)
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"labels must be whole numbers, the true class of each, not {labels.dtype}"
        )
    remedy = "one label for each image; turn one-hot rows into labels with .argmax(axis=1)"
    check_shape(labels, "labels", shape[:1], remedy)
    if labels.size and not 0 <= labels.min() <= labels.max() < shape[1]:
        raise ValueError(
            f"labels run from {labels.min()} to {labels.max()}, but {shape[1]} logits "
            f"stand for the classes 0 to {shape[1] - 1}"
        )
    return labels


def check_channels(images: np.ndarray, kernels: np.ndarray, groups: int) -> None:
    """Raise unless kernels (kh, kw, C // groups, F) fit images (N, H, W, C)."""
    check_axes(images, "images", "N, H, W, C")
    check_axes(kernels, "kernels", "kh, kw, C, F")
    groups = shapes.integer(groups, "groups")
    channels, filters = images.shape[-1], kernels.shape[-1]
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups={groups} must divide both the {channels} channels of the images "
            f"and the {filters} filters of the kernels"
        )
    if kernels.shape[2] * groups != channels:
        raise ValueError(
            f"images of shape {images.shape} have {channels} channels, but kernels of shape "
            f"{kernels.shape} in {groups} group(s) need {kernels.shape[2] * groups}: "
            "the third axis of the kernels must be channels // groups"
        )


def each_group(channels: int, filters: int, groups: int) -> Iterator[tuple[slice, slice]]:
    """Yield, group by group, the channels it reads and the filters it owns.

    >>> list(each_group(channels=4, filters=2, groups=2))
    [(slice(0, 2, None), slice(0, 1, None)), (slice(2, 4, None), slice(1, 2, None))]
    """
    for g in range(groups):
        yield tuple(slice(g * n // groups, (g + 1) * n // groups) for n in (channels, filters))


@dataclass(frozen=True)
class Windows:
    """The windows of one layer over images of one size; every pair is (rows, columns).

    >>> windows = Windows.over((4, 4), size=3, padding="same")
    >>> windows.count, windows.before, windows.span
    ((4, 4), (1, 1), (6, 6))
    """

    image: tuple[int, int]
    size: tuple[int, int]
    strides: tuple[int, int]
    dilation: tuple[int, int]
    count: tuple[int, int]
    before: tuple[int, int]

    @classmethod
    def over(
        cls,
        image: tuple[int, int],
        size: Any,
        strides: Any = 1,
        padding: shapes.Padding = "valid",
        dilation_rate: Any = 1,
        ceil_mode: bool = False,
    ) -> Windows:
        """Lay windows of this size over images of (height, width)."""
        size = shapes.pair(size, "window size")
        strides = shapes.pair(strides, "strides")
        dilation = shapes.pair(dilation_rate, "dilation_rate")
        return _lay(tuple(image), size, strides, shapes.axis_paddings(padding), dilation, ceil_mode)

    def part(self, axis: int, start: int, stop: int) -> Windows:
        """Keep the windows from start to stop, along the rows (0) or along the columns (1)."""
        count, before = list(self.count), list(self.before)
        count[axis] = stop - start
        before[axis] -= start * self.strides[axis]
        return replace(self, count=tuple(count), before=tuple(before))

    @cached_property
    def span(self) -> tuple[int, int]:
        """Cells from the first tap of the first window to the last tap of the last one."""
        steps = zip(self.count, self.strides, self.size, self.dilation, strict=True)
        return tuple((n - 1) * s + shapes.extent(k, d) for n, s, k, d in steps)

    def pad(self, images: np.ndarray, value: float = 0) -> np.ndarray:
        """Return the images with exactly the cells that some window spans."""
        read, margins = [slice(None)], [(0, 0)]
        for n, before, span in zip(self.image, self.before, self.span, strict=True):
            start, stop = (min(max(cell, 0), n) for cell in (-before, span - before))
            zeros = min(max(before, 0), span)
            read.append(slice(start, stop))
            margins.append((zeros, span - zeros - (stop - start)))
        if margins == [(0, 0)] * 3:
            return images[tuple(read)]
        return np.pad(images[tuple(read)], (*margins, (0, 0)), constant_values=value)

    def unpad(self, padded: np.ndarray) -> np.ndarray:
        """Undo `pad`: drop the margins, and give cells that no window spans a zero."""
        (top, left), (height, width) = self.before, self.image
        inside = padded[:, top : top + height, left : left + width]
        unread = [(0, n - m) for n, m in zip(self.image, inside.shape[1:3], strict=True)]
        return np.pad(inside, ((0, 0), *unread, (0, 0)))

    def taps(self) -> Iterator[tuple[int, int, tuple[slice, ...]]]:
        """Yield (row, column, slice): where in the padded images that tap meets its pixels."""
        for tap in product(*map(range, self.size)):
            starts = [t * d for t, d in zip(tap, self.dilation, strict=True)]
            axes = zip(starts, self.count, self.strides, strict=True)
            yield *tap, (slice(None), *(slice(i, i + (n - 1) * s + 1, s) for i, n, s in axes))


@lru_cache(maxsize=256)
def _lay(image, size, strides, paddings, dilation, ceil_mode) -> Windows:
    axes = tuple(zip(image, size, strides, paddings, dilation, strict=True))
    count = tuple(shapes.output_size(*axis, ceil_mode=ceil_mode) for axis in axes)
    before = tuple(shapes.resolve_padding(p, n, k, s, d)[0] for n, k, s, p, d in axes)
    return Windows(image, size, strides, dilation, count, before)


def local_windows(
    images: np.ndarray, kernels: np.ndarray, strides: Any, padding: shapes.Padding, dilation: Any
) -> Windows:
    """Lay the windows of a locally connected layer, with kernels (H', W', kh, kw, C, F)."""
    check_axes(images, "images", "N, H, W, C")
    check_axes(kernels, "kernels", "H', W', kh, kw, C, F")
    windows = Windows.over(images.shape[1:3], kernels.shape[2:4], strides, padding, dilation)
    shape = *windows.count, *windows.size, images.shape[-1], kernels.shape[-1]
    check_shape(kernels, "kernels", shape, "H', W', kh, kw, C, F for these images")
    return windows


def pooling_windows(
    images: np.ndarray, pool_size: Any, strides: Any, padding: shapes.Padding, ceil_mode: bool
) -> Windows:
    """Lay the windows of a pool; every one must hold a pixel, for padding has no value."""
    check_axes(images, "images", "N, H, W, C")
    strides = pool_size if strides is None else strides
    windows = Windows.over(images.shape[1:3], pool_size, strides, padding, 1, ceil_mode)
    if not cells(windows, np.float32).all():
        raise ValueError(
            f"some windows of {windows.size} lie on padding alone with padding={padding!r} and "
            f"strides {windows.strides}: use a padding smaller than the window"
        )
    return windows


def cells(windows: Windows, dtype: Any) -> np.ndarray:
    """Count the pixels in each window, padding left out: (1, H', W', 1)."""
    here = windows.pad(np.ones((1, *windows.image, 1), dtype))
    return sum(here[pixels] for *_, pixels in windows.taps())


def lowest(dtype: np.dtype) -> float:
    """Return the value that loses to every other: what a max pool pads with."""
    return -np.inf if np.issubdtype(dtype, np.floating) else np.iinfo(dtype).min


def grouped_kernels(images: np.ndarray, kernels: np.ndarray) -> np.ndarray:
    """Lay depthwise kernels (kh, kw, C, multiplier) out as those of C groups."""
    check_axes(images, "images", "N, H, W, C")
    check_axes(kernels, "kernels", "kh, kw, C, multiplier")
    shape = *kernels.shape[:2], images.shape[-1], kernels.shape[-1]
    check_shape(kernels, "kernels", shape, "one set of kernels for each channel of the images")
    return kernels.reshape(*shape[:2], 1, shape[2] * shape[3])
