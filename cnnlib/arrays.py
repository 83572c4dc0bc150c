"""What may the arrays of a call be, and what is said when they may not?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cnnlib import shapes

FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}
# What a float cannot hold is 0, infinite or NaN, as IEEE 754 says.
quiet = np.errstate(all="ignore")


def same_kind(**arrays: Any) -> tuple[Any, ...]:
    """Return arrays of one dtype: all float32, all float64, or all integers as int64.

    >>> images, kernels = same_kind(images=[[1, 2]], kernels=np.uint8([3, 4]))
    >>> images.dtype, kernels.dtype
    (dtype('int64'), dtype('int64'))

    Floats are never mixed, nor turned into one another: a mixture raises a ValueError. None, where
    no bias is given, stays None.
    """
    found = {name: as_array(name, array) for name, array in arrays.items() if array is not None}
    kinds = {array.dtype for array in found.values()}
    if len(kinds) == 1 and kinds <= FLOATS:
        return tuple(found.get(name) for name in arrays)
    if all(np.issubdtype(kind, np.integer) and np.can_cast(kind, np.int64) for kind in kinds):
        whole = {name: array.astype(np.int64, copy=False) for name, array in found.items()}
        return tuple(whole.get(name) for name in arrays)
    listed = " and ".join(f"{name} {a.dtype}" for name, a in found.items())
    small = all(kind.itemsize <= 4 for kind in kinds)
    wide = np.dtype(np.float32 if small else np.float64)
    goal = next((array.dtype for array in found.values() if array.dtype in FLOATS), wide)
    others = {name: arrays[name] for name, array in found.items() if array.dtype != goal}
    raise ValueError(
        f"got {listed}, but all must be float32, all float64, or all integers: "
        f"convert with {converted(others, goal.name)}"
    )


def as_array(name: str, value: Any) -> np.ndarray:
    """Return numbers as an array; what holds anything else, or hides some, is refused."""
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(
            f"{name} must not be a masked array, for its mask would be lost: "
            f"say what stands where it is masked, for example with {name}.filled(0)"
        )
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} must be an array of numbers, and its rows differ in length: make them equally "
            "long"
        ) from None
    if array.dtype.kind == "c":
        raise ValueError(
            f"{name} must be real numbers, not {array.dtype}: take one part, np.real({name}) or "
            f"np.imag({name})"
        )
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} must be an array of numbers, not of {array.dtype}: replace what is none, then "
            f"convert with np.asarray({name}, 'float64')"
        )
    return array


def converted(arrays: Mapping[str, Any], kind: str) -> str:
    """The code that converts these arrays, or lists, to this dtype."""
    return " and ".join(
        f"{name}.astype({kind!r})" if hasattr(array, "astype") else f"np.asarray({name}, {kind!r})"
        for name, array in arrays.items()
    )


def floats(**arrays: Any) -> tuple[Any, ...]:
    """Like `same_kind`, for what whole numbers cannot hold: means, exponentials, gradients."""
    checked = same_kind(**arrays)
    if checked[0].dtype == np.int64:
        raise ValueError(
            f"{' and '.join(arrays)} must be float32 or float64, not integers: "
            f"convert with {converted(arrays, 'float64')}"
        )
    return checked


def check_axes(array: np.ndarray, name: str, axes: str, remedy: str = "") -> None:
    """Raise unless the array has the named axes: `check_axes(logits, "logits", "N, classes")`."""
    names = axes.split(", ")
    if array.ndim == len(names):
        return
    if not remedy:
        one = f"np.expand_dims({name}, 0) has them, if it is one of {names[0]}"
        remedy = one if array.ndim == len(names) - 1 else "give one with these axes"
    found = f"the shape {array.shape} has {array.ndim}"
    raise ValueError(f"{name} must have the axes ({axes}), but {found}: {remedy}")


def check_images(images: np.ndarray, channels: int | None = None) -> None:
    """Raise unless the images have the axes (N, H, W, C); `channels` helps to tell which are there.

    >>> check_images(np.zeros((3, 32, 32)))
    Traceback (most recent call last):
    ValueError: images must have the axes (N, H, W, C), but the shape (3, 32, 32) has 3: \
