"""Figures in a real JupyterLab: a cell is run, its output answers, its keys are its own."""

import json
import sys

import pytest

from scripts import lab_server
from tests.lite.lab import KERNEL, READY

STEPPER = "from cnnlib import interactive\n\ninteractive.convolution_stepper()"
RECALL = "from cnnlib import questions\n\nquestions.recall('before-cnns')"
NOTEBOOKS = {
    "touch": {"cell_type": "code", "source": STEPPER, "outputs": [], "execution_count": None},
    "recall": {"cell_type": "code", "source": RECALL, "outputs": [], "execution_count": None},
    "01-convolution": {"cell_type": "markdown", "source": "# One\n\n## Take larger steps"},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of notebooks in a JupyterLab of its own, their cells not yet run."""
    folder = tmp_path_factory.mktemp("lab")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for name, cell in NOTEBOOKS.items():
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel}
        notebook["cells"] = [{"id": "one", "metadata": {}} | cell]
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")
    command = [sys.executable, "-m", "jupyterlab", "--LabApp.expose_app_in_browser=True"]
    with lab_server.serve(command, folder) as server:
        yield f"{server.address}/lab/tree"


def run(page, address):
    """Open a notebook and run its one cell."""
    page.set_default_timeout(60_000)
    page.goto(f"{address}?reset")  # JupyterLab would open again what an earlier test left open
    page.wait_for_function(READY)
    page.evaluate(KERNEL)  # what is run before the kernel is there may be lost
    page.locator(".jp-CodeCell .cm-content").click()
    page.keyboard.press("Control+Enter")


def test_a_fresh_output_answers_and_keeps_its_keys(context, lab):
    page = context(viewport={"width": 1280, "height": 900}).new_page()
    run(page, f"{lab}/touch.ipynb")
    card = page.locator("cnn-convolution-stepper")
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


def test_a_verdict_opens_the_lesson_that_answers(context, lab):
    page = context(viewport={"width": 1280, "height": 900}).new_page()
    run(page, f"{lab}/recall.ipynb")
    card = page.locator("cnn-quiz")
    card.get_by_role("radio").first.check()
    card.get_by_role("button", name="Check answer 1").click()
    page.get_by_role("link", name="lesson 1, Take larger steps").click()
    page.get_by_role("heading", name="Take larger steps").wait_for()
    assert page.evaluate("jupyterapp.shell.currentWidget.context.path") == "01-convolution.ipynb"
    page.close()
