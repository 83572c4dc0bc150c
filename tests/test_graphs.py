"""Do networks with branches add up, see what reaches them, and say what keeps them from meeting?"""

import json
import re
import subprocess
import sys
from timeit import timeit

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnnlib
from cnnlib import (
    Add,
    Average,
    Concatenate,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    Maximum,
    MaxPooling2D,
    Multiply,
    Network,
    Subtract,
    interactive,
    keras_bridge,
    training,
)
from tests.test_receptive_fields import answers

KERNELS = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def graphs(draw):
    """Rows that each take a row before them, or several of one size, or weigh one by a pool."""
    shape = (draw(st.integers(3, 8)), draw(st.integers(3, 8)), 2)
    layers, inputs, sizes = [], {}, {"input": shape}
    for number in range(draw(st.integers(2, 6))):
        name, before = f"row{number}", draw(st.sampled_from(list(sizes)))
        alike = [other for other in sizes if sizes[other] == sizes[before]]
        kind = draw(st.integers(0, 4))
        if kind <= 1:
            strides, padding = draw(st.sampled_from([1, 1, 2])), draw(st.sampled_from(["same", 1]))
            layer, sources = Conv2D(2, draw(KERNELS), strides, padding, name=name), [before]
        elif kind == 2 and len(sizes[before]) == 3:
            pool, scale = GlobalAveragePooling2D(name=f"{name}_pool"), Multiply(name=name)
            layers.append(pool)
            inputs[pool.name] = (before,)
            layer, sources = scale, [before, pool.name]
        elif kind == 3:
            layer, sources = MaxPooling2D(2, 1, "same", name=name), [before]
        else:
            merge = draw(st.sampled_from([Add, Average]))
            layer, sources = merge(name=name), [before, draw(st.sampled_from(alike))]
        layers.append(layer)
        inputs[name] = tuple(sources)
        network = Network(shape, layers, "random", inputs)
        sizes[name] = network[name].output_shape
    return network


def lit_by(network):
    """Which units of each row answer to which pixel, by trying each (lamps, rows, columns)."""
    height, width, _ = network.input_shape
    maps = {"input": np.eye(height * width, dtype=bool).reshape(-1, height, width)}
    for row in network:
        given = [maps[source] for source in row.fed_by]
        if row.kind == "GlobalAveragePooling2D":
            maps[row.name] = given[0].any(axis=(1, 2), keepdims=True)
        elif len(given) > 1:
            maps[row.name] = given[0] | given[1]
        else:
            maps[row.name] = answers(row.layer, given[0])
    return maps


def check_patch(row, i, j, seen):
    (top, bottom), (left, right) = row.input_patch(i, j)
    rows, columns = np.nonzero(seen)
    if not rows.size:
        assert (top, bottom) == (left, right) == (0, 0)
        return
    assert (top, bottom) == (rows.min(), rows.max() + 1)
    assert (left, right) == (columns.min(), columns.max() + 1)
    assert bottom - top <= row.receptive_field[0]
    assert right - left <= row.receptive_field[1]


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_a_unit_sees_what_reaches_it_by_any_path(network):
    maps = lit_by(network)
    for row in network:
        for i, j in np.ndindex(*row.grid):
            seen = maps[row.name][:, i, j].reshape(network.input_shape[:2])
            check_patch(row, i, j, seen)


