"""Do distortions move an image's pixels to where their geometry says?"""

import numpy as np
import pytest
from scipy import ndimage

from cnnlib import datasets
from cnnlib.training import distort

# Where a pixel is looked up, in (row, column) about the image's middle.
TURN = np.array([[np.sqrt(3), -1], [1, np.sqrt(3)]]) / 2
SHEAR = np.array([[1, 0.3], [0, 1]])
STRETCH = np.diag([1.2, 0.8])
NOTHING = {"turn": 0, "stretch": 0, "shear": 0, "shift": 0, "bend": 0}


class Extreme:
    """Draws nothing but the upper end of every range, and for columns, where apart, the lower."""

    def uniform(self, low, high, size):
        drawn = np.full(size, float(high))
        if np.ndim(drawn) > 1:
            drawn[1] = low
        return drawn

    def normal(self, mean, deviation, size):
        return np.full(size, float(mean))


class OtherExtreme(Extreme):
    """Draws the other end of every range."""

    def uniform(self, low, high, size):
        return super().uniform(high, low, size)


def blob(n=3, height=24, width=30):
    """A smooth picture, lit near its middle only."""
    noise = np.random.default_rng(5).random((n, height, width, 1))
    noise[:, [*range(7), *range(-7, 0)]] = 0
    noise[:, :, [*range(9), *range(-9, 0)]] = 0
    return ndimage.gaussian_filter(noise, (0, 1, 1, 0))


@pytest.fixture(scope="module")
def digits():
    return datasets.prepare_digits(datasets.load_mnist()[1][0][:200])


def middle(images):
    """(n, 2): the rows and columns of the centres of mass."""
    return np.array([ndimage.center_of_mass(image[..., 0]) for image in images])


def test_no_distortion_changes_nothing(digits):
    found = distort(digits, np.random.default_rng(0), **NOTHING)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, digits, atol=1e-6)


def test_the_generator_alone_decides(digits):
    first, again, other = (distort(digits, np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=(1, 2, 3)).all()


def test_the_digits_given_stay_as_they_are(digits):
    before = digits.copy()
    distort(digits, np.random.default_rng(0))
    np.testing.assert_array_equal(digits, before)


@pytest.mark.parametrize(
    ("change", "matrix"),
    [
        ({"turn": 30}, TURN),
        ({"stretch": 0.2}, STRETCH),
        ({"shear": 0.3}, SHEAR),
        ({"turn": 30, "shear": 0.3}, TURN @ SHEAR),
        ({"turn": 30, "stretch": 0.2}, STRETCH @ TURN),
        ({"turn": 30, "shear": 0.3, "stretch": 0.2}, STRETCH @ TURN @ SHEAR),
    ],
)
def test_a_linear_map_is_that_of_scipy(change, matrix):
    images, centre = blob(), np.array([23, 29]) / 2
    expected = [
        ndimage.affine_transform(image[..., 0], matrix, centre - matrix @ centre, order=1)
        for image in images
    ]
    found = distort(images, Extreme(), **NOTHING | change)
    np.testing.assert_allclose(found[..., 0], expected, atol=1e-6)


@pytest.mark.parametrize("kind", ["turn", "stretch", "shear", "shift"])
def test_every_map_reaches_as_far_to_one_side_as_to_the_other(kind):
    one_side = distort(blob(), Extreme(), **NOTHING | {kind: -0.25})
    other_side = distort(blob(), OtherExtreme(), **NOTHING | {kind: 0.25})
    np.testing.assert_array_equal(one_side, other_side)
    assert (one_side != distort(blob(), Extreme(), **NOTHING | {kind: 0.25})).any()


def test_a_shift_moves_by_up_to_so_many_pixels_to_every_side(digits):
    moved = distort(digits, np.random.default_rng(0), **NOTHING | {"shift": 2})
    way = middle(moved) - middle(digits)
    assert (np.abs(way) < 2.05).all()
    assert (way.min(axis=0) < -1.8).all()
    assert (way.max(axis=0) > 1.8).all()


def test_a_bend_has_the_deviation_asked_for_and_is_smooth():
    ramp = np.tile(np.arange(40.0)[:, None], (2000, 1, 40)).reshape(2000, 40, 40, 1)
    way = distort(ramp, np.random.default_rng(0), **NOTHING | {"bend": 1})[..., 0] - ramp[..., 0]
    inner = way[:, 6:-6]  # the edge is repeated beyond it
    np.testing.assert_allclose(inner.std(axis=0), 1, atol=0.1)
    np.testing.assert_allclose(inner.mean(axis=0), 0, atol=0.15)
    assert np.diff(inner, axis=1).std() < 0.25
    assert np.diff(inner, axis=2).std() < 0.25


def test_every_image_and_every_channel_is_read_at_its_own_places():
    images = np.concatenate([blob(), 2 * blob()], axis=-1)
    images[1] = 0
    found = distort(images, np.random.default_rng(0))
    np.testing.assert_allclose(found[..., 1], 2 * found[..., 0], rtol=1e-12)
    np.testing.assert_array_equal(found.any(axis=(1, 2, 3)), [True, False, True])
