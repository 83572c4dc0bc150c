"""Do the figures show the numbers they are given, where they belong, and can they be read?"""

import io
import subprocess
import sys
from base64 import b64decode
from itertools import combinations
from xml.etree import ElementTree

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import same_color, to_rgb
from matplotlib.text import Text
from PIL import Image

from cnnlib import architectures, datasets, figures, operations, scalars
from cnnlib.figures.graphs import lay_out
from cnnlib.figures.palette import FILLS
from cnnlib.figures.style import WIDEST, number_text
from tests.test_scalars import random_graphs

RNG = np.random.default_rng(0)
TWO = datasets.TOY_DIGIT
LENET = architectures.lenet5()
ALEXNET = architectures.alexnet()
PIXELS = np.arange(16).reshape(4, 4)
PATCHES = [PIXELS[r : r + 2, c : c + 2].ravel() for r in (0, 2) for c in (0, 2)]
LOCAL = np.array([[pixel in patch for pixel in range(16)] for patch in PATCHES])
SHARED = np.array([[(patch == p).argmax() for p in range(16)] for patch in PATCHES])
BAND = np.abs(np.subtract.outer(np.arange(5), np.arange(5))) <= 1
DIGITS = RNG.integers(0, 256, (3, 28, 28), np.uint8)
PHOTO = datasets.load_photo()
BYTES = RNG.integers(0, 256, (10, 10))
NORMAL = RNG.normal(size=(6, 9))
KERNELS = RNG.normal(size=(5, 5, 6, 3))
LARGE = RNG.integers(0, 30, (144, 256))
CHAIN = {"x": 2, "w1": 3, "w2": -0.5, "t": 1}, [
    ("p", "multiply", "x", "w1"), ("h", "relu", "p"), ("y", "multiply", "h", "w2"),
    ("e", "subtract", "y", "t"), ("L", "square", "e"),
]  # fmt: skip
MEETING = {"x": 1.5, "w": -3, "b": 0.25}, [
    ("p", "multiply", "x", "w"), ("q", "square", "p"), ("s", "multiply", "x", "x"),
    ("y", "add", "q", "x", "p"), ("m", "max", "y", "b", "s"),
]  # fmt: skip
CURVES = {
    "raw pixels": [0.3, 0.31, 0.32],
    "hand-made kernels": ([1, 2, 3], [0.2, 0.3, 0.33], [0.1, 0.05, 0.02]),
    "HOG": ([1, 2, 3], [0.5, 0.3, 0.325], [[0.1, 0.05, 0.02], [0, 0, 0.1]]),
}
SEEN = {row.name: row.input_patch(1, 1) for row in list(LENET)[:4]}
WIDE = {"memory, bytes": [4 * row.parameters for row in ALEXNET]}
GALLERY = {
    "grid": lambda: figures.draw_grid(TWO, "the digit 2", patch=((0, 2), (2, 4))),
    "full grid": lambda: figures.draw_grid(BYTES, "10 × 10 bytes"),
    "grids": lambda: figures.draw_grids(
        [TWO, [[1, -0.5]], [[-9.25, np.nan]]],
        titles=["image", "kernel", "feature map"],
        roles=["input", "kernel", "output"],
        symbols=["∗", "="],
    ),
    "six grids": lambda: figures.draw_grids([TWO] * 6, titles=["red", "green", "blue"] * 2),
    "step": lambda: figures.draw_convolution_step(TWO, [[1, 0], [0, -1]], 1, 2),
    "padded step": lambda: figures.draw_convolution_step(
        NORMAL[:6, :6], NORMAL[:3, 6:], 1, 1, strides=2, padding=1
    ),
    "windows": lambda: figures.draw_windows(8, 3, strides=2),
    "padded windows": lambda: figures.draw_windows(4, 3, padding=1),
    "AlexNet's windows": lambda: figures.draw_windows(227, 11, strides=4),
    "digits": lambda: figures.draw_images(DIGITS, titles=["7", "2", "1"]),
    "photo": lambda: figures.draw_images([PHOTO, PHOTO[..., 0]], titles=["photo", "red"]),
    "kernels": lambda: figures.draw_kernels(KERNELS),
    "receptive field": lambda: figures.draw_receptive_field((32, 32), SEEN),
    "field on a photo": lambda: figures.draw_receptive_field(PHOTO[:227, :227], SEEN),
    "connections": lambda: figures.draw_connections(
        [np.ones((4, 16)), LOCAL], ["dense", "sparse"], unit_names=["h11", "h12", "h13", "h14"]
    ),
    "shared": lambda: figures.draw_connections([LOCAL, LOCAL], weights=[None, SHARED], unit=1),
    "forward graph": lambda: figures.draw_forward_graph(*CHAIN),
    "gradient graph": lambda: figures.draw_gradient_graph(*CHAIN),
    "paths that meet": lambda: figures.draw_gradient_graph(*MEETING),
    "layers": lambda: figures.draw_layers([BAND, BAND], names="xhg", unit=(2, 2)),
    "matrix": lambda: figures.draw_matrix(BAND, title="band"),
    "large matrix": lambda: figures.draw_matrix(LARGE),
    "LeNet": lambda: figures.draw_network(LENET),
    "AlexNet": lambda: figures.draw_network(ALEXNET),
    "ledger": lambda: figures.draw_ledger([row.name for row in ALEXNET], WIDE),
    "curves": lambda: figures.draw_curves(CURVES, "shift, pixels", "accuracy", "four classes"),
    "confusion": lambda: figures.draw_confusion(4 * BYTES),
    "named confusion": lambda: figures.draw_confusion(np.eye(2), ["person", "aeroplane"]),
    "probabilities": lambda: figures.draw_digits_with_probabilities(
        DIGITS, np.eye(10)[:3], labels=[0, 1, 8]
    ),
    "named probabilities": lambda: figures.draw_digits_with_probabilities(
        DIGITS[:1], [[0.25] * 4], names=["person", "car", "aeroplane", "flower"]
    ),
    "logo": figures.draw_logo,
}


