"""The digit reader in Chromium computes what NumPy computes, fast, and reads what is drawn."""

import base64
import re

import numpy as np
import pytest

from cnnlib import Dense, Flatten, Network, datasets, interactive, operations, training
from cnnlib.activations import softmax
from cnnlib.training import NumpyModel

NAME = "cnn-digit-reader"
SLOWER = 5  # times what a loop over as many products takes; measured: 1 to 1.6
# In the page: the arithmetic of the figure, and the network it builds.
NETWORK = f"""const reader = document.querySelector("{NAME}");
    const its = customElements.get("{NAME}").arithmetic;
    const options = JSON.parse(reader.dataset.options);
    const network = its.buildNetwork(options.layers, its.decodeHalves(options.weights), 32);
    const bytes = Uint8Array.from(atob(digits), (letter) => letter.charCodeAt(0));
    const all = Array.from({{ length: bytes.length / 784 }}, (_, n) =>
        bytes.subarray(784 * n, 784 * (n + 1)));
    const imageOf = (digit) => its.framed(Float32Array.from(digit, (value) => value / 255));"""


@pytest.fixture(scope="module")
def model():
    return training.load_lenet5()


@pytest.fixture(scope="module")
def test_set():
    return datasets.load_mnist()[1]


def opened(page):
    page.wait_for_function(f"document.querySelector('{NAME}').shadowRoot?.querySelector('canvas')")
    return page


@pytest.fixture
def reader(show):
    return opened(show(interactive.digit_reader()))


@pytest.fixture(scope="module")
def arithmetic(show_once):
    """A reader that is asked to compute, and not touched."""
    return opened(show_once(interactive.digit_reader()))


def run(page, body, digits):
    text = base64.b64encode(digits.tobytes()).decode()
    return page.evaluate(f"digits => {{ {NETWORK} {body} }}", text)


def test_its_logits_are_those_of_numpy(arithmetic, model, test_set):
    digits, _ = test_set
    body = "return all.map((digit) => Array.from(its.runNetwork(network, imageOf(digit))));"
    logits = np.array(run(arithmetic, body, digits[:200]))
    expected = model.forward(digits[:200])
    np.testing.assert_allclose(logits, expected, atol=1e-3)
    assert (logits.argmax(axis=1) == expected.argmax(axis=1)).all()
    chances = arithmetic.evaluate(
        f"rows => rows.map(customElements.get('{NAME}').arithmetic.softmax)", logits.tolist()
    )
    np.testing.assert_allclose(chances, softmax(logits), atol=1e-9)


def test_each_map_is_that_of_the_operations(arithmetic, model, test_set):
    digit = test_set[0][:1]
    body = """its.runNetwork(network, imageOf(all[0]));
        return network.map((layer) => Array.from(layer.output));"""
    found = iter(run(arithmetic, body, digit))
    maps = datasets.prepare_digits(digit)
    for row in model.network:
        if row.kind == "Flatten":
            maps = maps.reshape(1, -1)
            continue
        if row.kind == "MaxPooling2D":
            maps = operations.max_pooling2d(maps, 2)
        else:
            compute = operations.dense if row.kind == "Dense" else operations.conv2d
            maps = compute(maps, *model.weights[row.name])
        if getattr(row.layer, "activation", None) == "relu":
            maps = np.maximum(maps, 0)
        np.testing.assert_allclose(next(found), maps.ravel(), atol=1e-4, err_msg=row.name)
    assert next(found, None) is None


def test_what_made_a_unit_adds_up_to_it(arithmetic, test_set):
    body = """its.runNetwork(network, imageOf(all[0]));
        return network.flatMap((layer, at) => Array.from({ length: 20 }, (_, n) => {
            const unit = [n % layer.outSide, (3 * n) % layer.outSide, n % layer.outChannels];
            const why = its.explainUnit(network, at, imageOf(all[0]), unit);
            if (layer.pool) return [Math.max(...why.parts[0].patch), why.value];
            const total = why.parts.reduce((sum, part) => sum + part.sum, why.bias);
            return [layer.activation === "relu" ? Math.max(total, 0) : total, why.value];
        }));"""
    pairs = np.array(run(arithmetic, body, test_set[0][:1]))
    assert len(pairs) == 7 * 20
    np.testing.assert_allclose(pairs[:, 0], pairs[:, 1], atol=1e-4)


