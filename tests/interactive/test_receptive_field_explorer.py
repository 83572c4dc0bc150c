"""The receptive-field explorer finds the pixels that cnnlib, and the plain definition, find."""

import random

import numpy as np
import pytest

from cnnlib import Conv2D, Dense, Flatten, MaxPooling2D, Network, architectures, interactive

NAME = "cnn-receptive-field-explorer"
ITS = f"customElements.get('{NAME}').arithmetic"
PARTS = ("kernel_size", "strides", "dilation_rate", "padding")


@pytest.fixture
def explorer(show):
    return opened(show(interactive.receptive_field_explorer()))


def opened(page):
    page.wait_for_function(
        f"document.querySelector('{NAME}').shadowRoot?.querySelector('code, svg')"
    )
    return page


def some_stacks(count):
    """Random sizes and layers, many of which do not fit."""
    draw = random.Random(0)
    for _ in range(count):
        layers = [
            {
                "name": f"conv{number}",
                "kernel_size": draw.choice((1, 2, 3, 3, 5)),
                "strides": draw.choice((1, 1, 2, 3)),
                "dilation_rate": draw.choice((1, 1, 2, 3)),
                "padding": draw.choice(("valid", "same", "full", 1, 2)),
            }
            for number in range(1, draw.randint(1, 5) + 1)
        ]
        yield draw.randint(1, 32), layers


def network(size, layers):
    return Network((size, size, 1), [Conv2D(1, **layer) for layer in layers])


def told_by_cnnlib(size, layers):
    """What the library says of each layer, and of its first, middle and last unit."""
    try:
        net = network(size, layers)
    except ValueError as error:
        return str(error)
    return [
        {
            "count": row.axes[0].count,
            "lines": [equation.text() for equation in row.derive("receptive_field").equations],
            "patches": [np.array(row.input_patch(i, i)).tolist() for i in units(row.axes[0].count)],
        }
        for row in net
    ]


