"""What does a Keras model's configuration say: which layers are called, and what feeds each?

A configuration is plain data: nothing here imports Keras, and nothing in a file is ever executed.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

DEEPEST = 500  # brackets within brackets: a hundred thousand end a browser's Python
LARGEST = 64_000_000  # bytes of a configuration; that of the largest known model has two million
MODELS = ("Sequential", "Functional", "Model")
# The first input plus the second times a scale, which Keras has no layer of its own for.
SCALED_SUM = ("keras.src.applications.inception_resnet_v2", "CustomScaleLayer")
SHAPES = ("batch_shape", "batch_input_shape")  # Keras 3, Keras 2


@dataclass(frozen=True)
class Call:
    """One use of a layer: its name, its kind, its settings, and the calls that feed it.

    `inputs` are places in `Graph.calls`. A layer that is used twice has two calls of one name.
    `arguments` are what the layer is called with besides its inputs, by name or by place.
    `module` is where Keras says that the kind is defined, and `path` leads to the layer by way of
    the models that hold it.
    """

    layer: str
    kind: str
    settings: Mapping[str, Any] = field(repr=False)
    inputs: tuple[int, ...] = ()
    arguments: Mapping[str | int, Any] = field(default_factory=dict, repr=False)
    module: str = field(default="keras.layers", repr=False)
    path: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Graph:
    """The calls of a model, nested models opened, in an order where each follows its inputs."""

    name: str
    calls: tuple[Call, ...]
    outputs: tuple[int, ...]


class _Source(NamedTuple):
    """Where a tensor comes from: a layer, the number of its call, the number of its output."""

    layer: str
    call: int
    output: int


def read_file(path: str | Path) -> Mapping[str, Any]:
    """Return the configuration that a `.keras`, `.json` or `.h5` file holds.

    No TensorFlow is needed; a `.h5` file asks for h5py, which Keras brings. A file that is none of
    these, is damaged, or holds no configuration raises a ValueError that names the file.
    """
    path = Path(path)
    if not path.is_file():
        folder = "it is a folder: save the model in one file, as model.keras"
        raise ValueError(f"{path}: {folder if path.is_dir() else 'there is no such file'}")
    try:
        if path.suffix in (".h5", ".hdf5"):
            content = _inside_h5(path)
        elif path.suffix == ".json":
            with path.open("rb") as file:
                content = file.read(LARGEST + 1)
        else:
            with zipfile.ZipFile(path) as archive, archive.open("config.json") as file:
                content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ValueError(f"its configuration has more than {LARGEST:,} bytes: it is no model")
        if _depth(content) > DEEPEST:
            raise ValueError(f"its brackets lie more than {DEEPEST} deep: it is no model")
        found = json.loads(content)
    except zipfile.BadZipFile:
        fault = "no .keras file, for it is no zip archive: save the model anew, as model.keras"
    except KeyError:
        fault = "a zip archive without config.json is no Keras model"
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        fault = f"its configuration is damaged ({type(error).__name__}): save the model anew"
    except (ValueError, OSError, EOFError, RuntimeError, zlib.error) as error:
        fault = f"cannot be read: {error}"
    else:
        if isinstance(found, Mapping):
            return found
        fault = f"holds a {type(found).__name__}, not a model's configuration"
    raise ValueError(f"{path}: {fault}")


def _depth(content: bytes) -> int:
    """How deep brackets lie within brackets, those of strings included."""
    signs = np.frombuffer(content, np.uint8)
    opening, closing = (np.isin(signs, [*pair]) for pair in (b"[{", b"]}"))
    return int(np.cumsum(opening.astype(np.int32) - closing).max(initial=0))


def _inside_h5(path: Path) -> bytes:
    try:
        import h5py
    except ModuleNotFoundError:
        raise ValueError(
            "a .h5 file asks for h5py, which comes with Keras: install it, or save as model.keras"
        ) from None
    with h5py.File(path, "r") as file:
        if "model_config" not in file.attrs:
            raise ValueError("it holds weights alone: save the whole model, as model.keras")
        text = file.attrs["model_config"]
    return text.encode("utf-8") if isinstance(text, str) else bytes(text)


def read_config(config: Mapping[str, Any]) -> Graph:
    """Open a configuration: `model.get_config()`, or `json.loads(model.to_json())`.

    >>> out = {"class_name": "Dense", "config": {"name": "out", "units": 2}}
    >>> graph = read_config({"name": "tiny", "build_input_shape": [None, 3], "layers": [out]})
    >>> [(call.layer, call.kind, call.inputs) for call in graph.calls]
    [('input', 'InputLayer', ()), ('out', 'Dense', (0,))]

    Keras 2 and 3 are read. What is no model, a layer that is missing, and layers that feed one
    another in a circle raise a ValueError.
    """
    try:
        inner = _layers_of(config)
        reader = _Reader()
        outputs = reader.open(inner, ())
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(
            f"the configuration is damaged: {type(error).__name__} {error}; save the model anew"
        ) from None
    return Graph(str(inner.get("name", "model")), tuple(reader.calls), tuple(outputs))


def _layers_of(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a model's configuration that lists its layers."""
    inner = config.get("config", config) if "layers" not in config else config
    if isinstance(inner, Mapping) and isinstance(inner.get("layers"), Sequence):
        return inner
    kind = config.get("class_name") or config.get("name") or "a mapping"
    raise ValueError(
        f"{kind} lists no layers, so it cannot be read: of a model subclassed from keras.Model "
        "read keras.Model(x, model.call(x)), where x = keras.Input(shape)"
    )


