"""Does a check know right from wrong, and does it stand whatever it is given?"""

import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cnnlib import Conv2D, Dense, Dropout, Flatten, Network, checks

NAN = float("nan")


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no words")

    def __array__(self, *arguments, **options):
        raise RuntimeError("no numbers")


LOOP = []
LOOP.append(LOOP)
HALF_THERE = np.ma.masked_array([[1.0, 2.0]], [[True, False]])
ODDITIES = [
    None, True, False, "", "156", b"156", NAN, float("inf"), -float("inf"), 1j, 10**400, -(10**400),
    10**5000, 1e308, Decimal("NaN"), Fraction(1, 3), [], (), {}, set(), {1: 2}, object(), int, len,
    lambda: None, range(3), iter([]), (1, "a"), (1.0, 2), [[1], [2, 3]], [None], [NAN], (True, 2),
    np.array([]), np.array(["z"]), np.array([None]), np.array([1j]), np.zeros((2, 3, 4)),
    np.float32("nan"), np.bool_(True), np.datetime64("2020-01-01"), [..., 1], (28, ...),
    Unprintable(), [Unprintable()], ([],), np.array(5), np.ma.masked,
    LOOP, HALF_THERE, np.zeros((3, 1)), np.float16("inf"), np.ma.masked_array([3, 4], [1, 0]),
    [np.ma.masked, 2], Fraction(10**400), np.array([...]), np.datetime64("NaT"), "c", "%", " ",
]  # fmt: skip
CHECKS = {
    "number": lambda answer: checks.number(answer, 156, {150: "a", 1.5: "b"}),
    "fraction": lambda answer: checks.number(answer, 0.958, {95.8: "a"}),
    "share": lambda answer: checks.share(answer, 0.25, {0.5: "a"}, within=0.03),
    "shape": lambda answer: checks.shape(answer, (28, 28, 6), {(28, 28): "a"}),
    "array": lambda answer: checks.array(answer, [[1.0, 2.0]], [([[2, 1]], "a")]),
    "function": lambda answer: checks.function(answer, [((1, 2), 3)], [(lambda a, b: a, "a")]),
    "result": lambda answer: checks.function(lambda *_: answer, [((1, 2), [3, 4])]),
    "choice": lambda answer: checks.choice(answer, "a", {"a": "it slides", "b": "no"}),
    "network": lambda answer: checks.network(answer, TWO_LAYERS, [(TWO_LAYERS, "a")]),
    "design": lambda answer: checks.design(answer, 100, [(lambda _: True, "a")], **TASK),
}
TASK = {"input_shape": (9, 9, 1), "output_shape": (2,)}
TWO_LAYERS = Network((9, 9, 1), [Conv2D(2, 3), Flatten(), Dense(1)])


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("answer", ODDITIES, ids=lambda answer: type(answer).__name__)
def test_no_answer_makes_a_check_raise_and_none_of_these_is_right(check, answer):
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        verdict = CHECKS[check](answer)
    assert verdict.right in (False, None)
    assert repr(verdict)[0] in "✘◻"
    assert len(repr(verdict)) < 250


@pytest.mark.parametrize("check", CHECKS)
def test_dots_are_no_answer_yet(check):
    verdict = CHECKS[check](...)
    assert verdict.right is None
    assert repr(verdict).startswith("◻ Not answered yet")


@pytest.mark.parametrize(
    "answer",
    [
        156,
        156.0,
        np.int64(156),
        np.uint8(156),
        np.float16(156),
        np.float32(156),
        np.longdouble(156),
        np.array(156),
        np.array([156]),
        [156],
        (156,),
        Fraction(156),
        Decimal(156),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_a_right_number_of_any_kind(answer):
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        assert repr(checks.number(answer, 156)) == "✔ Yes, 156 is right."


@pytest.mark.parametrize("answer", [96, 96.0, 96.2, 96.15, 96.1538, np.float16(96.15), 2500 / 26])
def test_a_number_of_many_digits_may_be_rounded(answer):
    assert checks.number(answer, 2500 / 26).right
    assert checks.number(-answer, -2500 / 26).right


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (100, 2500 / 26),
        (96.1, 2500 / 26),
        (96.16, 2500 / 26),
        (97, 2500 / 26),
        (3, 2.8),
        (14, 13.75),
        (0.3, 1 / 3),
        (3, np.pi),
        (156, 156.25),
        (130, 1301 / 10.37),
    ],
)
def test_a_number_is_not_met_by_what_a_person_would_not_write_for_it(answer, expected):
    assert checks.number(answer, expected).right is False


