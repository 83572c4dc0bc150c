"""What a hand does to the first three figures, and what they answer."""

import re

import numpy as np
import pytest

from cnnlib import Conv2D, datasets, interactive, operations, shapes


@pytest.fixture
def place(show):
    """A figure on a page, as a locator."""

    def place(figure, **options):
        card = show(figure, **options).locator(f"cnn-{figure.name}")
        card.get_by_role("group").first.wait_for()
        return card

    return place


def field(card, label):
    return card.get_by_role("textbox", name=label, exact=True)


def cells(card, table):
    """The numbers in a table as they stand there."""
    found = card.get_by_role("table", name=table, exact=True).locator("td")
    return found.evaluate_all(
        "all => all.map(td => td.querySelector('input')?.value ?? td.innerText)"
    )


def said(card):
    """What the figure says is wrong, if anything."""
    alert = card.get_by_role("alert")
    return alert.inner_text() if alert.count() else ""


def complaint(call, *arguments, **options):
    with pytest.raises(ValueError, match=r".") as raised:
        call(*arguments, **options)
    return str(raised.value)


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


# The convolution stepper

KERNEL = np.array([[1, 2], [3, 4]], dtype=np.float32)


def feature_map(image=datasets.TOY_DIGIT, kernel=KERNEL, **geometry):
    output = operations.conv2d(image[None, ..., None], kernel[..., None, None], **geometry)
    return [f"{value:g}" for value in output[0, ..., 0].ravel()]


def test_steps_fill_the_output_in_reading_order(place):
    card = place(interactive.convolution_stepper())
    expected = feature_map()
    for done in range(1, 10):
        assert cells(card, "output") == [*expected[:done], *[""] * (9 - done)]
        press(card, "Step")
    press(card, "Reset")
    assert cells(card, "output") == [expected[0], *[""] * 8]


def test_the_sum_is_written_out(place):
    card = place(interactive.convolution_stepper(kernel=[[1, -2], [3, 4]]))
    assert card.get_by_text("0·1 + 1·(−2) + 1·3 + 0·4 = 1", exact=True).is_visible()
    assert cells(card, "products") == ["0", "−2", "3", "0"]


