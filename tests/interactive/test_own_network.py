"""A model's file is counted in the page as the library counts it, and refused in one clear line."""

import io
import json
import math
import zipfile

import numpy as np
import pytest

from cnnlib import Network, interactive, layers
from cnnlib.figures import style
from cnnlib.interactive.costs import QUANTITIES
from cnnlib.interactive.element import script
from cnnlib.interactive.kinds import known_kinds
from tests.interactive.test_page import AXE, RULES

SEED, GRAPHS = 20261129, 60
NAME = "cnn-parameter-ledger"
LARGEST = 60 * 1024  # bytes of all that runs in the page
COUNT = """([known, configs]) => {
    const { countNetwork } = customElements.get("cnn-parameter-ledger").arithmetic;
    return configs.map(([config, given]) => {
        try {
            return countNetwork(config, known, given);
        } catch (problem) {
            return problem.constructor.name === "Problem" ? problem.message : problem;
        }
    });
}"""


@pytest.fixture(scope="module")
def count(show_once):
    """Count configurations in the page: (config, input shape) each; a refusal is its message."""
    page = show_once(interactive.parameter_ledger())
    return lambda configs: page.evaluate(COUNT, [known_kinds(), configs])


def library(config, input_shape=None):
    """What the library counts, in the form of the page's, or the message of its refusal."""
    try:
        network = Network.from_keras(config, input_shape)
        rows = [
            {"name": row.name, "kind": row.kind, "output": style.shape_text(row.output_shape)}
            | {quantity: cost(row, quantity) for quantity in QUANTITIES}
            for row in network
        ]
    except ValueError as error:
        return str(error)
    return {"name": network.name, "fixed": network.non_trainable_parameters, "layers": rows}


def cost(row, quantity):
    why = row.derive(quantity)
    return {"value": why.value, "lines": [equation.text() for equation in why.equations]}


def page_s(found):
    """What the page counted, without what its rows keep for themselves."""
    if isinstance(found, str):
        return found
    own = ("shape", "fixed", "weights", "parameter_bytes")
    rows = [{key: row[key] for key in row if key not in own} for row in found["layers"]]
    return {**found, "layers": rows}


def tensor(name, call=0, output=0):
    history = {"keras_history": [name, call, output]}
    return {"class_name": "__keras_tensor__", "config": history}


def layer(kind, name, *calls, **settings):
    """A layer as Keras 3 writes it, called once for each list of names."""
    nodes = [{"args": [[tensor(name) for name in call]], "kwargs": {}} for call in calls]
    config = {"name": name, "trainable": True, **settings}
    module = {"module": "keras.layers", "registered_name": None}
    return {"class_name": kind, **module, "name": name, "config": config, "inbound_nodes": nodes}


def functional(*listed, outputs):
    entry = [listed[0]["name"], 0, 0]
    ends = [[name, 0, 0] for name in outputs]
    return {"name": "net", "layers": [*listed], "input_layers": [entry], "output_layers": ends}


def start(*shape):
    return layer("InputLayer", "x", batch_shape=[None, *shape])


def chain(shape, *others):
    """A functional model of these (kind, settings), one after the other."""
    listed = [start(*shape)]
    for kind, settings in others:
        name = f"{kind.lower()}_{len(listed)}"
        listed.append(layer(kind, name, [listed[-1]["name"]], **settings))
    return functional(*listed, outputs=[listed[-1]["name"]])


