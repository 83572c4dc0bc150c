"""What the gradient stepper works out, and what it says on each step."""

import pytest

from cnnlib import interactive, scalars
from cnnlib.figures import style
from cnnlib.interactive.slopes import STEPS, VALUES
from tests.interactive.test_arithmetic import CALL, answer
from tests.test_scalars import random_graphs

TAG = "cnn-gradient-stepper"
MEETING = {"x": 2, "w": -3}, [("p", "multiply", "x", "w"), ("y", "add", "p", "x", "x")]


@pytest.fixture
def place(show):
    """A stepper on a page, as a locator."""

    def place(*graph, **options):
        card = show(interactive.gradient_stepper(*graph), **options).locator(TAG)
        card.get_by_role("button", name="Forward").wait_for()
        return card

    return place


def press(card, *names):
    for name in names:
        card.get_by_role("button", name=name, exact=True).click()


def lines(card):
    """What the live region says."""
    return card.locator("[aria-live=polite] p").all_inner_texts()


def boxes(card):
    """What each box of the picture says, by its name."""
    said = card.get_by_role("img").get_attribute("aria-label").split("; ")
    return {text.split()[0]: text for text in said}


def expected(values, steps):
    """What each box says when all is worked out, by the library."""
    graph = scalars.work_out(values, steps)
    said = {}
    for name, node in graph.items():
        shares = [style.number_text(share) for share in scalars.arrivals(graph, name)] or ["1"]
        joined = [shares[0], *(f"({s})" if s[0] == "−" else s for s in shares[1:])]
        said[name] = " ".join(
            filter(None, [name, node.formula, f"→ {style.number_text(node.value)}"])
        )
        said[name] += f" ← {' + '.join(joined)}"
        if len(shares) > 1:
            said[name] += f" = {style.number_text(node.gradient)}"
    return said


# The same numbers as the library's


def as_the_library_does(values, steps):
    graph = scalars.work_out(dict(values), steps)
    return [
        {
            "name": name,
            "formula": node.formula,
            "value": node.value,
            "slopes": list(node.slopes),
            "arrived": scalars.arrivals(graph, name),
            "gradient": node.gradient,
        }
        for name, node in graph.items()
    ]


def test_it_works_out_what_the_library_does(place):
    calls = [[[*values.items()], steps] for values, steps in random_graphs()]
    numbers = (-3, -0.5, 0, 0.25, 2)
    for operation, kind in scalars.OPERATIONS.items():
        for a in numbers:
            for b in numbers if kind.counts[0] > 1 else (a,):
                values = [["a", a], ["b", b]][: kind.counts[0]]
                calls.append([values, [["y", operation, *(name for name, _ in values)]]])
    calls += [[[["x", 1000.5]], [["y", "square", "x"]]], [[["x", 1e200]], [["y", "square", "x"]]]]
    page = place().page
    found = page.evaluate(CALL, ["cnn-gradient-stepper", "workedOut", calls])
    wanted = [answer(as_the_library_does, *call) for call in calls]
    assert found == wanted
    assert sum("problem" in case for case in wanted) == 2


# Step by step

FORWARD = [
    ["p = x·w1 = 2·3 = 6"],
    ["h = relu(p) = relu(6) = 6"],
    ["y = h·w2 = 6·(−0.5) = −3"],
    ["e = y − t = −3 − 1 = −4"],
    ["L = e² = (−4)² = 16"],
]
BACK = [
    ["The way back begins: the slope of L with respect to itself is 1."],
    [
        "L = e²; the slope of L with respect to L is 1",
        "slope of L with respect to e is 2·e = 2·(−4) = −8; −8·1 = −8 goes to e",
    ],
    [
        "e = y − t; the slope of L with respect to e is −8",
        "slope of e with respect to y is 1; 1·(−8) = −8 goes to y",
        "slope of e with respect to t is −1; −1·(−8) = 8 goes to t",
    ],
    [
        "y = h·w2; the slope of L with respect to y is −8",
        "slope of y with respect to h is w2 = −0.5; −0.5·(−8) = 4 goes to h",
        "slope of y with respect to w2 is h = 6; 6·(−8) = −48 goes to w2",
    ],
    [
        "h = relu(p); the slope of L with respect to h is 4",
        "slope of h with respect to p is 1, for p = 6 is above 0; 1·4 = 4 goes to p",
    ],
    [
        "p = x·w1; the slope of L with respect to p is 4",
        "slope of p with respect to x is w1 = 3; 3·4 = 12 goes to x",
        "slope of p with respect to w1 is x = 2; 2·4 = 8 goes to w1",
    ],
]


