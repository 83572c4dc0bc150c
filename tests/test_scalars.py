"""Are the slopes that flow back through a graph those that a nudge measures?"""

import math
from contextlib import suppress

import numpy as np
import pytest

from cnnlib.scalars import OPERATIONS, arrivals, work_out

SEED, GRAPHS, NUDGE = 20261129, 60, 1e-6


def random_graph(rng):
    """Values and steps in which every number is read, often by several steps."""
    values = {f"v{i}": float(rng.uniform(-2, 2)) for i in range(rng.integers(1, 5))}
    names, steps, idle = [*values], [], [*values]
    while len(steps) < 4 or len(idle) > 1:
        operation = str(rng.choice([*OPERATIONS]))
        counts = OPERATIONS[operation].counts
        operands = [str(name) for name in rng.choice(names, min(counts[-1], rng.integers(1, 4)))]
        operands += [str(rng.choice(names)) for _ in range(counts[0] - len(operands))]
        operands[0] = idle[0]
        idle = [name for name in idle if name not in operands] + [f"s{len(steps)}"]
        steps.append((f"s{len(steps)}", operation, *operands))
        names.append(steps[-1][0])
    return values, steps


def random_graphs():
    """Graphs that can be worked out: where numbers grow too large, the graph is left out."""
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(GRAPHS):
        graph = random_graph(rng)
        with suppress(ValueError):
            work_out(*graph)
            found.append(graph)
    assert len(found) > GRAPHS / 2
    return found


def near_a_corner(graph):
    """Whether ReLU or max has its corner within a few nudges, where no slope can be measured."""
    for node in graph.values():
        numbers = sorted(graph[operand].value for operand in node.operands)
        if node.operation == "relu" and abs(numbers[0]) < 1e-3:
            return True
        if node.operation == "max" and numbers[-1] - numbers[-2] < 1e-3:
            return True
    return False


def test_gradients_are_what_a_nudge_measures():
    measured = 0
    for values, steps in random_graphs():
        graph = work_out(values, steps)
        result = [*graph][-1]
        if near_a_corner(graph):
            continue
        for name, value in values.items():
            above, below = (
                work_out(values | {name: value + nudge}, steps)[result].value
                for nudge in (NUDGE, -NUDGE)
            )
            slope = (above - below) / (2 * NUDGE)
            assert graph[name].gradient == pytest.approx(slope, rel=1e-3, abs=1e-3)
            measured += 1
    assert measured > GRAPHS


def test_what_arrives_adds_up_to_the_gradient():
    met = 0
    for values, steps in random_graphs():
        graph = work_out(values, steps)
        for name in [*graph][:-1]:
            numbers = arrivals(graph, name)
            assert math.fsum(numbers) == pytest.approx(graph[name].gradient, rel=1e-9, abs=1e-9)
            met += len(numbers) > 1
    assert met > GRAPHS


@pytest.mark.parametrize(
    ("operation", "numbers", "value", "slopes"),
    [
        ("add", (2, -3, 4), 3, (1, 1, 1)),
        ("subtract", (2, -3), 5, (1, -1)),
        ("multiply", (2, -3), -6, (-3, 2)),
        ("square", (-3,), 9, (-6,)),
        ("relu", (2,), 2, (1,)),
        ("relu", (-2,), 0, (0,)),
        ("relu", (0,), 0, (0,)),
        ("max", (2, 5, 3), 5, (0, 1, 0)),
        ("max", (2, 5, 5), 5, (0, 1, 0)),
    ],
)
def test_each_operation_by_hand(operation, numbers, value, slopes):
    values = {f"n{i}": number for i, number in enumerate(numbers)}
    graph = work_out(values, [("y", operation, *values)])
    assert (graph["y"].value, graph["y"].slopes) == (value, slopes)
    assert tuple(graph[name].gradient for name in values) == slopes


def test_corners_are_keras_s():
    import tensorflow as tf

    zero, pair = tf.Variable(0.0), tf.Variable([[[[2.0], [5.0]], [[5.0], [3.0]]]])
    with tf.GradientTape(persistent=True) as tape:
        positive = tf.nn.relu(zero)
        largest = tf.nn.max_pool2d(pair, 2, 2, "VALID")
    assert work_out({"x": 0}, [("y", "relu", "x")])["x"].gradient == tape.gradient(positive, zero)
    values = dict(zip("abcd", pair.numpy().ravel().tolist(), strict=True))
    graph = work_out(values, [("y", "max", *values)])
    slopes = tape.gradient(largest, pair).numpy().ravel().tolist()
    assert [graph[name].gradient for name in values] == slopes == [0, 1, 0, 0]
