"""A figure that speaks Chinese says nothing in English, whatever the reader does with it."""

import json
import re
from functools import partial

import pytest

from cnnlib import architectures, interactive, layers
from cnnlib.interactive.costs import STUDIED
from cnnlib.interactive.kinds import known_kinds
from cnnlib.layers.settings import FUNCTIONS
from tests.interactive.conftest import FIGURES
from tests.interactive.test_own_network import COUNT, FAULTS, REFUSED, opened

# Words of Latin letters that a Chinese figure says, by the reason why; each is a pattern.
NAMES = {
    "networks": "LeNet|AlexNet|VGG",
    "kinds of layers in Keras": "|".join(layers.__all__),
    "arguments in Keras and cnnlib": "size|kernel_size|strides|padding|dilation_rate",
    "paddings in Keras": "valid|same|full",
    "Python": "int|float|str|input_patch",
    "functions": "max|relu|ReLU|softmax",
    "files": "keras|json|model|to_json",
    "letters of formulas": r"[xw]\d|[kpto]_\w|h\d\d|conv\d",
}
NETWORKS = [getattr(architectures, name)() for name in STUDIED]
# A name may break behind its underscores.
LAYERS = {
    part for net in NETWORKS for row in net for part in [row.name, *re.split("(?<=_)", row.name)]
}
WITH_LAYERS = {
    "digit_reader", "parameter_ledger", "receptive_field_explorer", "shape_calculator",
}  # fmt: skip
KNOWN = re.compile("|".join(f"(?:{pattern})" for pattern in NAMES.values()))
WORD = re.compile(r"[A-Za-z]\w+", re.ASCII)

SAYS = """(figure) => {
    const heard = ["label", "valuetext", "roledescription"].map((name) => `aria-${name}`);
    heard.push("title", "placeholder", "alt", "label");
    const nodes = [...figure.shadowRoot.querySelectorAll(":not(style)")];
    const shown = nodes.filter((node) => node.checkVisibility() || node.closest("select"));
    const texts = shown.flatMap((node) => [
        ...[...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data),
        ...heard.map((name) => node.getAttribute(name)).filter(Boolean),
    ]);
    return [...new Set(texts.map((text) => text.trim()).filter(Boolean))];
}"""

# Presses what can be pressed, chooses what can be chosen and writes into what can be written into;
# calls told() after each.
PLAYS = """async (figure) => {
    const root = figure.shadowRoot, told = new Set();
    const says = SAYS;
    const listen = async () => {
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        for (const text of says(figure)) told.add(text);
    };
    const all = (what) => [...root.querySelectorAll(what)].filter((node) => node.checkVisibility());
    const change = (node, value, event) => {
        node.value = value;
        node.dispatchEvent(new Event(event, { bubbles: true }));
    };
    await listen();
    for (const input of all("input[type=text]")) {
        const { value } = input;
        for (const text of ["x", "-3", "99999", "7"]) {
            change(input, text, "input");
            await listen();
        }
        change(input, value, "input");
    }
    for (const node of all("[role=application], table button")) {
        node.focus();
        for (const key of ["ArrowDown", "ArrowRight"]) {
            node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            await listen();
        }
    }
    for (const select of all("select")) {
        for (const option of [...select.options].slice(0, 8)) {
            change(select, option.value, "change");
            await listen();
        }
    }
    for (const choice of all("input[type=radio]")) {
        choice.click();
        await listen();
    }
    for (const button of all("button:not(td button)")) {
        button.click();
        await listen();
    }
    return [...told];
}""".replace("SAYS", SAYS)


@pytest.fixture
def heard(show):
    """All that a figure says, at rest and when it is played with."""

    def heard(figure, prepare=lambda card: None):
        card = show(figure, reduced_motion="reduce").locator(f"cnn-{figure.name}")
        card.get_by_role("group").first.wait_for()
        prepare(card)
        return card.evaluate(PLAYS)

    return heard


def strange(texts, names=frozenset()):
    """The words of Latin letters in texts that are no names, each with a text that says it."""
    words = {word: text for text in texts for word in WORD.findall(text)}
    return {w: text for w, text in words.items() if w not in names and not KNOWN.fullmatch(w)}


def quiz():
    sizes = [
        interactive.Option("5", "半步不算一步"),
        interactive.Option("4", "对", right=True),
    ]
    return interactive.quiz([interactive.Question("4.5向下取整是几？", sizes)])


OURS = {
    "quiz": quiz,
    "guess_number": partial(interactive.guess_number, "3×3的卷积核有几个权重？", 576, "个"),
    "guess_point": partial(interactive.guess_point, "几个数字？", 900, 100, 1000),
    "guess_choice": partial(interactive.guess_choice, "哪个？", ["前", "后"], "后"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_everything_in_chinese(name, heard, chinese):
    texts = heard((FIGURES | OURS)[name]())
    assert strange(texts, LAYERS if name in WITH_LAYERS else frozenset()) == {}
    assert sum(bool(re.search("[\u4e00-\u9fff]", text)) for text in texts) >= 5


def test_what_it_says_in_english_would_be_found(heard):
    found = strange(heard(interactive.convolution_stepper()))
    # Of a button, a label, what is read aloud, a title, what is wrong.
    assert {"Reset", "stride", "movable", "products", "must"} <= set(found)


def test_a_model_of_the_reader_s_is_counted_in_chinese(heard, chinese):
    image = {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [None, 9, 9, 1]}}
    dense = {"class_name": "Dense", "config": {"name": "dense", "units": 2}}
    conv = {"name": "conv2d", "filters": 2, "kernel_size": 3, "padding": "same"}
    layers = [image, {"class_name": "Conv2D", "config": conv}, dense]
    config = {"class_name": "Sequential", "config": {"name": "ours", "layers": layers}}
    file = {"name": "ours.json", "mimeType": "", "buffer": json.dumps(config).encode()}

    def give(card):
        card.locator("input[type=file]").set_input_files(file)
        card.get_by_text("ours：2层，26个参数。").wait_for()

    names = LAYERS | {"ours", "conv2d", "dense"}
    assert strange(heard(interactive.parameter_ledger(), give), names) == {}


CALLS = r"keras\.\w+(\([^)]*\)+)?|\w+\(\)|True|False|None|axis|groups|(Lambda|Network|Keras)"
SETTINGS = {"channels_last", *FUNCTIONS}
FILES = "zip|Keras|HDF5|config|GB|list|SyntaxError|TypeError|InvalidStateError|Python"


def plain(message, config):
    """What a refusal says in words of its own: without code, and what the file holds."""
    words = re.sub(CALLS, " ", message)
    return [word for word in strange([words], SETTINGS) if word not in json.dumps(config)]


def test_a_model_that_cannot_be_counted_is_refused_in_chinese(show, chinese):
    page = show(interactive.parameter_ledger())
    messages = page.evaluate(COUNT, [known_kinds(), [[each, None] for each in REFUSED.values()]])
    found = {m: plain(m, each) for m, each in zip(messages, REFUSED.values(), strict=True)}
    assert {message: words for message, words in found.items() if words} == {}


def test_a_file_without_a_model_is_refused_in_chinese(show, chinese):
    page = opened(show(interactive.parameter_ledger()))
    for name, (make, _) in FAULTS.items():
        file = {"name": name, "mimeType": "", "buffer": make()}
        page.locator("input[type=file]").set_input_files(file)
        alert = page.locator(".own").get_by_role("alert")
        alert.filter(has_text=name).wait_for()
        words = strange([alert.inner_text().removeprefix(name)])
        assert [word for word in words if not re.fullmatch(FILES, word)] == []
