"""The unit tests of cnnlib pass in the browser's Python too: NumPy 2.0, Matplotlib 3.8, 32 bits."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from scripts.build_lite import BUILDER
from scripts.environment import ASK_PACKAGES_FOLDER, ROOT, ask, program
from scripts.wheels import build_cnnlib, pack_installed
from tests.lite.conftest import serve

HERE = Path(__file__).parent
PYODIDES = ["numpy", "matplotlib", "packaging", "pygments"]
PURE = ["tabulate", "tqdm", "latex2mathml", "pytest", "iniconfig", "pluggy", "attrs"]
PURE += ["sortedcontainers"]
TESTED = re.compile(r"^(from|import) cnnlib\b", re.M)
# Test files that need at their top what no browser has; others need it in some of their tests.
ELSEWHERE = re.compile(r"^(from|import) (_ext|keras|nbformat|scipy|yaml)\b", re.M)
# These ask for files that CONTRIBUTING names, and for the lessons.
OF_THE_CHECKOUT = {"test_extending.py", "test_checks_on_trial.py", "test_chinese_checks.py"}
SLOWEST = "test_training.py"


@pytest.fixture(scope="module")
def python(tmp_path_factory, pyodide):
    """A folder with Pyodide, wheels, tests, and a page that can run them."""
    folder = tmp_path_factory.mktemp("python")
    (folder / "pyodide").symlink_to(pyodide.resolve())
    (folder / "index.html").write_text("<!doctype html><title>Python</title>", "utf-8")
    shutil.copy(HERE / "python.js", folder)
    for name in PURE:
        pack_installed(name, folder)
    # The course's own hypothesis has a compiled part; this one is older.
    packages = ask(program("python", BUILDER), "-c", ASK_PACKAGES_FOLDER)
    pack_installed("hypothesis", folder, [packages])
    build_cnnlib(folder)
    with zipfile.ZipFile(folder / "tests.zip", "w") as archive:
        files = [*ROOT.glob("tests/*.py"), *ROOT.glob("tests/golden/*"), *ROOT.glob("scripts/*.py")]
        files += (ROOT / name for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md"))
        for path in files:
            archive.write(path, path.relative_to(ROOT))
    return folder


def files_to_run() -> list[str]:
    """The test files that ask of cnnlib what a browser can answer."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(ROOT.glob("tests/test_*.py"))}
    names = texts.keys() - OF_THE_CHECKOUT
    return [n for n in sorted(names) if TESTED.search(texts[n]) and not ELSEWHERE.search(texts[n])]


@pytest.mark.parametrize(
    "files",
    [[SLOWEST], [name for name in files_to_run() if name != SLOWEST]],
    ids=["training", "all others"],
)
def test_what_needs_no_tensorflow_passes_in_a_browser(browser, python, files):
    packages = PYODIDES + [f"./{wheel.name}" for wheel in sorted(python.glob("*.whl"))]
    code = f"FILES = {files}\n{(HERE / 'run_tests.py').read_text('utf-8')}"
    with serve(python) as (site, _):
        page = browser.new_page()
        page.goto(f"{site}/index.html")
        said = page.evaluate(
            """(message) => new Promise((resolve) => {
              const worker = new Worker("python.js");
              worker.onmessage = ({ data }) => resolve(data);
              worker.postMessage(message);
            })""",
            {"packages": packages, "code": code},
        )
        page.close()
    report = "\n".join(said["lines"])
    assert "error" not in said, f"{said['error']}\n{report}"
    passed, absent, exit_code = said["value"]
    assert exit_code == 0, report
    assert passed > 5 * absent, report
