"""How does a number come about: the formula, the numbers put in, the value?

One Python expression is the single source of all three. It is evaluated for the value and
printed, with names or with numbers, as plain text and as LaTeX.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from operator import add, mul, sub, truediv
from typing import Any
from unicodedata import east_asian_width

from cnnlib.names import called

_OPERATORS: Mapping[type, Callable] = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv}
_FUNCTIONS: Mapping[str, Callable] = {"floor": math.floor, "ceil": math.ceil, "max": max}
_BRACKETS = {"floor": ("⌊⌋", "floor"), "ceil": ("⌈⌉", "ceil")}
_PRECEDENCE = {ast.Add: 1, ast.Sub: 1, ast.Div: 2, ast.Mult: 3}
_ATOM = 4
_TIGHT = {ast.Add: 1, ast.Sub: 2, ast.Mult: 3, ast.Div: _ATOM}  # below this, brackets on the right
_TEXT_SIGNS = {ast.Add: " + ", ast.Sub: " − ", ast.Mult: "·", ast.Div: " / "}
_LATEX_SIGNS = {ast.Add: " + ", ast.Sub: " - ", ast.Mult: r" \cdot "}
Number = Any  # an int, or a fraction or float; a value is an int where it is whole
Node = Any  # a part of a formula, of the kinds that `_check` lets pass
PHONE = 28  # characters of a line of mathematics on a phone, spaces and equals signs aside


@dataclass(frozen=True)
class Equation:
    """One line of arithmetic: a name, a formula in named symbols, and their numbers.

    >>> line = Equation("height", "floor((n + 2*p - k) / s) + 1", dict(n=227, p=0, k=11, s=4))
    >>> print(line)
    height = ⌊(n + 2·p − k) / s⌋ + 1 = ⌊(227 + 2·0 − 11) / 4⌋ + 1 = 55
    >>> line.value
    55

    The formula may use `+ - * /`, `floor`, `ceil` and `max`; division is exact. Anything else, and
    a symbol without a number, raises a ValueError at once. A formula that is a single symbol, or
    that holds no symbol at all, is printed without repeating itself.
    """

    name: str
    formula: str
    numbers: Mapping[str, Number]

    def __post_init__(self) -> None:
        if missing := _symbols(self.formula) - set(self.numbers):
            raise ValueError(
                f"the formula {self.formula!r} of {self.name} lacks a number for "
                f"{', '.join(sorted(missing))}: there are {dict(self.numbers)}"
            )

    @property
    def value(self) -> Number:
        """The formula worked out, exactly: an int if it is whole, else a float."""
        exact = {symbol: Fraction(number) for symbol, number in self.numbers.items()}
        return plain(_evaluate(_parse(self.formula), exact))

    def text(self) -> str:
        """The whole line as plain text."""
        return " = ".join(self._terms(_Text()))

    def latex(self) -> str:
        r"""The same as LaTeX, aligned at the equals signs, in lines that fit a phone.

        >>> print(Equation("macs", "n*units", {"n": 9216, "units": 4096}).latex())
        \text{macs} &= n \, \text{units} \\ & = 9{,}216 \cdot 4{,}096 = 37{,}748{,}736
        """
        terms = self._terms(_Latex())
        lengths = [_length(term.replace(" ", "")) for term in self._terms(_Text())]
        all_in_one = sum(lengths) + 2  # it has an equals sign more
        all_but_formula = sum(lengths) - lengths[1]
        line = terms[0] + " &= " + terms[1]
        for term, needed in zip(terms[2:], (all_in_one, all_but_formula), strict=False):
            line += (r" \\ & = " if needed > PHONE else " = ") + term
        return line

    def _terms(self, style: _Text) -> list[str]:
        """What stands between the equals signs."""
        return _unrepeated([style.name(self.name), *self._sides(style)])

    def _sides(self, style: _Text) -> list[str]:
        tree = _parse(self.formula)
        return [
            style.expression(tree, {}),
            style.expression(tree, self.numbers),
            style.number(self.value),
        ]

    __str__ = text


def plain(value: int | float | Fraction) -> int | float:
    """The number as an int if it is whole, else as a float."""
    return int(value) if value == int(value) else float(value)


def equation(name: str, formula: str, numbers: Mapping[str, Number]) -> Equation:
    """An equation that keeps only those of the numbers that its formula speaks of."""
    spoken = _symbols(formula)
    return Equation(name, formula, {s: n for s, n in numbers.items() if s in spoken})


@dataclass(frozen=True)
class Derivation:
    """A number, or a shape, with the equations that lead to it.

    >>> steps = (Equation("parameters", "(k_h*k_w*C + 1)*F", dict(k_h=5, k_w=5, C=1, F=6)),)
    >>> why = Derivation("C1: parameters", steps, 156)
    >>> print(why)
    C1: parameters
      parameters = (k_h·k_w·C + 1)·F = (5·5·1 + 1)·6 = 156
    >>> why.value
    156

    In a notebook it shows itself as mathematics; `str` is the same as plain text.
    """

    title: str
    equations: tuple[Equation, ...]
    value: Any

    def __str__(self) -> str:
        return "\n".join([self.title, *(f"  {equation.text()}" for equation in self.equations)])

    def _repr_latex_(self) -> str:
        lines = r" \\ ".join(equation.latex() for equation in self.equations)
        return rf"$$\begin{{aligned}} {lines} \end{{aligned}}$$"


class _Text:
    """Writes an expression as plain text."""

    signs, minus = _TEXT_SIGNS, "−"

    def number(self, value: int | float) -> str:
        return f"{plain(value):,}".replace("-", self.minus)

    def name(self, name: str) -> str:
        return called(name)

    def symbol(self, name: str) -> str:
        return called(name).replace("_out", "′")

    def call(self, function: str, arguments: list[str]) -> str:
        if function in _BRACKETS:
            return arguments[0].join(_BRACKETS[function][0])
        return f"{function}({', '.join(arguments)})"

    def fraction(self, node: ast.BinOp, numbers: Mapping[str, Number]) -> str:
        return self.operation(node, numbers)

    def group(self, inner: str) -> str:
        return f"({inner})"

    def precedence(self, node: Node) -> int:
        return _PRECEDENCE[type(node.op)] if isinstance(node, ast.BinOp) else _ATOM

    def operation(self, node: ast.BinOp, numbers: Mapping[str, Number]) -> str:
        own = _PRECEDENCE[type(node.op)]
        left, right = self.expression(node.left, numbers), self.expression(node.right, numbers)
        if self.precedence(node.left) < own:
            left = self.group(left)
        if self.precedence(node.right) < _TIGHT[type(node.op)] or right.startswith(self.minus):
            right = self.group(right)
        return self.join(node.op, left, right)

    def join(self, operator: ast.operator, left: str, right: str) -> str:
        return left + self.signs[type(operator)] + right

    def expression(self, node: Node, numbers: Mapping[str, Number]) -> str:
        """The expression with symbols, or with numbers for the symbols that `numbers` names."""
        match node:
            case ast.BinOp(op=operator):
                divides = isinstance(operator, ast.Div)
                return (self.fraction if divides else self.operation)(node, numbers)
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return self.call(function, [self.expression(a, numbers) for a in arguments])
            case ast.Constant(value=int() | float() as number):
                return self.number(number)
        return self.number(numbers[node.id]) if node.id in numbers else self.symbol(node.id)


class _Latex(_Text):
    """Writes an expression as LaTeX."""

    signs, minus = _LATEX_SIGNS, "-"

    def number(self, value: int | float) -> str:
        return super().number(value).replace(",", "{,}")

    def name(self, name: str) -> str:
        return self.symbol(name)

    def symbol(self, name: str) -> str:
        name = called(name)
        base, _, index = name.replace("_out", "'").partition("_")
        if _length(base.rstrip("'")) > 1:
            return r"\_".join(rf"\text{{{part}}}" for part in name.split("_"))
        return f"{base}_{{{index}}}" if index else base

    def call(self, function: str, arguments: list[str]) -> str:
        if function in _BRACKETS:
            side = _BRACKETS[function][1]
            return rf"\left\l{side} {arguments[0]} \right\r{side}"
        return rf"\{function}" + self.group(", ".join(arguments))

    def fraction(self, node: ast.BinOp, numbers: Mapping[str, Number]) -> str:
        top, bottom = self.expression(node.left, numbers), self.expression(node.right, numbers)
        return rf"\frac{{{top}}}{{{bottom}}}"

    def join(self, operator: ast.operator, left: str, right: str) -> str:
        mixed = left[-1].isdigit() and right.startswith(r"\frac")  # 5 3/4 would be one number
        if isinstance(operator, ast.Mult) and not right[0].isdigit() and not mixed:
            return left + r" \, " + right  # k_h k_w C: between letters, no sign
        return super().join(operator, left, right)

    def group(self, inner: str) -> str:
        return rf"\left({inner}\right)"

    def precedence(self, node: ast.expr) -> int:
        divides = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        return _ATOM if divides else super().precedence(node)


@cache
def _parse(formula: str) -> Node:
    """The formula as a tree, if all of it can be worked out and written down."""
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError:
        raise ValueError(f"the formula {formula!r} is no Python expression") from None
    _check(tree, formula)
    return tree


def _check(node: ast.expr, formula: str) -> None:
    parts: list[ast.expr] = []
    match node:
        case ast.Name(id=name) if name not in _FUNCTIONS:
            pass
        case ast.Constant(value=number) if type(number) in (int, float):
            pass
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            parts = [node.left, node.right]
        case ast.Call(func=ast.Name(id="max"), args=[_, _, *_] as parts, keywords=[]):
            pass
        case ast.Call(func=ast.Name(id="floor" | "ceil"), args=[_] as parts, keywords=[]):
            pass
        case _:
            raise ValueError(
                f"the formula {formula!r} uses {ast.unparse(node)}: it may use names, numbers, "
                "+, -, *, /, floor(a), ceil(a) and max(a, b)"
            )
    for part in parts:
        _check(part, formula)


@cache
def _symbols(formula: str) -> frozenset[str]:
    """The names in the formula that stand for numbers."""
    names = {node.id for node in ast.walk(_parse(formula)) if isinstance(node, ast.Name)}
    return frozenset(names - set(_FUNCTIONS))


def _evaluate(node: Node, numbers: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)](_evaluate(left, numbers), _evaluate(right, numbers))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            return _FUNCTIONS[function](*(_evaluate(a, numbers) for a in arguments))
        case ast.Constant(value=int() | float() as number):
            return Fraction(number)
    return numbers[node.id]


def _length(text: str) -> int:
    """How many Latin letters take as much room: a Chinese character takes that of two."""
    return sum(1 + (east_asian_width(character) in "WF") for character in text)


def _unrepeated(sides: list[str]) -> list[str]:
    """The sides of an equation without one that says what the side before it said."""
    return reduce(
        lambda kept, side: kept if kept[-1] == side else [*kept, side], sides[1:], sides[:1]
    )
