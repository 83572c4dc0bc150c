"""Do figures, tables and derivations speak Chinese, and do figures give Chinese its room?"""

import io
import re
from dataclasses import replace
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from cnnlib import Add, Conv2D, Network, architectures, figures, language
from cnnlib.figures.canvas import text_width
from cnnlib.network import COLUMNS, MORE_COLUMNS
from tests.test_figures import BAND, CURVES, DIGITS, GALLERY, LOCAL, SEEN, TWO, texts_of
from tests.test_running import KINDS

LENET = architectures.lenet5()
ENGLISH = re.compile(r"[A-Za-z]{3,}")
NAMES = {row.name for row in LENET} | {"flatten"}
# Nothing here that the caller writes, but for the names of layers and units.
OF_THE_LIBRARY = {
    "step": lambda: figures.draw_convolution_step(TWO, [[1, 0], [0, -1]], 1, 2),
    "one window": lambda: figures.draw_windows(3, 3),
    "windows": lambda: figures.draw_windows(227, 11, strides=4),
    "receptive field": lambda: figures.draw_receptive_field((32, 32), SEEN),
    "connections": lambda: figures.draw_connections(LOCAL),
    "layers": lambda: figures.draw_layers([BAND, BAND], names="xhg", unit=(2, 2)),
    "matrix": lambda: figures.draw_matrix(BAND),
    "LeNet": lambda: figures.draw_network(LENET),
    "confusion": lambda: figures.draw_confusion(np.eye(3)),
    "probabilities": lambda: figures.draw_digits_with_probabilities(
        DIGITS, np.eye(10)[:3], labels=[0, 1, 8]
    ),
}
OF_THE_CALLER = {
    "grids": lambda: figures.draw_grids(
        [TWO, [[1, -0.5]], [[-9.25]]], titles=["图像", "找竖直边缘的卷积核", "特征图"]
    ),
    "images": lambda: figures.draw_images(
        DIGITS, titles=["七，误读成一", "二", "一，拿不准\n概率0.41"]
    ),
    "connections": lambda: figures.draw_connections([LOCAL, LOCAL], ["局部连接", "权重共享"]),
    "curves": lambda: figures.draw_curves(
        dict(zip(["原始像素", "手工设计的卷积核", "方向梯度直方图"], CURVES.values(), strict=True)),
        "平移量，像素",
        "准确率",
        "四个类别：平移越大，准确率掉得越多",
    ),
    "ledger": lambda: figures.draw_ledger(
        ["第一个卷积层", "全连接层"], {"参数": [3, 4], "内存，字节": [9e6, 1]}
    ),
    "graph": lambda: figures.draw_gradient_graph(
        {"像素": 2, "第一个权重": 3}, [("输出", "multiply", "像素", "第一个权重")]
    ),
    "confusion": lambda: figures.draw_confusion(np.eye(2), ["人", "一架飞机"]),
    "probabilities": lambda: figures.draw_digits_with_probabilities(
        DIGITS[:1], [[0.25] * 4], ["汽车"], ["人", "汽车", "飞机", "一朵花"]
    ),
    "patches": lambda: figures.draw_receptive_field((32, 32), {"第一个卷积层": ((0, 5), (0, 5))}),
}
DRAWN = [*OF_THE_LIBRARY.values(), *OF_THE_CALLER.values()]


@pytest.fixture(autouse=True)
def chinese():
    language.use("zh")
    yield
    language.use("en")


@pytest.mark.parametrize("name", OF_THE_LIBRARY)
def test_what_a_figure_says_of_itself_is_chinese(name):
    said = [text.get_text() for text in texts_of(OF_THE_LIBRARY[name]())]
    assert not {word for text in said for word in ENGLISH.findall(text)} - NAMES
    language.use("en")
    assert said != [text.get_text() for text in texts_of(OF_THE_LIBRARY[name]())]


def test_words_and_numbers_stand_where_chinese_has_them():
    (left, right) = (
        figures.draw_windows(*sizes).axes[0].texts[-1] for sizes in ((8, 3, 2), (3, 3))
    )
    assert left.get_text() == "⌊(8 + 2·0 − 3) / 2⌋ + 1 = 3个窗口，剩余1个像素"
    assert right.get_text() == "⌊(3 + 2·0 − 3) / 1⌋ + 1 = 1个窗口，剩余0个像素"
    ledger = figures.draw_ledger(["C1", "F6"], {"参数": [156, 10164]})
    assert ledger.axes[0].get_title(loc="left") == "参数：共10,320"


@pytest.mark.parametrize("draw", DRAWN)
def test_no_chinese_text_leaves_its_figure_or_touches_another(draw, caplog):
    figure = draw()
    FigureCanvasAgg(figure).draw()
    boxes = {text: Text.get_window_extent(text) for text in texts_of(figure)}
    for text, box in boxes.items():
        assert min(box.x0, box.y0) >= -1, text
        assert max(box.x1 - figure.bbox.x1, box.y1 - figure.bbox.y1) <= 1, text
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(wide, high) < 1.5, f"{one.get_text()!r} and {other.get_text()!r} overlap"
    assert not caplog.records  # no font is missed; a missing glyph would warn, which fails too