def some(rng):
    """Kinds with settings drawn at random, some of which will not fit."""

    def whole(low=1, high=4):
        return int(rng.integers(low, high))

    def two(low=1, high=4):
        return [whole(low, high), whole(low, high)]

    def yes():
        return bool(rng.integers(2))

    def one(*options):
        return options[rng.integers(len(options))]

    how = {"padding": one("valid", "same"), "use_bias": yes(), "activation": one("relu", None)}
    window = {"kernel_size": two(), **how}
    window |= {"dilation_rate": two()} if yes() else {"strides": [whole(1, 3)] * 2}
    pool = {"pool_size": two(), "strides": one(None, two()), "padding": how["padding"]}
    edges = [two(0, 3), two(0, 3)]
    groups = whole(1, 4)
    interpolation = {"interpolation": one("nearest", "bilinear")}
    return {
        "Conv2D": {**window, "filters": groups * whole(), "groups": groups},
        "DepthwiseConv2D": {**window, "depth_multiplier": whole(1, 3)},
        "SeparableConv2D": {**window, "filters": whole(), "depth_multiplier": whole(1, 3)},
        "Conv2DTranspose": {
            **how, "filters": whole(), "kernel_size": two(), "strides": two(1, 3),
            "output_padding": None,
        },
        "MaxPooling2D": pool,
        "AveragePooling2D": pool,
        "GlobalMaxPooling2D": {"keepdims": yes()},
        "GlobalAveragePooling2D": {"keepdims": yes()},
        "Dense": {"units": whole(1, 9), "use_bias": yes(), "activation": "linear"},
        "Flatten": {},
        "Reshape": {"target_shape": one([-1], [-1, 1, 2], [2, 2, -1], [3, 4, 5])},
        "Permute": {"dims": one([2, 1, 3], [3, 1, 2], [1])},
        "BatchNormalization": {"axis": one(-1, 3), "scale": yes(), "center": yes()},
        "LayerNormalization": {"axis": [-1], "scale": yes(), "center": yes()},
        "Normalization": {"axis": -1, **one({}, {"mean": [0.5], "variance": 2.0})},
        "Rescaling": {"scale": one(0.5, [1.0, 2.0]), "offset": 0.0},
        "LayerScale": {"projection_dim": whole(), "init_values": 1e-6},
        "PReLU": {"shared_axes": one(None, [1, 2], [3], [1, 2, 3])},
        "Softmax": {"axis": one(-1, 1, 3)},
        "ReLU": {"max_value": 6.0},
        "LeakyReLU": {"negative_slope": 0.1},
        "ELU": {"alpha": 1.0},
        "Activation": {"activation": one("tanh", "softmax")},
        "Identity": {},
        "ActivityRegularization": {"l1": 0.1, "l2": 0.0},
        "Dropout": {"rate": 0.5, "seed": None, "noise_shape": one(None, [None, 1, 1, None])},
        "SpatialDropout2D": {"rate": 0.5},
        "AlphaDropout": {"rate": 0.5},
        "GaussianNoise": {"stddev": 0.5},
        "GaussianDropout": {"rate": 0.5},
        "RandomFlip": {"mode": "horizontal", "data_format": "channels_last"},
        "ZeroPadding2D": {"padding": edges},
        "Cropping2D": {"cropping": edges},
        "CenterCrop": {"height": whole(1, 6), "width": whole(1, 6)},
        "UpSampling2D": {"size": two(1, 3), **interpolation},
        "Resizing": {"height": whole(1, 9), "width": whole(1, 9), **interpolation},
        "Add": {},
        "Subtract": {},
        "Multiply": {},
        "Average": {},
        "Maximum": {},
        "Minimum": {},
        "Concatenate": {"axis": one(-1, -2, 1)},
    }  # fmt: skip


MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")


def random_graph(rng):
    """A graph that the library reads, and all that it refused on the way."""
    listed = [start(*rng.integers(4, 12, 2).tolist(), int(rng.integers(1, 5)))]
    shapes, refused = {"x": tuple(listed[0]["config"]["batch_shape"][1:])}, []
    graph = None
    for number in range(int(rng.integers(3, 12))):
        kinds = some(rng)
        kind = [*kinds][rng.integers(len(kinds))]
        if rng.integers(4) == 0:
            kind = MERGES[rng.integers(len(MERGES))]
        names = [*shapes]
        sources = [names[-1 if rng.integers(3) else rng.integers(len(names))]]
        if kind in MERGES:
            alike = [n for n in names if shapes[n] == shapes[sources[0]] or not rng.integers(5)]
            sources += rng.choice(alike, int(rng.integers(1, 3))).tolist()
        node = layer(kind, f"{kind.lower()}_{number}", sources, **kinds[kind])
        node["config"]["trainable"] = bool(rng.integers(5))
        if kind == "SpatialDropout2D":
            del node["config"]["trainable"]
        feeding = {t for each in [*listed, node] for t in fed_by(each)}
        outputs = [each["name"] for each in [*listed, node] if each["name"] not in feeding]
        config = functional(*listed, node, outputs=outputs)
        if isinstance(library(config), str):
            refused.append(config)
            continue
        listed.append(node)
        shapes[node["name"]] = Network.from_keras(config)[node["name"]].output_shape
        graph = config
    return graph, refused


