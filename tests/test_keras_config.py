"""Is a model's configuration opened as it stands, and a file that is none refused in one line?"""

import json
import zipfile

import pytest

from cnnlib import keras_config
from cnnlib.keras_config import read_config, read_file


def layer(kind, name, *sources, **settings):
    """A layer as Keras 3 writes it, called once for each list of sources."""
    nodes = [
        {"args": [[tensor(*source) for source in call]], "kwargs": {"mask": None}}
        for call in sources
    ]
    config = {"name": name, **settings}
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": nodes}


def tensor(name, call=0, output=0):
    history = {"keras_history": [name, call, output]}
    return {"class_name": "__keras_tensor__", "config": history}


def functional(*layers, inputs=("x", 0, 0), outputs=("out", 0, 0)):
    return {"name": "net", "layers": layers, "input_layers": inputs, "output_layers": outputs}


FAMILY = "keras.src.applications.inception_resnet_v2"
X = layer("InputLayer", "x", batch_shape=[None, 8, 8, 3])


def told(graph):
    return [(call.layer, call.kind, call.inputs) for call in graph.calls]


def test_branches_keep_the_order_of_the_file_where_it_is_one():
    graph = read_config(
        functional(
            X,
            layer("Conv2D", "left", [("x",)]),
            layer("Conv2D", "right", [("x",)]),
            layer("Add", "out", [("left",), ("right",)]),
        )
    )
    assert told(graph) == [
        ("x", "InputLayer", ()),
        ("left", "Conv2D", (0,)),
        ("right", "Conv2D", (0,)),
        ("out", "Add", (1, 2)),
    ]
    assert graph.outputs == (3,)


def test_each_call_follows_those_that_feed_it():
    graph = read_config(
        functional(
            layer("Add", "out", [("b",), ("x",)]),
            layer("Conv2D", "b", [("a",)]),
            layer("Conv2D", "a", [("x",)]),
            X,
        )
    )
    assert [call.layer for call in graph.calls] == ["x", "a", "b", "out"]
    assert graph.calls[3].inputs == (2, 0)


def test_a_layer_that_is_used_twice_has_two_calls():
    graph = read_config(
        functional(X, layer("Conv2D", "out", [("x",)], [("out",)]), outputs=("out", 1, 0))
    )
    assert told(graph)[1:] == [("out", "Conv2D", (0,)), ("out", "Conv2D", (1,))]
    assert graph.outputs == (2,)


def test_a_nested_model_is_opened_once_for_each_call():
    inner = functional(
        layer("InputLayer", "x"), layer("Conv2D", "out", [("x",)]), layer("ReLU", "r", [("out",)]),
        outputs=("r", 0, 0),
    )  # fmt: skip
    nested = {**layer("Functional", "inner", [("x",)], [("inner",)]), "config": inner}
    graph = read_config(functional(X, nested, layer("Add", "out", [("inner", 1), ("x",)])))
    assert told(graph) == [
        ("x", "InputLayer", ()),
        ("out", "Conv2D", (0,)),
        ("r", "ReLU", (1,)),
        ("out", "Conv2D", (2,)),
        ("r", "ReLU", (3,)),
        ("out_1", "Add", (4, 0)),
    ], "the layer of the outer model gets a name of its own"


def test_what_a_layer_is_called_with_besides_is_kept():
    node = {"args": [tensor("x"), 2], "kwargs": {"training": False, "mask": None}}
    scale = {"class_name": "Multiply", "name": "out", "config": {}, "inbound_nodes": [node]}
    assert read_config(functional(X, scale)).calls[1].arguments == {1: 2, "training": False}


def test_the_scaled_sum_of_inception_resnet_is_opened_into_a_rescaling_and_a_sum():
    scaled = {**layer("CustomScaleLayer", "out", [("x",), ("b",)], scale=0.17), "module": FAMILY}
    graph = read_config(functional(X, layer("ReLU", "b", [("x",)]), scaled))
    assert told(graph)[2:] == [("out_scaled", "Rescaling", (1,)), ("out", "Add", (0, 2))]
    assert graph.calls[2].settings["scale"] == 0.17
    assert graph.outputs == (3,)
    others = read_config(functional(X, layer("ReLU", "b", [("x",)]), scaled | {"module": "mine"}))
    assert others.calls[-1].kind == "CustomScaleLayer", "another's may compute anything"