def test_every_character_of_gb_2312_has_a_square():
    codes = [bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    characters = b"".join(codes).decode("gb2312", "ignore")
    assert len(characters) == 6763
    assert text_width(characters, 72) == pytest.approx(6763)
    assert text_width("，。：；！？（）《》、", 72) == pytest.approx(11)
    assert text_width("C1的感受野", 72) == pytest.approx(text_width("C1", 72) + 4, abs=0.1)


def test_a_box_in_svg_is_as_wide_as_the_chinese_in_it():
    with matplotlib.rc_context():
        figures.use_style()
        figure, svg = Figure(), io.StringIO()
        figure.text(0.5, 0.5, "过拟合从这里开始", size=10, bbox={"pad": 3})
        figure.savefig(svg, format="svg")
    _, box = re.findall(r'<path d="([^"]*L[^"]*z\s*)"', svg.getvalue())  # the paper comes first
    across = [float(x) for x in re.findall(r"[ML] (\S+)", box)]
    assert max(across) - min(across) == pytest.approx(8 * 10 + 2 * 3, abs=0.1)


@pytest.mark.parametrize("draw", [OF_THE_LIBRARY["LeNet"], OF_THE_CALLER["graph"]])
def test_browsers_are_told_of_the_fonts_that_readers_have(draw):
    stack = (
        "'DejaVu Sans', 'Verdana', 'Arial', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC'"
    )
    svg = draw().to_svg()
    assert svg.count(f"{stack}, sans-serif") == svg.count("<text ") > 5


def test_speaking_chinese_leaves_english_figures_as_they_are():
    language.use("en")
    before = GALLERY["curves"]().to_svg()
    with matplotlib.rc_context():
        language.use("zh")
        figures.use_style()
        assert matplotlib.rcParams["font.family"] == ["sans-serif", "Wide"]
        language.use("en")
        assert GALLERY["curves"]().to_svg() == before
        figures.use_style()
        assert matplotlib.rcParams["font.family"] == ["sans-serif"]


# Tables and derivations


def test_the_heads_of_a_table_are_chinese_and_its_data_are_not():
    table = LENET.table(*COLUMNS, *MORE_COLUMNS)
    head, body = table._repr_html_().split("</thead>")
    assert not ENGLISH.findall(re.sub("<[^>]*>", "", head.split("</caption>")[1]))
    assert "合计" in body
    assert table.rows[0]["output_shape"] == (28, 28, 6)
    assert "| 层 " in LENET.table("macs").to_markdown()


@pytest.mark.parametrize(("layer", "shape"), KINDS)
def test_a_derivation_is_chinese(layer, shape):
    for quantity in ("output_shape", "parameters", "connections", "macs", "parameter_bytes"):
        why = layer.derive(quantity, shape)
        title, *lines = str(why).splitlines()
        assert title.startswith(f"{layer.label}：")
        for line in lines:
            assert not set(ENGLISH.findall(line)) - {"max"}, line
        assert not set(re.findall(r"\\text\{[^}]*[a-z]{3,}[^}]*\}", why._repr_latex_()))


def test_what_a_unit_sees_is_derived_in_chinese():
    assert str(LENET["C3"].derive("receptive_field")).splitlines() == [
        "C3：感受野",
        "  大小 = r + (k − 1)·j = 6 + (5 − 1)·2 = 14",
        "  跳距 = j·s = 2·1 = 2",
        "  起点 = c + ((k − 1) / 2 − p)·j = 2.5 + ((5 − 1) / 2 − 0)·2 = 6.5",
    ]


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        (Conv2D(1, 7, padding="same"), Conv2D(1, 8, padding=((3, 4), (3, 4))), "错位半个像素："),
        (Conv2D(1, 1), Conv2D(1, (1, 3), padding=((0, 0), (0, 2))), "各列错位1个像素："),
        (Conv2D(1, 1), Conv2D(1, (3, 1), padding=((0, 2), (0, 0))), "各行错位1个像素："),
        (Conv2D(1, 1, strides=2), Conv2D(1, 17), "错位，跳距不同："),
    ],
)
def test_what_does_not_lie_on_each_other_is_told_in_chinese(left, right, said):
    layers = [replace(left, name="a"), replace(right, name="b"), Add(name="c")]
    net = Network((32, 32, 1), layers, inputs={"b": "input", "c": ("a", "b")})
    assert net["c"].misalignment.startswith(said)
    assert not {*ENGLISH.findall(str(net["c"].derive("receptive_field")))} - {"max"}


def test_layers_keep_their_names():
    why = LENET.derive("parameters")
    assert "output = (n + 1)·单元 = (84 + 1)·10 = 850" in str(why)
    assert r"\text{F6} &= \left(n + 1\right) \, \text{单元}" in why._repr_latex_()
