"""Does a check know right from wrong, and does it stand whatever it is given?"""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cnnlib import checks

NAN = float("nan")


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no words")

    def __array__(self, *arguments, **options):
        raise RuntimeError("no numbers")


ODDITIES = [
    None, True, False, "", "156", b"156", NAN, float("inf"), -float("inf"), 1j, 10**400, -(10**400),
    10**5000, 1e308, Decimal("NaN"), Fraction(1, 3), [], (), {}, set(), {1: 2}, object(), int, len,
    lambda: None, range(3), iter([]), (1, "a"), (1.0, 2), [[1], [2, 3]], [None], [NAN], (True, 2),
    np.array([]), np.array(["a"]), np.array([None]), np.array([1j]), np.zeros((2, 3, 4)),
    np.float32("nan"), np.bool_(True), np.datetime64("2020-01-01"), [..., 1], (28, ...),
    Unprintable(), [Unprintable()], ([],), np.array(5), np.ma.masked,
]  # fmt: skip
CHECKS = {
    "number": lambda answer: checks.number(answer, 156, {150: "a", 1.5: "b"}),
    "fraction": lambda answer: checks.number(answer, 0.958, {95.8: "a"}),
    "shape": lambda answer: checks.shape(answer, (28, 28, 6), {(28, 28): "a"}),
    "array": lambda answer: checks.array(answer, [[1.0, 2.0]], [([[2, 1]], "a")]),
    "function": lambda answer: checks.function(answer, [((1, 2), 3)], [(lambda a, b: a, "a")]),
    "result": lambda answer: checks.function(lambda *_: answer, [((1, 2), [3, 4])]),
    "choice": lambda answer: checks.choice(answer, "a", {"a": "it slides", "b": "no"}),
}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("answer", ODDITIES, ids=lambda answer: type(answer).__name__)
def test_no_answer_makes_a_check_raise_and_none_of_these_is_right(check, answer):
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
    [156, 156.0, np.int64(156), np.uint8(156), np.float32(156), np.array(156), Fraction(156)],
)
def test_a_right_number_of_any_kind(answer):
    assert repr(checks.number(answer, 156)) == "✔ Yes, 156."


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


def test_a_whole_number_is_not_met_by_one_that_rounds_to_it():
    assert checks.number(156.4, 156).right is False
    assert str(checks.number(1e20, 156)) == "✘ 1e+20 is not it."


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


@pytest.mark.parametrize("answer", ["156", True, None, [156], np.bool_(True), 156j])
def test_what_is_no_number_is_called_so(answer):
    assert "must be a number, not" in checks.number(answer, 156).message


@pytest.mark.parametrize("answer", [(28, 28, 6), [28, 28, 6], (np.int64(28), 28, 6)])
def test_a_right_shape(answer):
    assert repr(checks.shape(answer, [28, 28, 6])) == "✔ Yes, (28, 28, 6)."


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((28, 28), "(28, 28) has 2 sizes; the answer has 3."),
        ((28, 28, 1), "(28, 28, 1) is not it: one map for each filter."),
        ((27, 28, 6), "(27, 28, 6) is not it."),
        ((28, 28, True), "The answer must be a tuple of whole numbers, not (28, 28, True)."),
        ((28.0, 28, 6), "The answer must be a tuple of whole numbers, not (28.0, 28, 6)."),
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
    "answer", [[[1, 2]], np.float32([[1, 2]]), [[1.0000001, 2]], np.uint8([[1, 2]])]
)
def test_a_right_array(answer):
    assert repr(checks.array(answer, [[1, 2]])) == "✔ Yes, all 2 values agree."


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([[1, 3]], "1 of 2 values differ; the first is at (0, 1): 3, not 2."),
        ([[NAN, 2]], "1 of 2 values differ; the first is at (0, 0): nan, not 1."),
        ([1, 2], "The shape is (2,); the answer has (1, 2)."),
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
    assert repr(checks.function(output_size, CASES)) == "✔ Yes, on all 2 cases."
    assert checks.function(lambda n, k: np.float32(n - k + 1), CASES).right


@pytest.mark.parametrize(
    ("answer", "right", "message"),
    [
        (lambda n, k: n - k, False, "For (5, 3) it gives 2, not 3: one window too few."),
        (lambda n, k: 3, False, "For (28, 5) it gives 3, not 24."),
        (lambda n, k: NAN, False, "For (5, 3) it gives nan, not 3."),
        (lambda n, k: [3], False, "For (5, 3) it gives [3], not 3."),
        (lambda n, k: "3", False, "For (5, 3) it gives '3', not 3."),
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
    assert "For (array([[0., 1.]" in verdict.message, "the case is shown as it was"
    assert verdict.message.endswith("you multiply by nothing.")
    assert image.tolist() == [[0, 1], [2, 3]]


def test_a_choice():
    reasons = {"a": "it slides", "b": "a pool has no weights"}
    assert repr(checks.choice("a", "a", reasons)) == "✔ Yes a: it slides."
    assert repr(checks.choice("b", "a", reasons)) == "✘ Not b: a pool has no weights."
    assert checks.choice("c", "a", reasons).message == "The answer must be one of a, b, not 'c'."