def units(count):
    return [0, count // 2, count - 1]


TELL = f"""([size, layers]) => {{
    const {{ stackOf, seenBy, patchOf, fieldLines }} = {ITS};
    try {{
        const stack = stackOf(size, layers);
        return stack.map(({{ axes, fields }}, position) => {{
            const {{ count }} = axes[0];
            const patch = (i) => patchOf(seenBy(stack, position, i, i)[0]);
            const patches = [0, Math.floor(count / 2), count - 1].map(patch);
            return {{ count, lines: fieldLines(fields), patches }};
        }});
    }} catch (problem) {{
        return problem.message;
    }}
}}"""


def test_sizes_fields_patches_and_refusals_are_the_library_s(explorer):
    stacks = list(some_stacks(300))
    found = explorer.evaluate(f"stacks => stacks.map({TELL})", stacks)
    expected = [told_by_cnnlib(*stack) for stack in stacks]
    assert found == expected
    refused = sum(isinstance(each, str) for each in expected)
    assert 30 < refused < 270


def reached(row):
    """Which input pixels each unit of a layer reaches, along one axis, layer by layer, by loops."""
    axis = row.axes[0]
    taps = np.zeros((axis.count, axis.size), bool)
    for unit in range(axis.count):
        for tap in range(axis.kernel):
            pixel = unit * axis.stride + tap * axis.dilation - axis.zeros[0]
            if 0 <= pixel < axis.size:
                taps[unit, pixel] = True
    (before,) = row.inputs
    return taps @ reached(before) if before.inputs else taps


def test_the_pixels_read_are_those_that_the_taps_reach(explorer):
    stacks = [s for s in some_stacks(200) if not isinstance(told_by_cnnlib(*s), str)]
    see = f"""([size, layers]) => {{
        const {{ stackOf, seenBy }} = {ITS};
        const stack = stackOf(size, layers);
        const units = Array.from({{ length: stack.at(-1).axes[0].count }}, (_, i) => i);
        return units.map((i) => seenBy(stack, stack.length - 1, i, i)[0][1]);
    }}"""
    found = explorer.evaluate(f"stacks => stacks.map({see})", stacks)
    holes = 0
    for (size, layers), sets in zip(stacks, found, strict=True):
        expected = [np.flatnonzero(row).tolist() for row in reached(network(size, layers)[-1])]
        assert sets == expected
        holes += any(cells and cells[-1] - cells[0] >= len(cells) for cells in expected)
    assert holes > 10


@pytest.mark.parametrize(
    "net",
    [
        architectures.lenet5(),
        Network(
            (9, 14, 3),
            [
                Conv2D(4, (3, 5), strides=(1, 2), padding=((0, 1), (2, 3)), name="wide"),
                MaxPooling2D(2, padding="same", ceil_mode=True, name="pool"),
                Flatten(),
                Dense(3, name="dense"),
            ],
        ),
    ],
    ids=["LeNet-5", "oblong"],
)
def test_a_given_network_is_followed_layer_by_layer(net, show):
    page = opened(show(interactive.receptive_field_explorer(net)))
    rows = [row for row in net if row.kind != "Flatten"]
    names = page.get_by_role("combobox", name="unit of").locator("option").all_inner_texts()
    assert names == [row.name for row in rows]
    for row in rows:
        i, j = (axis.count - 1 for axis in row.axes)
        page.get_by_role("textbox", name="row").fill("0")
        page.get_by_role("textbox", name="column").fill("0")
        page.get_by_role("combobox", name="unit of").select_option(label=row.name)
        page.get_by_role("textbox", name="row").fill(str(i))
        page.get_by_role("textbox", name="column").fill(str(j))
        *lines, patch = page.locator(".lines").inner_text().split("\n")
        assert lines == [e.text() for e in row.derive("receptive_field").equations]
        assert patch == f"{row.name}.input_patch({i}, {j}) = {row.input_patch(i, j)}"


def message(page):
    return page.get_by_role("alert").inner_text()


def refusal(size=12, **changed):
    """What the library says of the figure's own stack with these changes to conv2."""
    layers = [{"name": f"conv{n}", "kernel_size": 3} for n in (1, 2, 3)]
    layers[1] |= {"dilation_rate": 2} | changed
    with pytest.raises(ValueError, match=r"\w") as raised:
        network(size, layers)
    return str(raised.value)


@pytest.mark.parametrize(
    ("field", "name", "typed", "value"),
    [
        ("kernel", "kernel_size", "", ""),
        ("kernel", "kernel_size", "three", "three"),
        ("kernel", "kernel_size", "0", 0),
        ("kernel", "kernel_size", "9", 9),
        ("stride", "strides", "-1", -1),
        ("dilation", "dilation_rate", "1.5", 1.5),
    ],
)
def test_bad_input_gets_the_library_s_message_in_place(explorer, field, name, typed, value):
    box = explorer.get_by_role("textbox", name=f"conv2 {field}")
    before = explorer.locator(".result").inner_text()
    good = box.input_value()
    box.fill(typed)
    assert message(explorer) == refusal(**{name: value})
    assert box.get_attribute("aria-invalid") == "true"
    assert explorer.locator(".result").inner_text() == before
    box.fill(good)
    assert explorer.get_by_role("alert").count() == 0
    assert explorer.locator(".result").inner_text() == before


def test_a_unit_that_is_not_there_is_refused_as_by_the_library(explorer):
    for name in ("row", "column"):
        explorer.get_by_role("textbox", name=name).fill("4")
        layers = [{"name": f"conv{n}", "kernel_size": 3} for n in (1, 2, 3)]
        layers[1]["dilation_rate"] = 2
        with pytest.raises(ValueError, match="there is no") as raised:
            network(12, layers)[-1].input_patch(**{"i" if name == "row" else "j": 4})
        assert message(explorer) == str(raised.value)
        explorer.get_by_role("textbox", name=name).fill("0")


def test_maps_answer_the_mouse_and_the_arrow_keys(explorer):
    result = explorer.locator(".result")
    maps = explorer.get_by_role("application")
    assert maps.count() == 3
    maps.nth(1).click(position={"x": 5, "y": 5})
    assert result.inner_text().startswith(
        "Unit (0, 0) of conv2 sees rows 0 to 6 and columns 0 to 6"
    )
    explorer.keyboard.press("ArrowDown")
    explorer.keyboard.press("ArrowRight")
    explorer.keyboard.press("ArrowRight")
    assert result.inner_text().startswith(
        "Unit (1, 2) of conv2 sees rows 1 to 7 and columns 2 to 8"
    )
    assert "unit (1, 2) chosen" in maps.nth(1).get_attribute("aria-label")


def test_holes_and_clipped_borders_are_said(explorer):
    explorer.get_by_role("textbox", name="conv1 kernel").fill("1")
    explorer.get_by_role("combobox", name="unit of").select_option("conv2")
    explorer.get_by_role("combobox", name="conv2 padding").select_option("same")
    explorer.get_by_role("combobox", name="unit of").select_option("conv2")
    for name in ("row", "column"):
        explorer.get_by_role("textbox", name=name).fill("0")
    assert explorer.locator(".result").inner_text() == (
        "Unit (0, 0) of conv2 sees rows 0 to 2 and columns 0 to 2 of the input: 3×3 pixels, "
        "clipped from 5×5 at the border. It reads 4 of them; between its taps are holes."
    )


def test_only_networks_of_images_can_be_followed():
    for wrong in (3, Network((4,), [Dense(2)]), Network((300, 300, 1), [Conv2D(1, 3)])):
        with pytest.raises(ValueError, match=r"must be a Network|at most 256×256"):
            interactive.receptive_field_explorer(wrong)
