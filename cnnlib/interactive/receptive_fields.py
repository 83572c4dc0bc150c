"""The receptive-field explorer: which pixels of the input does one unit see?"""

from __future__ import annotations

from typing import Any

from cnnlib import architectures
from cnnlib.interactive.element import Touchable
from cnnlib.language import say
from cnnlib.layers import Conv2D
from cnnlib.ledger import Row
from cnnlib.network import Network
from cnnlib.shapes import Axis

SIZE = 12
LAYER: dict[str, Any] = {"kernel_size": 3, "strides": 1, "dilation_rate": 1, "padding": "valid"}
STACK = (LAYER, LAYER | {"dilation_rate": 2}, LAYER)
LARGEST = 256  # pixels of an input's side


def receptive_field_explorer(network: Network | None = None) -> Touchable:
    """Choose a unit of any layer, and see what it reads, map by map, down to the input.

    >>> receptive_field_explorer()
    Follow a unit down to the pixels it sees
    layer    output shape    receptive field    jump    start
    -------  --------------  -----------------  ------  ----------
    conv1    10×10×1         3×3                1×1     (1.0, 1.0)
    conv2    6×6×1           7×7                1×1     (3.0, 3.0)
    conv3    4×4×1           9×9                1×1     (4.0, 4.0)

    The figure begins with a small stack whose depth, kernels, strides, dilations and padding can be
    changed, and offers LeNet-5 beside it; or it begins with a network of yours that reads images
    of at most 256×256. Fields as in `Row.derive("receptive_field")`.
    """
    if network is not None and not isinstance(network, Network):
        raise ValueError(f"network must be a Network, not {network!r}")
    given = architectures.lenet5() if network is None else network
    if len(given.input_shape) != 3 or max(given.input_shape[:2]) > LARGEST:
        shape = "×".join(map(str, given.input_shape))
        raise ValueError(
            f"{given.name} reads {shape}: the figure draws images of at most {LARGEST}×{LARGEST}"
        )
    if bent := [row.name for row in given if not isinstance(row.axes[0], Axis)]:
        raise ValueError(
            f"{given.name}: the figure cannot draw what {bent[0]} reads, for it slides no window "
            "over its input: end before it"
        )
    if not given.is_chain:
        raise ValueError(
            f"{given.name} has branches, and the figure follows one path: ask "
            "row.input_patch(i, j), or give it a chain"
        )
    title = say("Follow a unit down to the pixels it sees")
    options = {
        "title": title,
        "size": SIZE,
        "layers": STACK,
        "given": {"name": given.name, "layers": [_layer(row) for row in given if _looks(row)]},
        "first": "own" if network is None else "given",
    }
    shown = _own_stack(title) if network is None else given
    table = shown.table("output_shape", "receptive_field", "jump", "start")
    return Touchable("receptive-field-explorer", options, table._repr_html_(), str(table))


def _own_stack(title: str) -> Network:
    """The stack that the figure begins with."""
    layers = [Conv2D(1, **layer, name=f"conv{number}") for number, layer in enumerate(STACK, 1)]
    return Network((SIZE, SIZE, 1), layers, name=title)


def _looks(row: Row) -> bool:
    """Whether the layer's units see more than the one value at their own place."""
    return row.layer.reads_everything or row.layer.axes(row.input_shape) is not None


def _layer(row: Row) -> dict[str, Any]:
    names = "size", "kernel", "stride", "dilation", "extent", "zeros", "count"
    return {
        "name": row.name,
        "axes": [{name: getattr(axis, name) for name in names} for axis in row.axes],
    }
