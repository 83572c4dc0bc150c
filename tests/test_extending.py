"""Does a kind of layer that CONTRIBUTING defines, outside the library, do all that others do?"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import cnnlib
from cnnlib import Activation, Conv2D, Dense, Flatten, Network, datasets, interactive, keras_bridge
from cnnlib.layers import Merge
from cnnlib.layers.settings import or_none, setting, text
from cnnlib.training import SGD, NumpyModel
from tests.test_running import Run, normal, slopes

GUIDE = Path(__file__).parents[1] / "CONTRIBUTING.md"
SECTION = re.search(r"^## Add a layer\n(.*?)^## ", GUIDE.read_text("utf-8"), re.S | re.M)[1]
(CODE,) = re.findall(r"```python\n(.*?)```", SECTION, re.S)


@pytest.fixture(scope="module")
def kind():
    names = {"__name__": __name__}
    exec(compile(CODE, "CONTRIBUTING.md", "exec"), names)
    return names["RMSNormalization"]


@pytest.fixture
def network(kind):
    layers = [
        Conv2D(4, 5, strides=2, name="C1"),
        kind(name="bend"),
        Conv2D(6, 3, name="C2"),
        kind(),
        Flatten(),
        Dense(10, activation="softmax", name="out"),
    ]
    return Network((16, 16, 1), layers, name="bent")


def test_the_class_is_short_and_stands_outside_the_library(kind):
    (written,) = [node for node in ast.parse(CODE).body if isinstance(node, ast.ClassDef)]
    assert written.end_lineno - written.lineno + 1 <= 45
    assert not kind.__module__.startswith("cnnlib")
    assert not hasattr(cnnlib, kind.__name__)


@pytest.mark.parametrize("path", re.findall(r"`([\w/]+\.py)`", SECTION))
def test_every_file_that_the_steps_name_is_there(path):
    assert (GUIDE.parent / path).is_file()


def test_what_the_steps_name_in_code_is_there(kind):
    named = set(re.findall(r"`([A-Za-z_]+)`", SECTION))
    tests = "".join(path.read_text("utf-8") for path in GUIDE.parent.glob("tests/*.py"))
    for name in named - {kind.__name__}:
        places = (kind, cnnlib, cnnlib.layers, cnnlib.layers.base, cnnlib.training)
        own = any(hasattr(place, name) for place in places)
        assert own or re.search(rf"^({name} = |def {name}\()", tests, re.M), name


def test_its_docstring_is_an_example_that_runs(kind):
    import doctest

    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    (example,) = finder.find(kind, kind.__name__, globs={kind.__name__: kind}, module=False)
    assert runner.run(example) == (0, 1)


def test_its_settings_are_checked(kind):
    with pytest.raises(ValueError, match="name must be a non-empty string, not 5"):
        kind(name=5)


def test_it_has_a_row_in_every_table(network):
    lines = str(network.table()).splitlines()
    (line,) = [line for line in lines if line.startswith("bend ")]
    assert line.split() == ["bend", "RMSNormalization", "6×6×4", "5×5", "4", "144", "144"]
    assert network.parameters == network["C1"].parameters + 4 + 6 + sum(
        network[name].parameters for name in ("C2", "out")
    )
    assert "bend" in network.table("parameters").to_markdown()
    assert network["rms_normalization"].kind == "RMSNormalization", (
        "without a name it has the one that Keras gives"
    )


def test_it_derives_its_numbers_as_text_and_as_mathematics(network):
    derivation = network["bend"].derive("connections")
    assert str(derivation).endswith("connections = H·W·C = 6·6·4 = 144")
    assert r"H \, W \, C" in derivation._repr_latex_()
    assert "  bend = C = 4" in str(network.derive("parameters"))


def test_it_sees_what_its_place_sees(network):
    assert network["bend"].receptive_field == network["C1"].receptive_field == (5, 5)
    assert network["C2"].receptive_field == (9, 9)
    assert network["bend"].input_patch(1, 2) == ((2, 7), (4, 9))


def test_it_stands_in_the_figures_to_touch(network):
    assert "bent" in str(interactive.parameter_ledger(network))
    assert "bend" in str(interactive.receptive_field_explorer(network))


def test_it_learns(network):
    digits, labels = (array[:300] for array in datasets.load_mnist()[0])
    images = datasets.prepare_digits(digits)[:, 8:24, 8:24].copy()
    model = NumpyModel(network)
    before = model.weights["bend"][0]
    losses = model.fit(images, labels, epochs=8, batch_size=30, optimizer=SGD(0.05), verbose=0)
    assert losses.history["loss"][-1] < 0.8 * losses.history["loss"][0]
    assert (model.weights["bend"][0] != before).all()


def test_its_way_back_is_that_of_finite_differences(kind):
    run, images = Run(kind(), (3, 2, 4)), normal(3, 3, 2, 4)
    arriving = normal(*images.shape)

    def loss():
        return float((run(images) * arriving).sum())

    by_images, by_weights = run.gradients(images, arriving)
    np.testing.assert_allclose(by_images, slopes(loss, images), rtol=1e-6, atol=1e-6)
    by_scale = slopes(loss, run.weights["scale"])
    np.testing.assert_allclose(by_weights["scale"], by_scale, rtol=1e-6, atol=1e-6)


def test_it_goes_to_keras_and_back(network):
    import keras

    model = network.to_keras()
    assert isinstance(model.get_layer("bend"), keras.layers.RMSNormalization)
    assert Network.from_keras(model) == network
    ours = NumpyModel(network)
    keras_bridge.set_weights(model, ours.weights)
    images = np.random.default_rng(0).normal(size=(5, 16, 16, 1)).astype("f")
    np.testing.assert_allclose(ours.predict(images), model(images), rtol=1e-4, atol=1e-5)


def test_what_it_cannot_read_of_keras_it_refuses(kind):
    import keras

    model = keras.Sequential(
        [keras.Input((4, 4, 2)), keras.layers.RMSNormalization(axis=1, name="each")]
    )
    with pytest.raises(ValueError, match=r"^each: axis=\[1\] cannot be read; only -1 or 3 or"):
        Network.from_keras(model)


def test_an_error_of_its_own_names_it(kind):
    with pytest.raises(ValueError, match=r"^bend: RMSNormalization reads an image"):
        Network((4,), [Activation("relu"), kind(name="bend")])["bend"].derive("parameters")


def test_a_merge_from_outside_joins_branches_and_adds_up():
    @dataclass(frozen=True)
    class Product(Merge):
        """The branches multiplied, as a kind of one's own."""

        name: str | None = setting(or_none(text), None)

        def formulas(self, input_shape):
            values = self._values(self._joined(input_shape))
            return super().formulas(input_shape) | {"macs": f"(B - 1)*{values}"}

    layers = [Conv2D(4, 3, padding="same", name="a"), Conv2D(4, 1, name="b"), Product(name="p")]
    row = Network((8, 8, 1), layers, inputs={"b": "input", "p": ("a", "b")})["p"]
    assert (row.output_shape, row.receptive_field) == ((8, 8, 4), (3, 3))
    assert (row.connections, row.macs) == (2 * 8 * 8 * 4, 8 * 8 * 4)
    with pytest.raises(ValueError, match="p: a gives 8×8×4 and input gives 8×8×3, which Product"):
        Network((8, 8, 3), [layers[0], layers[2]], inputs={"p": ("a", "input")})