class _Reader:
    """Collects the calls of a model and of the models inside it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._names: dict[tuple[str, ...], str] = {}

    def open(
        self, model: Mapping[str, Any], path: tuple[str, ...], fed: Sequence[int] | None = None
    ) -> list[int]:
        """Add a model's calls, its inputs being those that it is fed; return its outputs."""
        if "input_layers" in model:
            return self._open_functional(model, path, fed)
        return self._open_sequential(model, path, fed)

    def _open_sequential(
        self, model: Mapping[str, Any], path: tuple[str, ...], fed: Sequence[int] | None
    ) -> list[int]:
        layers = list(model["layers"])
        if layers and layers[0]["class_name"] == "InputLayer":
            first = layers.pop(0)
        else:
            settings = [model.get("build_input_shape")]
            settings += [layer["config"].get(name) for layer in layers[:1] for name in SHAPES]
            shape = next(filter(None, settings), None)
            first = {"class_name": "InputLayer", "config": {"name": "input", "batch_shape": shape}}
        now = [*fed] if fed is not None else self._call(first, path, [])
        for layer in layers:
            now = self._call(layer, path, now)
        return now

    def _open_functional(
        self, model: Mapping[str, Any], path: tuple[str, ...], fed: Sequence[int] | None
    ) -> list[int]:
        layers = {_name(layer): layer for layer in model["layers"]}
        done: dict[tuple[str, int], list[int]] = {}
        if fed is not None:
            entries = (source[:2] for source in _listed(model["input_layers"]))
            done = {entry: [place] for entry, place in zip(entries, fed, strict=True)}
        outputs = [_from_zero(layers, source) for source in _listed(model["output_layers"])]
        for name, number in _ordered(layers, outputs):
            if (name, number) in done:
                continue
            sources, arguments = _fed_by(layers, name, number)
            if missing := [s for s in sources if s.output >= len(done[s[:2]])]:
                lacks = f"{missing[0].layer} has no output {missing[0].output}"
                raise ValueError(f"{lacks}, which {name} reads: save the model anew")
            places = [done[source[:2]][source.output] for source in sources]
            done[name, number] = self._call(layers[name], path, places, arguments)
        return [done[source[:2]][source.output] for source in outputs]

    def _call(
        self,
        layer: Mapping[str, Any],
        path: tuple[str, ...],
        inputs: Sequence[int],
        arguments: Mapping[str | int, Any] | None = None,
    ) -> list[int]:
        here = (*path, _name(layer))
        if layer["class_name"] in MODELS and "layers" in layer["config"]:
            return self.open(layer["config"], here, inputs)
        name, kind, settings = self._unique(here), str(layer["class_name"]), layer["config"]
        module = str(layer.get("module", "keras.layers"))  # Keras 2 does not always say
        module = module if module != "None" else ""
        if (module, kind) == SCALED_SUM:
            scaled, scale = self._unique((*path, f"{name}_scaled")), {"scale": settings["scale"]}
            self.calls.append(Call(scaled, "Rescaling", scale, (inputs[1],), {}, module, here))
            kind, settings, inputs = "Add", {}, [inputs[0], len(self.calls) - 1]
        self.calls.append(Call(name, kind, settings, tuple(inputs), arguments or {}, module, here))
        return [len(self.calls) - 1]

    def _unique(self, path: tuple[str, ...]) -> str:
        """The layer's name, with a number where a layer of another model inside has it already."""
        taken, name, number = set(self._names.values()), path[-1], 0
        while path not in self._names and name in taken:
            number += 1
            name = f"{path[-1]}_{number}"
        return self._names.setdefault(path, name)