def test_its_weights_are_the_repository_s(arithmetic, model):
    decode = f"""customElements.get('{NAME}').arithmetic.decodeHalves(
        JSON.parse(document.querySelector('{NAME}').dataset.options).weights)"""
    weights = np.array(arithmetic.evaluate(f"Array.from({decode})"), np.float32)
    expected = np.concatenate([a.ravel() for own in model.weights.values() for a in own])
    assert len(weights) == 61_706
    np.testing.assert_array_equal(weights, expected.astype(np.float16).astype(np.float32))


def test_half_precision_is_decoded_bit_by_bit(arithmetic):
    halves = np.arange(2**16, dtype="<u2")
    text = base64.b64encode(halves.tobytes()).decode()
    decode = f"customElements.get('{NAME}').arithmetic.decodeHalves"
    found = arithmetic.evaluate(f"text => Array.from({decode}(text), String)", text)
    np.testing.assert_array_equal(
        np.array([float(value.replace("Infinity", "inf")) for value in found]),
        halves.view(np.float16).astype(float),
    )


def test_a_forward_pass_takes_little_longer_than_its_bare_arithmetic(arithmetic, model, test_set):
    body = """const images = all.map(imageOf);
        const values = Float32Array.from({ length: 4096 }, Math.random);
        const multiplyAndAdd = () => {
            let sum = 0;
            for (let n = 0; n < MACS; n++) sum += values[n & 4095] * values[(n >> 3) & 4095];
            return sum;
        };
        const fastest = (work) => Math.min(...Array.from({ length: 5 }, () => {
            const start = performance.now();
            images.forEach(work);
            return performance.now() - start;
        }));
        return fastest((image) => its.runNetwork(network, image)) / fastest(multiplyAndAdd);"""
    body = body.replace("MACS", str(model.network.macs))
    assert run(arithmetic, body, test_set[0][:20]) < SLOWER


def test_it_reads_a_thousand_digits_drawn_on_its_sheet(arithmetic, test_set):
    digits, labels = test_set
    body = """const sheet = reader.shadowRoot.querySelector(".sheet");
        const ink = sheet.getContext("2d");
        return all.map((digit) => {
            its.pasteDigit(ink, digit, [0, 0, 0]);
            const image = its.framed(its.digitFromInk(its.inkOn(ink), sheet.width));
            const logits = its.runNetwork(network, image);
            return logits.indexOf(Math.max(...logits));
        });"""
    found = np.array(run(arithmetic, body, digits[:1000]))
    assert (found == labels[:1000]).mean() >= 0.97


def test_a_drawing_is_scaled_and_centred_as_mnist_s_digits_were(arithmetic):
    random = np.random.default_rng(0)
    digitise = f"customElements.get('{NAME}').arithmetic.digitFromInk"
    for _ in range(8):
        (top, left), (height, width) = random.integers(0, 180, 2), random.integers(8, 100, 2)
        sheet = np.zeros((280, 280), np.uint8)
        sheet[top : top + height, left : left + width] = random.integers(1, 255, (height, width))
        ink = "Float32Array.from(atob(text), (letter) => letter.charCodeAt(0) / 255)"
        found = arithmetic.evaluate(
            f"text => Array.from({digitise}({ink}, 280))",
            base64.b64encode(sheet.tobytes()).decode(),
        )
        digit = np.array(found).reshape(28, 28)
        lengths = [np.ptp(np.nonzero(digit.any(axis=axis))[0]) + 1 for axis in (1, 0)]
        assert max(lengths) == 20
        shortest = 20 * min(height, width) / max(height, width)
        assert min(lengths) == pytest.approx(shortest, abs=0.51)
        centre = [(digit.sum(axis=axis) @ np.arange(28)) / digit.sum() for axis in (1, 0)]
        np.testing.assert_allclose(centre, 14, atol=0.51)
        assert digit.max() == pytest.approx(1)
    assert arithmetic.evaluate(f"{digitise}(new Float32Array(280 * 280), 280)") is None


