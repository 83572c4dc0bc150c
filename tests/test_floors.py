"""Does every module of the library stand only on those below it, and none on itself?"""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import cnnlib

FOLDER = Path(cnnlib.__file__).parent
# From the ground up. Modules of a floor may use each other, but not in a circle.
FLOORS = [
    {"language", "names"},
    {"blas", "derivation", "keras_config", "shipped", "table"},
    {"shapes"},
    {"activations", "arrays", "engine", "scalars"},
    {"layers"},
    {"ledger", "network", "keras_bridge"},  # Network.to_keras is a door to the bridge
    {"architectures", "datasets"},
    {"operations"},
    {"training"},
    {"figures"},
    {"interactive"},
    {"questions"},
    {"checks"},
    {"__init__", "__main__"},
]


def name_of(path):
    parts = path.relative_to(FOLDER.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS = {name_of(path): path for path in FOLDER.rglob("*.py")}


def floor(name):
    part = [*name.split("."), "__init__"][1]
    return next((height for height, names in enumerate(FLOORS) if part in names), None)


def imported(node, module):
    """The library's modules that an import statement names, as far as they are files."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & set(PATHS)
    package = module if PATHS[module].stem == "__init__" else module.rpartition(".")[0]
    for _ in range(node.level - 1):
        package = package.rpartition(".")[0]
    start = ".".join(filter(None, [package if node.level else "", node.module]))
    files = {f"{start}.{alias.name}" for alias in node.names}
    return (files & set(PATHS)) | ({start} & set(PATHS) if files - set(PATHS) else set())


def imports(module):
    """What a module imports, within functions too; not what it names for the sake of types."""
    tree = ast.parse(PATHS[module].read_text("utf-8"))
    typing = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    ]
    spared = {id(node) for branch in typing for part in branch.body for node in ast.walk(part)}
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return set().union(*(imported(node, module) for node in statements if id(node) not in spared))


GRAPH = {module: imports(module) for module in PATHS}


def test_the_imports_are_found():
    assert "cnnlib.derivation" in GRAPH["cnnlib.shapes"]
    assert "cnnlib.figures.drawing" in GRAPH["cnnlib.figures.canvas"], "within functions too"
    assert "cnnlib.layers" in GRAPH["cnnlib"]
    assert "cnnlib.figures.canvas" in GRAPH["cnnlib.figures.grids"], "the module, not its package"


def test_no_module_imports_itself_by_way_of_others():
    TopologicalSorter(GRAPH).prepare()


@pytest.mark.parametrize("module", PATHS)
def test_a_module_stands_on_those_below_it(module):
    assert floor(module) is not None, f"give {module} a floor, here and in the design"
    for other in GRAPH[module]:
        assert floor(other) <= floor(module), f"{module} imports {other}, which stands above it"
