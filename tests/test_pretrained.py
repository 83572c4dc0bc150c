"""Do the committed weights read as well as their record says?"""

import numpy as np
import pytest

from cnnlib import datasets
from cnnlib.training import lenet5_record, load_lenet5, pretrained
from scripts import train_lenet5


@pytest.fixture(scope="module")
def mnist():
    return datasets.load_mnist()


def test_accuracies_are_those_of_the_record(mnist):
    (digits, labels), test = mnist
    record, model = lenet5_record(), load_lenet5()
    assert record["seed"] == list(train_lenet5.SEEDS)
    best = int(np.argmax(record["validation_accuracy"]))
    _, validation = train_lenet5.split(digits, labels)
    for name, pair in (("validation_accuracy", validation), ("test_accuracy", test)):
        # one digit in 5,000 may fall to the other side where sums are rounded otherwise
        assert model.evaluate(*pair)[1] == pytest.approx(record[name][best], abs=0.0002), name


def test_the_mean_of_the_seeds_is_what_the_course_promises():
    assert np.mean(lenet5_record()["test_accuracy"]) >= 0.994


def test_it_has_every_parameter_and_they_were_rounded_to_float16():
    arrays = [array for own in load_lenet5().weights.values() for array in own]
    assert sum(array.size for array in arrays) == 61_706
    for array in arrays:
        np.testing.assert_array_equal(array, array.astype("float16"))


def test_the_file_is_small():
    assert pretrained.LENET5_PATH.stat().st_size == pretrained.LENET5_SIZE < 200_000


def test_another_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "lenet5.npz"
    path.write_bytes(pretrained.LENET5_PATH.read_bytes()[:-1])
    monkeypatch.setattr(pretrained, "LENET5_PATH", path)
    with pytest.raises(ValueError, match=r"lenet5\.npz: expected .* bytes .* git checkout"):
        load_lenet5()


def test_validation_digits_are_kept_out_of_training(mnist):
    places = np.arange(60_000)
    (trained, _), (kept, _) = train_lenet5.split(places, places)
    assert len(kept) == 5_000
    assert sorted([*trained, *kept]) == places.tolist()


def test_a_run_depends_on_its_seed_alone(mnist, capsys):
    digits, labels = mnist[0][0][:300], mnist[0][1][:300]
    first, again, other = (
        train_lenet5.train(digits, labels, seed, epochs=1).weights for seed in (0, 0, 1)
    )
    for name in first:
        np.testing.assert_array_equal(first[name][0], again[name][0])
        assert (first[name][0] != other[name][0]).any()
    assert "epoch 1/1" in capsys.readouterr().out
