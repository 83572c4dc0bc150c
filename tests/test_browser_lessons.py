"""What of a lesson reaches the browser: its cells, notes for those that need Keras, its links."""

import base64
import json
import sys
import zipfile
from types import SimpleNamespace

import nbformat
import pytest

from scripts import books
from scripts import browser_lessons as lessons
from scripts.build_lite import PYODIDE, LiteError, checked
from scripts.environment import ROOT
from scripts.wheels import build_cnnlib, pack_installed

PICTURE = {"mystnb": {"image": {"alt": "A line."}}}


def notebook(*sources):
    cells = [nbformat.v4.new_code_cell(s, id=str(i)) for i, s in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (["import numpy as np", "import keras\nx = 1", "y = x", "print(y)"], "123"),
        (["from tensorflow import nn", "1"], "0"),
        (["from cnnlib import keras_bridge", "keras_bridge.set_weights(model, weights)"], "01"),
        (["model = net.to_keras()", "model.summary()", "net.table()"], "01"),
        (["import keras\nx = 1", "x = 2", "x + 1"], "0"),  # given anew, without Keras
        (["import keras\nx = 1", "def f(x):\n    return x", "[x for x in f(2)]"], "0"),
        (["import keras\nx = 1", "def f():\n    return x", "f()"], "012"),
        (["import keras\nx = 1", "%pip list\nprint('keras')"], "0"),
        (["import keras\nx = 1", "for x in [2]:\n    print(x)", "x"], "0"),  # given, then read
        (["import keras\nx = 1", "x = x + 1", "x"], "012"),
        (["import keras\nx = 1", "x = 2\n[x for _ in 'ab']"], "0"),
    ],
)
def test_a_cell_needs_keras_if_it_calls_it_or_reads_what_only_such_a_cell_gives(sources, found):
    assert lessons.keras_cells(notebook(*sources)) == set(found)


def test_a_long_cell_becomes_a_note_and_so_does_what_builds_on_it(tmp_path, monkeypatch):
    book = notebook("import cnnlib", "import numpy as np", "x = 1", "x + 1", "np.ones(2)")
    book.cells[0].metadata.tags = ["remove-cell"]
    book.cells[2].metadata.tags = ["long"]
    assert lessons.keras_cells(book) == {"2", "3"}
    nbformat.write(book, tmp_path / "01-a.ipynb")
    monkeypatch.setattr(lessons, "executed", lambda path: (book, {}))
    copy = lessons.browser_copy(tmp_path / "01-a.ipynb")
    assert [cell.cell_type for cell in copy.cells] == ["code", "markdown", "markdown", "code"]
    assert all(cell.source.startswith(lessons.LONG) for cell in copy.cells[1:3])


@pytest.mark.parametrize(("language", "left"), [("zh", ["language", "np"]), ("en", ["np"])])
def test_of_the_first_cell_only_another_language_than_english_is_left(
    language, left, tmp_path, monkeypatch
):
    chosen = f'from cnnlib import language\n\nlanguage.use("{language}")'
    book = notebook(f"import sys\n\n{chosen}", "import numpy as np")
    book.cells[0].metadata.tags = ["remove-cell"]
    nbformat.write(book, tmp_path / "01-a.ipynb")
    monkeypatch.setattr(lessons, "executed", lambda path: (book, {}))
    copy = lessons.browser_copy(tmp_path / "01-a.ipynb")
    assert [cell.source.split()[3] for cell in copy.cells] == left


def test_a_lesson_about_keras_stays_out_and_its_number_in_the_book_decides_the_order():
    stems = [path.stem for path in lessons.browser_lessons()]
    assert "10-lenet-in-keras" not in stems
    numbers = {int(stem[:2]) for stem in stems}
    assert numbers >= {*range(1, 10), 11, 16, 17}
    assert stems == sorted(stems)
    assert all((ROOT / "chapters" / f"{stem}.ipynb").exists() for stem in lessons.TOO_LONG)