def test_each_step_is_written_out(place):
    card = place()
    for way, told in (("Forward", FORWARD), ("Back", BACK)):
        for step in told:
            press(card, way)
            assert lines(card) == step
    assert boxes(card) == expected(VALUES, STEPS)


def test_a_number_stands_in_its_box_only_once_it_is_worked_out(place):
    card = place()
    assert boxes(card) == {
        "x": "x → 2", "w1": "w1 → 3", "w2": "w2 → −0.5", "t": "t → 1",
        "p": "p x·w1", "h": "h relu(p)", "y": "y h·w2", "e": "e y − t", "L": "L e²",
    }  # fmt: skip
    press(card, "Forward", "Forward")
    assert [boxes(card)[name] for name in "phy"] == ["p x·w1 → 6", "h relu(p) → 6", "y h·w2"]
    press(card, "Forward", "Forward", "Forward", "Back", "Back")
    assert [boxes(card)[name] for name in "yeL"] == [
        "y h·w2 → −3",
        "e y − t → −4 ← −8",
        "L e² → 16 ← 1",
    ]
    assert card.locator(".slope").all_text_contents() == ["×−8"]


def test_where_paths_meet_the_sums_are_written_out(place):
    card = place(*MEETING)
    press(card, "Forward", "Forward", "Back", "Back")
    assert lines(card)[2:] == [
        "slope of y with respect to the first x is 1; 1·1 = 1 goes to x",
        "slope of y with respect to the second x is 1; 1·1 = 1 goes to x, "
        "where the sum is now 1 + 1 = 2",
    ]
    assert boxes(card)["x"] == "x → 2 ← 1 + 1 = 2"
    press(card, "Back")
    assert lines(card)[1] == (
        "slope of p with respect to x is w = −3; −3·1 = −3 goes to x, "
        "where the sum is now 1 + 1 + (−3) = −1"
    )
    assert boxes(card) == expected(*MEETING)


@pytest.mark.parametrize(
    ("operation", "values", "told"),
    [
        ("relu", {"x": 0}, ["is 0, for x = 0 is not above 0; 0·1 = 0 goes to x"]),
        (
            "max",
            {"a": 3, "b": 3},
            [
                "is 1, for it is the first of the largest; 1·1 = 1 goes to a",
                "is 0, for it is not the first of the largest; 0·1 = 0 goes to b",
            ],
        ),
        (
            "max",
            {"a": 1, "b": 3},
            [
                "is 0, for it is not the largest; 0·1 = 0 goes to a",
                "is 1, for it is the largest; 1·1 = 1 goes to b",
            ],
        ),
    ],
)
def test_at_a_corner_it_says_which_slope_is_taken(place, operation, values, told):
    card = place(values, [("y", operation, *values)])
    press(card, "Forward", "Back", "Back")
    said = [line.split(" with respect to ")[1].split(" ", 1)[1] for line in lines(card)[1:]]
    assert said == told


def test_a_press_too_many_says_what_to_do_instead(place):
    card = place()
    press(card, "Back")
    assert lines(card) == ["Forward first: slopes need the numbers of their steps."]
    press(card, *["Forward"] * 6)
    assert lines(card) == ["Every number is worked out. Now press Back."]
    press(card, "All")
    assert lines(card) == [
        "L = 16",
        "The slope of L with respect to each: x: 12, w1: 8, w2: −48, t: 8",
    ]
    for way in ("Back", "Forward"):
        press(card, way)
        assert "That was the last step" in lines(card)[0]


