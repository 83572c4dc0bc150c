import hashlib
import runpy
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib import cbook
from PIL import Image

from cnnlib import datasets

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def mnist():
    return datasets.load_mnist()


@pytest.fixture(scope="module")
def make_mnist():
    return SimpleNamespace(**runpy.run_path(str(ROOT / "scripts" / "make_mnist.py")))


def as_idx(array):
    """The file in the format that its authors describe: magic number, sizes, bytes."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


class TestMnist:
    def test_has_keras_shapes_in_uint8(self, mnist):
        (train_images, train_labels), (test_images, test_labels) = mnist
        assert train_images.shape == (60_000, 28, 28)
        assert train_labels.shape == (60_000,)
        assert test_images.shape == (10_000, 28, 28)
        assert test_labels.shape == (10_000,)
        assert {array.dtype for pair in mnist for array in pair} == {np.dtype(np.uint8)}

    def test_has_the_label_counts_of_the_original(self, mnist):
        counts = np.bincount(mnist[0][1]).tolist()
        assert counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]

    def test_is_byte_for_byte_what_its_authors_published(self, mnist, make_mnist):
        (train_images, train_labels), (test_images, test_labels) = mnist
        found = {
            "train-images-idx3-ubyte": train_images,
            "train-labels-idx1-ubyte": train_labels,
            "t10k-images-idx3-ubyte": test_images,
            "t10k-labels-idx1-ubyte": test_labels,
        }
        published = dict(make_mnist.SOURCES.values())
        assert {
            name: hashlib.md5(as_idx(array)).hexdigest() for name, array in found.items()
        } == published

    def test_changing_what_was_loaded_leaves_the_next_load_alone(self, mnist):
        first = datasets.load_mnist()[1][0]
        first[:] = 0
        np.testing.assert_array_equal(datasets.load_mnist()[1][0], mnist[1][0])

    def test_file_is_small_enough_to_live_in_git(self):
        assert datasets.MNIST_PATH.stat().st_size < 12_000_000

    @pytest.mark.parametrize(
        ("damage", "says"),
        [
            (lambda content: content[:-1] + b"\x01", "11,266,754 bytes with"),
            (lambda content: content[:5_000_000], "found 5,000,000 bytes"),
            (lambda content: b"", "found 0 bytes"),
            (lambda content: b"version https://git-lfs.example/v1\n", "git lfs pull"),
        ],
        ids=["one byte changed", "truncated", "empty", "git-lfs pointer"],
    )
    def test_damaged_file_is_refused(self, damage, says, tmp_path, monkeypatch):
        copy = tmp_path / "mnist.npz"
        copy.write_bytes(damage(datasets.MNIST_PATH.read_bytes()))
        monkeypatch.setattr(datasets, "MNIST_PATH", copy)
        with pytest.raises(ValueError, match=says) as error:
            datasets.load_mnist()
        assert str(copy) in str(error.value)
        assert datasets.MNIST_SHA256 in str(error.value)
        assert hashlib.sha256(copy.read_bytes()).hexdigest() in str(error.value)

    def test_missing_file_is_named_with_its_remedy(self, tmp_path, monkeypatch):
        monkeypatch.setattr(datasets, "MNIST_PATH", tmp_path / "mnist.npz")
        with pytest.raises(FileNotFoundError, match=r"mnist\.npz: .* git checkout .* reinstall"):
            datasets.load_mnist()

    def test_intact_copy_loads_from_anywhere(self, tmp_path, monkeypatch, mnist):
        monkeypatch.setattr(
            datasets, "MNIST_PATH", shutil.copy(datasets.MNIST_PATH, tmp_path / "copy.npz")
        )
        np.testing.assert_array_equal(datasets.load_mnist()[1][1], mnist[1][1])


class TestUciDigits:
    def test_has_the_label_counts_of_its_documentation(self):
        images, labels = datasets.load_uci_digits()
        counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # optdigits.names, at UCI
        assert np.bincount(labels).tolist() == counts
        assert images.shape == (1797, 8, 8)
        assert images.dtype == labels.dtype == np.uint8
        assert (images.min(), images.max()) == (0, 16)

    def test_is_number_for_number_what_scikit_learn_ships(self):
        images, labels = datasets.load_uci_digits()
        rows = np.hstack([images.reshape(-1, 64), labels[:, np.newaxis]])
        text = "".join(",".join(map(str, row.tolist())) + "\n" for row in rows)
        make = runpy.run_path(str(ROOT / "scripts" / "make_uci_digits.py"))
        assert hashlib.md5(text.encode()).hexdigest() == make["MD5"]

    def test_a_damaged_or_missing_file_is_refused(self, tmp_path, monkeypatch):
        copy = tmp_path / "uci_digits.npz"
        monkeypatch.setattr(datasets, "UCI_PATH", copy)
        with pytest.raises(FileNotFoundError, match=r"uci_digits\.npz: .* git checkout"):
            datasets.load_uci_digits()
        copy.write_bytes(b"another")
        with pytest.raises(ValueError, match=r"44,656 bytes with SHA-256 b3b9.*found 7 bytes"):
            datasets.load_uci_digits()


class TestMakeMnist:
    def test_reads_back_what_idx_says(self, make_mnist, tmp_path):
        array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
        path = tmp_path / "images"
        path.write_bytes(as_idx(array))
        md5 = hashlib.md5(path.read_bytes()).hexdigest()
        np.testing.assert_array_equal(make_mnist.read_idx(path, md5), array)

    def test_refuses_a_file_that_is_not_the_genuine_one(self, make_mnist, tmp_path):
        for file, _ in make_mnist.SOURCES.values():
            (tmp_path / file).write_bytes(b"another")
        with pytest.raises(ValueError, match="train-images-idx3-ubyte: expected MD5 6bbc9ace"):
            make_mnist.main(tmp_path)

    def test_writes_the_same_bytes_each_time_and_numpy_reads_them(self, make_mnist, tmp_path):
        arrays = {"x": np.arange(12, dtype=np.uint8).reshape(3, 4), "y": np.zeros(5, np.uint8)}
        for name in ("one.npz", "two.npz"):
            make_mnist.write_npz(tmp_path / name, arrays)
        assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["one.npz", "two.npz"]
        with np.load(tmp_path / "one.npz") as found:
            assert {name: array.tolist() for name, array in found.items()} == {
                name: array.tolist() for name, array in arrays.items()
            }


class TestPrepareDigits:
    def test_scales_and_pads_as_numpy_does(self, mnist):
        digits = mnist[1][0][:50]
        expected = np.pad(digits / 255, ((0, 0), (2, 2), (2, 2)))[..., np.newaxis]
        prepared = datasets.prepare_digits(digits)
        assert prepared.dtype == np.float32
        np.testing.assert_allclose(prepared, expected, rtol=1e-7)
        assert prepared.max() == 1

    def test_leaves_its_argument_alone(self, mnist):
        digits = mnist[1][0][:5]
        before = digits.copy()
        datasets.prepare_digits(digits)[:] = 0.5
        np.testing.assert_array_equal(digits, before)

    @pytest.mark.parametrize(
        ("images", "says"),
        [
            (np.zeros((2, 28, 28)), r"float64 of shape \(2, 28, 28\)"),
            (np.zeros((28, 28), np.uint8), r"uint8 of shape \(28, 28\).*np.reshape"),
            (np.zeros((2, 28, 28, 1), np.uint8), r"\(2, 28, 28, 1\)"),
            (np.zeros((2, 32, 32), np.uint8), r"\(2, 32, 32\)"),
            (datasets.prepare_digits(np.zeros((2, 28, 28), np.uint8)), "are prepared already"),
            ([[0, 255]], r"int(64|32) of shape \(1, 2\)"),
        ],
    )
    def test_anything_else_is_refused(self, images, says):
        with pytest.raises(ValueError, match=f"(?s)uint8 of shape .N, 28, 28.*{says}"):
            datasets.prepare_digits(images)


class TestPhoto:
    def test_is_a_colour_photograph(self):
        photo = datasets.load_photo()
        assert photo.shape == (600, 512, 3)
        assert photo.dtype == np.uint8
        assert len(np.unique(photo)) > 250
        assert np.ptp(photo.astype(int), axis=-1).max() > 100  # the flag behind her is not grey

    def test_changing_it_leaves_the_next_load_alone(self):
        datasets.load_photo()[:] = 0
        assert datasets.load_photo().max() > 0

    def test_missing_sample_is_named(self, monkeypatch, tmp_path):
        monkeypatch.setattr(cbook, "get_sample_data", lambda name, **_: str(tmp_path / name))
        with pytest.raises(FileNotFoundError, match=r"grace_hopper\.jpg.*reinstall Matplotlib"):
            datasets.load_photo()

    def test_grey_agrees_with_pillow(self):
        photo = datasets.load_photo()
        grey = datasets.to_grey(photo)
        assert grey.shape == (600, 512)
        assert grey.dtype == np.float32
        # Pillow's mode L is BT.601 too, rounded to a whole number of 255.
        expected = np.asarray(Image.fromarray(photo).convert("L"))
        np.testing.assert_allclose(grey * 255, expected, atol=0.51)

    def test_grey_keeps_black_and_white_and_the_batch(self):
        images = np.zeros((2, 4, 5, 3), np.uint8)
        images[1] = 255
        grey = datasets.to_grey(images)
        assert grey.shape == (2, 4, 5)
        assert (grey[0] == 0).all()
        assert (grey[1] == 1).all()

    @pytest.mark.parametrize(
        "images", [np.zeros((4, 4, 3)), np.zeros((4, 4), np.uint8), np.uint8(3), [[1, 2, 3]]]
    )
    def test_grey_refuses_what_is_not_colour_in_uint8(self, images):
        with pytest.raises(ValueError, match=r"uint8 of shape \(\.\.\., 3\), not"):
            datasets.to_grey(images)


def centres_of_mass(images):
    """(n, 2) of x and y in pixels."""
    pixels = np.arange(images.shape[1])
    mass = images.sum(axis=(1, 2))
    return np.stack(
        [images.sum(axis=1) @ pixels / mass, images.sum(axis=2) @ pixels / mass], axis=1
    )


class TestPictograms:
    def test_are_float32_between_dark_and_light(self):
        images, labels = datasets.load_pictograms(40, noise=0.3, shift=4, scale=(0.5, 1.3))
        assert images.shape == (40, 20, 20)
        assert images.dtype == np.float32
        assert labels.dtype == np.uint8
        assert images.min() == 0
        assert images.max() == 1

    def test_are_light_on_dark(self):
        images, _ = datasets.load_pictograms(200)
        assert (images[:, [0, 0, -1, -1], [0, -1, 0, -1]] == 0).all()
        assert (images.max(axis=(1, 2)) == 1).all()
        assert (images.mean(axis=(1, 2)) < 0.4).all()

    @pytest.mark.parametrize(("n", "counts"), [(1, (0, 1)), (7, (1, 2)), (400, (100, 100))])
    def test_are_balanced(self, n, counts):
        _, labels = datasets.load_pictograms(n)
        found = np.bincount(labels, minlength=len(datasets.pictogram_names()))
        assert found.sum() == n
        assert (found.min(), found.max()) == counts

    def test_come_in_random_order(self):
        _, labels = datasets.load_pictograms(400)
        repeats = (labels[1:] == labels[:-1]).mean()
        assert 0.15 < repeats < 0.35  # a quarter, were the order uniform

    def test_no_two_are_equal(self):
        images, _ = datasets.load_pictograms(500)
        assert len(np.unique(images.reshape(500, -1), axis=0)) == 500

    def test_equal_arguments_give_equal_pictures(self):
        wanted = {"size": 24, "seed": 3, "shift": 2, "scale": (0.8, 1), "noise": 0.1}
        first, again = (datasets.load_pictograms(20, **wanted) for _ in range(2))
        np.testing.assert_array_equal(first[0], again[0])
        np.testing.assert_array_equal(first[1], again[1])

    def test_another_seed_gives_others(self):
        one, other = (datasets.load_pictograms(20, seed=seed) for seed in (0, 1))
        assert (one[0] != other[0]).any()
        assert (one[1] != other[1]).any()

    def test_shift_moves_the_same_drawings_by_up_to_that_many_pixels(self):
        wanted = {"size": 60, "scale": (0.5, 0.5)}  # small enough to stay within the picture
        still, labels = datasets.load_pictograms(400, **wanted)
        moved, same_labels = datasets.load_pictograms(400, **wanted, shift=12)
        half, _ = datasets.load_pictograms(400, **wanted, shift=6)
        np.testing.assert_array_equal(labels, same_labels)
        way = centres_of_mass(moved) - centres_of_mass(still)
        assert np.abs(way).max() < 12.1
        assert way.min(axis=0).max() < -11.5  # to both sides, along both axes
        assert way.max(axis=0).min() > 11.5
        np.testing.assert_allclose(way.mean(axis=0), 0, atol=1)
        np.testing.assert_allclose(
            centres_of_mass(half) - centres_of_mass(still), way / 2, atol=0.1
        )
        assert abs(np.corrcoef(way.T)[0, 1]) < 0.2  # the axes move independently

    def test_scale_enlarges_the_drawn_area_by_its_square(self):
        small, _ = datasets.load_pictograms(100, size=60, scale=(0.4, 0.4))
        large, _ = datasets.load_pictograms(100, size=60, scale=(0.8, 0.8))
        ratio = large.sum(axis=(1, 2)) / small.sum(axis=(1, 2))
        np.testing.assert_allclose(ratio, 4, rtol=0.05)

    def test_scale_takes_every_value_of_its_range(self):
        unit, _ = datasets.load_pictograms(400, size=60, scale=(0.5, 0.5))
        varied, _ = datasets.load_pictograms(400, size=60, scale=(0.5, 1))
        factor = 0.5 * np.sqrt(varied.sum(axis=(1, 2)) / unit.sum(axis=(1, 2)))
        counts, _ = np.histogram(factor, bins=5, range=(0.49, 1.01))
        assert counts.sum() == 400
        assert counts.min() > 50

    def test_size_redraws_the_same_picture_with_more_pixels(self):
        coarse, labels = datasets.load_pictograms(50, size=20)
        fine, same_labels = datasets.load_pictograms(50, size=80)
        np.testing.assert_array_equal(labels, same_labels)
        averaged = fine.reshape(50, 20, 4, 20, 4).mean(axis=(2, 4))
        assert np.abs(averaged - coarse).mean() < 0.02

    def test_noise_has_the_deviation_asked_for(self):
        clean, _ = datasets.load_pictograms(200, size=40)
        noisy, _ = datasets.load_pictograms(200, size=40, noise=0.1)
        # Clipped at 0, Gaussian noise keeps its upper half: E[max(0, z)^2] is half the variance.
        background = noisy[clean == 0]
        assert np.sqrt(2 * np.mean(background**2)) == pytest.approx(0.1, rel=0.02)

    def test_classes_can_be_told_apart_by_their_nearest_mean(self):
        images, labels = datasets.load_pictograms(400, seed=1)
        means = np.stack([images[labels == label].mean(axis=0) for label in range(4)])
        others, truth = datasets.load_pictograms(400, seed=2)
        distances = ((others[:, np.newaxis] - means) ** 2).sum(axis=(2, 3))
        assert (distances.argmin(axis=1) == truth).mean() > 0.97
        moved, truth = datasets.load_pictograms(400, seed=2, shift=4)
        distances = ((moved[:, np.newaxis] - means) ** 2).sum(axis=(2, 3))
        assert (distances.argmin(axis=1) == truth).mean() < 0.9

    def test_numpy_numbers_are_numbers(self):
        ours, _ = datasets.load_pictograms(
            np.int64(4), np.uint8(20), np.int32(0), shift=np.float32(2)
        )
        plain, _ = datasets.load_pictograms(4, 20, 0, shift=2)
        np.testing.assert_array_equal(ours, plain)

    @pytest.mark.parametrize("bad", [0, -1, 2.0, True, None, "4", np.nan])
    def test_bad_n_is_refused(self, bad):
        with pytest.raises(ValueError, match=r"^n must be a whole number"):
            datasets.load_pictograms(bad)

    @pytest.mark.parametrize(
        ("argument", "bad"),
        [
            *[("size", bad) for bad in (7, 20.0, True)],
            *[("seed", bad) for bad in (-1, None, 0.5, False)],
            *[("shift", bad) for bad in (-1, np.nan, np.inf, True, "2", (1, 1), 10, 1j)],
            *[("noise", bad) for bad in (-0.1, np.nan, np.inf, True, None)],
            *[
                ("scale", bad)
                for bad in (1.2, (0, 1), (1, 0.5), (1,), (1, np.nan), (1, True), "ab")
            ],
        ],
    )
    def test_other_bad_arguments_are_refused_by_name(self, argument, bad):
        with pytest.raises(ValueError, match=f"^{argument}"):
            datasets.load_pictograms(8, **{argument: bad})


class TestToyDigit:
    def test_is_a_two_of_sixteen_pixels(self):
        rows = ["".join(" #"[int(pixel)] for pixel in row) for row in datasets.TOY_DIGIT]
        assert rows == [" ## ", "#  #", "  # ", "####"]
        assert datasets.TOY_DIGIT.dtype == np.float32

    def test_cannot_be_overwritten(self):
        with pytest.raises(ValueError, match="read-only"):
            datasets.TOY_DIGIT[0, 0] = 1