def fed_by(node):
    return [
        t["config"]["keras_history"][0] for call in node["inbound_nodes"] for t in call["args"][0]
    ]


def test_random_graphs_are_counted_as_the_library_counts_them(count):
    rng = np.random.default_rng(SEED)
    drawn = [random_graph(rng) for _ in range(GRAPHS)]
    refused = [config for _, configs in drawn for config in configs]
    graphs = [graph for graph, _ in drawn if graph]
    found = count([[graph, None] for graph in graphs])
    for graph, seen in zip(graphs, found, strict=True):
        assert page_s(seen) == library(graph)
    counted = {row["kind"] for seen in found for row in seen["layers"]}
    assert len(counted) > 35, "nearly every kind stands in one of them"
    assert any(len(n["inbound_nodes"][0]["args"][0]) > 2 for g in graphs for n in g["layers"][1:])
    assert len(refused) > 50
    for config, message in zip(refused, count([[c, None] for c in refused]), strict=True):
        assert isinstance(message, str)
        assert message.split(":")[0] == library(config).split(":")[0], "it names the layer"
        assert "\n" not in message


def test_each_kind_alone_under_many_settings(count):
    rng, configs = np.random.default_rng(SEED), []
    for _ in range(20):
        for kind, settings in some(rng).items():
            calls = [["x"] * 2] if kind in MERGES else [["x"]]
            shape = rng.integers(3, 9, 3).tolist() if rng.integers(5) else [12]
            configs.append(
                functional(start(*shape), layer(kind, "k", *calls, **settings), outputs="k")
            )
    counted = 0
    for config, seen in zip(configs, count([[c, None] for c in configs]), strict=True):
        wanted = library(config)
        if isinstance(wanted, str):
            assert seen.split(":")[0] == wanted.split(":")[0]
        else:
            assert page_s(seen) == wanted
            counted += 1
    assert counted > len(configs) / 2


def test_every_kind_of_the_library_is_told_to_the_page_and_has_its_rule(count):
    rng = np.random.default_rng(0)
    kinds = {name: getattr(layers, name) for name in layers.__all__}
    with_twins = {name for name, kind in kinds.items() if getattr(kind, "keras_kinds", ())}
    assert set(known_kinds()["kinds"]) == with_twins
    assert {kind.__name__ for kind in map(of_library, some(rng))} == with_twins


def of_library(name):
    kinds = (getattr(layers, each) for each in layers.__all__)
    return next(kind for kind in kinds if name in getattr(kind, "keras_kinds", ()))


