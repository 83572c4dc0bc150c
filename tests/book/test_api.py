"""The page of the library documents every name that a lesson takes from it."""

import ast
import re

import nbformat
import pytest

from scripts.build_book import HTML
from scripts.lessons import lessons

MODULES = {"checks", "datasets", "figures", "interactive", "keras_bridge", "operations"}
MODULES |= {"architectures", "language", "questions", "shapes", "training"}


def names_taken(path) -> set[str]:
    """What the code of a lesson imports from cnnlib, or takes from one of its modules."""
    cells = [c.source for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
    code = "\n".join(re.sub(r"^\s*%.*$", "    pass", source, flags=re.M) for source in cells)
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cnnlib"):
            names |= {alias.name for alias in node.names} - MODULES
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names |= {node.attr} if node.value.id in MODULES else set()
    return names


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_every_name_that_a_lesson_takes_from_the_library_is_documented(path):
    page = (HTML / "appendix" / "api.html").read_text("utf-8")
    documented = {name.split(".")[-1] for name in re.findall(r'id="(cnnlib\.[\w.]+)"', page)}
    assert names_taken(path) - documented == set()
