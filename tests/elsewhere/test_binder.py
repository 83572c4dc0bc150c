"""What Binder installs runs the lessons, and shows them as they are meant to be read."""

import json

import nbformat
import pytest

from scripts import lab_server

ADMONITION = ":::{note}\nA kernel is $3 \\times 3$.\n:::"


def test_the_library_is_installed_from_the_repository(binder, repository):
    where = binder.run("python", "-c", "import cnnlib; print(cnnlib.__file__)")
    assert where.strip() == str(repository / "cnnlib" / "__init__.py")


def test_the_first_picture_does_not_wait_for_the_fonts(binder):
    assert list((binder.home / ".cache" / "matplotlib").glob("fontlist-*.json"))


def test_no_question_stands_in_front_of_the_lesson(binder):
    page = binder.folder / "etc" / "jupyter" / "labconfig" / "page_config.json"
    disabled = json.loads(page.read_text("utf-8"))["disabledExtensions"]
    assert disabled == {"@jupyterlab/apputils-extension:announcements": True}


@pytest.mark.parametrize("name", ["06-receptive-fields", "13-when-it-breaks"])
def test_a_lesson_runs(binder, repository, name):
    binder.run_lesson(repository / "chapters" / f"{name}.ipynb")


def test_a_lesson_opens_rendered_with_its_admonitions(binder, repository, context):
    """At the address that the launch button ends with, and with the kernel that it names."""
    lesson = nbformat.read(repository / "chapters" / "01-convolution.ipynb", 4)
    lesson.cells.insert(1, nbformat.v4.new_markdown_cell(ADMONITION))
    nbformat.write(lesson, repository / "chapters" / "with-a-note.ipynb")
    page = context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(300_000)
    command = [binder.folder / "bin" / "python", "-m", "jupyterlab"]
    with lab_server.serve(command, repository, binder.variables()) as server:
        page.goto(f"{server.address}/lab/tree/chapters/with-a-note.ipynb")
        page.get_by_role("heading", name="Slide a kernel over an image").wait_for()
        note = page.locator("aside.myst-admonition-note")
        note.locator("math").wait_for(state="attached")
        assert ":::" not in note.inner_text()
        page.get_by_text("Python 3 (ipykernel)", exact=True).wait_for()
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    page.close()
