"""Does a NumpyModel learn, and does it learn as Keras does?"""

import sys
import warnings
from dataclasses import dataclass

import numpy as np
import pytest

from cnnlib import (
    RBF,
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPooling2D,
    Network,
    architectures,
    datasets,
    keras_bridge,
    operations,
)
from cnnlib.layers import Layer
from cnnlib.training import SGD, Adam, NumpyModel, warmup_cosine


@pytest.fixture(scope="module")
def mnist():
    return datasets.load_mnist()


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


def small_lenet():
    layers = [
        Conv2D(4, 3, padding="same", activation="relu", name="C1"),
        MaxPooling2D(2, name="S2"),
        Conv2D(6, 3, strides=2, activation="tanh", name="C3"),
        AveragePooling2D(3, strides=2, padding="same", name="S4"),
        Conv2D(8, 2, dilation_rate=2, groups=2, activation="relu", name="C5"),
        Flatten(name="flatten"),
        Dense(12, activation="tanh", name="F6"),
        Dense(10, name="output"),
        Activation("softmax", name="softmax"),
    ]
    return Network((32, 32, 1), layers, name="small LeNet")


def toy(*layers, seed=0):
    """A model of vectors of 4 values, to which nothing is raw."""
    return NumpyModel(Network((4,), layers or [Dense(3, name="out")], name="toy"), seed)


def vectors(n=12):
    return np.random.default_rng(4).normal(size=(n, 4)).astype("f"), np.arange(n) % 3


class TestWeights:
    def test_are_exchanged_with_keras_both_ways(self, keras):
        images = np.random.default_rng(4).random((5, 32, 32, 1)).astype("f")
        ours, theirs = NumpyModel(small_lenet()), small_lenet().to_keras()
        keras_bridge.set_weights(theirs, ours.weights)
        np.testing.assert_allclose(ours.predict(images), theirs(images), rtol=1e-5, atol=1e-6)
        theirs = small_lenet().to_keras()
        ours.weights = keras_bridge.get_weights(theirs)
        np.testing.assert_allclose(ours.predict(images), theirs(images), rtol=1e-5, atol=1e-6)

    def test_begin_as_keras_begins(self, keras):
        ours = NumpyModel(architectures.lenet5(), seed=1).weights
        theirs = keras_bridge.get_weights(architectures.lenet5().to_keras())
        assert ours.keys() == theirs.keys()
        for name in ours:
            (kernel, bias), (their_kernel, their_bias) = ours[name], theirs[name]
            assert kernel.shape == their_kernel.shape
            assert kernel.dtype == np.float32
            np.testing.assert_array_equal(bias, their_bias)
            # uniform within ± the same limit; three quarters of it are reached by 150 draws
            limit = np.abs(their_kernel).max()
            assert np.abs(kernel).max() == pytest.approx(limit, rel=0.05)
            assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.15)

    def test_depend_on_the_seed_alone(self):
        first, again, other = (NumpyModel(small_lenet(), seed).weights for seed in (0, 0, 1))
        for name in first:
            np.testing.assert_array_equal(first[name][0], again[name][0])
            assert (first[name][0] != other[name][0]).all()

    def test_are_copied_out_and_in(self):
        model, (images, _) = toy(), vectors()
        before = model.forward(images)
        model.weights["out"][0][:] = 0
        np.testing.assert_array_equal(model.forward(images), before)
        given = model.weights
        model.weights = given
        given["out"][0][:] = 0
        np.testing.assert_array_equal(model.forward(images), before)

    @pytest.mark.parametrize(
        ("message", "weights"),
        [
            ("toy has weights in the layers out, not in none", {}),
            ("not in out, F9", {"out": [], "F9": []}),
            (r"out: its weights are \(4, 3\) float32, \(3,\) float32, not none", {"out": []}),
            (r"not \(3, 4\) float32", {"out": [np.zeros((3, 4), "f"), np.zeros(3, "f")]}),
            (r"float64.*astype\('float32'\)", {"out": [np.zeros((4, 3)), np.zeros(3)]}),
        ],
    )
    def test_that_do_not_fit_are_refused_and_change_nothing(self, message, weights):
        model, (images, _) = toy(), vectors()
        before = model.forward(images)
        with pytest.raises(ValueError, match=message):
            model.weights = weights
        np.testing.assert_array_equal(model.forward(images), before)


