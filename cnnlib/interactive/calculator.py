"""The shape calculator: how large is the output, and where do the windows land?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tabulate import tabulate

from cnnlib import architectures, shapes
from cnnlib.figures import palette
from cnnlib.interactive.arguments import check_largest, one_padding
from cnnlib.interactive.element import Touchable, lead_html
from cnnlib.language import say
from cnnlib.network import Network

LARGEST = {"size": 9999, "kernel_size": 999, "strides": 999, "padding": 6, "dilation_rate": 99}
PAPER_SIZE = 224  # the pixels that Krizhevsky et al. (2012), section 3.5, say AlexNet reads


def shape_calculator(
    size: int = 32,
    kernel_size: int = 5,
    strides: int = 1,
    padding: str | int = "valid",
    dilation_rate: int = 1,
    ceil_mode: bool = False,
) -> Touchable:
    """Change a layer's numbers, and see its output size, the steps to it, and its windows.

    >>> shape_calculator(227, 11, strides=4)
    shape calculator
    output = ⌊(n + 2·p − k) / s⌋ + 1 = ⌊(227 + 2·0 − 11) / 4⌋ + 1 = 55

    One axis of a layer, as in shapes.output_size; padding is a name or one whole number. The layers
    of LeNet and AlexNet are there to choose from. A window that does not fit raises a ValueError,
    here and in the figure.
    """
    axis = shapes.Axis(
        shapes.integer(size, "size"),
        shapes.integer(kernel_size, "kernel_size"),
        shapes.integer(strides, "strides"),
        one_padding(padding),
        shapes.integer(dilation_rate, "dilation_rate"),
        ceil_mode,
    )
    shapes.check_fit(axis)
    values = _values(axis)
    check_largest(values, LARGEST)
    presets = _presets()
    choices = [
        {"group": title, "layers": [_choice(name, axis) for name, axis in axes]}
        for title, axes in presets
    ]
    title = say("Count the windows")
    options = {"title": title, "largest": LARGEST, "presets": choices, **values}
    steps = [equation.text() for equation in axis.equations(say("output"))]
    text = "\n".join([say("shape calculator"), *steps])
    return Touchable("shape-calculator", options, _fallback(title, steps, presets), text)


def _values(axis: shapes.Axis) -> dict[str, Any]:
    """What the figure's fields hold for this axis, under Keras's names."""
    return {
        "size": axis.size,
        "kernel_size": axis.kernel,
        "strides": axis.stride,
        "padding": axis.padding,
        "dilation_rate": axis.dilation,
        "ceil_mode": axis.ceil_mode,
    }


def _choice(name: str, axis: shapes.Axis) -> dict[str, Any]:
    """A layer as the figure offers it."""
    return {"label": f"{name}: {axis.size} → {axis.count}", "values": _values(axis)}


def _presets() -> list[tuple[str, list[tuple[str, shapes.Axis]]]]:
    """Layers to choose from: (network, [(layer, its axis)])."""
    lenet, alexnet = architectures.lenet5(), architectures.alexnet()
    return [
        _chain(lenet, lenet.input_shape[0]),
        _chain(alexnet, alexnet.input_shape[0]),
        _chain(alexnet, PAPER_SIZE),
    ]


def _chain(network: Network, size: int) -> tuple[str, list[tuple[str, shapes.Axis]]]:
    """The layers with windows, on an image of this size."""
    title = say("{network} on {size} pixels", network=network.name, size=size)
    axes: list[tuple[str, shapes.Axis]] = []
    for row in network:
        axis = row.axes[0]
        if row.layer.axes(row.input_shape) and isinstance(axis, shapes.Axis):
            axes.append((row.name, replace(axis, size=size)))
            size = axes[-1][1].count
    return title, axes


def _fallback(
    title: str, steps: list[str], presets: list[tuple[str, list[tuple[str, shapes.Axis]]]]
) -> str:
    headers = [
        say("layer"), say("input n"), say("kernel k"), say("stride s"), say("padding p"),
        say("output"),
    ]  # fmt: skip
    rows = [
        [f"{network}: {name}", axis.size, axis.kernel, axis.stride, str(axis.padding), axis.count]
        for network, axes in presets
        for name, axis in axes
    ]
    table = tabulate(rows, headers, tablefmt="html").replace(
        "<table>", f'<table style="color:{palette.INK}">'
    )
    return lead_html(title, "<br>".join(steps)) + table