FAMILIES = {
    "ConvNeXtTiny": {}, "DenseNet121": {}, "EfficientNetB0": {}, "EfficientNetV2B0": {},
    "InceptionV3": {}, "MobileNet": {"alpha": 0.25}, "MobileNetV2": {"alpha": 0.35},
    "MobileNetV3Small": {"minimalistic": True}, "NASNetMobile": {}, "ResNet50": {},
    "InceptionResNetV2": {}, "ResNet50V2": {}, "VGG16": {}, "Xception": {},
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_the_families_that_keras_ships(family, count):
    import keras

    how = {"weights": None, "include_top": False, "input_shape": (96, 80, 3)}
    model = getattr(keras.applications, family)(**how, **FAMILIES[family])
    config = json.loads(model.to_json())
    (found,) = count([[config, None]])
    assert page_s(found) == library(config)
    assert sum(row["parameters"]["value"] for row in found["layers"]) == model.count_params()


def test_a_layer_of_a_family_s_own_is_a_scaled_branch_and_a_sum(count):
    import keras

    model = keras.applications.InceptionResNetV2(False, None, input_shape=(96, 80, 3))
    (found,) = count([[json.loads(model.to_json()), None]])
    rows = {row["name"]: row for row in found["layers"]}
    for each in model.layers[1:]:
        assert rows[each.name]["shape"] == [*each.output.shape[1:]]
        assert rows[each.name]["parameters"]["value"] == each.count_params()
    name = [layer.name for layer in model.layers if "scale" in layer.name][-1]
    last = rows[name]
    values = math.prod(last["shape"])
    assert last["kind"] == "Add"
    assert last["connections"]["value"] == 2 * values
    assert rows[f"{name}_scaled"]["macs"]["value"] == values


def damaged(rng, config):
    """The configuration with one thing in it, anywhere, taken out or put in another's place."""
    config = json.loads(json.dumps(config))
    held, depth = config, int(rng.integers(1, 9))
    for _ in range(depth):
        keys = [*held] if isinstance(held, dict) else [*range(len(held))]
        key = keys[rng.integers(len(keys))]
        if not isinstance(held[key], dict | list) or not held[key]:
            break
        held, last = held[key], (held, key)
    else:
        held, key = last
    junk = [None, -1, 0, 2, 2.5, "x", "valid", [], [1, 2], {}, {"a": 1}, True]
    if rng.integers(2):
        del held[key]
    else:
        held[key] = junk[rng.integers(len(junk))]
    return config


def test_a_damaged_configuration_is_read_as_the_library_reads_it_or_refused_in_one_line(count):
    rng = np.random.default_rng(SEED)
    wholes = [graph for graph, _ in (random_graph(rng) for _ in range(20)) if graph]
    configs = [damaged(rng, wholes[i % len(wholes)]) for i in range(300)]
    told = 0
    for config, seen in zip(configs, count([[c, None] for c in configs]), strict=True):
        if isinstance(seen, str):
            assert seen
            assert "\n" not in seen
            told += 1
        try:
            wanted = library(config)
        except (TypeError, AttributeError):
            continue
        if isinstance(wanted, dict):
            assert page_s(seen) == wanted
    assert told > 80


KERAS_2 = {
    "class_name": "Functional",
    "config": {
        "name": "old",
        "layers": [
            {
                "class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                "config": {"name": "x", "batch_input_shape": [None, 8, 8, 3]},
            },
            {
                "class_name": "Conv2D", "name": "twice",
                "config": {"name": "twice", "filters": 3, "kernel_size": [3, 3], "padding": "same"},
                "inbound_nodes": [[["x", 0, 0, {}]], [["twice", 0, 0, {}]]],
            },
            {
                "class_name": "Concatenate", "name": "out", "config": {"name": "out", "axis": -1},
                "inbound_nodes": [[["twice", 0, 0, {}], ["twice", 1, 0, {}]]],
            },
        ],
        "input_layers": [["x", 0, 0]],
        "output_layers": [["out", 0, 0]],
    },
}  # fmt: skip


def nested(depth):
    """A Sequential in a Sequential, each with a convolution of the same name."""
    convolution = {"name": "conv", "filters": 2, "kernel_size": 2}
    inner = [{"class_name": "Conv2D", "config": convolution}]
    if depth:
        inner.append({"class_name": "Sequential", "config": nested(depth - 1)})
    return {"name": f"net{depth}", "build_input_shape": [None, 9, 9, 1], "layers": inner}


def called_twice():
    """A functional model inside another, called twice: Keras counts its calls from 1."""
    convolution = layer("Conv2D", "conv", ["x"], filters=3, kernel_size=1)
    inner = functional(start(8, 8, 3), convolution, outputs=["conv"])
    model = {**layer("Functional", "inner", ["x"], ["inner"]), "config": inner}
    return functional(start(8, 8, 3), model, outputs=[]) | {"output_layers": ["inner", 2, 0]}


def operation(name, **given):
    node = {"args": [], "kwargs": {"x1": tensor("x"), **given}}
    module = {"module": "keras.src.ops.numpy", "config": {"name": "op"}}
    op = {"class_name": name, "name": "op", **module, "inbound_nodes": [node]}
    return functional(start(4), op, outputs=["op"])


@pytest.mark.parametrize(
    "config",
    [
        KERAS_2,
        nested(3),
        called_twice(),
        operation("Add", x2=2.5),
        operation("Subtract", x2=tensor("x")),
    ],
    ids=["Keras 2", "models in models", "a model twice", "a number added", "an operation on two"],
)
def test_older_nested_and_written_as_operations(config, count):
    (found,) = count([[config, None]])
    assert page_s(found) == library(config)
    assert found["layers"]


def mine(**changes):
    convolution = layer("Conv2D", "c", ["x"], filters=2, kernel_size=[3, 3])
    convolution["config"] |= changes.pop("config", {})
    return functional(start(4, 4, 3), convolution | changes, outputs=["c"])


CIRCLE = functional(
    start(4), layer("Add", "a", ["x", "b"]), layer("ReLU", "b", ["a"]), outputs=["b"]
)
REFUSED = {
    "a mapping lists no layers": {},
    "Mine lists no layers": {"class_name": "Mine", "config": {"units": 2}},
    "is fed by its own output": CIRCLE,
    "the layer 'y' is missing": functional(start(4), layer("ReLU", "r", ["y"]), outputs=["r"]),
    "c: a RandomCrop cannot be read": mine(class_name="RandomCrop"),
    "c: a constructor cannot be read": mine(class_name="constructor"),
    "c: a Lambda holds program code, which is never run here": mine(class_name="Lambda"),
    "c: a Conv2D of mine cannot be read, for it may compute anything": mine(module="mine"),
    "c: data_format='channels_first' cannot be read; only 'channels_last' can": mine(
        config={"data_format": "channels_first"}
    ),
    "c: sparsity=0.5 cannot be read; Conv2D has no such setting": mine(config={"sparsity": 0.5}),
    "c: filters must be a whole number of at least 1, not -2 (int)": mine(config={"filters": -2}),
    "c: kernel_size must be one whole number or two (rows, columns), not [1, 2, 3]": mine(
        config={"kernel_size": [1, 2, 3]}
    ),
    "c: use_bias must be True or False, not 'no'": mine(config={"use_bias": "no"}),
    "c: activation must be one of": mine(config={"activation": "glu"}),
    "c: its activation f is none of Keras's own functions": mine(
        config={"activation": {"class_name": "function", "config": "f"}}
    ),
    "c: 2 filters do not divide into 4 groups": mine(config={"groups": 4}),
    "c: 3 input channels do not divide into 2 groups": mine(config={"groups": 2}),
    "c: a 9×9 window does not fit its 4×4 input: ⌊(4 + 2·0 − 9) / 1⌋ + 1 = −4": mine(
        config={"kernel_size": 9}
    ),
    "add_2: input gives 4×4×3 and conv2d_1 gives 2×2×3, which Add cannot join": functional(
        start(4, 4, 3), layer("Conv2D", "conv2d_1", ["x"], filters=3, kernel_size=3),
        layer("Add", "add_2", ["x", "conv2d_1"]), outputs=["add_2"],
    ),
    "conv2d_1: Conv2D reads an image (rows, columns, channels), not 4 values in a row": chain(
        (4,), ("Conv2D", {"filters": 1, "kernel_size": 2})
    ),
    "batchnormalization_1: axis=1 cannot be read, for it is not the last": chain(
        (4, 4, 3), ("BatchNormalization", {"axis": 1})
    ),
    "its input (8, 8) is neither an image nor a vector": chain(
        (8, 8), ("Flatten", {})
    ),
    "larger than a page can count": chain((4, 4, 3), ("ZeroPadding2D", {"padding": 10**15})),
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_counted_is_refused_by_name(message, count):
    (said,) = count([[REFUSED[message], None]])
    assert message in said
    if "a page" not in message:
        assert said.split(";")[0].split(": build")[0] in library(REFUSED[message])


def test_a_layer_that_is_used_again_has_one_name_and_one_set_of_weights(count):
    twice = [layer("Dense", "d", ["x"], ["d"], units=5), layer("ReLU", "r", ["d"])]
    (said,) = count([[functional(start(4), *twice, outputs=["r"]), None]])
    assert said.startswith("d: its settings and weights are not those of d")


def test_it_stays_small():
    assert len(script("parameter-ledger").encode()) <= LARGEST


@pytest.fixture
def ledger(show):
    return opened(show(interactive.parameter_ledger()))


def opened(page):
    page.wait_for_function(f"document.querySelector('{NAME}').shadowRoot?.querySelector('.bars')")
    return page


SMALL = chain((8, 8, 3), ("Conv2D", {"filters": 2, "kernel_size": 3}), ("BatchNormalization", {}))
OPEN = {**chain((None, None, 3), ("Conv2D", {"filters": 2, "kernel_size": 3})), "name": "open"}


def zipped(config=SMALL, how=zipfile.ZIP_DEFLATED, name="config.json", comment=b""):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as archive:
        archive.writestr("metadata.json", "{}")
        entry = zipfile.ZipInfo(name)
        entry.compress_type, entry.extra = how, b"\xfe\xca\x02\x00ab"  # as some archivers add
        archive.writestr(entry, config if isinstance(config, bytes) else json.dumps(config))
        archive.writestr("model.weights.h5", bytes(9000))
        archive.comment = comment
    return held.getvalue()


def choose(page, name, content):
    file = {"name": name, "mimeType": "", "buffer": content}
    page.get_by_label("model file").set_input_files(file)


def drop(page, *files):
    taken = page.evaluate(
        """([name, files]) => {
            const dataTransfer = new DataTransfer();
            for (const [name, bytes] of files) {
                dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
            }
            const card = document.querySelector(name).shadowRoot.querySelector(".card");
            const events = ["dragover", "drop"].map(
                (type) => new DragEvent(type, { dataTransfer, cancelable: true }),
            );
            return events.map((event) => !card.dispatchEvent(event));
        }""",
        [NAME, [[name, [*content]] for name, content in files]],
    )
    assert taken == [True, True], "the browser is not to open the file itself"


def amounts(page):
    rows = page.locator(".bars > button").all()
    return [row.locator(".amount").evaluate("node => node.firstChild.data") for row in rows]


COUNTED = "net: 2 layers, 64 parameters, 4 of which never learn."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.keras", zipped()),
        ("stored.keras", zipped(how=zipfile.ZIP_STORED)),
        ("said.keras", zipped(comment=b"by hand")),
        ("model.json", json.dumps(SMALL).encode()),
    ],
)
def test_a_file_is_chosen_and_counted(name, content, ledger):
    choose(ledger, name, content)
    ledger.get_by_role("status").get_by_text(COUNTED).wait_for()
    assert amounts(ledger) == ["56", "8"]
    network = ledger.get_by_role("combobox", name="network")
    assert network.locator("option:checked").inner_text() == "net"
    ledger.get_by_role("radio", name="MACs").check(force=True)
    assert amounts(ledger) == [f"{row.macs:,}" for row in Network.from_keras(SMALL)]
    assert ledger.locator(".derivation").inner_text().splitlines()[1] == (
        "macs = H′·W′·k_h·k_w·C·F = 6·6·3·3·3·2 = 1,944"
    )
    network.select_option(label="LeNet-5")
    assert len(amounts(ledger)) == 8


