"""What may the arrays of a call be, and what is said when they may not?"""

from __future__ import annotations

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
    for name, array in arrays.items():
        if isinstance(array, np.ma.MaskedArray):
            raise ValueError(
                f"{name} must not be a masked array, for its mask would be lost: "
                f"say what stands where it is masked, for example with {name}.filled(0)"
            )
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
    if 0 in kernels.shape:
        raise ValueError(f"kernels of shape {kernels.shape} hold no weight: no axis may be 0 long")
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


def check_dense(inputs: np.ndarray, weights: np.ndarray) -> None:
    """Raise unless inputs (N, inputs) fit weights (inputs, units)."""
    check_axes(weights, "weights", "inputs, units")
    if inputs.ndim != 2:
        raise ValueError(
            f"inputs must have the axes (N, inputs), not the shape {inputs.shape}: "
            "flatten them first, with inputs.reshape(len(inputs), -1)"
        )
    shape = len(inputs), len(weights)
    check_shape(inputs, "inputs", shape, f"the weights {weights.shape} take {len(weights)}")


def check_sums(axes: tuple[int, ...], **arrays: np.ndarray) -> None:
    """Raise unless int64 holds all that integers times weights, summed over these axes, can be.

    >>> check_sums((0,), inputs=np.array([[3, 2**62]]), weights=np.array([[1], [1]]))
    Traceback (most recent call last):
    ValueError: sums of inputs times weights could reach 9,223,372,036,854,775,808, but int64 ends \
before: convert both with .astype('float64'), which rounds, or use smaller numbers

    The bound is the largest input times the largest sum of weights, signs left out. Floats pass.
    """
    inputs, weights = arrays.values()
    if weights.dtype != np.int64 or not inputs.size or not weights.size:
        return
    sizes = np.abs(weights).view(np.uint64)  # right for -2^63 too
    halves = (part.sum(axis=axes).ravel() for part in (sizes >> 32, sizes & 0xFFFFFFFF))
    sums = (int(high) * 2**32 + int(low) for high, low in zip(*halves, strict=True))
    check_reach(_largest(inputs) * max(sums), " times ".join(arrays))


def check_reach(reach: int, what: str) -> None:
    """Raise unless int64 holds a sum that may be as large as this."""
    if reach >= 2**63:
        raise ValueError(
            f"sums of {what} could reach {reach:,}, but int64 ends before: "
            "convert both with .astype('float64'), which rounds, or use smaller numbers"
        )


def check_bias(output: np.ndarray, bias: Any, axes: int, why: str) -> np.ndarray:
    """Return the bias, one number for each place of the output's last so many axes."""
    _, bias = same_kind(output=output, bias=bias)
    check_shape(bias, "bias", output.shape[-axes:], why)
    if bias.dtype == np.int64 and output.size:
        check_reach(_largest(output) + _largest(bias), "output plus bias")
    return bias


def _largest(array: np.ndarray) -> int:
    return int(np.abs(array).view(np.uint64).max())
