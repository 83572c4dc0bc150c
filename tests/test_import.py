"""Is `import cnnlib` light, and is everything there that it names?"""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import cnnlib

HEAVY = ["tensorflow", "keras", "matplotlib"]


def in_a_fresh_python(code):
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


EVERYDAY = """
from cnnlib import *
network = architectures.lenet5()
print(network.table(), network["C1"].derive("macs"), checks.number(network.parameters, 61706))
operations.conv2d([[[[1], [2]]]], [[[[1]]]])
"""


@pytest.mark.parametrize(
    "code",
    [
        "import cnnlib",
        "from cnnlib import *",
        EVERYDAY,
        "from cnnlib import checks, datasets, figures, operations",
        "import cnnlib.keras_bridge",
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(code):
    loaded = f"{code}\nimport sys; print([n for n in {HEAVY} if n in sys.modules])"
    assert in_a_fresh_python(loaded).splitlines()[-1] == "[]"


def test_all_but_the_bridge_works_where_there_is_no_tensorflow():
    missing = [*HEAVY[:2], "scipy", "skimage", "tqdm", "h5py", "pandas"]
    blocked = f"import sys; sys.modules.update(dict.fromkeys({missing})); {EVERYDAY}"
    assert "✔ Yes, 61,706 is right." in in_a_fresh_python(blocked)


def test_every_name_is_there():
    names = {}
    exec("from cnnlib import *", names)
    assert set(cnnlib.__all__) <= set(names)
    assert len(set(cnnlib.__all__)) == len(cnnlib.__all__)
    for name in cnnlib.__all__:
        assert getattr(cnnlib, name) is names[name]
    with pytest.raises(AttributeError, match="module 'cnnlib' has no attribute 'Conv3D'"):
        _ = cnnlib.Conv3D


def test_public_names_of_the_layers_are_public_here():
    layers = set(import_module("cnnlib.layers").__all__)
    assert layers - set(cnnlib.__all__) == {"Layer", "Merge", "QUANTITIES", "Shape"}


def test_only_the_bridge_speaks_of_keras():
    folder = Path(cnnlib.__file__).parent
    speaking = [
        path.name
        for path in folder.rglob("*.py")
        if any(
            line.strip().startswith(
                ("import keras", "from keras", "import tensorflow", "from tens")
            )
            for line in path.read_text("utf-8").splitlines()
        )
    ]
    assert sorted(speaking) == ["keras_bridge.py", "network.py"], "network: for its types only"
