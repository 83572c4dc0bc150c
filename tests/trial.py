"""The exercises of a lesson, and wrong programs to try their checks with.

Only what an exercise needs of its lesson is run: the statements that bind a name which its check,
its solution or another such statement uses. No network is trained for it.
"""

import ast
import copy
import linecache
import re
import symtable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from cnnlib import checks

KINDS = ("number", "share", "shape", "array", "function", "choice", "network", "design")


@dataclass
class Exercise:
    """One exercise: its check, what the check compares with, and the worked solution."""

    name: str
    check: Any
    solution: Any
    program: ast.FunctionDef | None  # of a solution that is a function
    values: dict[str, Any]  # what the lesson has defined
    kind: str  # of check
    expected: Any  # or the cases of a function
    slips: list[tuple[Any, str]]
    written_slips: int  # as many as stand in the check; those with the same key are lost
    options: dict[str, Any]

    def judge(self, answer: Any):
        """As the check does, without computing anew what it compares with."""
        judge = getattr(checks, self.kind)
        known = dict(self.slips) if self.kind == "choice" else self.slips
        return judge(answer, self.expected, known, **self.options)

    def run(self, program: ast.FunctionDef | str):
        """Define a program as a cell of the lesson would, and return it."""
        source = program if isinstance(program, str) else ast.unparse(program)
        values = dict(self.values)
        run(source, f"<an answer to {self.name}>", values)
        name = next(n.name for n in ast.parse(source).body[::-1] if isinstance(n, ast.FunctionDef))
        return values[name]


class Recorder:
    """In place of `checks`: it keeps what a check asked for."""

    def __init__(self):
        self.asked = None

    def __getattr__(self, kind):
        judge = getattr(checks, kind)
        if kind not in KINDS:
            return judge

        def record(answer, expected, slips=(), **options):
            self.asked = kind, expected, slips, options
            return judge(answer, expected, slips, **options)

        return record


def exercises(path: Path) -> list[Exercise]:
    """All exercises of a notebook, in its order."""
    before, found, number = [], [], None
    for cell in nbformat.read(path, 4).cells:
        tags = set(cell.metadata.get("tags", []))
        if heading := re.match(r"### (?:Exercise |练习)(\d+)", cell.source):
            number = int(heading[1])
        if cell.cell_type != "code" or tags & {"remove-cell", "quiz"}:
            continue
        statements = ast.parse(re.sub(r"^\s*%.*$", "pass", cell.source, flags=re.M)).body
        before += statements
        if number and "solution" in tags and f"solution_{number}" in bound(statements):
            found.append(exercise(f"{slug(path)} {number}", number, before))
    return found


def slug(path: Path) -> str:
    """What a lesson is called, wherever it stands in the book."""
    return re.sub(r"^\d+-", "", path.stem)


def exercise(name: str, number: int, before: list[ast.stmt]) -> Exercise:
    check, solution = f"check_{number}", f"solution_{number}"
    values: dict[str, Any] = {"__name__": "__main__"}
    for place, statement in enumerate(needed({check, solution}, before)):
        run(ast.unparse(statement), f"<{name}, statement {place}>", values)
    values["checks"] = recorder = Recorder()
    assert values[check](values[solution]).right, name
    kind, expected, slips, options = recorder.asked
    defined = {s.name: s for s in before if isinstance(s, ast.FunctionDef)}
    return Exercise(
        name, values[check], values[solution], defined.get(solution), values, kind, expected,
        list(slips.items() if isinstance(slips, dict) else slips),
        sum(len(n.keys) for n in ast.walk(defined[check]) if isinstance(n, ast.Dict)), options,
    )  # fmt: skip


def run(source: str, name: str, values: dict[str, Any]) -> None:
    linecache.cache[name] = len(source), None, source.splitlines(True), name  # TensorFlow reads it
    exec(compile(source, name, "exec"), values)


