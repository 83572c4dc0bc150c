"""Which images do the lessons look at?

Digits (MNIST, and those of another source), drawings (pictograms), one photograph, and a digit
small enough to do by hand.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.arrays import as_array, quiet
from cnnlib.language import say
from cnnlib.shipped import FOLDER, load_arrays

MNIST_PATH = FOLDER / "mnist.npz"
MNIST_SIZE = 11_266_754  # bytes
MNIST_SHA256 = "ee068f36682cba7f38bafdedc77b0f873ebbcf877036f7ebde566966146ac146"

UCI_PATH = FOLDER / "uci_digits.npz"
UCI_SIZE = 44_656  # bytes
UCI_SHA256 = "b3b9c8cc11d765ce4264d8748bf3edbafa5038d91c93cf713ddbd6ae8652b410"

#: The digit 2 on 4×4 pixels: float32 of shape (4, 4), 0 is dark and 1 is light, read-only.
TOY_DIGIT = np.array([[0, 1, 1, 0], [1, 0, 0, 1], [0, 0, 1, 0], [1, 1, 1, 1]], dtype=np.float32)
TOY_DIGIT.setflags(write=False)

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating]
Point = tuple[float | Floats, float | Floats]


def load_mnist() -> tuple[tuple[Bytes, Bytes], tuple[Bytes, Bytes]]:
    """Load all 70,000 handwritten digits of MNIST, in Keras's form, from the file shipped with us.

    >>> (train_images, train_labels), (test_images, test_labels) = load_mnist()
    >>> train_images.shape, train_labels.shape, test_images.shape, test_labels.shape
    ((60000, 28, 28), (60000,), (10000, 28, 28), (10000,))
    >>> train_labels[:5]
    array([5, 0, 4, 1, 9], dtype=uint8)

    Everything is uint8: pixels from 0 (background) to 255, labels from 0 to 9. Each call returns
    fresh arrays. The file's SHA-256 is checked first: FileNotFoundError if the file is missing,
    ValueError if its content is not ours.

    Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
    document recognition", Proc. IEEE 86(11), 1998, section III.A. The digits are not under the
    licence of our code: see LICENSE-DATA.
    """
    arrays = load_arrays(MNIST_PATH, MNIST_SIZE, MNIST_SHA256)
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def load_uci_digits() -> tuple[Bytes, Bytes]:
    """Load 1,797 digits of another source: 13 people wrote them, another program cut them out.

    >>> images, labels = load_uci_digits()
    >>> images.shape, labels.shape, int(images.max())
    ((1797, 8, 8), (1797,), 16)

    Each of the 8×8 pixels counts, from 0 to 16, how much of a block of 4×4 is ink; all is uint8.
    Each call returns fresh arrays; errors as those of `load_mnist`.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (UCI Machine
    Learning Repository, 1998), the test set, as scikit-learn ships it. Licence: see LICENSE-DATA.
    """
    arrays = load_arrays(UCI_PATH, UCI_SIZE, UCI_SHA256)
    return arrays["images"], arrays["labels"]


def prepare_digits(images: Bytes) -> Floats:
    """Turn MNIST's digits into LeNet's input: a frame of 2 dark pixels, one channel, 0 to 1.

    >>> digits = np.full((3, 28, 28), 255, dtype=np.uint8)
    >>> prepared = prepare_digits(digits)
    >>> prepared.shape, prepared.dtype.name
    ((3, 32, 32, 1), 'float32')
    >>> prepared[0, :4, 16, 0]
    array([0., 0., 1., 1.], dtype=float32)

    From (N, 28, 28) uint8 to (N, 32, 32, 1) float32; anything else is a ValueError. A prepared
    digit takes five times the memory of an original: prepare a batch at a time where that counts.
    """
    images = as_array("images", images)
    if images.dtype != np.uint8 or images.shape[1:] != (28, 28):
        mended = (code := as_digits(images)) and f"{code} has the digits so"
        if images.shape[1:] == (32, 32, 1):
            mended = "of this size they are prepared already: use them as they are"
            if images.dtype == np.uint8:
                mended = (
                    "of this size they are prepared but for their range: images / np.float32(255)"
                )
        raise ValueError(
            f"images must be uint8 of shape (N, 28, 28), not {_found(images)}: "
            f"{mended or 'give digits of 28×28 pixels, from 0 to 1 or from 0 to 255'}"
        )
    prepared = np.zeros((len(images), 32, 32, 1), dtype=np.float32)
    np.divide(images, np.float32(255), out=prepared[:, 2:-2, 2:-2, 0])
    return prepared


def as_digits(images: NDArray) -> str:
    """The code that makes digits of 28×28 bytes of these images, if they can be meant; else ""."""
    if images.shape[-2:] != (28, 28) and images.shape[1:] not in ((28, 28, 1), (784,)):
        return ""
    shape = images.size // 784, 28, 28
    return _as_bytes("images" if images.shape == shape else f"np.reshape(images, {shape})", images)


def _as_bytes(code: str, images: NDArray) -> str:
    """More code, which turns numbers from 0 to 1, or to 255, into bytes; "" for other numbers."""
    low, high = images.min(initial=0), images.max(initial=0)
    if images.dtype == np.uint8 or not (low >= 0 and high <= 255):
        return code * bool(images.dtype == np.uint8)
    factor = " * 255" if high <= 1 and images.dtype.kind == "f" else ""
    return f"np.rint({code}{factor}).astype('uint8')"


def load_photo() -> Bytes:
    """Load a photograph: the computer scientist Grace Hopper in uniform.

    >>> photo = load_photo()
    >>> photo.shape, photo.dtype.name
    ((600, 512, 3), 'uint8')

    (H, W, 3) uint8, red, green, blue. It is a portrait by the U.S. Navy, in the public domain,
    that Matplotlib ships as sample data; FileNotFoundError where Matplotlib came without it.
    """
    from matplotlib import cbook, image

    path = Path(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    if not path.is_file():
        raise FileNotFoundError(f"{path}: expected a photograph, found none; reinstall Matplotlib")
    return np.array(image.imread(path))


def to_grey(images: Bytes) -> Floats:
    """Mix red, green and blue into the brightness that an eye sees, from 0 to 1.

    >>> to_grey(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8))
    array([[0.299, 0.587, 0.114]], dtype=float32)

    From (..., 3) uint8 to (...) float32: the channel axis goes, however many stand before it.
    Brightness is 0.299 R + 0.587 G + 0.114 B, the luma of ITU-R Recommendation BT.601.
    """
    images = as_array("images", images)
    if images.dtype != np.uint8 or images.shape[-1:] != (3,):
        raise ValueError(
            f"images must be uint8 of shape (..., 3), not {_found(images)}: {_coloured(images)}"
        )
    return (images @ np.array([0.299, 0.587, 0.114]) / 255).astype(np.float32)


def _coloured(images: NDArray) -> str:
    """How images become colours in bytes."""
    code, places = "images", [i for i, size in enumerate(images.shape) if size == 3]
    if not places:
        return "they have no axis of 3 colours, and need none of it if they are grey"
    if images.shape[-1] != 3:
        code = f"np.moveaxis(images, {places[-1]}, -1)"
    code = _as_bytes(code, images)
    return f"{code} has them so" if code else "bring them to numbers from 0 to 1, or to 255"


@quiet
def pictogram_names() -> tuple[str, ...]:
    """What the pictograms show, in the reader's language: the classes with labels 0, 1, 2 and 3.

    >>> pictogram_names()
    ('person', 'car', 'aeroplane', 'flower')
    """
    return say("person"), say("car"), say("aeroplane"), say("flower")


def load_pictograms(
    n: int,
    size: int = 20,
    seed: int = 0,
    *,
    shift: float = 0.0,
    scale: tuple[float, float] = (1.0, 1.0),
    noise: float = 0.0,
) -> tuple[Floats, Bytes]:
    """Draw n small light-on-dark pictures of people, cars, aeroplanes and flowers.

    >>> images, labels = load_pictograms(6, seed=1)
    >>> images.shape, images.dtype.name
    ((6, 20, 20), 'float32')
    >>> [pictogram_names()[label] for label in labels]
    ['person', 'car', 'car', 'aeroplane', 'flower', 'person']

    Images are (n, size, size) float32 from 0 (background) to 1; labels are (n,) uint8, positions
    in pictogram_names(), all four equally often (as far as n allows) and in random order. Drawings
    of a class differ in proportions, posture and tilt.

    Each drawing moves by up to ±shift pixels along both axes and is enlarged by a factor between
    the two of scale (both uniform, fractions included); Gaussian noise of standard deviation noise
    comes on top, and the sum is clipped to [0, 1]. Equal arguments give equal pictures. Another
    shift, scale or noise gives the same drawings in the same order: like compares with like.
    A value that cannot be meant is a ValueError.
    """
    n, size, seed = _whole("n", n, 1), _whole("size", size, 8), _whole("seed", seed, 0)
    shift, noise = _real("shift", shift), _real("noise", noise)
    if shift >= size / 2:
        raise ValueError(f"shift={shift} moves drawings out of {size}×{size}; stay below size / 2")
    if not isinstance(scale, tuple | list) or len(scale) != 2:
        raise ValueError(f"scale must be a pair (smallest, largest), not {scale!r}")
    low, high = (_real("scale", factor) for factor in scale)
    if not 0 < low <= high:
        raise ValueError(f"scale={scale} must be a pair (smallest, largest) of factors above 0")

    # A stream for each purpose, so that one setting leaves the draws of the others alone.
    variety, places, scales, noises = np.random.default_rng(seed).spawn(4)
    labels = variety.permutation(np.arange(n, dtype=np.uint8) % len(pictogram_names()))
    traits = variety.uniform(-1, 1, (6, n, 1, 1)).astype(np.float32)
    moves = places.uniform(-shift, shift, (2, n, 1, 1)).astype(np.float32)
    unit = scales.uniform(low, high, (n, 1, 1)).astype(np.float32) * size / 2  # pixels

    # Pixel centres in the drawing's own coordinates: its frame reaches from -1 to 1.
    centres = np.arange(size, dtype=np.float32) + 0.5 - size / 2
    x, y = (centres - moves[0]) / unit, (centres[:, np.newaxis] - moves[1]) / unit
    tilt = 0.15 * traits[0]
    x, y = np.cos(tilt) * x + np.sin(tilt) * y, np.cos(tilt) * y - np.sin(tilt) * x

    images = np.empty((n, size, size), dtype=np.float32)
    for label, distance in enumerate((_person, _car, _aeroplane, _flower)):
        own = labels == label
        # An edge is one pixel wide: half covered where the distance is 0.
        images[own] = 0.5 - distance(x[own], y[own], traits[1:, own]) * unit[own]
    images = images.clip(0, 1) + noise * noises.standard_normal(images.shape, dtype=np.float32)
    return images.clip(0, 1), labels


# A figure is the signed distance to its outline, negative inside, for coordinates from -1 to 1 (y
# points down) and five traits between -1 and 1 that make one drawing differ from the next.
def _person(x: Floats, y: Floats, traits: Floats) -> Floats:
    girth, reach, lift, stance, head = traits
    x = np.abs(x)  # both halves at once
    hand, foot = (0.38 + 0.12 * reach, -0.02 + 0.3 * lift), (0.22 + 0.1 * stance, 0.76)
    shapes = [
        np.hypot(x, y + 0.62) - 0.19 - 0.03 * head,
        _stroke(x, y, (0, -0.24), (0, 0.08), 0.17 + 0.04 * girth, 0.13 + 0.03 * girth),
        _stroke(x, y, (0.12, -0.3), hand, 0.09, 0.07),
        _stroke(x, y, (0.08, 0.12), foot, 0.11, 0.08),
    ]
    return np.minimum.reduce(shapes)


def _car(x: Floats, y: Floats, traits: Floats) -> Floats:
    facing, length, height, cabin, wheel = traits
    half, roof, middle = 0.72 + 0.08 * length, -0.38 - 0.07 * height, -0.08 + 0.08 * cabin
    x = np.copysign(x, x * facing)
    side = np.abs(x - middle)
    house = np.maximum((side - 0.36 - 0.5 * (y - roof)) / np.hypot(1, 0.5), np.maximum(roof - y, y))
    panes = np.maximum(np.abs(side - 0.22) - 0.14, np.maximum(roof + 0.13 - y, y + 0.05))
    bonnet = _stroke(x, y, (-half, 0.1), (half, 0.14), 0.2, 0.17)
    wheels = np.hypot(np.abs(x) - 0.6 * half, y - 0.32) - 0.19 - 0.025 * wheel
    body = np.minimum(bonnet, np.maximum(house, -panes))
    return np.minimum(np.maximum(body, 0.09 - wheels), wheels)


def _aeroplane(x: Floats, y: Floats, traits: Floats) -> Floats:
    nose, span, sweep, girth, tail = traits
    x = np.abs(x)
    shapes = [
        _stroke(x, y, (0, -0.68 - 0.06 * nose), (0, 0.66), 0.12 + 0.02 * girth, 0.07),
        _stroke(x, y, (0.05, -0.1), (0.74 + 0.08 * span, 0.2 + 0.12 * sweep), 0.16, 0.05),
        _stroke(x, y, (0, 0.62), (0.28 + 0.06 * tail, 0.76), 0.09, 0.05),
    ]
    return np.minimum.reduce(shapes)


def _flower(x: Floats, y: Floats, traits: Floats) -> Floats:
    turn, petal, bend, leaf, side = traits
    away, fold = np.hypot(x, y + 0.34), 2 * np.pi / 5  # five petals folded onto one
    angle = (np.arctan2(y + 0.34, x) + turn) % fold - fold / 2
    petals = np.hypot(away * np.cos(angle) - 0.32, away * np.sin(angle)) - 0.19 - 0.02 * petal
    shapes = [
        np.maximum(petals, 0.17 - away),
        away - 0.1,
        _stroke(x, y, (0, 0.1), (0.1 * bend, 0.85), 0.06, 0.06),
        _stroke(x, y, (0.05 * bend, 0.65), (np.copysign(0.36, side), 0.36 + 0.1 * leaf), 0.05, 0.1),
    ]
    return np.minimum.reduce(shapes)


def _stroke(
    x: Floats, y: Floats, start: Point, end: Point, start_radius: float, end_radius: float
) -> Floats:
    """A line from start to end, its ends round, its width changing along the way."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    along = (x - start[0]) * along_x + (y - start[1]) * along_y
    along = np.clip(along / (along_x**2 + along_y**2), 0, 1)
    radius = start_radius + along * (end_radius - start_radius)
    return np.hypot(x - start[0] - along * along_x, y - start[1] - along * along_y) - radius


def _found(images: Any) -> str:
    return f"{images.dtype} of shape {images.shape}"


def _whole(name: str, value: int, least: int) -> int:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} must be a whole number, {least} or larger, not {value!r}")
    return int(value)


def _real(name: str, value: float) -> float:
    number = isinstance(value, int | float | np.integer | np.floating)
    if not number or isinstance(value, bool) or not 0 <= value < np.inf:
        raise ValueError(f"{name} must be a finite number, 0 or larger, not {value!r}")
    return float(value)
