"""Drive JupyterLab, as it shows itself to a test."""

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


def run(page, most: int = 1000) -> list[dict]:
    """Run a lesson from its first cell to its last, or to the given one; return the cells."""
    page.wait_for_function(READY)
    page.evaluate(KERNEL)
    return page.evaluate(RUN, most)