def test_a_copy_runs_all_its_cells_and_shows_what_it_cannot_run(tmp_path, monkeypatch):
    markdown = nbformat.v4.new_markdown_cell("[next](02-b.ipynb), [term](../appendix/g.md#term)")
    book = notebook("import cnnlib", "import numpy as np", "import keras\n'drawn'", "np.ones(2)")
    book.cells[0].metadata.tags = ["remove-cell"]
    book.cells[2].metadata.update(PICTURE)
    book.cells.append(markdown)
    nbformat.write(book, tmp_path / "01-a.ipynb")
    output = nbformat.v4.new_output
    book.cells[2].outputs = [
        output("stream", name="stderr", text="noise"),
        output("stream", name="stdout", text="said\n"),
        output("execute_result", {"text/plain": "'drawn'"}),
        output("display_data", {"image/svg+xml": "<svg/>", "text/plain": "<Figure>"}),
    ]
    monkeypatch.setattr(lessons, "executed", lambda path: (book, {}))
    monkeypatch.setattr(lessons, "browser_lessons", lambda book: [tmp_path / "02-b.ipynb"])
    monkeypatch.setattr(books.Book, "address", lambda book: "https://book.example/course/")
    copy = lessons.browser_copy(tmp_path / "01-a.ipynb")
    nbformat.validate(copy)
    assert copy.metadata.kernelspec.name == "python"
    assert [cell.cell_type for cell in copy.cells] == ["code", "markdown", "code", "markdown"]
    note, links = copy.cells[1].source, copy.cells[3].source
    assert "```python\nimport keras\n'drawn'\n```" in note
    assert "```text\nsaid\n```\n\n```text\n'drawn'\n```" in note
    assert f"![A line.](data:image/svg+xml;base64,{base64.b64encode(b'<svg/>').decode()})" in note
    assert "noise" not in note
    assert "<Figure>" not in note
    published = "https://book.example/course/appendix/g.html#term"
    assert links == f"[next](02-b.ipynb), [term]({published})"


def test_a_proof_that_cannot_run_leaves_no_note(tmp_path, monkeypatch):
    book = notebook("import cnnlib", "import numpy as np", "import keras", "assert keras")
    book.cells[0].metadata.tags = ["remove-cell"]
    book.cells[3].metadata.tags = ["proof"]
    nbformat.write(book, tmp_path / "01-a.ipynb")
    monkeypatch.setattr(lessons, "executed", lambda path: (book, {}))
    copy = lessons.browser_copy(tmp_path / "01-a.ipynb")
    assert [cell.cell_type for cell in copy.cells] == ["code", "markdown"]


def test_a_wheel_holds_the_files_of_its_package(tmp_path):
    with zipfile.ZipFile(pack_installed("tabulate", tmp_path)) as wheel:
        names = wheel.namelist()
        assert any(name.endswith(".dist-info/METADATA") for name in names)
        assert "tabulate/__init__.py" in names or "tabulate.py" in names
    with zipfile.ZipFile(build_cnnlib(tmp_path, "mnist.npz")) as wheel:
        names = wheel.namelist()
        [record] = (name for name in names if name.endswith(".dist-info/RECORD"))
        recorded = [line.rsplit(",", 2)[0] for line in wheel.read(record).decode().splitlines()]
        assert sorted(recorded) == sorted(names)
        assert wheel.read("cnnlib/data/lenet5.npz")
        assert "cnnlib/data/mnist.npz" not in names
        assert "cnnlib/interactive/js/quiz.js" in names


def test_a_package_that_no_browser_can_run_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"numpy [\d.]+ is not pure Python"):
        pack_installed("numpy", tmp_path)


def test_a_pyodide_of_another_version_is_refused(tmp_path):
    assert checked("") == ""
    with pytest.raises(LiteError, match=r"holds no pyodide-lock\.json"):
        checked(str(tmp_path))
    lock = tmp_path / "pyodide-lock.json"
    lock.write_text(json.dumps({"info": {"version": "0.1.0"}}), "utf-8")
    with pytest.raises(LiteError, match=rf"is Pyodide 0\.1\.0; the site is for {PYODIDE}"):
        checked(str(tmp_path))
    lock.write_text(json.dumps({"info": {"version": PYODIDE}}), "utf-8")
    assert checked(str(tmp_path)) == str(tmp_path.resolve())


class Request:
    """What a browser gives for one address; any other is not there."""

    new = classmethod(lambda cls: cls())

    def open(self, method, address, later):
        self.status = 200 if address == "../data/mnist.npz" and not later else 404
        self.response = SimpleNamespace(to_bytes=lambda: b"not the digits")

    def send(self):
        if self.responseType != "arraybuffer":
            raise TypeError


def test_a_file_that_the_browser_lacks_is_fetched_from_the_site(tmp_path, monkeypatch):
    from cnnlib import shipped

    ffi = SimpleNamespace(JsException=KeyError)
    modules = {"js": SimpleNamespace(XMLHttpRequest=Request), "pyodide.ffi": ffi}
    for name, module in {**modules, "pyodide": SimpleNamespace(ffi=ffi)}.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setenv(shipped.ADDRESS, "../data")
    with pytest.raises(ValueError, match="found 14 bytes"):
        shipped.load_arrays(tmp_path / "mnist.npz", 1, "0")
    with pytest.raises(FileNotFoundError, match=r"\.\./data/other\.npz: the site answers 404"):
        shipped.load_arrays(tmp_path / "other.npz", 1, "0")
    assert not (tmp_path / "other.npz").exists()