def needed(names: set[str], statements: list[ast.stmt]) -> list[ast.stmt]:
    """The statements that bind these names, or what those need, in their order."""
    chosen: set[int] = set()
    while True:
        more = {
            place
            for place, statement in enumerate(statements)
            if place not in chosen and bound([statement]) & names
        }
        if not more:
            return [statements[place] for place in sorted(chosen)]
        chosen |= more
        names = names.union(*(used(statements[place]) for place in more))


def bound(statements: list[ast.stmt]) -> set[str]:
    """The names that statements give a value at the top."""
    table = symtable.symtable(ast.unparse(ast.Module(statements, [])), "cell", "exec")
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}


def used(statement: ast.stmt) -> set[str]:
    """The names of the lesson that a statement needs, within its functions too."""
    tables = [symtable.symtable(ast.unparse(statement), "cell", "exec")]
    found = {s.get_name() for s in tables[0].get_symbols() if s.is_referenced()}
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return found


# Wrong programs, each one change away from a right one. What changes nothing is left out: the
# kind of numbers, an array for a list, the order of axes, a value of which only the shape counts.

OPERATORS = {
    ast.Add: [ast.Sub, ast.Mult], ast.Sub: [ast.Add], ast.Mult: [ast.Add, ast.Div],
    ast.Div: [ast.Mult], ast.FloorDiv: [ast.Mult, ast.Div], ast.Pow: [ast.Mult],
    ast.Lt: [ast.LtE], ast.LtE: [ast.Lt], ast.Gt: [ast.GtE], ast.GtE: [ast.Gt],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq],
}  # fmt: skip
TWINS = {
    "sum": ["mean", "max"], "mean": ["sum", "max"], "max": ["min", "mean"], "min": ["max"],
    "std": ["var"], "var": ["std"], "zeros": ["ones"], "ones": ["zeros"], "log": ["log10", "exp"],
    "ceil": ["floor"], "floor": ["ceil"], "softmax": ["sigmoid"],
}  # fmt: skip


def mutants(program: ast.FunctionDef) -> dict[str, str]:
    """What was changed, and the source with that change."""
    original = ast.unparse(program)
    program = ast.parse(original).body[0]
    local = {n.arg for n in ast.walk(program) if isinstance(n, ast.arg)}
    local |= {n.id for n in ast.walk(program) if isinstance(n, ast.Name) and is_store(n)}
    found: dict[str, str] = {}
    seen = {original}
    shapes = {id(n.value) for n in ast.walk(program) if getattr(n, "attr", "") == "shape"}
    shapes |= {id(n.args[0]) for n in ast.walk(program) if called(n) == "len"}
    for place, node in enumerate(ast.walk(program)):
        if id(node) in shapes:
            continue
        for change, what in [*changes(node, sorted(local)), *changes_of_lines(node)]:
            changed = ast.parse(original).body[0]
            same = next(n for i, n in enumerate(ast.walk(changed)) if i == place)
            new = change(same)
            if new is not same:
                changed = Replace(same, new).visit(changed)
            source = ast.unparse(ast.fix_missing_locations(changed))
            if source not in seen:
                seen.add(source)
                before = ast.unparse(node) if isinstance(node, ast.expr) else ""
                found[f"{what}: {before}".rstrip(": ") + f" (line {line(node)})"] = source
    return found


def called(node: ast.AST) -> str:
    """The last name of what a call calls."""
    return ast.unparse(node.func).split(".")[-1] if isinstance(node, ast.Call) else ""


