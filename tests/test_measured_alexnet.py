"""What lesson 12 says of AlexNet's recipe is what its script wrote."""

import ast

import nbformat

from tests.test_structure import ROOT

TABLE = (ROOT / "appendix" / "measured" / "alexnet.txt").read_text("utf-8")


def assigned(source: str, name: str) -> ast.expr:
    """What a program assigns to a name, annotated or not."""
    for node in ast.parse(source).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == name:
            return node.value
    raise AssertionError(f"nothing assigns {name}")


def test_the_lesson_shows_the_table_that_was_measured():
    cells = nbformat.read(ROOT / "chapters" / "12-alexnet-in-keras.ipynb", 4).cells
    source = next(cell.source for cell in cells if cell.id == "recorded")
    shown = ast.literal_eval(assigned(source, "RECORDED"))
    rows = [row.strip("|").split("|") for row in TABLE.splitlines()[2:] if row.startswith("|")]
    measured = {name.strip(): tuple(map(float, numbers[:3])) for name, *numbers in rows}
    assert shown == measured


def test_the_table_has_a_row_for_each_change_of_the_script():
    source = (ROOT / "scripts" / "measure_alexnet.py").read_text("utf-8")
    changes = list(ast.literal_eval(assigned(source, "CHANGES")))
    rows = [row.split("|")[1].strip() for row in TABLE.splitlines()[2:] if row.startswith("|")]
    assert rows == changes