def test_a_number_is_shown_with_the_digits_in_which_it_is_wrong():
    assert checks.number(100_000.5, 100_000).message == "100000.5 is not it."
    assert checks.number(0.12345678, 0.12346).message == "0.123457 is not it."
    assert checks.number(1.234563, 1.23456).message == "1.234563 is not it."
    assert checks.number(0.1234572, 0.12345678).message == "0.1234572 is not it."
    verdict = checks.function(lambda: 4.00001, [((), 4)])
    assert verdict.message == "For () it gives 4.00001, which is wrong."


@pytest.mark.parametrize(
    "answer", [0.25, 25, 25.0, "25%", " 25 % ", "25.0%", np.float16(0.25), Fraction(1, 4), 0.261]
)
def test_a_share_may_be_given_in_per_cent_and_a_measured_one_within_its_error(answer):
    assert checks.share(answer, 0.25, within=0.03).right


@pytest.mark.parametrize("answer", [0.5, 50, "50 %"])
def test_a_wrong_share(answer):
    verdict = checks.share(answer, 0.25, {0.5: "there are four classes"}, within=0.03)
    assert str(verdict) == f"✘ {answer} is not it: there are four classes."
    assert checks.share(0.29, 0.25, within=0.03).right is False
    assert checks.share(0.261, 0.25).right is False


@pytest.mark.parametrize("answer", [-0.25, 101, "25", "x%", NAN])
def test_what_is_no_share_is_called_so(answer):
    assert "must be a share, from 0 to 1 or in per cent" in checks.share(answer, 0.25).message


@pytest.mark.parametrize("expected", [156, 62_378_344, 1_135_256_096, 10**15])
def test_a_whole_number_is_met_exactly(expected):
    assert checks.number(expected, expected).right
    assert checks.number(float(expected), np.int64(expected)).right
    for near in (expected + 1, expected - 1, expected + 0.5):
        assert checks.number(near, expected).right is False


def test_another_number_is_met_to_six_digits():
    assert checks.number(0.9583216, 0.9583217).right
    assert checks.number(np.float32(0.1), 0.1).right
    assert checks.number(0.1 + 0.2, 0.3).right
    assert checks.number(0.95832, 0.95833).right is False
    assert checks.number(0, 1e-12).right
    assert checks.array([1, 1 + 1e-6], [1.0, 1.0]).right
    assert checks.array([1, 1.001], [1.0, 1.0]).right is False
    assert checks.array([0, 3e-9], [1e-9, 2e-9]).right is False


def test_a_whole_number_is_not_met_by_one_that_rounds_to_it():
    assert checks.number(156.4, 156).right is False
    assert str(checks.number(1e20, 156)) == "✘ 1e+20 is not it."
    assert checks.array([100_000.4], [100_000]).right is False


@pytest.mark.parametrize("answer", [150, 150.0, np.int32(150)])
def test_a_known_slip_gets_its_hint(answer):
    slips = {150: "you forgot the bias of each filter", 155: "one bias is enough"}
    verdict = checks.number(answer, 156, slips)
    assert repr(verdict) == "✘ 150 is not it: you forgot the bias of each filter."
    assert repr(checks.number(151, 156, slips)) == "✘ 151 is not it."


def test_a_right_answer_is_right_even_if_a_slip_gives_it_too():
    assert checks.number(4, 4, {4: "two plus two, not two times two"}).right
    assert checks.shape((2, 2), (2, 2), {(2, 2): "swapped"}).right
    assert checks.array([[1, 1]], [[1, 1]], [([[1, 1]], "flipped")]).right


@pytest.mark.parametrize("answer", ["156", True, [1, 2], np.bool_(True), [True], 156j])
def test_what_is_no_number_is_called_so(answer):
    assert "must be a number, not" in checks.number(answer, 156).message


