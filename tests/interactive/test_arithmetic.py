"""What the figures compute and say in JavaScript is what the library computes and says."""

import numpy as np
import pytest

from cnnlib import interactive, operations, shapes
from cnnlib.figures import style
from cnnlib.interactive.links import KINDS, _three_ways

SEED, CASES = 20261123, 400
CALL = """([figure, name, calls]) => {
    const arithmetic = customElements.get(figure).arithmetic;
    return calls.map((args) => {
        try {
            return arithmetic[name](...args);
        } catch (problem) {
            return { problem: problem.message };
        }
    });
}"""


@pytest.fixture(scope="module")
def run(show_once):
    """Call a figure's own function with many lists of arguments."""
    figures = [
        interactive.convolution_stepper(),
        interactive.shape_calculator(),
        interactive.connection_explorer(),
    ]
    page = show_once(*figures)
    return lambda figure, name, calls: page.evaluate(CALL, [f"cnn-{figure}", name, calls])


def answer(function, *arguments):
    """What Python returns, or the message of its error, in the form of `run`."""
    try:
        return function(*arguments)
    except ValueError as error:
        return {"problem": str(error)}


def random_axes(ceil_modes=(False, True)):
    rng = np.random.default_rng(SEED)
    paddings = ["valid", "same", "full", 0, 1, 2, 3]
    for _ in range(CASES):
        size, kernel = int(rng.integers(1, 40)), int(rng.integers(1, 12))
        stride, dilation = int(rng.integers(1, 6)), int(rng.integers(1, 4))
        padding = paddings[rng.integers(len(paddings))]
        yield size, kernel, stride, padding, dilation, bool(rng.choice(ceil_modes))


def axis_and_lines(*numbers):
    axis = shapes.Axis(*numbers)
    shapes.check_fit(axis)
    return {
        "count": axis.count,
        "extent": axis.extent,
        "zeros": list(axis.zeros),
        "edge": edge(axis),
        "lines": [equation.text() for equation in axis.equations("output")],
        "reads": [list(axis.cells(window)) for window in range(axis.count)],
    }


def edge(axis):
    """What lies beyond every window at the end of the row, and what windows read beyond the row."""
    before, after = axis.zeros
    row = ["zeros"] * before + ["pixels"] * axis.size + ["zeros"] * after
    ends = [window * axis.stride + axis.extent for window in range(axis.count)]
    beyond = [kind for cell, kind in enumerate(row) if all(cell >= end for end in ends)]
    counts = {kind: beyond.count(kind) for kind in ("pixels", "zeros")}
    return {**counts, "over": max(0, *(end - len(row) for end in ends))}


def test_axes_their_derivations_and_their_errors(run):
    cases = [*random_axes(), (227, 11, 4, "valid", 1, False), (12345, 3, 2, "same", 1, False)]
    found = run("shape-calculator", "described", cases)
    expected = [answer(axis_and_lines, *case) for case in cases]
    assert found == expected
    assert sum("problem" in case for case in expected) > 20


TYPED = ["3", " 12 ", "+4", "0", "-2", "", "abc", "2.5", "1e3", "-.5", "it's", 'a "b"', "a\\b"]
TYPED += ["1e-5", "0.0001", "1e16", "1e400", "-0.0", "٣", "3,5", "123456789012345678901234567890"]


def as_python_takes_it(text):
    text = text.strip()
    if text.isascii():
        for kind in (int, float):
            try:
                return kind(text)
            except ValueError:
                pass
    return text


def test_what_a_reader_types_is_refused_in_the_librarys_words(run):
    typed = [[text, "kernel_size", 1] for text in TYPED]
    found = run("shape-calculator", "integer", typed)
    expected = [answer(shapes.integer, as_python_takes_it(text), "kernel_size") for text in TYPED]
    for said, wanted in zip(found, expected, strict=True):
        assert said == (pytest.approx(wanted) if isinstance(wanted, int) else wanted)