def test_arrow_keys_move_the_kernel_and_stop_at_the_edge(place):
    card = place(interactive.convolution_stepper())
    kernel = card.get_by_role("application")
    kernel.focus()
    for key in ("ArrowUp", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight"):
        kernel.press(key)
    assert "row 2, column 3" in kernel.get_attribute("aria-label")
    assert cells(card, "patch") == ["0", "1", "1", "0"]


@pytest.mark.parametrize("touch", [False, True])
def test_a_hand_drags_the_kernel(place, touch):
    card = place(interactive.convolution_stepper(), width=390 if touch else 1280, has_touch=touch)
    kernel = card.get_by_role("application")
    box = kernel.bounding_box()
    start = box["x"] + 10, box["y"] + 10
    far = start[0] + box["width"], start[1] + box["height"]
    if touch:
        session = card.page.context.new_cdp_session(card.page)
        for kind, points in (("touchStart", [start]), ("touchMove", [far]), ("touchEnd", [])):
            points = [{"x": x, "y": y} for x, y in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    else:
        card.page.mouse.move(*start)
        card.page.mouse.down()
        card.page.mouse.move(*far, steps=3)
        card.page.mouse.up()
    assert "row 3, column 3" in kernel.get_attribute("aria-label")


def test_a_press_on_a_pixel_below_the_kernel_edits_it(place):
    card = place(interactive.convolution_stepper())
    box = card.get_by_role("application").bounding_box()
    card.page.mouse.click(box["x"] + 15, box["y"] + 15)
    card.page.keyboard.type("2.5")
    assert cells(card, "output")[0] == "7.5"


def test_pixels_and_weights_can_be_changed_and_a_slip_is_told(place):
    card = place(interactive.convolution_stepper())
    pixel = field(card, "pixel row 1, column 2")
    for text in ("", "abc", "1,5"):
        pixel.fill(text)
        assert said(card) == f"pixel row 1, column 2 must be a number, not '{text}' (str)"
        assert cells(card, "output")[0] == "5"
    pixel.fill("3")
    assert said(card) == ""
    field(card, "weight row 1, column 2").fill("-2")
    assert cells(card, "output")[0] == "−3"


def test_stride_padding_dilation_and_channels_are_the_librarys(place):
    card = place(interactive.convolution_stepper(), reduced_motion="reduce")
    field(card, "stride").fill("2")
    field(card, "dilation").fill("2")
    card.get_by_role("combobox", name="padding").select_option("same")
    press(card, "Play")
    assert cells(card, "output") == feature_map(strides=2, padding="same", dilation_rate=2)
    press(card, "more channels")
    assert card.get_by_role("table", name="patch").count() == 2
    assert card.get_by_text(re.compile(r"^sum: .+ \+ .+ = ")).is_visible()


def test_play_steps_by_itself_and_can_be_halted(place):
    card = place(interactive.convolution_stepper())
    press(card, "Play")
    press(card, "Pause")
    assert cells(card, "output")[1] == feature_map()[1]
    assert card.get_by_role("button", name="Play").is_visible()


# Bad input: the library's words, and the figure goes on

TYPED = {"": "", "two": "two", "2.5": 2.5, "0": 0, "-1": -1}


@pytest.mark.parametrize(
    ("figure", "label", "name"),
    [
        (interactive.convolution_stepper, "kernel", "kernel_size"),
        (interactive.shape_calculator, "stride s", "strides"),
        (interactive.connection_explorer, "image", "size"),
    ],
)
def test_what_is_no_size_is_refused_and_mended(place, figure, label, name):
    card = place(figure())
    box = field(card, label)
    before = box.input_value()
    for text, value in TYPED.items():
        box.fill(text)
        assert said(card) == complaint(shapes.integer, value, name)
        assert box.get_attribute("aria-invalid") == "true"
    box.fill(before)
    assert said(card) == ""
    assert box.get_attribute("aria-invalid") == "false"


def test_a_kernel_larger_than_the_image_is_refused_in_the_librarys_words(place):
    card = place(interactive.convolution_stepper())
    field(card, "kernel").fill("5")
    assert f"conv2d: {said(card)}" == complaint(Conv2D(1, 5).output_shape, (4, 4, 1))
    assert cells(card, "output")[0] == "5"
    field(card, "kernel").fill("3")
    assert said(card) == ""
    assert len(cells(card, "output")) == 4

    card = place(interactive.shape_calculator(2, 2))
    field(card, "kernel k").fill("3")
    assert said(card) == complaint(shapes.output_size, 2, 3)

    card = place(interactive.connection_explorer())
    field(card, "kernel").fill("6")
    assert f"conv2d: {said(card)}" == complaint(Conv2D(1, 6, 2).output_shape, (4, 4, 1))


@pytest.mark.parametrize(
    ("figure", "arguments"),
    [
        (interactive.convolution_stepper, {"kernel": np.ones((5, 5))}),
        (interactive.convolution_stepper, {"image": "digit"}),
        (interactive.convolution_stepper, {"image": np.ones((11, 4))}),
        (interactive.convolution_stepper, {"image": np.ones((4, 4, 2))}),
        (interactive.convolution_stepper, {"strides": 0}),
        (interactive.convolution_stepper, {"padding": ((1, 0), (1, 0))}),
        (interactive.shape_calculator, {"size": 2}),
        (interactive.shape_calculator, {"padding": 7}),
        (interactive.shape_calculator, {"ceil_mode": 1}),
        (interactive.connection_explorer, {"kernel_size": 5}),
        (interactive.connection_explorer, {"size": 9}),
        (interactive.connection_explorer, {"kind": "sparse"}),
    ],
)
def test_python_refuses_what_the_figure_would(figure, arguments):
    with pytest.raises(ValueError, match=r"\d|must be|array"):
        figure(**arguments)


# The shape calculator


def test_it_derives_what_the_library_derives(place):
    card = place(interactive.shape_calculator(227, 11, 4))
    lines = shapes.Axis(227, 11, 4).equations("output")
    shown = card.locator(".equation").all_inner_texts()
    assert [" ".join(line.split()) for line in shown] == [line.text() for line in lines]
    assert card.get_by_text("55 windows; nothing is left over").is_visible()
    field(card, "input n").fill("224")
    assert card.get_by_text("54 windows; 1 pixel is left over at the end").is_visible()


def test_layers_of_the_networks_are_there_to_choose(place):
    card = place(interactive.shape_calculator())
    options = card.get_by_role("combobox", name="or choose")
    options.select_option(label="pool1: 54 → 26")
    assert field(card, "input n").input_value() == "54"
    assert card.get_by_text("26 windows").is_visible()
    card.get_by_role("radio", name="⌈up⌉").check()
    assert card.get_by_text("27 windows; the last window hangs over the edge by 1").is_visible()
    assert options.input_value() == ""


def test_arrow_keys_count_up_and_down(place):
    card = place(interactive.shape_calculator())
    field(card, "kernel k").press("ArrowUp")
    field(card, "kernel k").press("ArrowUp")
    field(card, "kernel k").press("ArrowDown")
    assert card.get_by_text("27 windows").is_visible()


# The connection explorer


@pytest.mark.parametrize(
    ("kind", "connections", "parameters"),
    [("dense", "68", "68"), ("local", "20", "20"), ("shared", "20", "5")],
)
def test_each_kind_has_its_counts(place, kind, connections, parameters):
    card = place(interactive.connection_explorer())
    card.get_by_role("radio", name=kind).check()
    lines = card.locator(".equation").all_inner_texts()
    assert [line.split()[-1] for line in lines if "=" in line] == [connections, parameters]


def test_units_and_pixels_tell_who_they_are_connected_to(place):
    card = place(interactive.connection_explorer(kind="shared"))
    assert card.get_by_text("h11 reads pixels 1, 2, 5, 6: 4 weights and a bias").is_visible()
    card.get_by_role("button", name="unit h22").hover()
    assert card.get_by_text("h22 reads pixels 11, 12, 15, 16").is_visible()
    card.get_by_role("button", name="pixel 3", exact=True).focus()
    assert card.get_by_text("pixel 3 is read by unit h12").is_visible()
    card.page.keyboard.press("ArrowLeft")
    assert card.get_by_text("pixel 2 is read by unit h11").is_visible()
    field(card, "stride").fill("1")
    card.get_by_role("button", name="pixel 6", exact=True).click()
    assert card.get_by_text("pixel 6 is read by units h11, h12, h21, h22").is_visible()


def test_shared_weights_keep_their_colour(place):
    card = place(interactive.connection_explorer(kind="shared"))
    colours = """figure => [...figure.shadowRoot.querySelectorAll("rect.link")]
        .map((square) => square.style.fill)"""
    shared = card.evaluate(colours)
    assert len(shared) == 16
    assert len(set(shared)) == 4
    card.get_by_role("radio", name="dense").check()
    assert len(card.evaluate(colours)) == 64
