"""The convolution stepper: how does each number of a convolution's output come about?"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnlib import datasets, operations, shapes
from cnnlib.figures import style
from cnnlib.interactive.arguments import check_largest, one_padding
from cnnlib.interactive.element import Touchable, grid_html, lead_html
from cnnlib.language import say

LARGEST = {
    "size": 10, "kernel_size": 5, "strides": 4, "padding": 3, "dilation_rate": 3, "channels": 3,
}  # fmt: skip


def convolution_stepper(
    image: Any = None,
    kernel: Any = ((1, 2), (3, 4)),
    strides: int = 1,
    padding: str | int = "valid",
    dilation_rate: int = 1,
) -> Touchable:
    """Slide a kernel over an image by hand, and see each product and each sum.

    >>> convolution_stepper([[0, 1, 1], [1, 0, 0], [0, 0, 1]])
    convolution stepper: image 3 × 3, kernel 2 × 2, output 2 × 2
    top left: 0·1 + 1·2 + 1·3 + 0·4 = 5

    Image (H, W) or (H, W, C), kernel (kh, kw) or (kh, kw, C): at most 10 by 10 and 5 by 5, at most
    3 channels; without an image, lesson 1's digit. The rest as Conv2D's, padding a name or one
    whole number. A window that does not fit raises a ValueError, here and in the figure.
    """
    image = datasets.TOY_DIGIT if image is None else image
    image, kernel = _channels_last(image, "image"), _channels_last(kernel, "kernel")
    settings: dict[str, Any] = {
        "strides": shapes.integer(strides, "strides"),
        "padding": one_padding(padding),
        "dilation_rate": shapes.integer(dilation_rate, "dilation_rate"),
    }
    output = operations.conv2d(image[None], kernel[..., None], **settings)[0, ..., 0]
    sides = {"size": max(image.shape[:2]), "kernel_size": max(kernel.shape[:2])}
    check_largest({**sides, **settings, "channels": image.shape[2]}, LARGEST)
    title = say("Slide a kernel over an image")
    options = {
        "title": title,
        "image": np.moveaxis(image, -1, 0).tolist(),
        "kernel": np.moveaxis(kernel, -1, 0).tolist(),
        "largest": LARGEST,
        **settings,
    }
    shown = (image.shape[:2], kernel.shape[:2], output.shape)
    sizes = dict(zip(("image", "kernel", "output"), map(style.shape_text, shown), strict=True))
    text = say("convolution stepper: image {image}, kernel {kernel}, output {output}", **sizes)
    step = _first_step(image, kernel, settings)
    return Touchable(
        "convolution-stepper",
        options,
        _fallback(title, image, kernel, output, step),
        f"{text}\n{say('top left: {step}', step=step)}",
    )


def _channels_last(values: Any, name: str) -> np.ndarray:
    axes = 3 if np.ndim(values) == 3 else 2
    array = style.as_numbers(values, f"the {name}", ndim=axes)
    return array[..., np.newaxis] if array.ndim == 2 else array


def _first_step(image: np.ndarray, kernel: np.ndarray, settings: dict[str, Any]) -> str:
    """The sum behind the first number of the output, written out."""
    geometry = settings["strides"], settings["padding"], settings["dilation_rate"]
    axes = [
        shapes.Axis(n, k, *geometry) for n, k in zip(image.shape, kernel.shape[:2], strict=False)
    ]
    padded = np.pad(image, [*(axis.zeros for axis in axes), (0, 0)])
    patch = padded[tuple(slice(0, axis.extent, axis.dilation) for axis in axes)]
    pairs = zip(patch.ravel(), kernel.ravel(), strict=True)
    terms = (f"{_factor(pixel)}·{_factor(weight)}" for pixel, weight in pairs)
    return f"{' + '.join(terms)} = {style.number_text((patch * kernel).sum())}"


def _factor(value: float) -> str:
    return f"({style.number_text(value)})" if value < 0 else style.number_text(value)


def _fallback(
    title: str, image: np.ndarray, kernel: np.ndarray, output: np.ndarray, step: str
) -> str:
    many = image.shape[2] > 1
    named = ((image, say("image"), "input"), (kernel, say("kernel"), "kernel"))
    channels = [
        grid_html(values[..., c], _in_channel(name, c + 1) if many else name, role)
        for c in range(image.shape[2])
        for values, name, role in named
    ]
    grids = "".join([*channels, grid_html(output, say("output"), "output")])
    first = say("The output's top left number: {step}", step=step)
    return lead_html(title, first) + grids


def _in_channel(name: str, number: int) -> str:
    return say("{name}, channel {number}", name=name, number=number)