@pytest.fixture(scope="module", params=GALLERY, ids=str)
def figure(request):
    drawing = GALLERY[request.param]()
    FigureCanvasAgg(drawing).draw()
    return drawing


def texts_of(figure):
    """The texts that can be seen: titles, notes, and the labels of axes that are on."""
    texts = [child for axes in figure.axes for child in axes.get_children()]
    for axis in (axis for axes in figure.axes if axes.axison for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
        texts += [axis.label, *(tick.label1 for tick in ticks)]
    return [text for text in texts if isinstance(text, Text) and text.get_text()]


def words(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def frames(figure, colour):
    """The boxes framed in a colour, thick enough to be a patch."""
    return [
        box
        for box in figure.axes[0].patches
        if same_color(box.get_edgecolor(), colour) and box.get_linewidth() > 3
    ]


def test_a_figure_is_unknown_to_pyplot_and_fits_a_page(figure):
    assert not plt.get_fignums()
    assert figure.get_size_inches()[0] <= WIDEST + 1e-6


def test_text_is_large_enough_on_paper_and_on_a_phone(figure):
    pixels_per_inch = min(96, 370 / figure.get_size_inches()[0])
    for text in texts_of(figure):
        assert text.get_fontsize() >= 10
        assert text.get_fontsize() / 72 * pixels_per_inch >= 8


def test_no_text_leaves_the_figure_or_touches_another(figure):
    boxes = {text: Text.get_window_extent(text) for text in texts_of(figure)}  # without arrows
    for text, box in boxes.items():
        assert min(box.x0, box.y0) >= -1, text
        assert max(box.x1 - figure.bbox.x1, box.y1 - figure.bbox.y1) <= 1, text
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(wide, high) < 1.5, f"{one.get_text()!r} and {other.get_text()!r} overlap"


def test_every_axis_with_numbers_has_a_label(figure):
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            ticks = [tick.get_text().replace("−", "-") for tick in axis.get_ticklabels()]
            if any(tick.replace(".", "").lstrip("-").isdigit() for tick in ticks):
                assert axis.get_label_text()


@pytest.mark.parametrize("name", GALLERY)
def test_svg_is_small_the_same_on_every_run_and_asks_no_host(name):
    svg = GALLERY[name]().to_svg()
    assert svg == GALLERY[name]().to_svg()
    assert len(svg) < 60_000
    for element in ElementTree.fromstring(svg).iter():
        for attribute, value in element.attrib.items():
            if attribute.endswith("href"):
                assert value.startswith(("#", "data:image/"))
    assert "<dc:date>" not in svg


def test_the_ground_is_white_so_that_dark_pages_change_nothing(figure):
    transparent = figure.get_facecolor()[3] == 0
    assert transparent == (figure.get_size_inches()[0] == 1)  # the mark, to stand on anything
    assert transparent or same_color(figure.get_facecolor(), "white")


def test_a_readers_own_settings_change_no_figure():
    expected = figures.draw_network(LENET).to_svg()
    with matplotlib.rc_context({"font.size": 30, "text.color": "red", "svg.hashsalt": None}):
        assert figures.draw_network(LENET).to_svg() == expected


def test_importing_the_figures_imports_no_matplotlib():
    code = "import sys, cnnlib.figures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_use_style_sets_defaults_that_a_plain_plot_takes_on():
    with matplotlib.rc_context():
        figures.use_style()
        assert matplotlib.rcParams["figure.facecolor"] == "#ffffff"
        assert matplotlib.rcParams["svg.fonttype"] == "none"


def test_a_notebook_shows_each_figure_once_as_svg_without_a_word(monkeypatch):
    import nbformat  # here, for a browser's Python runs the other tests, and has no kernels
    from nbclient import NotebookClient

    monkeypatch.delenv("MPLBACKEND", raising=False)  # a notebook's kernel chooses its own
    sources = [
        "from cnnlib import figures\nfigures.use_style()",
        "figures.draw_grid([[1, 2], [3, 4]])",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
        "figures.draw_logo()",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    shown = [[set(output["data"]) for output in cell.outputs] for cell in cells]
    assert shown == [[], *[[{"image/svg+xml", "text/plain"}]] * 3]
    assert "<dc:date>" not in cells[2].outputs[0]["data"]["image/svg+xml"]


# Grids and convolution


def test_a_grid_writes_every_number_and_leaves_gaps_empty():
    figure = figures.draw_grid([[0, -1.5, np.nan], [1234, 1e-5, 0.0625]])
    assert words(figure) == ["0", "−1.5", "1,234", "1e−05", "0.062"]
    assert len(figure.axes[0].patches) == 7  # six cells and their frame


def test_equal_numbers_have_equal_colours_and_negative_ones_another():
    cells = figures.draw_grid([[2, 2, -2, 0]], role="kernel").axes[0].patches[:4]
    two, same, minus, zero = (cell.get_facecolor()[:3] for cell in cells)
    assert two == same != minus
    assert zero == (1, 1, 1)
    assert two[0] > two[1] > two[2]  # orange
    assert minus[1] == min(minus)  # purple


@pytest.mark.parametrize("patch", [((0, 1), (0, 2)), ((1, 4), (2, 4)), ((0, 4), (0, 4))])
def test_a_patch_is_framed_where_it_is(patch):
    (frame,) = frames(figures.draw_grid(TWO, patch=patch), figures.ROLES["kernel"])
    (top, bottom), (left, right) = patch
    corner = np.array(frame.get_xy())
    cells = figures.draw_grid(TWO).axes[0].patches[:16]
    assert corner == pytest.approx(cells[4 * top + left].get_xy())
    assert (frame.get_height(), frame.get_width()) == (bottom - top, right - left)


@pytest.mark.parametrize(
    ("strides", "padding", "row", "col"),
    [
        (1, "valid", 0, 0),
        (1, "valid", 3, 2),
        (2, 1, 1, 2),
        (1, "same", 4, 4),
        (2, ((0, 1), (1, 2)), 2, 1),
    ],
)
def test_a_convolution_step_shows_patch_products_and_sum(strides, padding, row, col):
    random = np.random.default_rng(1)
    image, kernel = random.integers(0, 9, (6, 6)), random.integers(-3, 4, (3, 3))
    figure = figures.draw_convolution_step(image, kernel, row, col, strides, padding)
    before = {"valid": ((0, 0), (0, 0)), "same": ((1, 1), (1, 1)), 1: ((1, 1), (1, 1))}
    padded = np.pad(image, before.get(padding, padding))
    top, left = row * strides, col * strides
    window = padded[top : top + 3, left : left + 3]
    products = [number_text(value) for value in (window * kernel).ravel()]
    assert (
        words(figure)[-12:]
        == ["=", "products", *products, "Σ", "sum", number_text((window * kernel).sum())][-12:]
    )
    (frame,) = frames(figure, figures.ROLES["kernel"])
    origin = figure.axes[0].patches[0].get_xy()
    assert np.subtract(frame.get_xy(), origin) == pytest.approx((left, top))
    # Numbers of the output stand between its title and the next row's: one for each cell so far.
    texts = words(figure)
    columns = (padded.shape[1] - 3) // strides + 1
    assert texts.index("patch") - texts.index("output") - 1 == row * columns + col + 1


@settings(max_examples=40)
@given(st.integers(1, 250), st.integers(1, 12), st.integers(1, 9), st.integers(0, 3))
def test_windows_are_those_that_fit(size, kernel, strides, padding):
    cells = size + 2 * padding
    starts = [start for start in range(0, cells, strides) if start + kernel <= cells]
    if not starts:
        with pytest.raises(ValueError, match="does not fit"):
            figures.draw_windows(size, kernel, strides, padding)
        return
    figure = figures.draw_windows(size, kernel, strides, padding)
    left_over = cells - starts[-1] - kernel
    assert f"= {len(starts)} window" in words(figure)[-1]
    assert f"{left_over} pixel" in words(figure)[-1]
    hatched = [box for box in figure.axes[0].patches if box.get_hatch()]
    assert len(hatched) == left_over
    boxes, orange = figure.axes[0].patches, figures.ROLES["kernel"]
    windows = [box for box in boxes if same_color(box.get_edgecolor(), orange)]
    assert min(len(starts), 5) <= len(windows) <= len(starts)
    pixel = boxes[0].get_width()
    assert [box.get_width() for box in windows] == pytest.approx([kernel * pixel] * len(windows))
    last = windows[-1].get_x() + windows[-1].get_width() + left_over * pixel
    end = max(box.get_x() + box.get_width() for box in boxes)
    assert last == pytest.approx(end)


# Pictures


def embedded(svg):
    """The pictures in an SVG file."""
    images = [e for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("image")]
    uris = [value for e in images for name, value in e.attrib.items() if name.endswith("href")]
    return [
        (uri.split(";")[0], Image.open(io.BytesIO(b64decode(uri.split(",")[1])))) for uri in uris
    ]


def test_a_small_image_keeps_its_pixels():
    pictures = embedded(figures.draw_images(DIGITS).to_svg())
    assert [kind for kind, _ in pictures] == ["data:image/png"] * 3
    for (_, picture), digit in zip(pictures, DIGITS, strict=True):
        assert np.abs(np.asarray(picture)[..., 0] - digit.astype(int)).max() <= 1


def test_a_photograph_is_embedded_as_it_is_seen_in_a_small_format():
    ((kind, picture),) = embedded(figures.draw_images([PHOTO]).to_svg())
    assert kind == "data:image/webp"
    upright = PHOTO[::-1]  # SVG's rows run the other way
    shrunk = Image.fromarray(upright).resize(picture.size, Image.Resampling.BOX)
    error = np.abs(np.asarray(picture.convert("RGB"), float) - np.asarray(shrunk, float))
    assert error.mean() < 8


@pytest.mark.parametrize(
    ("images", "limits", "expected"),
    [
        (DIGITS, None, (0, 255)),
        (DIGITS / 255, None, (DIGITS.min() / 255, DIGITS.max() / 255)),
        ([DIGITS[0] / 255, -DIGITS[1] / 255], (-1, 1), (-1, 1)),
        (np.array([[[0.0, 0.5]], [[2.0, 1.0]]]), None, (0, 2)),
    ],
)
def test_images_share_one_scale(images, limits, expected):
    shown = figures.draw_images(images, limits=limits).axes[0].images
    assert len(shown) == len(images)
    assert all(image.get_clim() == pytest.approx(expected) for image in shown)


@pytest.mark.parametrize("channels", [1, 3])
def test_kernels_are_drawn_slice_by_slice_about_zero(channels):
    kernels = np.random.default_rng(1).normal(size=(3, 3, channels, 2))
    *shown, _scale = figures.draw_kernels(kernels).axes[0].images
    slices = [kernels[:, :, c, f] for f in range(2) for c in range(channels)]
    largest = np.abs(kernels).max()
    for image, part in zip(shown, slices, strict=True):
        assert (image.get_array() == part).all()
        assert image.get_clim() == (-largest, largest)


def test_kernels_of_different_sizes_are_drawn_each_with_its_own_pixels():
    kernels = [np.eye(3), -np.eye(5), np.ones((1, 2))]
    for several in (kernels, tuple(kernels)):
        *shown, _scale = figures.draw_kernels(several).axes[0].images
        for image, kernel in zip(shown, kernels, strict=True):
            assert (image.get_array() == kernel).all()
            assert image.get_clim() == (-1, 1)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_kernels_stand_above_the_middle_of_a_scale_that_is_not_cut(count):
    figure = figures.draw_kernels([np.full((3, 3), 12.75)] * count)
    FigureCanvasAgg(figure).draw()
    (axes,) = figure.axes
    edges = [image.get_extent()[:2] for image in axes.images]
    *pictures, scale = [[left, right] for left, right in edges]
    assert pictures[0][0] + pictures[-1][1] == pytest.approx(sum(scale))
    for text in axes.texts:
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width


def test_a_receptive_field_is_drawn_to_scale():
    figure = figures.draw_receptive_field((32, 32), SEEN)
    boxes = {same: [] for same in range(len(SEEN))}
    side = figure.axes[0].patches[0].get_width() / 32
    drawn = figure.axes[0].patches[1:]  # for each patch a white band, then its frame
    for boxes, ((top, bottom), (left, right)) in zip(drawn[1::2], SEEN.values(), strict=True):
        place = [*boxes.get_xy(), boxes.get_width(), boxes.get_height()]
        assert place == pytest.approx([v * side for v in (left, top, right - left, bottom - top)])
    assert words(figure)[1] == "S2: 6 × 6"


# Connections


def edges_of(figure):
    return [c for c in figure.axes[0].collections if len(c.get_segments())]


def test_every_connection_is_one_line_from_its_input_to_its_unit():
    figure = figures.draw_connections(LOCAL)
    (lines,) = edges_of(figure)
    nodes = [circle.center for circle in figure.axes[0].patches]
    ends = {(tuple(a), tuple(b)) for a, b in np.array(lines.get_segments())}
    expected = {(nodes[j], nodes[16 + i]) for i, j in np.argwhere(LOCAL)}
    assert {tuple(np.round(e, 9).ravel()) for e in ends} == {
        tuple(np.round(e, 9).ravel()) for e in expected
    }
    assert words(figure)[-1] == "connections: 16\nweights: 16"


def test_shared_weights_share_a_colour_and_each_weight_has_its_own():
    figure = figures.draw_connections([LOCAL], weights=[SHARED])
    colours = {
        to_rgb(lines.get_color()[0]): len(lines.get_segments()) for lines in edges_of(figure)
    }
    assert sorted(colours.values()) == [4, 4, 4, 4]
    assert words(figure)[-1] == "connections: 16\nweights: 4"


@pytest.mark.parametrize("unit", [(0, 3), (1, 0), (2, 2), (2, 4)])
def test_what_a_unit_sees_is_the_product_of_its_layers(unit):
    column, index = unit
    reached = np.linalg.matrix_power(BAND.astype(int), column)[index] > 0
    expected = ", ".join(f"x{i + 1}" for i in np.flatnonzero(reached))
    name = f"{'xhg'[column]}{index + 1}"
    assert words(figures.draw_layers([BAND, BAND], unit=unit))[-1] == f"{name} sees {expected}"


@pytest.mark.parametrize("side", [2, 3])
def test_a_matrix_is_blank_at_zeros_and_has_one_colour_for_each_weight(side):
    kernel = np.arange(1.0, side**2 + 1).reshape(side, side, 1, 1)
    matrix = operations.convolution_matrix(kernel, (5, 5, 1))
    (picture,) = figures.draw_matrix(matrix).axes[0].images
    colours = picture.get_array()
    assert (colours[matrix == 0] == 1).all()
    seen = {
        tuple(np.unique(colours[matrix == weight], axis=0).ravel()) for weight in kernel.ravel()
    }
    assert len(seen) == side**2
    assert {len(colour) for colour in seen} == {3}


# Networks and costs


@pytest.mark.parametrize("network", [LENET, ALEXNET], ids=["LeNet", "AlexNet"])
def test_a_network_names_the_shape_and_the_parameters_of_every_layer(network):
    texts = words(figures.draw_network(network))
    for row in network:
        assert row.name in texts
        assert " × ".join(f"{size:,}" for size in row.output_shape) in texts
    costs = [row.parameters for row in network if row.parameters]
    assert [text for text in texts if text in {f"{cost:,}" for cost in costs}] >= []
    assert sum(f"{cost:,}" in texts for cost in costs) == len(costs)


def test_a_block_is_high_for_rows_and_long_for_channels():
    drawn = figures.draw_network([("wide", (64, 64, 2)), ("deep", (8, 8, 256))]).axes[0].patches
    (wide, high), (deep, low) = (np.ptp(block.get_xy(), axis=0) for block in drawn[::3])
    assert wide < deep
    assert high > low


def test_bars_are_as_long_as_costs_and_shares_add_up():
    names, costs = zip(*[(r.name, r.parameters) for r in ALEXNET if r.parameters], strict=True)
    figure = figures.draw_ledger(names, {"parameters": costs, "MACs": costs[::-1]})
    assert [bar.get_width() for bar in figure.axes[0].patches] == list(costs)
    assert [bar.get_width() for bar in figure.axes[1].patches] == list(costs[::-1])
    assert figure.axes[0].get_title(loc="left") == "parameters: 62,378,344 in all"
    shares = [float(text.get_text().split("(")[1][:-2]) for text in figure.axes[0].texts]
    assert sum(shares) == pytest.approx(100, abs=0.5)


# Learning


def test_a_curve_goes_through_its_points_within_its_spread():
    axes = figures.draw_curves(CURVES, "epoch", "accuracy").axes[0]
    assert (axes.lines[0].get_xydata() == [[1, 0.3], [2, 0.31], [3, 0.32]]).all()
    band = axes.collections[0].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == pytest.approx((0.1, 0.35))
    assert len({(line.get_linestyle(), line.get_marker()) for line in axes.lines}) == 3


def test_a_spread_reaches_as_far_below_as_is_said_first_and_above_as_is_said_then():
    spread = [[0.1, 0.1], [0.3, 0.3]]
    axes = figures.draw_curves({"a": ([1, 2], [0.5, 0.5], spread)}, "epoch", "accuracy").axes[0]
    band = axes.collections[0].get_paths()[0].get_extents()
    assert (band.y0, band.y1) == pytest.approx((0.4, 0.8))


def test_a_confusion_matrix_writes_every_count_and_tells_right_from_wrong():
    counts = np.array([[990, 10], [5, 1200]])
    figure = figures.draw_confusion(counts, ["car", "flower"])
    assert words(figure)[:4] == ["990", "10", "5", "1,200"]
    turned = [text.get_text() for text in figure.axes[0].texts if text.get_rotation() == 90]
    assert turned == ["true class"]
    assert "predicted class" in words(figure)
    right, wrong = (figure.axes[0].patches[i].get_facecolor() for i in (0, 1))
    assert right[1] > max(right[0], right[2])  # green
    assert wrong[1] < min(wrong[0], wrong[2])  # purple


def test_a_confusion_matrix_shades_each_class_by_the_share_of_its_own_images():
    def shades(counts):
        patches = figures.draw_confusion(counts).axes[0].patches
        return 1 - np.reshape([patch.get_facecolor()[:3] for patch in patches], (2, 2, 3))

    half, most = shades([[50, 50], [10, 90]])
    np.testing.assert_allclose(half[0] / 0.5, most[1] / 0.9)
    for other in ([[50, 50], [1, 9]], [[50, 50], [1000, 9000]], [[3, 3], [10, 90]]):
        np.testing.assert_allclose(shades(other), [half, most])


def test_each_number_of_a_graph_and_each_bend_has_a_place_of_its_own():
    bends = 0
    for values, steps in random_graphs():
        graph = scalars.work_out(values, steps)
        routes = lay_out(graph)
        assert set(routes) == set(graph)
        taken = [edges[0][-1] for edges in routes.values()]
        for name, edges in routes.items():
            starts = [routes[operand][0][-1] for operand in graph[name].operands]
            assert [route[0] for route in edges] == (starts or [edges[0][-1]])
            for route in edges:
                columns = [column for column, _ in route]
                assert columns == list(range(columns[0], columns[0] + len(route)))
                assert route[-1] == edges[0][-1]
                taken += route[1:-1]
                bends += len(route) > 2
        assert len(set(taken)) == len(taken)
    assert bends > 20


def test_a_graph_says_the_way_back_only_where_it_is_asked_for():
    forward, both = figures.draw_forward_graph(*MEETING), figures.draw_gradient_graph(*MEETING)
    assert [text for text in words(both) if text[0] not in "←=×"] == words(forward)
    graph = scalars.work_out(*MEETING)
    slopes = [f"×{number_text(slope)}" for node in graph.values() for slope in node.slopes]
    assert sorted(text for text in words(both) if text[0] == "×") == sorted(slopes)
    at = words(both).index("← 1 + (−9)")
    assert words(both)[at - 3 : at + 2] == ["p", "x·w", "→ −4.5", "← 1 + (−9)", "= −8"]


def test_probabilities_are_bars_and_the_likeliest_is_green():
    row = np.array([0.1, 0.6, 0.3])
    axes = figures.draw_digits_with_probabilities(DIGITS[0], row).axes[1]
    assert [bar.get_height() for bar in axes.patches] == row.tolist()
    edges = [same_color(bar.get_edgecolor(), figures.ROLES["output"]) for bar in axes.patches]
    assert edges == [False, True, False]
    assert words(axes.figure) == ["60.0%"]


# The mark, and what cannot be drawn


def test_the_mark_keeps_its_colours_at_32_pixels():
    figures.draw_logo().savefig(buffer := io.BytesIO(), format="png", dpi=32)
    pixels = np.asarray(Image.open(buffer).convert("RGB"), float)
    assert pixels.shape == (32, 32, 3)
    for colour in ("input", "kernel", "output"):
        distance = np.abs(pixels / 255 - to_rgb(figures.ROLES[colour])).max(axis=2)
        assert (distance < 0.15).sum() >= 20


def contrast(colour):
    """WCAG 2.2's contrast of a colour with white."""
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05)


@pytest.mark.parametrize("colour", [*figures.ROLES.values(), figures.NEGATIVE, *figures.SERIES])
def test_every_line_stands_out_from_the_page(colour):
    assert contrast(colour) >= 3
    assert FILLS.get(colour) is None or to_rgb(FILLS[colour])[0] > to_rgb(FILLS[colour])[2]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures.draw_grid([["a"]]), "array of numbers"),
        (lambda: figures.draw_grid([1, 2]), r"2 axes.*\(2,\)"),
        (lambda: figures.draw_grid([[np.inf]]), "infinity"),
        (lambda: figures.draw_grid(np.zeros((28, 28))), r"\(28, 28\).*draw_images"),
        (lambda: figures.draw_grid(TWO, role="bias"), "'bias'"),
        (lambda: figures.draw_grid(TWO, patch=((0, 5), (0, 1))), "not inside 4 rows"),
        (lambda: figures.draw_grid(TWO, patch=(1, 2)), r"\(\(top, bottom\)"),
        (lambda: figures.draw_grids([]), "at least one"),
        (lambda: figures.draw_grids([TWO, TWO], titles=["a"]), "1 titles for 2"),
        (lambda: figures.draw_convolution_step(TWO, np.ones((5, 5)), 0, 0), "window of 5"),
        (lambda: figures.draw_convolution_step(TWO, np.ones((2, 2)), 3, 0), r"no cell \(3, 0\)"),
        (lambda: figures.draw_convolution_step(TWO, np.ones((2, 2)), -1, 0), "row must be"),
        (lambda: figures.draw_windows(7.0, 3), "size must be a whole number.*7.0"),
        (lambda: figures.draw_windows(7, 3, strides=0), "stride must be"),
        (lambda: figures.draw_images(np.zeros((2, 4, 4, 2))), r"\(4, 4, 2\)"),
        (lambda: figures.draw_images([]), "no image"),
        (lambda: figures.draw_images(DIGITS, columns=0), "columns must be"),
        (lambda: figures.draw_images([PHOTO / 1.0]), "0 to 1"),
        (lambda: figures.draw_receptive_field((32, 32), {}), "0 patches"),
        (lambda: figures.draw_receptive_field((8, 8), {"C1": ((0, 9), (0, 5))}), "not inside 8"),
        (lambda: figures.draw_connections(np.ones((40, 3))), "draw_matrix"),
        (lambda: figures.draw_connections(LOCAL, weights=[SHARED[:2]]), r"\(2, 16\).*\(4, 16\)"),
        (lambda: figures.draw_connections(LOCAL, unit=4), "unit 4 does not exist"),
        (lambda: figures.draw_layers([BAND, LOCAL]), "5 units feeds one of 16"),
        (lambda: figures.draw_layers([BAND], unit=(2, 0)), "does not exist"),
        (lambda: figures.draw_matrix([1, 2]), "2 axes"),
        (lambda: figures.draw_network([("C1",)]), "name, shape"),
        (lambda: figures.draw_network([("C1", (28, 0, 6))]), "C1: a size"),
        (lambda: figures.draw_network([]), "no layer"),
        (lambda: figures.draw_ledger(["a"], {"MACs": [1, 2]}), "2 MACs values for 1"),
        (lambda: figures.draw_ledger(["a"], {"MACs": [0]}), "zero"),
        (lambda: figures.draw_ledger(["a"], {}), "no column"),
        (lambda: figures.draw_curves({"a": [1]}, "epoch", ""), "both labels"),
        (lambda: figures.draw_curves({"a": ([1], [1, 2])}, "x", "y"), "1 x, 2 y"),
        (lambda: figures.draw_curves({"a": ([1], [1], [-1])}, "x", "y"), "negative"),
        (lambda: figures.draw_curves({name: [1] for name in "abcdefg"}, "x", "y"), "7 curves"),
        (lambda: figures.draw_confusion([[1, 2]]), "square"),
        (lambda: figures.draw_confusion([[0.5]]), "counts"),
        (lambda: figures.draw_digits_with_probabilities(DIGITS, [[1.0]]), "1 rows"),
        (lambda: figures.draw_digits_with_probabilities(DIGITS[0], [2.0, 3.0]), "softmax"),
        (lambda: figures.draw_digits_with_probabilities(DIGITS[0], [0.5, 0.45]), "softmax"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_reason(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


@pytest.mark.parametrize("dtype", ["uint8", "float16", "bool", "int64"])
def test_numbers_of_any_kind_are_drawn_whatever_numpy_is_told_to_raise(dtype):
    picture = np.eye(4).astype(dtype)
    with np.errstate(all="raise"):
        drawn = figures.draw_kernels([picture])
        assert [text.get_text() for text in drawn.axes[0].texts][-3:] == ["−1", "0", "1"]
        for draw in (figures.draw_images, figures.draw_grid, figures.draw_matrix):
            assert draw(picture).to_svg()
        assert figures.draw_images([np.array([[1e308, -1e308]])]).to_svg()
        assert figures.draw_grid(np.full((2, 2), 1e-310)).to_svg()


def test_what_is_masked_is_not_drawn_as_if_it_were_not():
    curve = np.ma.masked_equal([1.0, 2.0, 3.0], 2)
    with pytest.raises(ValueError, match="or is masked somewhere"):
        figures.draw_curves({"loss": curve}, "epoch", "loss")