def line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def is_store(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


class Replace(ast.NodeTransformer):
    """Put another node into the place of one."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def setting(name: str, value):
    """Change one field of a node, in place."""

    def change(node):
        setattr(node, name, value(node))
        return node

    return change


def changes(node: ast.AST, local: list[str]):
    """Every wrong thing that may stand in the place of an expression."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for step in (1, -1):
            yield setting("value", lambda n, step=step: n.value + step), f"{step:+} to a constant"
    if isinstance(node, ast.BinOp | ast.AugAssign):
        for other in OPERATORS.get(type(node.op), []):
            yield setting("op", lambda n, other=other: other()), f"{other.__name__} for"
    if isinstance(node, ast.BinOp):
        yield (lambda n: n.left), "only the left of"
        yield (lambda n: n.right), "only the right of"
        if not isinstance(node.op, ast.Add | ast.Mult):
            yield (lambda n: ast.BinOp(n.right, n.op, n.left)), "turned round"
    if isinstance(node, ast.AugAssign):
        yield (lambda n: ast.Assign([n.target], n.value, lineno=n.lineno)), "= in place of +="
    if isinstance(node, ast.Compare):
        for other in OPERATORS.get(type(node.ops[0]), []):
            yield setting("ops", lambda n, other=other: [other(), *n.ops[1:]]), other.__name__
    if isinstance(node, ast.UnaryOp):
        yield (lambda n: n.operand), "without the sign"
    if isinstance(node, ast.Attribute):
        for twin in TWINS.get(node.attr, []):
            yield setting("attr", lambda n, twin=twin: twin), f"{twin} for"
        if node.attr == "T":
            yield (lambda n: n.value), "not transposed"
    if isinstance(node, ast.Call):
        if node.args and called(node) not in ("array", "stack"):
            yield (lambda n: n.args[0]), "without the call"
        for i in range(len(node.keywords)):
            if node.keywords[i].arg in ("dtype", "strict"):
                continue
            yield (
                setting("keywords", lambda n, i=i: n.keywords[:i] + n.keywords[i + 1 :]),
                (f"without {node.keywords[i].arg}"),
            )
        if not node.args and isinstance(node.func, ast.Attribute):
            yield (lambda n: n.func.value), "without the call"
    axes = isinstance(node, ast.Tuple) and all(isinstance(n, ast.Constant) for n in node.elts)
    if isinstance(node, ast.Call | ast.Tuple | ast.List) and not axes:
        field = "args" if isinstance(node, ast.Call) else "elts"
        for i in range(len(getattr(node, field)) - 1):
            yield (
                setting(field, lambda n, i=i, field=field: swapped(getattr(n, field), i)),
                (f"{i} and {i + 1} swapped"),
            )
    if isinstance(node, ast.Slice):
        for bound in ("lower", "upper"):
            yield setting(bound, lambda n: None), f"no {bound} bound"
    if isinstance(node, ast.Name) and node.id in local and not is_store(node):
        for name in local:
            yield setting("id", lambda n, name=name: name), f"{name} for"
        yield (lambda n: ast.BinOp(n, ast.Add(), ast.Constant(1))), "one more than"
        yield (lambda n: ast.UnaryOp(ast.USub(), n)), "minus"


def changes_of_lines(node: ast.AST):
    """Lines left out, exchanged, or a return that comes too early."""
    body = getattr(node, "body", None)
    if not isinstance(body, list):
        return
    first = 1 if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) else 0
    for i in range(first, len(body)):
        if not isinstance(body[i], ast.Return):
            rest = lambda n, i=i: n.body[:i] + n.body[i + 1 :] or [ast.Pass()]  # noqa: E731
            yield setting("body", rest), f"line {line(body[i])} left out"
        if i + 1 < len(body) and depend(body[i], body[i + 1]):
            yield (
                setting("body", lambda n, i=i: swapped(n.body, i)),
                (f"line {line(body[i])} too late"),
            )
        if isinstance(body[i], ast.Return) and i > first and isinstance(body[i - 1], ast.For):
            yield early_return(i), "return within the loop"


def depend(a: ast.stmt, b: ast.stmt) -> bool:
    """Does it matter which of two lines comes first?"""
    names = [{n.id for n in ast.walk(line) if isinstance(n, ast.Name)} for line in (a, b)]
    stored = [
        {n.id for n in ast.walk(line) if isinstance(n, ast.Name) and is_store(n)} for line in (a, b)
    ]
    return isinstance(b, ast.Return) or bool(stored[0] & names[1] or stored[1] & names[0])


def early_return(i: int):
    def change(node):
        node.body[i - 1].body.append(copy.deepcopy(node.body[i]))
        return node

    return change


def swapped(items: list, i: int) -> list:
    return [*items[:i], items[i + 1], items[i], *items[i + 2 :]]
