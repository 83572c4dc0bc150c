"""The connection explorer: who is connected to whom, and by which weight?"""

from __future__ import annotations

from cnnlib import shapes
from cnnlib.figures import style
from cnnlib.interactive.arguments import check_largest
from cnnlib.interactive.element import Touchable, grid_html, lead_html
from cnnlib.language import say
from cnnlib.layers import Conv2D, Dense, Flatten, LocallyConnected2D
from cnnlib.network import Network

LARGEST = {"size": 8, "kernel_size": 8, "strides": 8}
KINDS = ("dense", "local", "shared")


def connection_explorer(
    size: int = 4, kernel_size: int = 2, strides: int = 2, kind: str = "local"
) -> Touchable:
    """Point at a pixel or a unit of a small layer, and see its connections.

    >>> connection_explorer(kind="shared")
    connection explorer: 16 pixels, 4 units
    dense: 68 connections, 68 parameters
    local: 20 connections, 20 parameters
    shared: 20 connections, 5 parameters

    A square image of one channel, a square kernel, no padding, one filter, with biases. Kind is
    "dense" (every unit reads every pixel), "local" (its own window) or "shared" (a convolution),
    the one to begin with. A window that does not fit raises a ValueError, here and in the figure.
    """
    values = {
        "size": shapes.integer(size, "size"),
        "kernel_size": shapes.integer(kernel_size, "kernel_size"),
        "strides": shapes.integer(strides, "strides"),
    }
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    check_largest(values, LARGEST)
    layers = _three_ways(**values)
    units = layers["shared"][-1].output_shape
    counts = [
        say(
            "{kind}: {connections} connections, {parameters} parameters",
            kind=_kinds()[name],
            connections=style.number_text(layer[-1].connections),
            parameters=style.number_text(layer[-1].parameters),
        )
        for name, layer in layers.items()
    ]
    head = say(
        "connection explorer: {pixels} pixels, {units} units",
        pixels=size * size,
        units=units[0] * units[1],
    )
    title = say("See who is connected to whom")
    options = {"title": title, "largest": LARGEST, "kind": kind, **values}
    fallback = _fallback(title, values, counts)
    return Touchable("connection-explorer", options, fallback, "\n".join([head, *counts]))


def _kinds() -> dict[str, str]:
    """What each of the kinds is called."""
    return {"dense": say("dense"), "local": say("local"), "shared": say("shared")}


def _three_ways(size: int, kernel_size: int, strides: int) -> dict[str, Network]:
    """The same units on the same image: dense, local, shared; the layer is the last one.

    >>> {kind: network.parameters for kind, network in _three_ways(4, 2, 2).items()}
    {'dense': 68, 'local': 20, 'shared': 5}
    """
    image = (size, size, 1)
    shared = Network(image, [Conv2D(1, kernel_size, strides)])
    rows, columns, _ = shared.output_shape
    dense = Network(image, [Flatten(), Dense(rows * columns)])
    local = Network(image, [LocallyConnected2D(1, kernel_size, strides)])
    return {"dense": dense, "local": local, "shared": shared}


def _fallback(title: str, values: dict[str, int], counts: list[str]) -> str:
    """The numbers of the pixels, what the first unit reads, and the counts."""
    size = values["size"]
    axis = shapes.Axis(size, values["kernel_size"], values["strides"])
    pixels = [[row * size + column + 1 for column in range(size)] for row in range(size)]
    seen = [pixels[row][column] for row in axis.cells(0) for column in axis.cells(0)]
    listed = ", ".join(map(str, sorted(seen)))
    first = say("Local or shared, the first unit reads pixels {pixels}.", pixels=listed)
    grid = grid_html(pixels, say("pixels"), "input")
    return f"{lead_html(title, first)}{grid}<p>{'<br>'.join(counts)}</p>"
