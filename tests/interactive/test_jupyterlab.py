"""Figures in a real JupyterLab: a cell is run, its output answers, its keys are its own."""

import json
import sys

import pytest

from scripts import lab_server
from tests.lite.lab import KERNEL, READY

CELL = "from cnnlib import interactive\n\ninteractive.convolution_stepper()"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a notebook in a JupyterLab of its own, its cell not yet run."""
    folder = tmp_path_factory.mktemp("lab")
    cell = {"cell_type": "code", "source": CELL, "metadata": {}, "outputs": [], "id": "one"}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel}
    notebook["cells"] = [cell | {"execution_count": None}]
    (folder / "touch.ipynb").write_text(json.dumps(notebook), "utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--LabApp.expose_app_in_browser=True"]
    with lab_server.serve(command, folder) as server:
        yield f"{server.address}/lab/tree/touch.ipynb"


def test_a_fresh_output_answers_and_keeps_its_keys(context, lab):
    page = context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(300_000)
    page.goto(lab)
    page.wait_for_function(READY)
    page.evaluate(KERNEL)  # what is run before the kernel is there may be lost
    card = page.locator("cnn-convolution-stepper")
    page.locator(".jp-CodeCell .cm-content").click()
    page.keyboard.press("Control+Enter")
    card.get_by_role("button", name="Step").click()
    assert card.get_by_text("1·1 + 1·2 + 0·3 + 0·4 = 3", exact=True).is_visible()

    # Letters and arrows that JupyterLab would take for commands: a new cell, the cell below.
    pixel = card.get_by_role("textbox", name="pixel row 1, column 1", exact=True)
    pixel.clear()
    pixel.press("b")
    assert card.get_by_role("alert").inner_text().endswith("must be a number, not 'b' (str)")
    kernel = card.get_by_role("application")
    for key in ("ArrowDown", "b", "a", "x"):
        kernel.press(key)
    assert "row 2, column 2" in kernel.get_attribute("aria-label")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 1
    page.close()
