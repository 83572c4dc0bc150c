"""The gradient stepper: how does each number of a small graph come about, forward and back?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cnnlib import scalars
from cnnlib.figures import style
from cnnlib.figures.graphs import lay_out
from cnnlib.interactive.element import Touchable
from cnnlib.language import say
from cnnlib.table import Table

VALUES: Mapping[str, float] = MappingProxyType({"x": 2, "w1": 3, "w2": -0.5, "t": 1})
STEPS = (
    ("p", "multiply", "x", "w1"),
    ("h", "relu", "p"),
    ("y", "multiply", "h", "w2"),
    ("e", "subtract", "y", "t"),
    ("L", "square", "e"),
)


def gradient_stepper(
    values: Mapping[str, float] = VALUES, steps: Sequence[Sequence[str]] = STEPS
) -> Touchable:
    """Set the numbers of a graph and step through it, forward and back, each product written out.

    >>> gradient_stepper({"x": 2, "w": 3}, [("p", "multiply", "x", "w"), ("y", "square", "p")])
    Follow a slope back through a graph
    name    computed as      value    slope of y
    ------  -------------  -------  ------------
    x                            2            36
    w                            3            24
    p       x·w                  6            12
    y       p²                  36             1

    Values and steps as in `cnnlib.scalars.work_out`; without them, two weights and a ReLU in a row,
    and a squared error. The slope of the last step is the one with respect to each number.
    """
    nodes = scalars.work_out(values, steps)
    title, result = say("Follow a slope back through a graph"), [*nodes][-1]
    rows = tuple(
        {
            say("name"): node.name,
            say("computed as"): node.formula,
            say("value"): style.number_text(node.value),
            say("slope of {result}", result=result): style.number_text(node.gradient),
        }
        for node in nodes.values()
    )
    options = {
        "title": title,
        "values": [(node.name, node.value) for node in nodes.values() if not node.operation],
        "steps": [(n.name, n.operation, *n.operands) for n in nodes.values() if n.operation],
        "routes": lay_out(nodes),
    }
    table = Table(title, rows)
    return Touchable("gradient-stepper", options, table._repr_html_(), str(table))
