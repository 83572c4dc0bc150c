"""What the browser loads before the first number, and where from."""

import time

from _ext.in_the_browser import MEGABYTES, SECONDS
from scripts.build_lite import ADDRESS, write_site
from tests.lite import lab
from tests.lite.conftest import serve

FIRST = "lite/lab/index.html?path=chapters/01-convolution.ipynb"
A_FEW = 8  # cells: the first that computes is among them
SLOWER = 4  # times: what a busy machine may take


def first_number(site: str, page) -> float:
    """Open the first lesson and run its first cells; return the seconds until one gave a number."""
    start = time.monotonic()
    page.goto(f"{site}/{FIRST}")
    cells = lab.run(page, A_FEW)
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert "5.0" in [output.get("data", {}).get("text/plain") for output in outputs]
    return time.monotonic() - start


def test_it_loads_as_much_as_the_button_says(book, visit):
    with serve(book) as (site, served):
        seconds = first_number(site, visit(site, served))
    megabytes = sum(served.values()) / 1e6
    print(f"{megabytes:.1f} MB in {len(served)} files, first number after {seconds:.0f} s")
    assert round(megabytes) == MEGABYTES
    assert seconds < SLOWER * SECONDS


def test_with_a_pyodide_of_its_own_the_site_asks_no_other(pyodide, visit, tmp_path):
    write_site(tmp_path / "lite", str(pyodide))
    with serve(tmp_path) as (site, served):
        first_number(site, visit(site, served))
    assert any(path.endswith("/pyodide.asm.wasm") for path in served)
    assert not [path for path in served if path.startswith(ADDRESS)]