def test_keras_2_is_read_too():
    layers = [
        {"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config": {"name": "x"}},
        {
            "class_name": "Add",
            "name": "out",
            "inbound_nodes": [[["x", 0, 0, {}], ["x", 0, 0, {}]]],
            "config": {"name": "out"},
        },
    ]
    config = {
        "name": "old", "layers": layers,
        "input_layers": [["x", 0, 0]], "output_layers": [["out", 0, 0]],
    }  # fmt: skip
    graph = read_config({"class_name": "Functional", "config": config})
    assert told(graph)[1] == ("out", "Add", (0, 0))


def test_a_sequential_tells_its_input_in_one_of_three_places():
    dense = {"class_name": "Dense", "config": {"name": "d"}}
    old = {"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [None, 3]}}
    start = {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [None, 3]}}
    for model in (
        {"layers": [start, dense]},
        {"layers": [dense], "build_input_shape": [None, 3]},
        {"layers": [old]},
    ):
        graph = read_config(model)
        assert graph.calls[0].settings["batch_shape"] == [None, 3]
        assert graph.calls[1].inputs == (0,)
    assert read_config({"layers": [dense]}).calls[0].settings["batch_shape"] is None


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({}, "a mapping lists no layers"),
        ({"class_name": "Mine", "config": {"units": 2}}, "Mine lists no layers, so it cannot"),
        (functional(X, layer("Add", "out", [("y",)])), "the layer 'y' is missing"),
        (functional(X, layer("Add", "out", [("x", 1)])), "x: its call 1 is missing"),
        (functional(X, outputs=("out", 0, 0)), "the layer 'out' is missing"),
        (
            functional(X, layer("Add", "out", [("x",), ("b",)]), layer("ReLU", "b", [("out",)])),
            "out is fed by its own output: the layers form a circle",
        ),
        ({"layers": [3]}, "the configuration is damaged: TypeError"),
        ({"layers": [{"class_name": "Dense"}]}, "the configuration is damaged: KeyError"),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(config, message):
    with pytest.raises(ValueError, match="^" + message) as caught:
        read_config(config)
    assert "\n" not in str(caught.value)


def test_a_thousand_layers_in_a_row_are_no_trouble():
    rest = [layer("ReLU", f"r{i}", [(f"r{i - 1}" if i else "x",)]) for i in range(1000)]
    graph = read_config(functional(*reversed(rest), X, outputs=("r999", 0, 0)))
    assert len(graph.calls) == 1001


def zipped(path, name="config.json", content=b"{}"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)


def test_a_file_is_read_as_it_was_written(tmp_path):
    config = {"config": {"name": "net", "layers": []}}
    zipped(tmp_path / "model.keras", content=json.dumps(config))
    (tmp_path / "model.json").write_text(json.dumps(config))
    assert read_file(tmp_path / "model.keras") == read_file(tmp_path / "model.json") == config


def test_a_file_without_a_model_is_refused_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(keras_config, "LARGEST", 1_000_000)
    files = {
        "none.keras": "there is no such file",
        "text.keras": "no .keras file, for it is no zip archive",
        "empty.keras": "no .keras file, for it is no zip archive",
        "other.keras": "a zip archive without config.json is no Keras model",
        "bomb.keras": "its configuration has more than 1,000,000 bytes",
        "deep.json": "cannot be read: its brackets lie more than 500 deep",
        "cut.json": "its configuration is damaged",
        "list.json": "holds a list, not a model's configuration",
        "binary.json": "its configuration is damaged",
        "fake.h5": "cannot be read",
    }
    (tmp_path / "text.keras").write_text("weights")
    (tmp_path / "empty.keras").write_bytes(b"")
    zipped(tmp_path / "other.keras", name="notes.txt")
    zipped(tmp_path / "bomb.keras", content=b" " * 50_000_000)
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "cut.json").write_text('{"config": {')
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "fake.h5").write_bytes(b"no HDF5")
    for name, fault in files.items():
        with pytest.raises(ValueError, match=fault) as caught:
            read_file(tmp_path / name)
        message = str(caught.value)
        assert message.startswith(f"{tmp_path / name}: ")
        assert "\n" not in message
