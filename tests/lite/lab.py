"""Drive JupyterLab, as it shows itself to a test."""

import re

FIRST = "chapters/01-convolution.ipynb"
A_FEW = 16  # cells: the first that computes by hand is among them
READY = "window.jupyterapp?.shell.currentWidget?.content?.model?.cells?.length"
KERNEL = """async () => {
  const { context, sessionContext } = jupyterapp.shell.currentWidget;
  await context.ready;
  await sessionContext.ready;
  await sessionContext.session.kernel.info;
}"""
RUN = """async (most) => {
  const { content } = jupyterapp.shell.currentWidget;
  const cells = [];
  for (let index = 0; index < Math.min(most, content.widgets.length); index++) {
    content.activeCellIndex = index;
    await jupyterapp.commands.execute("notebook:run-cell");
    cells.push(content.model.cells.get(index).toJSON());
  }
  return cells;
}"""
ASK = """async (expression) => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  const request = kernel.requestExecute({ code: expression });
  let answer;
  request.onIOPub = ({ content }) => answer ??= content.data?.["text/plain"];
  const { status, evalue } = (await request.done).content;
  return status === "ok" ? answer : `${status}: ${evalue}`;
}"""
OPEN = """async (path) => {
  const { context } = jupyterapp.shell.currentWidget;
  const { content } = await jupyterapp.serviceManager.contents.get(path, { content: true });
  context.model.fromJSON(content);
}"""
FORGET = """[
  __import__("matplotlib").rcdefaults(),
  __import__("cnnlib.language", fromlist=["use"]).use("en"),
  get_ipython().reset(),
]"""


def expose(route) -> None:
    """Let the test reach JupyterLab as it is asked for its settings."""
    settings = (response := route.fetch()).json()
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    route.fulfill(response=response, json=settings)


def open_first(site: str, page, path: str = FIRST) -> None:
    """Open the first lesson, as its button does, and wait for the kernel."""
    page.goto(f"{site}/lite/lab/index.html?path={path}")
    page.wait_for_function(READY)
    page.evaluate(KERNEL)


def compute_first_number(site: str, page, path: str = FIRST) -> None:
    """Open the first lesson, and run its first cells: one has to give a number."""
    open_first(site, page, path)
    outputs = [output for cell in run(page, A_FEW) for output in cell.get("outputs", ())]
    assert any("= 1.877" in output.get("text", "") for output in outputs)


def open_lesson(page, path: str) -> None:
    """Open a lesson in place of another in its kernel, which forgets its names and its language."""
    assert ask(page, FORGET) == "[None, None, None]"
    page.evaluate(OPEN, path)


def own(stack: str) -> bool:
    """Whether an error is JupyterLab's own from end to end.

    It throws a few where its work of idle moments meets a cell that another lesson's has replaced.
    """
    places = re.findall(r"\bat .*?(\w+://[^\s)]+)", stack)
    return bool(places) and all("/lite/build/" in place for place in places)


def run(page, most: int = 1000) -> list[dict]:
    """Run a lesson from its first cell to its last, or to the given one; return the cells."""
    return page.evaluate(RUN, most)


def ask(page, expression: str) -> str:
    """What the kernel shows for an expression."""
    return page.evaluate(ASK, expression)