def test_who_prints_in_place_of_giving_is_told_so():
    assert "print" in checks.number(None, 156).message
    verdict = checks.function(lambda n: print(n + 1), [((5,), 6)])
    assert str(verdict) == (
        "✘ For (5) it prints 6 and returns nothing: write return in place of print."
    )


def test_what_a_function_prints_while_it_is_wrong_reaches_the_reader(capsys):
    def chatty(n):
        print("seen", n)
        return n

    checks.function(chatty, [((5,), 5), ((7,), 8)])
    assert capsys.readouterr().out == "seen 7\n"


@pytest.mark.parametrize(
    "answer",
    [
        (28, 28, 6),
        [28, 28, 6],
        (np.int64(28), 28, 6),
        (28.0, 28, 6.0),
        np.array([28, 28, 6]),
        np.float16([28, 28, 6]),
        (Fraction(28), 28, 6),
    ],
)
def test_a_right_shape(answer):
    assert repr(checks.shape(answer, [28, 28, 6])) == "✔ Yes, (28, 28, 6) is right."


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((28, 28), "(28, 28) has 2 sizes, and that is not how many there are."),
        ((28, 28, 1), "(28, 28, 1) is not it: one map for each filter."),
        ((27, 28, 6), "(27, 28, 6) is not it."),
        ((28, 28, True), "The answer must be a tuple of whole numbers, not (28, 28, True)."),
        ((28.5, 28, 6), "The answer must be a tuple of whole numbers, not (28.5, 28, 6)."),
        (28, "The answer must be a tuple of whole numbers, not 28."),
        ("28", "The answer must be a tuple of whole numbers, not '28'."),
    ],
)
def test_a_wrong_shape(answer, message):
    slips = [((28, 28, 1), "one map for each filter")]
    assert checks.shape(answer, (28, 28, 6), slips).message == message


@pytest.mark.parametrize("answer", [(..., ..., ...), [28, ...], (28, 28, ...)])
def test_a_shape_with_dots_is_no_answer_yet(answer):
    assert checks.shape(answer, (28, 28, 6)).right is None


@pytest.mark.parametrize(
    "answer",
    [
        [[1, 2]],
        ((1, 2),),
        np.float16([[1, 2]]),
        [[1.0000001, 2]],
        np.uint8([[1, 2]]),
        [[Fraction(1), Decimal(2)]],
        np.ma.masked_array([[1, 2]], [[False, False]]),
    ],
)
def test_a_right_array(answer):
    assert repr(checks.array(answer, [[1, 2]])) == "✔ Yes, all 2 values are right."


def test_what_is_masked_is_no_right_value():
    assert checks.array(HALF_THERE, [[1, 2]]).message == "1 of 2 values is wrong: at (0, 0)."


def test_a_column_is_no_row():
    column, row = np.zeros((3, 1)), np.zeros(3)
    assert checks.array(column, row).message == "The shape (3, 1) is not that of the answer."
    verdict = checks.function(lambda x: x[:, None], [((row,), row)])
    assert "of shape (3, 1), where the shape (3,) is due" in verdict.message


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([[1, 3]], "1 of 2 values is wrong: at (0, 1)."),
        ([[NAN, 2]], "1 of 2 values is wrong: at (0, 0)."),
        ([1, 2], "The shape (2,) is not that of the answer."),
        ([[2, 1]], "Not yet: that is the kernel flipped."),
        ([["1", "2"]], "The answer must be an array of numbers, not [['1', '2']] (list)."),
        ([[None, 2]], "The answer must be an array of numbers, not [[None, 2]] (list)."),
        ([[1], [2, 3]], "The answer must be an array of numbers, not [[1], [2, 3]] (list)."),
    ],
)
def test_a_wrong_array(answer, message):
    slips = [([[2, 1]], "that is the kernel flipped")]
    assert checks.array(answer, [[1, 2]], slips).message == message


def test_whole_arrays_are_met_exactly():
    assert checks.array([100_000], [100_001]).right is False
    assert checks.array([100_000.0], [100_000.1]).right


def test_arrays_of_booleans_are_compared_too():
    assert checks.array([[True, False]], np.array([[True, False]])).right
    assert checks.array([[True, True]], np.array([[True, False]])).right is False


def output_size(n, k):
    return n - k + 1


CASES = [((5, 3), 3), ((28, 5), 24)]