def test_a_file_is_dropped_and_counted(ledger):
    drop(ledger, ("model.keras", zipped()))
    ledger.get_by_role("status").get_by_text(COUNTED).wait_for()
    assert amounts(ledger) == ["56", "8"]
    assert not ledger.locator("[data-drop]").count()


def test_the_page_says_that_a_file_stays_there(ledger):
    assert ledger.get_by_text("never leaves your machine").is_visible()


def spoilt():
    """A .keras file with one byte of its stored configuration changed."""
    content = zipped(how=zipfile.ZIP_STORED)
    return content.replace(b'"filters": 2', b'"filters": 3')


def bomb():
    """A few thousand bytes that would unpack to a hundred million."""
    return zipped(b" " * 100_000_000)


FAULTS = {
    "text.keras": (lambda: b"weights", "no .keras file, for it is no zip archive"),
    "empty.keras": (lambda: b"", "no .keras file, for it is no zip archive"),
    "cut.keras": (lambda: zipped()[:300], "no .keras file, for it is no zip archive"),
    "other.keras": (lambda: zipped(name="notes"), "a zip archive without config.json is no Keras"),
    "spoilt.keras": (spoilt, "its configuration is damaged"),
    "garbled.keras": (
        lambda: (whole := zipped()).replace(whole[150:200], b"\xff" * 50),
        "save the model anew",
    ),
    "bomb.keras": (bomb, "its configuration has more than 64,000,000 bytes: it is no model"),
    "deep.json": (lambda: b"[" * 100_000, "its brackets lie more than 500 deep"),
    "cut.json": (lambda: b'{"config": {', "its configuration is damaged (SyntaxError)"),
    "binary.json": (lambda: b"\xff\xfe\x00", "its configuration is damaged (TypeError)"),
    "list.json": (lambda: b"[1]", "holds a list, not a model's configuration"),
    "model.h5": (lambda: b"", "is HDF5, which a page cannot read: save the model as model.keras"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_without_a_model_is_refused_in_one_line(name, ledger):
    make, fault = FAULTS[name]
    choose(ledger, name, make())
    alert = ledger.locator(".own").get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text().startswith(f"{name}: ")
    assert fault in alert.inner_text()
    assert ledger.get_by_label("model file").get_attribute("aria-invalid") == "true"
    assert len(amounts(ledger)) == 8, "the network before stays"
    choose(ledger, "model.keras", zipped())
    ledger.get_by_role("status").get_by_text(COUNTED).wait_for()
    assert not alert.is_visible()


def test_an_open_size_is_asked_for_and_counted_by_keyboard(ledger):
    choose(ledger, "open.json", json.dumps(OPEN).encode())
    alert = ledger.locator(".own").get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text() == (
        'open: its input (None, None, 3) has an open size: write its numbers into "input shape", '
        "as 224×224×3"
    )
    shape = ledger.get_by_label("input shape")
    assert shape.input_value() == "224×224×3"
    for typed, said in {
        "32×32×1": "open reads (None, None, 3), not 32×32×1",
        "32×a×3": "each size must be a whole number of at least 1, not 'a' (str)",
        "2×2×3": "conv2d_1: a 3×3 window does not fit its 2×2 input",
    }.items():
        shape.fill(typed)
        ledger.keyboard.press("Enter")
        assert said in alert.inner_text()
    shape.fill("10×8×3")
    ledger.keyboard.press("Enter")
    assert ledger.get_by_role("status").inner_text() == "open: 1 layers, 56 parameters."
    ledger.get_by_role("radio", name="MACs").check(force=True)
    assert amounts(ledger) == [f"{8 * 6 * 54:,}"]
    choose(ledger, "model.keras", zipped())
    ledger.get_by_role("status").get_by_text(COUNTED).wait_for()
    assert not shape.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_network_of_the_reader_s_nor_in_what_is_asked(theme, show):
    page = opened(show(interactive.parameter_ledger(), width=390, theme=theme))
    choose(page, "model.keras", zipped())
    page.get_by_role("status").get_by_text(COUNTED).wait_for()
    choose(page, "open.json", json.dumps(OPEN).encode())
    page.locator(".own").get_by_role("alert").wait_for()
    page.add_script_tag(content=AXE.read_text("utf-8"))
    found = page.evaluate("async (rules) => (await axe.run(rules)).violations", RULES)
    assert [each["id"] for each in found] == []


def test_a_long_network_scrolls_in_its_place_and_names_wrap_on_a_phone(show):
    page = opened(show(interactive.parameter_ledger(), width=390))
    long = chain((8, 8, 3), *[("Conv2D", {"filters": 3, "kernel_size": 1})] * 200)
    for each in long["layers"][1:]:
        each["config"]["name"] = each["name"] = each["name"].replace("conv2d", "a_very" * 9)
        for call in each["inbound_nodes"]:
            source = call["args"][0][0]["config"]["keras_history"]
            source[0] = source[0].replace("conv2d", "a_very" * 9)
    long["output_layers"] = [[long["layers"][-1]["name"], 0, 0]]
    choose(page, "long.json", json.dumps(long).encode())
    page.get_by_role("status").get_by_text("200 layers").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight") < 2500
    assert page.locator(".bars > [aria-current]").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".bars").evaluate("node => node.scrollHeight <= node.clientHeight")