class TestForward:
    def test_is_that_of_operations(self):
        model = NumpyModel(architectures.lenet5())
        random = np.random.default_rng(4)
        images = random.random((70, 32, 32, 1)).astype("f")  # more than go at once
        w, values = model.weights, images
        for conv, pool in (("C1", 2), ("C3", 2), ("C5", 1)):
            values = operations.relu(operations.conv2d(values, *w[conv]))
            values = operations.max_pooling2d(values, pool)
        values = operations.relu(operations.dense(values.reshape(70, -1), *w["F6"]))
        logits = operations.dense(values, *w["output"])
        found = model.forward(images)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, logits, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(model.predict(images).sum(axis=1), 1, rtol=1e-5)

    def test_gives_images_where_the_network_does(self):
        model = NumpyModel(Network((6, 6, 1), [Conv2D(2, 3, name="C1")]))
        images = np.random.default_rng(4).random((3, 6, 6, 1)).astype("f")
        expected = operations.conv2d(images, *model.weights["C1"])
        np.testing.assert_allclose(model.forward(images), expected, rtol=1e-5, atol=1e-6)

    def test_of_no_image_is_empty(self):
        assert toy().forward(np.zeros((0, 4), "f")).shape == (0, 3)

    def test_prepares_raw_digits(self, mnist):
        digits = mnist[1][0][:70]
        model = NumpyModel(architectures.lenet5())
        expected = model.forward(datasets.prepare_digits(digits))
        np.testing.assert_array_equal(model.forward(digits), expected)

    def test_prepares_raw_images_as_it_was_told(self, mnist):
        digits = mnist[1][0][:5]

        def flat(digits):
            return digits.reshape(len(digits), -1).astype("f")

        model = NumpyModel(Network((784,), [Dense(10)]), prepare=flat)
        np.testing.assert_array_equal(model.forward(digits), model.forward(flat(digits)))

    @pytest.mark.parametrize(
        ("message", "images"),
        [
            (r"toy reads images \(N, 4\) in float32.*not \(2, 4\) in float64", np.zeros((2, 4))),
            (r"not \(2, 5\) in float32", np.zeros((2, 5), "f")),
            (r"not \(4,\) in float32", np.zeros(4, "f")),
            ("NaN or infinite", np.full((2, 4), np.nan, "f")),
            ("uint8 of shape", np.zeros((2, 4), np.uint8)),  # says prepare_digits
        ],
    )
    def test_refuses_images_that_do_not_fit(self, message, images):
        with pytest.raises(ValueError, match=message):
            toy().forward(images)

    def test_refuses_what_prepare_made_wrong(self):
        model = NumpyModel(Network((4,), [Dense(3)], name="toy"), prepare=lambda raw: raw / 255)
        with pytest.raises(ValueError, match=r"toy .* but `prepare` gave .*float64"):
            model.forward(np.zeros((2, 4), np.uint8))


class TestUnsupported:
    def test_an_activation_that_cannot_run_is_refused_with_those_that_can(self):
        message = (
            r"^odd: NumpyModel cannot run 'swish': use linear, relu, .*softmax, or to_keras\(\)$"
        )
        with pytest.raises(ValueError, match=message):
            NumpyModel(Network((4,), [Dense(3, "swish", name="odd")]))

    def test_a_kind_without_steps_is_refused_by_name(self):
        @dataclass(frozen=True)
        class Mystery(Layer):
            name: str | None = None

        with pytest.raises(ValueError, match=r"^what: NumpyModel cannot run a Mystery"):
            NumpyModel(Network((4,), [Mystery("what"), Dense(3)]))