def verdict(page):
    return page.locator(".verdict").inner_text()


def says(page, text):
    page.wait_for_function(
        f"text => document.querySelector('{NAME}').shadowRoot.querySelector('.verdict')"
        ".textContent.startsWith(text)",
        arg=text,
    )


def test_a_sample_is_read_from_the_keyboard_as_the_model_reads_it(reader, model, test_set):
    digits, labels = test_set
    samples = [digits[labels == label][0] for label in range(10)]
    chances = model.predict(np.stack(samples))
    for label in range(10):
        reader.get_by_role("button", name="Clear").click()
        says(reader, "Nothing is drawn yet.")
        reader.get_by_role("button", name=f"sample {label}").focus()
        reader.keyboard.press("Enter")
        says(reader, f"LeNet reads {chances[label].argmax()}")
        shares = reader.locator(".chances .amount").all_inner_texts()
        found = [float(share.rstrip(" %")) for share in shares]
        np.testing.assert_allclose(found, 100 * chances[label], atol=0.3)


def test_a_line_over_a_sample_begins_a_drawing_of_its_own(reader):
    reader.get_by_role("button", name="sample 8").click()
    says(reader, "LeNet reads 8")
    box = reader.locator(".sheet").bounding_box()
    x = box["x"] + box["width"] / 2
    reader.mouse.move(x, box["y"] + 30)
    reader.mouse.down()
    reader.mouse.move(x, box["y"] + 190, steps=10)
    reader.mouse.up()
    says(reader, "LeNet reads 1")


def test_a_drawn_line_is_read_as_it_grows_and_can_be_cleared(reader):
    box = reader.locator(".sheet").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"]
    reader.get_by_role("button", name="Clear").click()
    says(reader, "Nothing is drawn yet.")
    reader.mouse.move(x, y + 30)
    reader.mouse.down()
    reader.mouse.move(x, y + 100, steps=10)
    says(reader, "LeNet reads")
    reader.mouse.move(x, y + 190, steps=10)
    reader.mouse.up()
    says(reader, "LeNet reads 1")


def test_a_finger_draws_too(show):
    page = show(interactive.digit_reader(), width=390, has_touch=True)
    page.locator(".sheet").evaluate(
        """sheet => {
            const box = sheet.getBoundingClientRect();
            const touch = (type, share) => sheet.dispatchEvent(new PointerEvent(type, {
                pointerId: 1, pointerType: "touch", bubbles: true,
                clientX: box.x + box.width / 2, clientY: box.y + share * box.height,
            }));
            sheet.setPointerCapture = () => {};
            touch("pointerdown", 0.15);
            for (let share = 0.2; share < 0.85; share += 0.05) touch("pointermove", share);
            touch("pointerup", 0.85);
        }"""
    )
    says(page, "LeNet reads 1")


def test_a_unit_can_be_chosen_in_three_ways(reader):
    account = reader.locator(".account")
    assert account.inner_text().startswith("C1, map 4, row 21, column 13: ")
    for name, place in (("map", 0), ("row", 4), ("column", 4)):
        reader.get_by_role("textbox", name=name).fill(str(place))
    assert account.inner_text().startswith("C1, map 0, row 4, column 4: ")
    board = reader.get_by_role("application").first
    board.focus()
    reader.keyboard.press("ArrowRight")
    assert account.inner_text().startswith("C1, map 0, row 4, column 5: ")
    for _ in range(23):
        reader.keyboard.press("ArrowRight")
    assert account.inner_text().startswith("C1, map 1, row 4, column 0: ")
    board.click(position={"x": 8.5, "y": 8.5})
    assert account.inner_text().startswith("C1, map 0, row 3, column 3: ")
    reader.get_by_role("textbox", name="map").fill("6")
    assert reader.get_by_role("alert").inner_text() == "C1 has 6 maps: there is no map 6"
    reader.get_by_role("textbox", name="map").fill("5")
    assert reader.get_by_role("alert").count() == 0
    assert account.inner_text().startswith("C1, map 5")


