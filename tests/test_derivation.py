"""Is what a derivation prints true arithmetic, and can a page show it?"""

import itertools
import math
import re
from fractions import Fraction

import latex2mathml.converter
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cnnlib import (
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Flatten,
    LocallyConnected2D,
    MaxPooling2D,
    Network,
    ZeroPadding2D,
    architectures,
)
from cnnlib.derivation import Derivation, Equation, equation
from cnnlib.layers import QUANTITIES
from cnnlib.network import TOTALS

STACK = Network(
    (29, 30, 6),
    [
        Conv2D(8, (3, 5), padding="same", strides=2, groups=2),
        Conv2D(8, 3, padding="full", dilation_rate=2, use_bias=False),
        DepthwiseConv2D(3, padding=((0, 1), (2, 3)), depth_multiplier=2),
        MaxPooling2D(3, strides=2, ceil_mode=True),
        AveragePooling2D(2, padding="same"),
        AveragePooling2D(1, strides=2, ceil_mode=True),
        BatchNormalization(scale=False),
        ZeroPadding2D(2),
        LocallyConnected2D(2, 3),
        Flatten(),
        Dense(3, use_bias=False),
    ],
)
NETWORKS = [
    STACK,
    architectures.lenet5_1998(),
    architectures.alexnet_2012(),
    architectures.vgg16(),
]
OF_ROWS = [
    row.derive(quantity)
    for network in NETWORKS
    for row in network
    for quantity in (*QUANTITIES, "receptive_field")
]
DERIVATIONS = OF_ROWS + [network.derive(total) for network in NETWORKS for total in TOTALS]
EQUATIONS = [equation for derivation in DERIVATIONS for equation in derivation.equations]


def worked_out(text):
    """The value of a line of plain text, worked out exactly by Python."""
    for sign, code in zip("·−⌊⌋⌈⌉", ["*", "-", "floor(", ")", "ceil(", ")"], strict=True):
        text = text.replace(sign, code)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\d+(\.\d+)?", r"Fraction('\g<0>')", text)
    known = {"floor": math.floor, "ceil": math.ceil, "max": max, "Fraction": Fraction}
    return eval(text, {"__builtins__": {}}, known)


def worked_out_latex(latex):
    """The value of a line of LaTeX that holds only numbers; its only braces are fractions."""
    for sign, code in {
        r" \\ &": "", r"\,": "*", r"\cdot": "*", r"\max": "max", "{,}": "",
        r"\frac{": "((", "}{": ")/(", "}": "))",
        r"\left\lfloor": "floor(", r"\right\rfloor": ")",
        r"\left\lceil": "ceil(", r"\right\rceil": ")", r"\left": "", r"\right": "",
    }.items():  # fmt: skip
        latex = latex.replace(sign, code)
    return worked_out(latex)


def numbers_put_in(formula, numbers):
    symbols = {symbol.replace("_out", "′"): number for symbol, number in numbers.items()}
    word = r"[A-Za-z]\w*′?"
    return re.sub(word, lambda m: "max" if m[0] == "max" else f"({symbols[m[0]]})", formula)


def test_every_printed_line_is_true():
    assert len(EQUATIONS) > 500
    for line in EQUATIONS:
        name, *sides = line.text().split(" = ")
        assert name == line.name
        assert not re.search("[A-Za-z]", sides[-1])
        assert len(sides) < 3 or not re.search("[A-Za-z]", sides[-2].replace("max", ""))
        for side in sides:
            assert worked_out(numbers_put_in(side, line.numbers)) == line.value, line


def test_every_latex_line_is_true():
    for line in EQUATIONS:
        _, _, sides = line.latex().partition(" &= ")
        formula, *numbers = sides.split(" = ")
        for side in numbers or [formula]:
            assert worked_out_latex(side) == line.value, line


def test_a_derivations_value_is_that_of_its_equations():
    for derivation in OF_ROWS:
        found = [equation.value for equation in derivation.equations]
        wanted = derivation.value if isinstance(derivation.value, tuple) else (derivation.value,)
        assert set(wanted) <= set(found), derivation


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
@pytest.mark.parametrize("total", TOTALS)
def test_the_lines_named_after_layers_add_up_to_the_total(network, total):
    derivation = network.derive(total)
    parts = {equation.name: equation.value for equation in derivation.equations}
    assert sum(parts.get(row.name, 0) for row in network) == derivation.value
    assert derivation.value == getattr(network, total)