if it is one image with its channels first, np.expand_dims(np.moveaxis(images, 0, -1), 0) has \
them; if it is 3 grey images, np.expand_dims(images, -1)
    """
    shape, remedy = images.shape, "give each image its rows, columns and channels with np.reshape"
    first = len(shape) == 3 and shape[0] in (1, 3) and shape[0] < shape[1] == shape[2]
    turned = "np.expand_dims(np.moveaxis(images, 0, -1), 0)"
    grey = f"if it is {shape[:1] and shape[0]} grey images, np.expand_dims(images, -1)"
    if len(shape) == 2:
        remedy = "np.expand_dims(images, (0, -1)) has them, if it is one grey image"
    elif len(shape) == 3 and (shape[2] == channels or (shape[2] in (1, 3) and not first)):
        remedy = "np.expand_dims(images, 0) has them, if it is one image with its channels last"
    elif first or (len(shape) == 3 and shape[0] == channels != 1):
        remedy = f"if it is one image with its channels first, {turned} has them"
        remedy += f"; {grey}" * (channels in (None, 1) and shape[0] > 1)
        if channels == 1 and shape[0] > 1:
            remedy = f"np.expand_dims(images, -1) has them, if it is {shape[0]} grey images"
    elif len(shape) == 3:
        remedy = f"np.expand_dims(images, -1) has them, if it is {shape[0]} grey images"
    check_axes(images, "images", "N, H, W, C", remedy)


def check_kernels(kernels: np.ndarray, channels: int, groups: int) -> None:
    """Raise unless kernels have the axes kh, kw, C, F; say how to get them for so many channels."""
    shape, code = kernels.shape, "kernels"
    tiles = 1, 1, channels, groups
    if len(shape) == 2:
        code = "np.expand_dims(kernels, (2, 3))"
    elif len(shape) == 3 and shape[2] == channels:
        code, tiles = "np.expand_dims(kernels, 3)", (1, 1, 1, groups)
    elif len(shape) == 3:
        first = shape[0] != shape[1] == shape[2]
        code = f"np.expand_dims({'np.moveaxis(kernels, 0, -1)' if first else 'kernels'}, 2)"
        tiles = 1, 1, channels, groups if shape[0 if first else 2] % groups else 1
    if max(tiles) > 1:
        code = f"np.tile({code}, {tiles})"
    each = f", the same for each of {channels} channels" * (tiles[2] > 1)
    here = len(shape) in (2, 3)
    check_axes(kernels, "kernels", "kh, kw, C, F", f"{code} has them{each}" if here else "")


def check_shape(
    array: np.ndarray, name: str, shape: tuple[int, ...], why: str, remedy: str = ""
) -> None:
    """Raise unless the array has this shape."""
    if array.shape == shape:
        return
    if not remedy and array.size == math.prod(shape):
        remedy = f": np.reshape({name}, {shape}) has it"
    raise ValueError(f"{name} must have the shape {shape} ({why}), not {array.shape}{remedy}")


def check_labels(labels: Any, shape: tuple[int, int], rows: str = "logits") -> np.ndarray:
    """Return the labels as integers, one for each row of logits of this shape.

    `rows` is what the caller knows the logits by.
    """
    if isinstance(labels, np.ma.MaskedArray):
        raise ValueError(
            f"labels must not be a masked array, for its mask would be lost: leave out what is "
            f"masked, with {rows}[~np.ma.getmaskarray(labels)] and labels.compressed()"
        )
    labels = as_array("labels", labels)
    one_hot = ": np.argmax(labels, axis=1) makes labels of one-hot rows" * (
        labels.ndim == 2 and len(labels) == shape[0] and labels.shape[1] > 1
    )
    check_shape(labels, "labels", shape[:1], "one label for each image", one_hot)
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"labels must be whole numbers, the true class of each, not {labels.dtype}: convert "
            "with np.asarray(labels, 'int64')"
        )
    if labels.size and not 0 <= labels.min() <= labels.max() < shape[1]:
        low, high = int(labels.min()), int(labels.max())
        remedy = "leave out what is of another class, or let the last layer have more units"
        if low > 0 and high - low < shape[1]:
            remedy = f"np.subtract(labels, {low}) begins at 0, if classes are counted from {low}"
        raise ValueError(
            f"labels run from {low} to {high}, but {shape[1]} logits "
            f"stand for the classes 0 to {shape[1] - 1}: {remedy}"
        )
    return labels


def check_channels(images: np.ndarray, kernels: np.ndarray, groups: int) -> None:
    """Raise unless kernels (kh, kw, C // groups, F) fit images (N, H, W, C).

    >>> check_channels(np.zeros((8, 3, 32, 32)), np.zeros((16, 3, 5, 5)), groups=1)
    Traceback (most recent call last):
    ValueError: images of shape (8, 3, 32, 32) have 32 channels, but kernels of shape \
(16, 3, 5, 5) in 1 group(s) need 5: channels seem to stand first, so use \
np.transpose(images, (0, 2, 3, 1)) and np.transpose(kernels, (2, 3, 1, 0))
    """
    groups = shapes.integer(groups, "groups")
    check_images(images, kernels.shape[2] * groups if kernels.ndim == 4 else None)
    channels = images.shape[-1]
    check_kernels(kernels, max(channels // groups, 1), groups)
    if 0 in kernels.shape:
        raise ValueError(f"kernels of shape {kernels.shape} hold no weight: no axis may be 0 long")
    slices, filters = kernels.shape[2:]
    if channels % groups or filters % groups:
        fits = slices and channels % slices == 0 and filters % (channels // slices) == 0
        use = f"groups={channels // slices}" if fits and channels else "kernels of another size"
        raise ValueError(
            f"groups={groups} must divide both the {channels} channels of the images "
            f"and the {filters} filters of the kernels: use {use}"
        )
    if slices * groups != channels:
        raise ValueError(
            f"images of shape {images.shape} have {channels} channels, but kernels of shape "
            f"{kernels.shape} in {groups} group(s) need {slices * groups}: "
            f"{_fitting(images.shape, kernels.shape, groups)}"
        )


def _fitting(images: tuple[int, ...], kernels: tuple[int, ...], groups: int) -> str:
    """What makes images of this shape and kernels of that one agree about the channels."""
    turned = "np.transpose(images, (0, 2, 3, 1))", "np.transpose(kernels, (2, 3, 1, 0))"
    square = kernels[0] == kernels[1] and kernels[2] == 1  # more likely a window as it should be
    for channels, slices, codes in (
        (images[1], kernels[2], turned[:1]),
        (images[3], kernels[1], turned[1:]),
        (images[1], kernels[1], turned),
    ):
        if channels == slices * groups > 0 and not (square and codes != turned[:1]):
            return f"channels seem to stand first, so use {' and '.join(codes)}"
    channels, slices, filters = images[3], *kernels[2:]
    if slices == 1 and channels % groups == 0 < channels:
        return f"np.repeat(kernels, {channels // groups}, axis=2) has the same for each channel"
    if channels == 1:
        return f"np.repeat(images, {slices * groups}, axis=3) has the same in each channel"
    if slices and channels % slices == 0 and filters % (channels // slices) == 0:
        return f"use groups={channels // slices}, or kernels whose third axis is channels // groups"
    return "the third axis of the kernels must be channels // groups"


def check_dense(inputs: np.ndarray, weights: np.ndarray) -> None:
    """Raise unless inputs (N, inputs) fit weights (inputs, units)."""
    column = f"np.reshape(weights, ({weights.size}, 1)) has them, if there is one unit"
    check_axes(weights, "weights", "inputs, units", column * (weights.ndim < 2))
    if inputs.ndim != 2:
        one = inputs.ndim < 2 or inputs.size == len(weights)
        rows = 1 if one else len(inputs)
        shape = rows, inputs.size if one else math.prod(inputs.shape[1:])
        raise ValueError(
            f"inputs must have the axes (N, inputs), not the shape {inputs.shape}: "
            f"flatten each first, with np.reshape(inputs, {shape})"
        )
    why, remedy = f"the weights {weights.shape} take {len(weights)}", ""
    if len(inputs) == len(weights):
        remedy = ": np.transpose(inputs) has it, if there is a column for each"
    elif inputs.shape[1] == weights.shape[1]:
        remedy = ": or use np.transpose(weights), if a row is what one unit takes"
    check_shape(inputs, "inputs", (len(inputs), len(weights)), why, remedy)


def check_sums(axes: tuple[int, ...], **arrays: Any) -> None:
    """Raise unless int64 holds all that integers times weights, summed over these axes, can be.

    >>> check_sums((0,), inputs=np.array([[3, 2**62]]), weights=np.array([[1], [1]]))
    Traceback (most recent call last):
    ValueError: sums of inputs times weights could reach 9,223,372,036,854,775,808, but int64 ends \
before: use smaller numbers, or floats, which round: inputs.astype('float64') and \
weights.astype('float64')

    The bound is the largest input times the largest sum of weights, signs left out, and then the
    bias, if there is one. Floats pass.
    """
    inputs, weights, bias = [*arrays.values(), None][:3]
    if weights.dtype != np.int64 or not inputs.size or not weights.size:
        return
    sizes = np.abs(weights).view(np.uint64)  # right for -2^63 too
    halves = (part.sum(axis=axes).ravel() for part in (sizes >> 32, sizes & 0xFFFFFFFF))
    sums = (int(high) * 2**32 + int(low) for high, low in zip(*halves, strict=True))
    reach = _largest(inputs) * max(sums) + (0 if bias is None else _largest(bias))
    if reach >= 2**63:
        given = {name: array for name, array in arrays.items() if array is not None}
        names = [*given]
        what = " plus ".join([" times ".join(names[:2]), *names[2:]])
        raise ValueError(
            f"sums of {what} could reach {reach:,}, but int64 ends before: use smaller numbers, "
            f"or floats, which round: {converted(given, 'float64')}"
        )


def _largest(array: np.ndarray) -> int:
    return int(np.abs(array).view(np.uint64).max(initial=0))
