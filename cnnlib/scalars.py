"""How does a slope flow back through a graph of single numbers?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from numbers import Real
from operator import add
from typing import Any

LARGEST = 1e6  # what a number of a graph may come to, so that it can be read in a box
EXAMPLE = "('y', 'multiply', 'x', 'w')"


@dataclass(frozen=True)
class Operation:
    """Its numbers of operands, its text, its value, and its slope with respect to each operand."""

    counts: Sequence[int]
    text: Callable[..., str]
    forward: Callable[..., float]
    slopes: Callable[..., tuple[float, ...]]


SEVERAL = range(2, 10)
OPERATIONS: Mapping[str, Operation] = {
    "add": Operation(
        SEVERAL,
        lambda *names: " + ".join(names),
        lambda *numbers: reduce(add, numbers),
        lambda *numbers: (1.0,) * len(numbers),
    ),
    "subtract": Operation((2,), "{} − {}".format, lambda a, b: a - b, lambda a, b: (1.0, -1.0)),
    "multiply": Operation((2,), "{}·{}".format, lambda a, b: a * b, lambda a, b: (b, a)),
    # At 0, where ReLU has a corner, Keras takes 0 as its slope.
    "relu": Operation((1,), "relu({})".format, lambda a: max(a, 0.0), lambda a: (float(a > 0),)),
    "square": Operation((1,), "{}²".format, lambda a: a * a, lambda a: (2 * a,)),
    # Where several are the largest, the first has the slope, as in Keras's pooling.
    "max": Operation(
        SEVERAL,
        lambda *names: f"max({', '.join(names)})",
        max,
        lambda *numbers: tuple(
            float(place == numbers.index(max(numbers))) for place in range(len(numbers))
        ),
    ),
}


@dataclass(frozen=True)
class Node:
    """One number of a graph: a value that was given, or the outcome of a step.

    Slopes: those of the step with respect to each operand. Gradient: the slope of the last step
    with respect to this number.
    """

    name: str
    value: float
    operation: str | None = None
    operands: tuple[str, ...] = ()
    slopes: tuple[float, ...] = ()
    gradient: float = 0.0

    @property
    def formula(self) -> str:
        """The step as it is written; nothing for a value that was given."""
        return OPERATIONS[self.operation].text(*self.operands) if self.operation else ""


def work_out(values: Mapping[str, float], steps: Sequence[Sequence[str]]) -> dict[str, Node]:
    """Each number of a graph with its gradient: forward step by step, then back the same way.

    >>> graph = work_out({"x": 2, "w": 3}, [("p", "multiply", "x", "w"), ("y", "square", "p")])
    >>> graph["y"].value, graph["y"].slopes
    (36.0, (12.0,))
    >>> graph["w"].gradient  # p grows 2 times as fast as w, and y 12 times as fast as p
    24.0

    Steps: (name, operation, operand, ...), each after its operands; the last one is the result.
    Operations: add and max of two numbers or more, subtract and multiply of two, relu and square
    of one. ReLU's slope at 0 is 0, and where several are the largest, max follows the first: both
    as in Keras. A graph that cannot be worked out, or read in a figure, raises a ValueError.
    """
    nodes = {name: Node(name, number) for name, number in _given(values).items()}
    if isinstance(steps, str) or not isinstance(steps, Sequence) or not steps:
        raise ValueError(
            f"steps must be a list with at least one, such as {EXAMPLE}, not {steps!r}"
        )
    for step in steps:
        name, operation, *operands = _checked(step, nodes)
        kind, numbers = OPERATIONS[operation], [nodes[operand].value for operand in operands]
        value, slopes = kind.forward(*numbers), kind.slopes(*numbers)
        nodes[name] = Node(name, value, operation, tuple(operands), slopes)
    used = {operand for node in nodes.values() for operand in node.operands}
    if idle := [name for name in [*nodes][:-1] if name not in used]:
        raise ValueError(f"no step reads {idle[0]}: use it before the last step, or leave it out")
    gradients = dict.fromkeys(nodes, 0.0) | {name: 1.0}
    for node in reversed(nodes.values()):
        for operand, slope in zip(node.operands, node.slopes, strict=True):
            gradients[operand] += slope * gradients[node.name]
    for name, node in nodes.items():
        if not (abs(node.value) <= LARGEST and abs(gradients[name]) <= LARGEST):
            raise ValueError(
                f"{name} or its gradient comes to more than {LARGEST:,.0f}, which no graph can "
                "show: make the values smaller"
            )
    return {name: replace(node, gradient=gradients[name]) for name, node in nodes.items()}


def arrivals(nodes: dict[str, Node], name: str) -> list[float]:
    """What reaches a number on the way back, step by step: its gradient is their sum.

    >>> graph = work_out({"x": 3}, [("q", "square", "x"), ("y", "add", "q", "x")])
    >>> arrivals(graph, "x"), graph["x"].gradient
    ([1.0, 6.0], 7.0)
    """
    return [
        slope * node.gradient
        for node in reversed(nodes.values())
        for operand, slope in zip(node.operands, node.slopes, strict=True)
        if operand == name
    ]


def _given(values: Any) -> dict[str, float]:
    if not isinstance(values, Mapping) or not values:
        raise ValueError(f"values must be names and numbers, as in {{'x': 2}}, not {values!r}")
    for name, value in values.items():
        _check_name(name)
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise ValueError(f"{name} must be a number such as 2 or -0.5, not {value!r}")
    return {name: float(value) for name, value in values.items()}


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not 0 < len(name) <= 8 or any(map(str.isspace, name)):
        raise ValueError(f"a name is 1 to 8 characters without a space, such as 'w1', not {name!r}")


def _checked(step: Any, nodes: Mapping[str, Node]) -> Sequence[str]:
    """The step, if it has a new name and an operation, and as many operands as that takes."""
    if isinstance(step, str) or not isinstance(step, Sequence) or len(step) < 3:
        raise ValueError(f"a step is (name, operation, operand, ...) as in {EXAMPLE}, not {step!r}")
    name, operation, *operands = step
    _check_name(name)
    if name in nodes:
        raise ValueError(f"{name} is there twice: give each value and each step its own name")
    if operation not in OPERATIONS:
        raise ValueError(
            f"{name}: operation must be one of {', '.join(OPERATIONS)}, not {operation!r}"
        )
    for operand in operands:
        if operand not in nodes:
            raise ValueError(
                f"{name} reads {operand!r}, which is not there yet: there are {', '.join(nodes)}"
            )
    counts = OPERATIONS[operation].counts
    if len(operands) not in counts:
        wanted = " to ".join(str(count) for count in sorted({counts[0], counts[-1]}))
        raise ValueError(f"{name}: {operation} takes {wanted} operands, not {len(operands)}")
    return step