def _name(layer: Mapping[str, Any]) -> str:
    return str(layer.get("name") or layer["config"]["name"])


def _listed(sources: Any) -> list[_Source]:
    """Every tensor in a structure of [layer, call, output], as `input_layers` holds them."""
    if isinstance(sources, Mapping):
        sources = list(sources.values())
    if len(sources) >= 3 and isinstance(sources[0], str) and isinstance(sources[1], int):
        return [_Source(*sources[:3])]
    return [source for inner in sources for source in _listed(inner)]


def _from_zero(layers: Mapping[str, Mapping[str, Any]], source: _Source) -> _Source:
    """The same tensor; Keras counts the calls of a functional model inside from 1, in places."""
    layer = layers.get(source.layer, {})
    inside = "input_layers" in layer.get("config", {})
    return source._replace(call=source.call - 1) if inside and source.call else source


def _fed_by(
    layers: Mapping[str, Mapping[str, Any]], name: str, number: int
) -> tuple[list[_Source], dict[str | int, Any]]:
    """Where the tensors of one call come from, in order, and what else it is called with."""
    layer = layers[name]
    nodes = layer.get("inbound_nodes") or []
    if number == 0 and not nodes and layer["class_name"] == "InputLayer":
        return [], {}
    if not 0 <= number < len(nodes):
        raise ValueError(f"{_name(layer)}: its call {number} is missing; save the model anew")
    node = nodes[number]
    if isinstance(node, Mapping):  # Keras 3
        given = {**dict(enumerate(node["args"])), **node["kwargs"]}
        sources = [source for value in given.values() for source in _tensors(value)]
    else:  # Keras 2
        sources = [_from_zero(layers, source) for source in _listed(node)]
        given = node[-1][3] if len(node[-1]) > 3 else {}
    return sources, {
        name: value
        for name, value in given.items()
        if value is not None and not any(_tensors(value))
    }


def _tensors(value: Any) -> Iterator[_Source]:
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            yield _Source(*value["config"]["keras_history"])
            return
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _tensors(inner)


def _ordered(
    layers: Mapping[str, Mapping[str, Any]], outputs: Sequence[_Source]
) -> Iterator[tuple[str, int]]:
    """Each call of each layer after the calls that feed it; otherwise in the order of the file."""
    wanted = [(name, i) for name, layer in layers.items() for i in range(_calls(layer))]
    begun: set[tuple[str, int]] = set()
    given: set[tuple[str, int]] = set()
    todo = [*reversed([*wanted, *(source[:2] for source in outputs)])]
    while todo:
        name, number = call = todo[-1]
        if call in given:
            todo.pop()
            continue
        if name not in layers:
            raise ValueError(f"the layer {name!r} is missing, which feeds others: save it anew")
        before = [source[:2] for source in _fed_by(layers, name, number)[0]]
        missing = [source for source in before if source not in given]
        if not missing:
            given.add(call)
            yield call
        elif call in begun:
            raise ValueError(f"{name} is fed by its own output, in a circle: save the model anew")
        begun.add(call)
        todo += reversed(missing)


def _calls(layer: Mapping[str, Any]) -> int:
    inner = layer["class_name"] == "InputLayer"
    return len(layer.get("inbound_nodes") or []) or int(inner)
