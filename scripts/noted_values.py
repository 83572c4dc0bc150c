"""In a lesson's run each assertion notes what it compared, with the values put in.

The first cell of the run calls `begin`, its last hands on COMPARED; the page shows the values
beside the assertion.
"""

import ast
import operator
import re
from collections.abc import Sequence
from itertools import pairwise

OPERATORS = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}
NAME = "__holds"  # among the lesson's own
LONGEST = 120
SCALAR = re.compile(r"np\.\w+\(([^()]*)\)")
SIGNS = dict(OPERATORS.values())
COMPARED: dict[str, list[str]] = {}  # an assertion as ast.unparse writes it: its lines, each once


def show(value) -> str:
    """A value as it is read, and no more of it than fits beside a sentence."""
    text = SCALAR.sub(r"\1", repr(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def holds(written: str, texts: Sequence[str | None], signs: Sequence[str], values: Sequence):
    """Whether a chain of comparisons holds; of each side, its text or else its value is noted."""
    shown = [text or show(value) for text, value in zip(texts, values, strict=True)]
    line = " ".join(part for pair in zip(shown, [*signs, ""], strict=True) for part in pair)
    lines = COMPARED.setdefault(written, [])
    if line.rstrip() not in lines:
        lines.append(line.rstrip())
    pairs = zip(signs, pairwise(values), strict=True)
    return all(SIGNS[sign](left, right) for sign, (left, right) in pairs)


class NoteValues(ast.NodeTransformer):
    """Ask `holds` in place of each comparison that is asserted, outside of functions."""

    def visit_FunctionDef(self, node):
        return node

    def visit_Assert(self, node):
        test = node.test
        if not isinstance(test, ast.Compare) or not all(type(op) in OPERATORS for op in test.ops):
            return node
        sides = [test.left, *test.comparators]
        texts = [None if has_a_name(side) else ast.unparse(side) for side in sides]
        signs = [OPERATORS[type(op)][0] for op in test.ops]
        call = ast.parse(f"{NAME}({ast.unparse(test)!r}, {texts!r}, {signs!r})", mode="eval").body
        call.args.append(ast.List(sides, ast.Load()))
        return ast.fix_missing_locations(ast.copy_location(ast.Assert(call, node.msg), node))


def has_a_name(expression: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) for node in ast.walk(expression))


def begin(shell) -> None:
    """Have this IPython note the values of what its cells assert."""
    shell.user_ns[NAME] = holds
    shell.ast_transformers.append(NoteValues())
    shell.execution_count -= 1  # the lesson's own first cell is number 1