# What is typed


def field(card, name):
    return card.get_by_role("textbox", name=name, exact=True)


def test_a_number_that_changes_changes_all_that_follows(place):
    card = place()
    press(card, "All")
    for text, value in (("-1.5", -1.5), ("0", 0), (".25", 0.25), ("1e2", 100)):
        field(card, "w1").fill(text)
        assert boxes(card) == expected(VALUES | {"w1": value}, STEPS)
    press(card, "less w2")
    assert boxes(card) == expected(VALUES | {"w1": 100, "w2": -1.5}, STEPS)
    press(card, "Reset")
    assert [field(card, name).input_value() for name in VALUES] == ["2", "3", "-0.5", "1"]
    assert boxes(card)["p"] == "p x·w1"


def test_what_is_no_number_is_told_and_the_figure_stays(place):
    card = place()
    press(card, "All")
    before = boxes(card)
    for text in ("", "two", "1,5", "--1"):
        field(card, "x").fill(text)
        told = card.get_by_role("alert").inner_text()
        assert told == f"x must be a number, not '{text}' (str)"
        assert field(card, "x").get_attribute("aria-invalid") == "true"
        assert boxes(card) == before
    field(card, "x").fill("999")
    told = card.get_by_role("alert").inner_text()
    assert told == answer(scalars.work_out, VALUES | {"x": 999}, STEPS)["problem"]
    field(card, "x").fill("2")
    assert card.get_by_role("alert").count() == 0
    field(card, "x").fill("")
    press(card, "more x")
    assert field(card, "x").input_value() == "0"
    assert boxes(card) == expected(VALUES | {"x": 0}, STEPS)


def test_the_keyboard_does_all_of_it(place):
    card = place()
    keyboard = card.page.keyboard
    for name in VALUES:
        keyboard.press("Tab")
        assert field(card, name).evaluate("box => box.getRootNode().activeElement === box")
    keyboard.press("ArrowUp")
    assert field(card, "t").input_value() == "2"
    keyboard.press("Tab")
    for _ in STEPS:
        keyboard.press("Enter")
    assert lines(card) == ["L = e² = (−5)² = 25"]
    keyboard.press("Tab")
    for _ in range(len(STEPS) + 1):
        keyboard.press(" ")
    assert boxes(card) == expected(VALUES | {"t": 2}, STEPS)


# How it looks


def test_it_runs_across_where_there_is_room_and_down_on_a_phone(place):
    for width, across in ((1280, True), (390, False)):
        card = place(width=width)
        press(card, "All")
        box = card.get_by_role("img").bounding_box()
        assert (box["width"] > box["height"]) == across
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_no_box_lies_on_another_and_no_text_leaves_its_box(place, width):
    for values, steps in [*random_graphs()[:6], MEETING]:
        card = place(values, steps, width=width)
        press(card, "All")
        found = card.evaluate(
            """figure => [...figure.shadowRoot.querySelectorAll("rect")].map((rect) => {
                const { x, y, width, height } = rect.getBBox();
                const texts = [];
                let next = rect.nextElementSibling;
                for (; next?.localName === "text"; next = next.nextElementSibling) {
                    const box = next.getBBox();
                    texts.push([box.x, box.y, box.x + box.width, box.y + box.height]);
                }
                return { box: [x, y, x + width, y + height], texts };
            })"""
        )
        assert len(found) == len(values) + len(steps)
        for i, one in enumerate(found):
            left, top, right, bottom = one["box"]
            assert one["texts"]
            for text in one["texts"]:
                assert left <= text[0]
                assert text[2] <= right
                assert top <= text[1]
                assert text[3] <= bottom
            for other in found[:i]:
                a, b, c, d = other["box"]
                assert c <= left or right <= a or d <= top or bottom <= b
