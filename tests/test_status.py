"""The status page shows what the build measured, and says so where it did not."""

from importlib import metadata
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from _ext import status


def cached(root, name, **data):
    """A notebook in a book's cache, with what was measured of its run."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"'{name}'")])
    path = root / "chapters" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)
    bundle = CacheBundleIn(notebook, str(path), data=data)
    get_cache(root / status.CACHE).cache_notebook_bundle(bundle, check_validity=False)


def test_each_lesson_stands_with_what_its_run_took(tmp_path):
    (tmp_path / "_build").mkdir()
    pages = [f"{{file: chapters/{name}}}" for name in ("01-one", "02-two")]
    toc = f"parts: [{{chapters: [{', '.join(pages)}, {{file: appendix/words}}]}}]"
    (tmp_path / "_toc.yml").write_text(toc, "utf-8")
    cached(tmp_path, "02-two", execution_seconds=3.2)
    cached(tmp_path, "01-one", execution_seconds=71.6, peak_megabytes=1234.5)
    assert status.lessons_table(status.measured(tmp_path))[2:] == [
        "| [01-one](../chapters/01-one.ipynb) | 72 | 1,234 |",
        f"| [02-two](../chapters/02-two.ipynb) | 3 | {status.UNKNOWN} |",
    ]


def test_the_versions_are_those_installed():
    table = "\n".join(status.versions_table())
    assert f"| numpy | {metadata.version('numpy')} |" in table
    assert "| tensorflow | 2." in table


def test_the_kernels_peak_is_that_of_a_child_of_its_process():
    import subprocess
    import sys

    from scripts import build_book

    root = Path(build_book.ROOT)
    program = (
        "import subprocess, sys; from scripts.build_book import peak_megabytes; "
        "subprocess.run([sys.executable, '-c', 'x = bytearray(300_000_000)']); "
        "print(peak_megabytes())"
    )
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    assert 300 < float(ran.stdout) < 400
