"""What the browser loads before the first number, and where from."""

from _ext.in_the_browser import MEGABYTES
from scripts.build_lite import ADDRESS, write_site
from tests.lite import lab
from tests.lite.conftest import serve


def test_it_loads_as_much_as_the_button_says(opened, record_property):
    megabytes = sum(opened.served.values()) / 1e6
    record_property("to load", f"{megabytes:.1f} MB in {len(opened.served)} files")
    record_property("to the first number", f"{opened.seconds:.0f} s")
    assert round(megabytes) == MEGABYTES


def test_with_a_pyodide_of_its_own_the_site_asks_no_other(pyodide, visit, tmp_path):
    write_site(tmp_path / "lite", str(pyodide))
    with serve(tmp_path) as (site, served):
        lab.compute_first_number(site, visit(site, served))
    assert any(path.endswith("/pyodide.asm.wasm") for path in served)
    assert not [path for path in served if path.startswith(ADDRESS)]


def test_an_error_of_jupyterlab_is_told_from_one_that_a_lesson_has_a_part_in():
    theirs = "TypeError: it has no type\n    at http://[::1]:1/lite/build/core.js:1:9"
    figure = "    at draw (blob:http://[::1]:1/f3)"
    assert lab.own(theirs)
    assert not lab.own(f"{theirs}\n{figure}")
    assert not lab.own("Error: of unknown origin")
    assert not lab.own("")