class TestNormalization:
    """Statistics of whole batches, and averages of them that no optimizer moves."""

    layers = (
        BatchNormalization(momentum=0.8, epsilon=0.01, name="first"),
        Dense(6, "relu", name="hidden"),
        BatchNormalization(scale=False, momentum=0.5, name="second"),
        Dense(3, name="out"),
        Activation("softmax", name="softmax"),
    )

    def test_follows_keras_in_batches_of_any_size(self, keras):
        images, labels = vectors(250)
        images = 3 * images + 1
        model = toy(*self.layers)
        theirs = model.network.to_keras()
        keras_bridge.set_weights(theirs, model.weights)
        theirs.compile(keras.optimizers.SGD(0.2), "sparse_categorical_crossentropy")
        settings = {"epochs": 2, "batch_size": 100, "shuffle": False, "verbose": 0}
        expected = theirs.fit(images, labels, **settings).history["loss"]
        found = model.fit(images, labels, optimizer=SGD(0.2), **settings).history["loss"]
        np.testing.assert_allclose(found, expected, rtol=1e-4)
        for name, arrays in keras_bridge.get_weights(theirs).items():
            for ours, other in zip(model.weights[name], arrays, strict=True):
                np.testing.assert_allclose(ours, other, rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(model.predict(images), theirs(images), rtol=1e-3, atol=1e-4)

    def test_is_not_moved_by_use(self):
        model, (images, _) = toy(*self.layers), vectors()
        before = model.weights
        model.predict(images)
        for ours, other in zip(model.weights["first"], before["first"], strict=True):
            np.testing.assert_array_equal(ours, other)

    def test_of_averages_alone_has_nothing_to_learn(self):
        layers = BatchNormalization(center=False, scale=False)
        model = NumpyModel(Network((3,), [layers], name="fixed"))
        with pytest.raises(ValueError, match="fixed has no weights that learn"):
            model.fit(np.zeros((2, 3), "f"), [0, 1])


class TestLeNetOf1998:
    def test_learns_to_read_digits(self, mnist):
        (digits, labels), (others, truths) = mnist
        model = NumpyModel(architectures.lenet5_1998())
        history = model.fit(digits[:6000], labels[:6000], epochs=2, batch_size=32, verbose=0)
        assert history.history["loss"][0] > 1.2 * history.history["loss"][1]
        assert model.evaluate(others[:1000], truths[:1000])[1] > 0.8  # seeds 0 to 3: 0.857 to 0.871

    def test_its_loss_is_the_papers_equation_9_without_the_class_for_rubbish(self):
        images, labels = np.random.default_rng(5).normal(size=(6, 84)).astype("f"), np.arange(6)
        model = NumpyModel(Network((84,), [RBF(10)]))
        codes = RBF(10).codes(84)
        penalties = ((images[:, :, None] - codes) ** 2).sum(axis=1)
        others = np.logaddexp.reduce(-penalties.astype(float), axis=1)
        expected = (penalties[np.arange(6), labels] + others).mean()
        assert model.evaluate(images, labels)[0] == pytest.approx(expected, rel=1e-5)


class TestFit:
    @pytest.mark.parametrize(
        ("ours", "name", "settings"),
        [
            (SGD(0.5), "SGD", {"learning_rate": 0.5}),
            (SGD(0.05, momentum=0.9), "SGD", {"learning_rate": 0.05, "momentum": 0.9}),
            (Adam(0.01), "Adam", {"learning_rate": 0.01}),
        ],
    )
    def test_follows_keras_for_fifty_steps(self, keras, mnist, ours, name, settings):
        digits, labels = mnist[0][0][: 50 * 32], mnist[0][1][: 50 * 32]
        model, theirs = NumpyModel(small_lenet()), small_lenet().to_keras()
        keras_bridge.set_weights(theirs, model.weights)
        theirs.compile(
            getattr(keras.optimizers, name)(**settings), "sparse_categorical_crossentropy"
        )
        losses = []
        for first in range(0, len(digits), 32):
            batch = datasets.prepare_digits(digits[first : first + 32])
            losses.append(theirs.train_on_batch(batch, labels[first : first + 32]))
            theirs.reset_metrics()
        history = model.fit(digits, labels, batch_size=32, optimizer=ours, shuffle=False, verbose=0)
        assert len(history.step_losses) == 50
        assert losses[-1] < losses[0] - 0.1  # there is something to follow
        np.testing.assert_allclose(history.step_losses, losses, atol=1e-3)

    def test_reports_what_keras_reports(self, keras):
        images, labels = vectors(20)
        model = toy(Dense(5, "relu", name="hidden"), Dense(3, "softmax", name="out"))
        theirs = model.network.to_keras()
        keras_bridge.set_weights(theirs, model.weights)
        theirs.compile(
            keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"]
        )
        settings = {
            "epochs": 3, "batch_size": 8, "shuffle": False, "verbose": 0,
            "validation_data": (images[:7], labels[:7]),
        }  # fmt: skip
        expected = theirs.fit(images, labels, **settings).history
        found = model.fit(images, labels, optimizer=SGD(0.1), **settings)
        assert found.history.keys() == expected.keys()
        for name, values in expected.items():
            np.testing.assert_allclose(found.history[name], values, rtol=1e-4)
        assert found.stopped is None
        assert len(found.step_losses) == 9
        loss, accuracy = theirs.evaluate(images, labels, verbose=0)
        np.testing.assert_allclose(model.evaluate(images, labels), (loss, accuracy), rtol=1e-4)

    def test_lowers_the_loss_by_the_gradient(self):
        """One step of SGD moves each weight by minus the rate times a finite difference."""
        images, labels = vectors()
        model = toy(Dense(5, "tanh", name="hidden"), Dense(3, name="out"))
        before = model.weights
        model.fit(images, labels, batch_size=12, optimizer=SGD(1.0), verbose=0)
        moved = {name: [a - b for a, b in zip(before[name], model.weights[name], strict=True)]
                 for name in before}  # fmt: skip
        for name, arrays in before.items():
            for place, array in enumerate(arrays):
                for index in list(np.ndindex(array.shape))[::4]:
                    losses = []
                    for sign in (1, -1):
                        model.weights = before
                        weights = model.weights
                        weights[name][place][index] += sign * 0.01
                        model.weights = weights
                        losses.append(model.evaluate(images, labels)[0])
                    slope = (losses[0] - losses[1]) / 0.02
                    assert moved[name][place][index] == pytest.approx(slope, abs=1e-4)

    def test_learns_a_large_batch_in_parts_as_if_it_were_whole(self, monkeypatch):
        images, labels = vectors(20)
        whole, in_parts = toy(), toy()
        settings = {"epochs": 3, "batch_size": 18, "optimizer": SGD(0.5), "verbose": 0}
        expected = whole.fit(images, labels, **settings)
        monkeypatch.setattr("cnnlib.training.model.AT_ONCE", 7)
        found = in_parts.fit(images, labels, **settings)
        np.testing.assert_allclose(found.step_losses, expected.step_losses, rtol=1e-5)
        assert found.history["accuracy"] == expected.history["accuracy"]
        for ours, theirs in zip(in_parts.weights["out"], whole.weights["out"], strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)

    def test_depends_on_the_seed_alone(self):
        images, labels = vectors()
        layers = Dense(20, name="hidden"), Dropout(0.5), Dense(3, name="out")

        def losses(seed, model_seed=0):
            model = toy(*layers, seed=model_seed)
            if seed is None:
                return model.fit(images, labels, epochs=3, batch_size=5, verbose=0).step_losses
            other = toy(*layers, seed=seed)
            other.weights = model.weights
            return other.fit(images, labels, epochs=3, batch_size=5, verbose=0).step_losses

        assert losses(None) == losses(None)
        assert losses(1) != losses(2)  # the same weights, another order and other drops

    def test_shuffles_every_epoch_anew_and_leaves_no_image_out(self):
        seen = []

        def note(batch, random):
            seen.extend(batch[:, 0].tolist())
            return batch

        images = np.arange(40, dtype="f").reshape(10, 4)
        toy().fit(images, np.zeros(10, int), epochs=2, batch_size=4, augment=note, verbose=0)
        first, second = seen[:10], seen[10:]
        assert sorted(first) == sorted(second) == images[:, 0].tolist()
        assert images[:, 0].tolist() != first != second
        seen.clear()
        toy().fit(images, np.zeros(10, int), shuffle=False, augment=note, verbose=0)
        assert seen == images[:, 0].tolist()

    def test_augments_prepared_batches_with_the_models_own_chance(self, mnist):
        digits, labels = mnist[0][0][:100], mnist[0][1][:100]
        network = Network((32, 32, 1), [Flatten(), Dense(10)])
        found = []

        def augment(batch, random):
            assert batch.shape[1:] == (32, 32, 1)
            assert batch.dtype == np.float32
            found.append(random.random())
            return batch

        for seed in (0, 0, 1):
            NumpyModel(network, seed).fit(digits, labels, augment=augment, verbose=0)
        assert found[:2] == found[2:4] != found[4:]

    def test_uses_the_rate_of_each_step(self):
        images, labels = vectors()
        rates = []

        def rate(step):
            rates.append(step)
            return 0.1

        one, other = toy(), toy()
        one.fit(images, labels, epochs=2, batch_size=5, optimizer=SGD(rate), verbose=0)
        other.fit(images, labels, epochs=2, batch_size=5, optimizer=SGD(0.1), verbose=0)
        assert rates == [0, 1, 2, 3, 4, 5]
        np.testing.assert_array_equal(one.weights["out"][0], other.weights["out"][0])

    def test_prints_a_line_an_epoch_and_a_bar_only_if_asked(self, capsys):
        images, labels = vectors()
        for verbose, lines in ((0, 0), (1, 2), (2, 2)):
            toy().fit(images, labels, epochs=2, verbose=verbose, validation_data=(images, labels))
            out, err = capsys.readouterr()
            assert len(out.splitlines()) == lines
            assert ("epoch" in err) == (verbose == 1)
        assert out.startswith("epoch 1/2: ")
        assert "val_accuracy" in out

    def test_needs_no_tqdm(self, monkeypatch, capsys):
        monkeypatch.setitem(sys.modules, "tqdm", None)  # its import fails
        images, labels = vectors()
        history = toy().fit(images, labels, verbose=1)
        assert len(history.step_losses) == 1
        assert capsys.readouterr().err == ""

    @pytest.mark.parametrize(
        ("message", "change"),
        [
            ("epochs must be a whole number", {"epochs": 0}),
            ("batch_size must be a whole number", {"batch_size": 2.5}),
            ("optimizer must be", {"optimizer": "rms"}),
            (r"labels must have the shape \(12,\)", {"labels": np.zeros(11, int)}),
            ("labels run from 0 to 3, but 3 logits", {"labels": np.arange(12) % 4}),
            (r"labels .*argmax", {"labels": np.zeros((12, 3), int)}),
            ("there is no image", {"images": np.zeros((0, 4), "f"), "labels": []}),
            ("labels run from 0 to 5", {"validation_data": (np.zeros((6, 4), "f"), range(6))}),
            ("`augment` gave", {"augment": lambda batch, random: batch[:, :2]}),
        ],
    )
    def test_refuses_what_makes_no_sense(self, message, change):
        images, labels = vectors()
        with pytest.raises(ValueError, match=message):
            toy().fit(**{"images": images, "labels": labels, "verbose": 0} | change)

    def test_refuses_a_network_that_ends_in_images(self):
        model = NumpyModel(Network((6, 6, 1), [Conv2D(2, 3)], name="half"))
        with pytest.raises(ValueError, match=r"half ends in images of \(4, 4, 2\): add Flatten"):
            model.fit(np.zeros((2, 6, 6, 1), "f"), [0, 1])

    def test_refuses_a_network_that_has_nothing_to_learn(self):
        model = NumpyModel(Network((3,), [Activation("relu")], name="fixed"))
        with pytest.raises(ValueError, match="fixed has no weights that learn"):
            model.fit(np.zeros((2, 3), "f"), [0, 1])


class TestNotFinite:
    def layers(self):
        return Dense(5, "relu", name="hidden"), Dense(3, name="out")

    def stop(self, model, images, optimizer):
        labels = np.arange(len(images)) % 3
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            history = model.fit(
                images, labels, epochs=50, batch_size=4, optimizer=optimizer, verbose=0
            )
        assert [str(warning.message) for warning in caught] == [history.stopped]
        assert caught[0].category is RuntimeWarning
        assert caught[0].filename == __file__
        return history

    def test_learning_stops_and_names_step_layer_and_remedy(self):
        images, _ = vectors()
        history = self.stop(toy(*self.layers()), images, SGD(1e20))
        step = len(history.step_losses)
        assert f"toy stopped learning at step {step}: " in history.stopped
        assert "not finite any more" in history.stopped
        assert "lower the learning rate, which is 1e+20" in history.stopped
        assert np.isfinite(history.step_losses).all()

    def test_the_layer_named_is_the_one_whose_output_overflowed_first(self):
        images, _ = vectors()
        for name, other in (("hidden", "out"), ("out", "hidden")):
            model = toy(*self.layers())
            weights = model.weights
            weights[name][0][:] = 3e38
            weights[other][0][:] = 1
            model.weights = weights
            images = np.abs(images) + 1
            history = self.stop(model, images, SGD(0.1))
            assert history.step_losses == []
            assert f"step 0: {name}'s output is not finite" in history.stopped

    def test_the_layer_named_is_the_last_whose_gradient_overflowed(self):
        model = toy(*self.layers())
        weights = model.weights
        weights["hidden"][0][:] = 1e-30
        weights["out"][0][:] = [1e30, 2e30, 3e30]
        model.weights = weights
        images = np.full((4, 4), 1e15, "f")
        history = self.stop(model, images, SGD(0.1))
        assert "step 0: hidden's gradient is not finite" in history.stopped
        np.testing.assert_array_equal(model.weights["hidden"][0], weights["hidden"][0])

    def test_the_layer_named_is_the_one_whose_weights_overflowed(self):
        images, _ = vectors()
        history = self.stop(toy(), 1e3 * images, SGD(1e38))
        assert "step 0: out's weights are not finite" in history.stopped


class TestLeNet:
    def test_reads_985_of_1000_digits_after_one_epoch(self, mnist):
        (digits, labels), test = mnist  # the rate was chosen on 10,000 of the training digits
        steps = -(-len(digits) // 64)
        optimizer = Adam(lambda step: warmup_cosine(step, 0.01, steps, warmup=steps // 10))
        model = NumpyModel(architectures.lenet5())
        model.fit(digits, labels, optimizer=optimizer, verbose=0)
        assert model.evaluate(*test)[1] >= 0.985


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_numpy_may_be_told_to_raise(optimizer):
    images = np.full((4, 6, 6, 1), 1e-38, "f")
    layers = [Conv2D(2, 3, activation="sigmoid"), Flatten(), Dense(3, activation="softmax")]
    models = [NumpyModel(Network((6, 6, 1), layers)) for _ in range(2)]
    losses = [models[0].fit(images, [0, 1, 2, 0], optimizer=optimizer, verbose=0).step_losses]
    with np.errstate(all="raise"):
        fitted = models[1].fit(images, [0, 1, 2, 0], optimizer=optimizer, verbose=0)
        assert [fitted.step_losses] == losses
        answers = [model.predict(images * np.float32(1e38)) for model in models]
    np.testing.assert_array_equal(*answers)