LEAVES = st.sampled_from("abcd") | st.integers(0, 12).map(str)
FORMULAS = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from("+-*/"), parts).map("({0[0]}) {0[1]} ({0[2]})".format),
        st.tuples(st.sampled_from(["floor", "ceil"]), parts).map("{0[0]}({0[1]})".format),
        st.tuples(parts, parts).map("max({0[0]}, {0[1]})".format),
    ),
    max_leaves=8,
)


@settings(max_examples=200)
@given(FORMULAS, st.tuples(*4 * [st.integers(1, 2000)]))
@example("a / (b * c)", (1, 2, 3, 4))
@example("a - (b - c) * (a / b)", (1, 2, 3, 4))
@example("(a / b) / (c / a)", (1, 2, 3, 4))
@example("(a / b) * c", (1, 2, 3, 4))
def test_brackets_are_kept_where_they_matter(formula, numbers):
    line = Equation("x", formula, dict(zip("abcd", numbers, strict=True)))
    try:
        expected = worked_out(re.sub(r"\b[abcd]\b", lambda m: str(line.numbers[m[0]]), formula))
    except ZeroDivisionError:
        with pytest.raises(ZeroDivisionError):
            _ = line.value
        return
    assert float(line.value) == float(expected)
    with_numbers = line._sides(_text_style())[1]
    assert worked_out(with_numbers) == expected
    assert not re.search(r" / [^()⌊⌋⌈⌉ ]+·", with_numbers), "1 / 2·3 can be read in two ways"


def _text_style():
    from cnnlib.derivation import _Text

    return _Text()


def test_no_line_repeats_itself():
    for line in EQUATIONS:
        sides = line.text().split(" = ")
        assert all(a != b for a, b in itertools.pairwise(sides)), line


def test_an_equation_keeps_only_the_numbers_it_speaks_of():
    assert equation("x", "a + 1", {"a": 2, "b": 3}).numbers == {"a": 2}


def test_latex_can_be_shown_by_a_page():
    for derivation in DERIVATIONS:
        latex = derivation._repr_latex_()
        assert latex.startswith("$$")
        assert latex.endswith("$$")
        assert not re.search(r"\\text\{[^}]*_", latex), "an underscore in \\text breaks KaTeX"
        mathml = latex2mathml.converter.convert(latex.strip("$"))
        assert "\\" not in mathml
        assert not re.search(r"\d \\, \\frac", latex), "5 3/4 is one number, 5·3/4 another"
        assert latex.count("{") == latex.count("}")


def test_a_derivation_shows_its_title_and_its_lines():
    derivation = Derivation("C1: x", (Equation("x", "2*a", {"a": 1000}),), 2000)
    assert str(derivation) == "C1: x\n  x = 2·a = 2·1,000 = 2,000"


@pytest.mark.parametrize(
    ("formula", "culprit"),
    [
        ("n**2", "n ** 2"),
        ("1 + n//2", "n // 2"),
        ("n % 2", "n % 2"),
        ("2*(n | 1)", "n | 1"),
        ("-n", "-n"),
        ("n < 2", "n < 2"),
        ("min(n, 2)", "min(n, 2)"),
        ("floor(n, 2)", "floor(n, 2)"),
        ("ceil()", "ceil()"),
        ("max(n)", "max(n)"),
        ("max(n, 2, key=n)", "max(n, 2, key=n)"),
        ("max(*n, 2)", "*n"),
        ("math.floor(n)", "math.floor(n)"),
        ("n.real", "n.real"),
        ("n if n else 2", "n if n else 2"),
        ("n*True", "True"),
        ("n + 2j", "2j"),
        ("'n'", "'n'"),
        ("max + n", "max"),
    ],
)
def test_a_formula_that_cannot_be_worked_out_is_refused_when_it_is_written(formula, culprit):
    with pytest.raises(ValueError, match="floor") as caught:
        Equation("x", formula, {"n": 7})
    assert f"the formula {formula!r} uses {culprit}: it may use" in str(caught.value)
    with pytest.raises(ValueError, match="floor"):
        equation("x", formula, {"n": 7})


def test_a_formula_that_is_no_expression_is_refused():
    with pytest.raises(ValueError, match=r"the formula 'n \+' is no Python expression"):
        Equation("x", "n +", {"n": 7})


def test_a_symbol_needs_a_number():
    with pytest.raises(ValueError, match=r"'n - k' of x lacks a number for k: there are {'n': 7}"):
        Equation("x", "n - k", {"n": 7})