def test_a_unit_of_another_layer_is_one_that_this_layer_has(reader):
    account = reader.locator(".account")
    for layer, unit in (("S4", "map 4, row 4, column 4"), ("output", "map 4, row 0, column 0")):
        reader.get_by_role("combobox", name="unit of").select_option(layer)
        assert account.inner_text().startswith(f"{layer}, {unit}: ")
        assert reader.get_by_role("alert").count() == 0


def test_the_sum_that_it_writes_is_true(reader):
    account, active = reader.locator(".account"), 0
    for layer, units in (("C1", 6), ("C3", 8), ("C5", 12), ("F6", 12)):
        reader.get_by_role("combobox", name="unit of").select_option(layer)
        for name in ("row", "column"):
            middle = {"C1": 14, "C3": 5}.get(layer, 0)
            reader.get_by_role("textbox", name=name).fill(str(middle))
        for unit in range(units):
            reader.get_by_role("textbox", name="map").fill(str(unit))
            text = account.inner_text().replace("−", "-")
            terms, total, value = re.fullmatch(
                r".*?: (.*) = (\S+), the last .* = (\S+)\.", text, re.S
            ).groups()
            numbers = [float(term) for term in terms.replace("- ", "+ -").split(" + ")]
            # Each is rounded to three digits, or to thousandths.
            rounding = sum(max(0.0006, abs(n) / 150) for n in [*numbers, float(total)])
            assert sum(numbers) == pytest.approx(float(total), abs=rounding), text
            assert max(float(total), 0) == float(value), text
            active += float(value) > 0
    assert active > 5


def test_covering_a_patch_changes_what_numpy_says_it_changes(arithmetic, model, test_set):
    digit = test_set[0][0]
    body = """return Array.from({ length: 32 }, (_, row) =>
        its.chancesOfRow(network, imageOf(all[0]), row)).flat();"""
    image = np.pad(digit, 2)
    expected = []
    for row, column in np.ndindex(image.shape):
        copy = image.copy()
        copy[max(row - 2, 0) : row + 3, max(column - 2, 0) : column + 3] = 0
        expected.append(None if (copy == image).all() else copy[2:-2, 2:-2])
    chances = model.predict(np.stack([digit if copy is None else copy for copy in expected]))
    found = run(arithmetic, body, digit[np.newaxis])
    assert [after is None for after in found] == [copy is None for copy in expected]
    for after, before in zip(found, chances, strict=True):
        if after is not None:
            np.testing.assert_allclose(after, before, atol=3e-3)


def covered_whole(page):
    page.wait_for_function(
        f"document.querySelector('{NAME}').shadowRoot.querySelector('.map[data-whole]')"
    )
    return page.locator(".covered")


def test_it_says_which_part_mattered_for_each_drawing_anew(reader):
    covered, ask = reader.locator(".covered"), reader.get_by_role("button", name="Which part")
    assert not covered.is_visible()
    ask.press("Enter")
    text = covered_whole(reader).inner_text()
    before, after = map(float, re.findall(r"(\d+\.\d) ?%", text))
    assert re.match(r"With 5×5 pixels around row \d+, column \d+ dark, the probability of 3", text)
    assert after < before
    reader.get_by_role("button", name="sample 8").click()
    says(reader, "LeNet reads 8")
    assert "the probability of 8 goes" in covered_whole(reader).inner_text()
    board = reader.get_by_role("application", name="how far the probability of 8 falls")
    board.click(position={"x": 2, "y": 2})
    expected = "row 0, column 0 dark, nothing changes: they are dark already."
    assert covered.inner_text().endswith(expected)
    board.press("ArrowDown")
    assert "around row 1, column 0" in covered.inner_text()
    reader.get_by_role("button", name="Clear").click()
    says(reader, "Nothing is drawn yet.")
    assert covered.inner_text() == ""
    ask.click()
    assert not covered.is_visible()


def test_only_lenet_can_be_read_with():
    with pytest.raises(ValueError, match=r"of architectures\.lenet5"):
        interactive.digit_reader(3)
    layers = [Flatten(), Dense(10, activation="softmax")]
    with pytest.raises(ValueError, match="not small"):
        interactive.digit_reader(NumpyModel(Network((32, 32, 1), layers, name="small")))