@settings(max_examples=8, deadline=None)
@given(graphs())
def test_the_gradient_of_keras_reaches_the_same_pixels(network):
    import tensorflow as tf

    model, row, random = network.to_keras(), network.outputs[-1], np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(random.uniform(0.5, 1, variable.shape))
    image = tf.constant(random.uniform(0.5, 1, (1, *network.input_shape)), tf.float32)
    i, j = (count // 2 for count in row.grid)
    with tf.GradientTape() as tape:
        tape.watch(image)
        answer = model(image)
        answer = answer[-1] if isinstance(answer, list) else answer
        unit = tf.reduce_sum(answer[0, i, j] if len(row.output_shape) == 3 else answer)
    slopes = np.abs(tape.gradient(unit, image).numpy()[0]).sum(axis=-1)
    (top, bottom), (left, right) = row.input_patch(i, j)
    outside = slopes.copy()
    outside[top:bottom, left:right] = 0
    assert not outside.any(), "no pixel outside the patch changes the unit"
    pools = any(row.kind == "MaxPooling2D" for row in network)  # only the largest gets a gradient
    if not pools:
        rows, columns = np.nonzero(slopes)
        assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (
            top, bottom, left, right,
        )  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(graphs())
def test_a_graph_goes_to_keras_and_back_and_computes_the_same(network):
    model = network.to_keras()
    assert model.count_params() == network.parameters
    back = Network.from_keras(model)
    assert back.parameters == network.parameters
    twin = back.to_keras()
    keras_bridge.set_weights(twin, keras_bridge.get_weights(model))
    images = np.random.default_rng(0).uniform(size=(2, *network.input_shape)).astype("float32")
    for ours, theirs in zip(twin.outputs, model.outputs, strict=True):
        assert ours.shape == theirs.shape
    found, wanted = twin(images), model(images)
    for one, other in zip(
        *(x if isinstance(x, list) else [x] for x in (found, wanted)), strict=True
    ):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def joined(*branches, merge, size=(8, 8, 3)):
    layers = [*branches, merge]
    inputs = {branch.name: "input" for branch in branches}
    names = [branch.name for branch in branches]
    return Network(size, layers, inputs=inputs | {merge.name: names})


CLASHES = [
    (Conv2D(4, 3, name="a"), Conv2D(4, 1, name="b"), Add(name="m")),
    (Conv2D(4, 1, name="a"), Conv2D(4, 1, 2, name="b"), Add(name="m")),
    (Conv2D(4, 1, name="a"), Conv2D(6, 1, name="b"), Multiply(name="m")),
    (Conv2D(4, 1, name="a"), Conv2D(6, 3, (1, 2), name="b"), Maximum(name="m")),
    (Conv2D(4, (3, 1), name="a"), Conv2D(6, (1, 3), name="b"), Subtract(name="m")),
    (Conv2D(4, 3, name="a"), Conv2D(6, 1, name="b"), Concatenate(name="m")),
    (Conv2D(4, 3, name="a"), Conv2D(6, (3, 1), name="b"), Concatenate(1, name="m")),
    (Flatten(name="a"), GlobalAveragePooling2D(name="b"), Add(name="m")),
    (Conv2D(4, 3, name="a"), GlobalAveragePooling2D(name="b"), Multiply(name="m")),
    (Conv2D(4, 3, name="a"), GlobalAveragePooling2D(name="b"), Concatenate(name="m")),
]


@pytest.mark.parametrize("branches", CLASHES)
def test_a_clash_names_both_branches_and_what_it_advises_mends_it(branches):
    *branches, merge = branches
    with pytest.raises(ValueError, match=r"^m: a gives .* and b gives .* cannot join: ") as caught:
        joined(*branches, merge=merge)
    advice = re.findall(r"(\w+\(.*?\)) after (\w+)(?= and |$)", str(caught.value))
    layers, inputs, feeds = list(branches), {b.name: "input" for b in branches}, ["a", "b"]
    assert advice
    for number, (code, name) in enumerate(advice):
        layer = eval(code.split(" put ")[-1], vars(cnnlib))
        layers.append(type(layer)(**{**vars(layer), "name": f"mend{number}"}))
        inputs[f"mend{number}"] = name
        feeds[feeds.index(name)] = f"mend{number}"
    Network((8, 8, 3), [*layers, merge], inputs={**inputs, "m": feeds})


@pytest.mark.parametrize(
    ("layers", "inputs", "message"),
    [
        ([Add(name="s")], {}, "s: Add joins branches, and only input leads here"),
        ([Dense(4, name="a"), Dense(4, name="b")], {"b": ("input", "a")},
         "b: Dense reads one row, not 2 (input, a): join them before it, by Add() or Concat"),
        ([Dense(4, name="a")], {"b": "input"}, "inputs names a row 'b'; there are a"),
        ([Dense(4, name="a")], {"a": "b"}, "a: inputs feeds it 'b', which is no row"),
        ([Dense(4, name="a")], {"a": "a"}, "a: inputs feeds it 'a', which stands after it"),
        ([Dense(4, name="a")], {"a": ()}, "a: inputs feeds it nothing"),
        ([Dense(4, name="a")], 3, "inputs must name for a row those that feed it"),
        ([Dense(4, name="input")], {"input": "input"}, "a layer is named 'input'"),
        ([Dense(4, name="a"), Dense(3), Dense(4, name="a")], {}, "a (2): the weights of a have"),
        ([Dense(4, name="a"), Subtract(name="s")], {"s": ("a", "a", "input")}, "drop input"),
    ],
)  # fmt: skip
def test_what_feeds_what_must_make_sense(layers, inputs, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Network((4,), layers, inputs=inputs)


def test_a_layer_that_is_used_again_is_counted_once_and_works_twice():
    layer = Dense(4, name="again")
    network = Network((4,), [layer, layer], name="twice")
    first, second = network
    assert (first.parameters, second.parameters) == (20, 0)
    assert first.macs == second.macs == 16
    assert str(second.derive("parameters")) == (
        "again (2): parameters, those of again\n  parameters = 0"
    )
    model = network.to_keras()
    assert model.count_params() == network.parameters == 20
    assert Network.from_keras(model) == network
    ((kernel, bias),) = keras_bridge.get_weights(model).values()
    vector = np.random.default_rng(0).normal(size=(1, 4)).astype("float32")
    expected = (vector @ kernel + bias) @ kernel + bias
    np.testing.assert_allclose(model(vector), expected, rtol=1e-5, atol=1e-6)


def test_paths_that_lie_apart_are_said_to():
    right = Conv2D(1, 8, padding=((0, 1), (0, 1)), name="right")
    network = joined(Conv2D(1, 7, name="left"), right, merge=Add(name="m"), size=(32, 32, 1))
    told = "misaligned by half a pixel: left starts at 3, right at 3.5"
    assert network["m"].misalignment == told
    assert told in str(network["m"].derive("receptive_field"))
    assert told in str(network.table("misalignment"))
    narrow = Conv2D(1, 5, name="narrow")
    strided = Conv2D(1, 1, (2, 1), name="strided")
    network = Network(
        (9, 9, 1), [narrow, Conv2D(1, (1, 5), name="b"), strided, Add(name="m")],
        inputs={"b": "input", "m": ("narrow", "strided")},
    )  # fmt: skip
    assert network["m"].misalignment.startswith("rows misaligned in jump: narrow jumps by 1, stri")
    assert joined(narrow, Conv2D(1, 5, name="b"), merge=Add(name="m"))["m"].misalignment is None


def test_a_gate_sees_all_and_so_does_what_it_weighs():
    layers = [Conv2D(4, 3, name="c"), GlobalAveragePooling2D(name="g"), Multiply(name="m")]
    network = Network((9, 9, 1), layers, inputs={"m": ("c", "g")})
    assert network["c"].input_patch() == ((0, 3), (0, 3))
    assert network["m"].input_patch() == ((0, 9), (0, 9))
    assert network["m"].receptive_field == (9, 9)
    assert network["m"].misalignment is None
    assert network["m"].macs == 7 * 7 * 4


def test_several_outputs():
    network = Network((4,), [Dense(3, name="a"), Dense(2, name="b")], "two", {"b": "input"})
    assert [row.name for row in network.outputs] == ["a", "b"]
    with pytest.raises(
        ValueError, match=r"two has 2 outputs: a .3,., b .2,.; ask outputs.0..output_shape"
    ):
        _ = network.output_shape
    assert [output.shape[1:] for output in network.to_keras().outputs] == [(3,), (2,)]


def test_what_only_follows_chains_says_so():
    network = joined(Conv2D(1, 3, name="a"), Conv2D(1, 3, name="b"), merge=Add(name="m"))
    with pytest.raises(ValueError, match="network has branches, and the figure follows one path"):
        interactive.receptive_field_explorer(network)
    with pytest.raises(ValueError, match="NumpyModel runs chains, and network has branches"):
        training.NumpyModel(network)
    assert "network" in str(interactive.parameter_ledger(network))


def ladder(rungs):
    layers, inputs = [], {}
    for i in range(rungs):
        layers += [Conv2D(4, 3, padding="same", name=f"c{i}"), Add(name=f"s{i}")]
        inputs[f"s{i}"] = (f"s{i - 1}" if i else "input", f"c{i}")
    return Network((16, 16, 4), layers, inputs=inputs)


def test_a_graph_four_times_as_deep_takes_about_four_times_as_long():
    few, many = (min(timeit(lambda n=n: ladder(n), number=1) for _ in range(3)) for n in (100, 400))
    assert many < 12 * few
    assert ladder(400)[-1].input_patch(8, 8) == ((0, 16), (0, 16))


def test_a_file_of_a_known_model_is_read_without_tensorflow(tmp_path):
    import keras

    model = keras.applications.ResNet50(weights=None)
    path = tmp_path / "ResNet50.json"
    path.write_text(model.to_json())
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['tensorflow', 'keras']))\n"
        "import json; from cnnlib import Network\n"
        f"net = Network.from_keras({str(path)!r})\n"
        "fields = [r.receptive_field[0] for r in net if len(r.output_shape) == 3]\n"
        "print(json.dumps([net.parameters, fields[-1], {r.name: r.output_shape for r in net}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    parameters, field, shapes = json.loads(done.stdout)
    assert parameters == model.count_params() == 25_636_712
    assert field == 483  # Araujo, Norris and Sim (2019), table 1
    theirs = {layer.name: [*layer.output.shape[1:]] for layer in model.layers[1:]}
    assert shapes == theirs


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # h5py's, on Keras's weights
def test_an_open_size_is_given_and_a_closed_one_is_not_changed(tmp_path):
    import keras

    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, keras.layers.Conv2D(2, 3)(inputs), name="open")
    path = tmp_path / "open.keras"
    model.save(path)
    message = re.escape("has an open size: give it numbers, as in from_keras(..., input_shape=(224")
    with pytest.raises(ValueError, match=message):
        Network.from_keras(path)
    assert Network.from_keras(path, input_shape=(8, 9, 3)).output_shape == (6, 7, 2)
    with pytest.raises(ValueError, match=r"open reads .*, not input_shape="):
        Network.from_keras(path, input_shape=(8, 9, 4))