def test_a_right_function():
    assert repr(checks.function(output_size, CASES)) == "✔ Yes, it is right on all 2 cases."
    assert checks.function(lambda n, k: np.float32(n - k + 1), CASES).right


@pytest.mark.parametrize(
    ("answer", "right", "message"),
    [
        (lambda n, k: n - k, False, "For (5, 3) it gives 2, which is wrong: one window too few."),
        (lambda n, k: 3, False, "For (28, 5) it gives 3, which is wrong."),
        (lambda n, k: NAN, False, "For (5, 3) it gives nan, which is wrong."),
        (
            lambda n, k: [3],
            False,
            "For (5, 3) it gives [3], of shape (1,), where one number is due.",
        ),
        (lambda n, k: "3", False, "For (5, 3) it gives '3' (str), where numbers are due."),
        (lambda n: n, False, "For (5, 3) it raises TypeError: "),
        (lambda n, k: n / 0, False, "For (5, 3) it raises ZeroDivisionError: division by zero"),
        (lambda n, k: None, None, "Not answered yet: for (5, 3) it returns nothing."),
        (lambda n, k: ..., None, "Not answered yet: for (5, 3) it returns nothing."),
        (5, False, "The answer must be a function, not 5 (int)."),
    ],
)
def test_a_wrong_function(answer, right, message):
    slips = [(lambda n, k: 1 // 0, "never"), (lambda n, k: n - k, "one window too few")]
    verdict = checks.function(answer, CASES, slips)
    assert verdict.right is right
    assert verdict.message.startswith(message)


def test_an_endless_recursion_is_a_wrong_answer():
    def forever(n, k):
        return forever(n, k)

    assert "RecursionError" in checks.function(forever, CASES).message


def test_a_verdict_on_an_array_fills_one_line():
    verdict = checks.function(lambda x: x, [((np.zeros((9, 9)),), np.ones((9, 9)))])
    assert verdict.right is False
    assert "\n" not in str(verdict)


def test_a_function_that_spoils_its_arguments_spoils_nothing_else():
    image = np.arange(4.0).reshape(2, 2)

    def in_place(array, n):
        array *= n
        return array

    cases = [((image, 2), 2 * image), ((image, 3), 3 * image)]
    assert checks.function(in_place, cases).right
    assert image.tolist() == [[0, 1], [2, 3]]

    def wrong(array, n):
        array[:] = 0
        return array

    slips = [(lambda array, n: in_place(array, 0), "you multiply by nothing")]
    verdict = checks.function(wrong, cases, slips)
    assert "For ([[0.0, 1.0]," in verdict.message, "the case is shown as it was"
    assert verdict.message.endswith("you multiply by nothing.")
    assert image.tolist() == [[0, 1], [2, 3]]


def test_the_arguments_of_a_failing_case_are_shown_whole_where_they_fit():
    image, kernel = np.arange(12).reshape(3, 4), np.ones((2, 1), int)
    message = checks.function(lambda i, k, s: 0, [((image, kernel, 2), 1)]).message
    case = "([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], [[1], [1]], 2)"
    assert message == f"For {case} it gives 0, which is wrong."
    photo = np.zeros((40, 50))
    message = checks.function(lambda i, k, s: 0, [((photo, kernel, 2), 1)]).message
    assert message.startswith("For (an array of shape (40, 50), [[1], [1]], 2) it gives 0")


def test_a_hint_is_for_who_made_that_mistake_in_every_case():
    cases = [((2, 2), 8), ((3, 1), 4)]  # the sum is right for neither, the product by chance twice
    slips = [(lambda a, b: a + b, "that is the sum")]
    assert checks.function(lambda a, b: a + b, cases, slips).message.endswith(": that is the sum.")
    product = checks.function(lambda a, b: a * b, cases, slips)
    assert product.message == "For (2, 2) it gives 4, which is wrong."


def test_a_choice():
    reasons = {"C3": "it is the largest", "a b": "a pool has no weights"}
    for answer in ("C3", "c3", " C3 ", "'C3'", np.str_("C3"), ["C3"], np.array("c3")):
        assert repr(checks.choice(answer, "C3", reasons)) == "✔ Yes: it is the largest."
    for answer in ("a b", "A  B", "a b."):
        verdict = checks.choice(answer, "C3", reasons)
        assert repr(verdict) == '✘ "a b" is not it: a pool has no weights.'
    verdict = checks.choice("c", "C3", reasons)
    assert verdict.message == 'The answer must be one of "C3", "a b", not \'c\'.'


def test_a_network_is_right_whatever_its_layers_are_called():
    layers = [Conv2D(2, 3, name="first"), Flatten(), Dropout(0.5), Dense(1)]
    verdict = checks.network(Network((9, 9, 1), layers), TWO_LAYERS)
    assert repr(verdict) == "✔ Yes, every layer is right."


@pytest.mark.parametrize(
    ("shape", "layers", "message"),
    [
        ((8, 8, 1), [Flatten()], "the input has the shape (8, 8, 1)"),
        ((9, 9, 1), [Conv2D(2, 3), Flatten()], "all layers are right so far, but at the end some"),
        ((9, 9, 1), [Conv2D(2, (1, 9)), Flatten(), Dense(1)], '"conv2d" is the first layer that'),
        ((9, 9, 1), [Conv2D(2, 3), Flatten(), Dense(2)], '"dense" is the first layer that differs'),
        ((9, 9, 1), [Conv2D(2, 5, padding="same"), Flatten()], "five by five"),
    ],
)
def test_a_wrong_network(shape, layers, message):
    slip = Network((9, 9, 1), [Conv2D(2, 5, padding="same"), Flatten()])
    verdict = checks.network(Network(shape, layers), TWO_LAYERS, [(slip, "five by five")])
    assert verdict.right is False
    assert verdict.message.startswith(f"Not yet: {message}")


@pytest.mark.parametrize(
    ("shape", "layers", "message"),
    [
        ((9, 9, 3), [Flatten(), Dense(2)], "It reads (9, 9, 3), and its task gives (9, 9, 1)."),
        ((9, 9, 1), [Conv2D(2, 3)], "Not yet: it ends in (7, 7, 2), and its task wants (2,)."),
        ((9, 9, 1), [Conv2D(1, 5), Conv2D(1, 3), Flatten(), Dense(2)], "Not yet: two of them."),
        (
            (9, 9, 1),
            [Conv2D(2, 3, name="a"), Flatten(), Dense(2, name="b")],
            '218 parameters are 18 over the budget of 200: "b" costs most, 198.',
        ),
    ],
)
def test_a_design_that_does_not_do_the_task_or_costs_too_much(shape, layers, message):
    slips = [(lambda network: len(network) == 4, "two of them")]
    verdict = checks.design(Network(shape, layers), 200, slips, **TASK)
    assert (verdict.right, verdict.message) == (False, message)


def test_a_design_may_cost_all_of_its_budget_and_a_list_is_told_to_be_wrapped():
    layers = [Flatten(), Dense(2, name="scores")]
    at_most = checks.design(Network((9, 9, 1), layers), 164, **TASK)
    assert repr(at_most) == '✔ Yes, it fits: 164 of 164 parameters, 164 of them in "scores".'
    assert checks.design(Network((9, 9, 1), layers), 163, **TASK).right is False
    assert "wrap layers in Network((9, 9, 1), [...])" in checks.design(layers, 200, **TASK).message


@pytest.mark.parametrize(
    ("ask", "others"),
    [
        (lambda right: checks.number(7, right), (156, 2500 / 26)),
        (lambda right: checks.share(0.9, right), (0.25, 1 / 3)),
        (lambda right: checks.shape((7, 7), right), ((3, 4), (5, 6))),
        (lambda right: checks.array([7, 7], right), ([7, 8], [7, 9])),
        (lambda right: checks.array([7, 7, 7], right), ([7, 8], [7, 9, 8, 6])),
        (lambda right: checks.function(lambda: 7, [((), right)]), (8, 9.5)),
        (lambda right: checks.function(lambda: [7, 7], [((), right)]), ([7, 8], [7, 9])),
        (lambda right: checks.choice("a", right, dict.fromkeys("abc", "no")), "bc"),
    ],
)
def test_a_verdict_on_a_wrong_answer_does_not_depend_on_the_right_one(ask, others):
    assert len({str(ask(right)) for right in others}) == 1
