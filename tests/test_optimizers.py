"""Do the optimizers move weights as Keras's do?"""

import keras
import numpy as np
import pytest

from cnnlib.training.optimizers import SGD, Adam, named, warmup_cosine


def rate(step):
    return 0.1 / (1 + step)


class KerasRate(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.1 / (1 + keras.ops.cast(step, "float32"))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (SGD(0.1), lambda: keras.optimizers.SGD(0.1)),
        (SGD(0.1, momentum=0.9), lambda: keras.optimizers.SGD(0.1, momentum=0.9)),
        (SGD(rate, momentum=0.5), lambda: keras.optimizers.SGD(KerasRate(), momentum=0.5)),
        (Adam(), lambda: keras.optimizers.Adam()),
        (Adam(0.1, 0.8, 0.9, 1e-3), lambda: keras.optimizers.Adam(0.1, 0.8, 0.9, 1e-3)),
        (Adam(rate), lambda: keras.optimizers.Adam(KerasRate())),
    ],
)
def test_ten_steps_are_those_of_keras(ours, theirs):
    random = np.random.default_rng(3)
    weights, theirs = random.normal(size=20).astype("f"), theirs()
    variable = keras.Variable(weights)
    theirs.build([variable])
    update = ours.start(weights)
    for step in range(10):
        gradient = random.normal(size=20).astype("f") * 10.0 ** random.integers(-4, 3, 20)
        gradient = gradient.astype("f")
        update(gradient, step)
        theirs.apply([keras.ops.convert_to_tensor(gradient)])
    assert weights.dtype == np.float32
    # Keras computes the rate in float32
    np.testing.assert_allclose(weights, variable.numpy(), rtol=1e-5, atol=1e-5)


def test_names_stand_for_keras_defaults():
    for name, theirs in (("sgd", keras.optimizers.SGD()), ("adam", keras.optimizers.Adam())):
        config = theirs.get_config()
        for setting, value in vars(named(name)).items():
            assert value == pytest.approx(config[setting], rel=1e-6), (name, setting)


def test_warmup_and_cosine_are_those_of_keras():
    theirs = keras.optimizers.schedules.CosineDecay(
        0.0, decay_steps=90, warmup_target=0.003, warmup_steps=10
    )
    for step in range(110):
        ours = warmup_cosine(step, peak=0.003, steps=100, warmup=10)
        assert ours == pytest.approx(float(theirs(step)), abs=1e-9)


def test_without_warmup_the_rate_begins_at_its_peak():
    assert warmup_cosine(0, peak=0.003, steps=100) == 0.003


@pytest.mark.parametrize("bad", [0, -1, np.nan, np.inf, True, "0.1", None])
@pytest.mark.parametrize("kind", [SGD, Adam])
def test_a_learning_rate_that_is_none_is_refused(kind, bad):
    with pytest.raises(ValueError, match="learning_rate must be a number above 0"):
        kind(bad)


@pytest.mark.parametrize(
    ("message", "call"),
    [
        ("momentum must be a number from 0 to below 1, not 1", lambda: SGD(momentum=1)),
        ("beta_1 must be .* not -0.1", lambda: Adam(beta_1=-0.1)),
        ("beta_2 must be .* not True", lambda: Adam(beta_2=True)),
        ("epsilon must be a number above 0, not 0", lambda: Adam(epsilon=0)),
        ("optimizer must be 'sgd', 'adam', .* not 'rmsprop'", lambda: named("rmsprop")),
        ("optimizer must be .* not 0.1", lambda: named(0.1)),
        ("warmup must be shorter than the 5 steps, not 5", lambda: warmup_cosine(0, 1, 5, 5)),
        ("steps must be a whole number", lambda: warmup_cosine(0, 1, 5.5)),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(message, call):
    with pytest.raises(ValueError, match=message):
        call()