def test_two_numbers_are_rows_and_columns(run):
    assert run(
        "convolution-stepper", "pair", [["3×2", "size"], ["4x5", "size"], ["6", "size"]]
    ) == [
        [3, 2],
        [4, 5],
        [6, 6],
    ]
    (found,) = run("convolution-stepper", "pair", [["3×b", "size"]])
    assert found == answer(shapes.pair, (3, "b"), "size")


def test_numbers_are_written_as_in_the_static_figures(run):
    rng = np.random.default_rng(SEED)
    values = [0, 1, -3, 62378344, 0.125, 111.125, 0.5, 1.5, 2.5, 999.5, -0.0004, 1e-7, 12.25, 0.1]
    values += (rng.normal(size=CASES) * 10.0 ** rng.integers(-5, 7, CASES)).tolist()
    found = run("convolution-stepper", "number", [[value] for value in values])
    assert found == [style.number_text(value) for value in values]


def random_layers():
    rng = np.random.default_rng(SEED)
    for size, kernel, *geometry, _ in random_axes():
        size, kernel = min(size, 10), min(kernel, 5)
        channels, other = int(rng.integers(1, 4)), int(rng.integers(1, 11))
        image = rng.integers(-9, 10, (size, other, channels)) / 2
        weights = rng.integers(-9, 10, (kernel, min(kernel, other), channels)) / 4
        yield image, weights, geometry, rng.integers(0, 10, 2).tolist()


def test_a_convolution_and_any_of_its_steps(run):
    layers, fitting = list(random_layers()), 0
    calls = [
        [np.moveaxis(image, -1, 0).tolist(), np.moveaxis(kernel, -1, 0).tolist(), *geometry, place]
        for image, kernel, geometry, place in layers
    ]
    results = run("convolution-stepper", "computed", calls)
    for (image, kernel, geometry, _), found in zip(layers, results, strict=True):
        sizes = zip(image.shape[:2], kernel.shape[:2], strict=True)
        axes = [shapes.Axis(n, k, *geometry) for n, k in sizes]
        if clash := answer(shapes.check_fit, *axes):
            assert found == clash
            continue
        fitting += 1
        output = operations.conv2d(image[None], kernel[..., None], None, *geometry)
        assert np.array_equal(found["output"], output[0, ..., 0])
        taps = [
            at * axis.stride + axis.dilation * np.arange(axis.kernel)
            for at, axis in zip((found["row"], found["col"]), axes, strict=True)
        ]
        patch = np.pad(image, [*(axis.zeros for axis in axes), (0, 0)])[np.ix_(*taps)]
        assert np.array_equal(np.moveaxis(found["patches"], 0, -1), patch)
        assert np.array_equal(np.moveaxis(found["products"], 0, -1), patch * kernel)
        assert np.array_equal(found["sums"], (patch * kernel).sum(axis=(0, 1)))
        assert found["total"] == output[0, found["row"], found["col"], 0]
    assert CASES / 3 < fitting < CASES


LAYERS = [(n, k, s) for n in range(1, 9) for k in range(1, n + 1) for s in (1, 2, 3, 5)]


def test_connections_and_their_counts(run):
    calls = [[kind, *layer] for layer in LAYERS for kind in KINDS]
    found = iter(run("connection-explorer", "layer", calls))
    for size, kernel, stride in LAYERS:
        for kind, network in _three_ways(size, kernel, stride).items():
            layer, seen = network[-1], next(found)
            lines = [layer.derive(q).equations[-1].text() for q in ("connections", "parameters")]
            assert seen["counts"] == lines
            weights = np.array(seen["matrix"])
            assert np.unique(weights[weights > 0]).size == layer.parameters - biases(kind, weights)
            if kind == "dense":
                assert weights.all()
                continue
            numbered = np.arange(1, kernel * kernel + 1).reshape(kernel, kernel, 1, 1)
            matrix = operations.convolution_matrix(numbered, (size, size, 1), strides=stride)
            assert np.array_equal(weights != 0, matrix != 0)
            if kind == "shared":
                assert np.array_equal(weights, matrix)


def biases(kind, weights):
    return 1 if kind == "shared" else len(weights)
