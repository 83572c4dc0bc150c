"""Try a class for real: a JupyterHub on this machine, twenty readers, and what becomes of them.

`make hub-trial` starts scripts/jupyterhub_config.py on the loopback address, lets readers sign in
and run lessons through it, cuts them off, refuses them memory, and writes what was measured on the
page for lecturers (Linux, npm, Chromium). It takes some minutes, and ends whatever it has started.
"""

import asyncio
import datetime
import os
import platform
import resource
import signal
import sys
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlsplit

import nbformat
from jupyter_client.session import Session
from playwright.async_api import async_playwright

from scripts.browser import ADVICE, FLAGS, chromium
from scripts.environment import ask
from scripts.hub import BUILD, LOG, PYTHON, install_hub, serve_hub
from scripts.hub_reader import PATIENCE, HubError, Reader, run_cells, sign_in
from scripts.lessons import ROOT, executed
from scripts.measure_readers import PAGE, heading, megabytes

FOLDER = "cnn/chapters"
READERS = 20
BUDGET = 8000  # MB that the readers of lesson 10 may hold together
TOO_TIGHT = 800  # MB for a kernel that needs more
MINUTES = 15  # then the trial gives up
ONE_TOO_MANY = "reader-too-many"
GO = "cnn/go.txt"
WAITS = f"""
import pathlib, time
print("before")
while not (pathlib.Path.home() / "{GO}").exists():
    time.sleep(0.05)
said = "after"
print(said)
"""

COLUMNS = ["Lesson", "Readers", "Server, s", "First output, s", "Last output, s"]
COLUMNS += ["MB a reader", "All, GB"]
MARKS = ("% make hub-trial writes from here\n", "% to here\n")


@dataclass(frozen=True)
class Visit:
    """Seconds from the sign-in, and the two processes that it leaves behind."""

    server: float
    first: float
    last: float
    processes: tuple[int, int]


@dataclass(frozen=True)
class Row:
    """A class that runs a lesson at the same time: the slowest reader's seconds, mean memory."""

    lesson: str
    readers: int
    server: float
    first: float
    last: float
    megabytes: float

    def cells(self) -> list[str]:
        seconds = (f"{number:.0f}" for number in (self.server, self.first, self.last))
        gigabytes = f"{self.readers * round(self.megabytes) / 1000:.1f}"
        return [self.lesson, str(self.readers), *seconds, f"{self.megabytes:,.0f}", gigabytes]


@dataclass(frozen=True)
class Lesson:
    """The cells of a lesson that readers run, and what the book shows for them."""

    title: str
    path: str
    cells: list[str]
    shown: list[str]


def lesson(name: str) -> Lesson:
    """All cells of a lesson; of one that trains, those up to one epoch of its first fit."""
    run = executed(ROOT / "chapters" / f"{name}.ipynb")
    if run is None:
        sys.exit(f"{name} has not run: `make book` runs it")
    code = [cell for cell in run[0].cells if cell.cell_type == "code"]
    cells, shown = [cell.source for cell in code], [shown_by(cell) for cell in code]
    fit = next((n for n, cell in enumerate(cells) if "model.fit(" in cell), None)
    if fit is None:
        return Lesson(name, f"{FOLDER}/{name}.ipynb", cells, shown)
    short = cells[fit].replace("epochs=5", "epochs=1")
    if short == cells[fit]:
        raise ValueError(f"{name} does not fit for five epochs any more: {cells[fit]}")
    title = f"{name}, up to epoch 1"
    return Lesson(title, f"{FOLDER}/{name}.ipynb", [*cells[:fit], short], shown[:fit])


def shown_by(cell: nbformat.NotebookNode) -> str:
    outputs = (output for output in cell.outputs if output.get("name") != "stderr")
    return "".join(o.get("text") or o["data"].get("text/plain", "") for o in outputs)


async def visit(hub: str, name: str, what: Lesson) -> tuple[Reader, Visit]:
    """Sign in, open a lesson, run its cells, and stay."""
    begun = monotonic()
    reader = await sign_in(hub, name)
    await reader.open_page(what.path)
    server = monotonic() - begun
    async with reader.talk_to(await reader.start_kernel(what.path)) as kernel:
        runs = await run_cells(kernel, what.cells)
        last = monotonic() - begun
        texts = [run.text for run in runs[: len(what.shown)]]
        assert texts == what.shown, f"{name} sees something else than the book: {texts}"
        first = next(run.first for run in runs if run.first) - begun
        if kernel.nudges:
            print(f"   {name} had to ask {kernel.nudges} times more", flush=True)
        asked = await kernel.run("import os; print(os.getpid(), os.getppid())")
        return reader, Visit(server, first, last, tuple(map(int, asked.text.split())))


async def hold_class(hub: str, what: Lesson, readers: int) -> tuple[Row, list[Reader], list[Visit]]:
    """Let readers who are new to the hub run a lesson at the same time."""
    names = [f"reader-{what.title[:2]}-{readers}-{number}" for number in range(1, readers + 1)]
    pairs = await asyncio.gather(*(visit(hub, name, what) for name in names))
    visits = [visit for _, visit in pairs]
    slowest = (max(getattr(v, part) for v in visits) for part in ("server", "first", "last"))
    held = sum(megabytes(process, "Pss") for v in visits for process in v.processes)
    row = Row(what.title, readers, *slowest, held / readers)
    print("  ", " ".join(row.cells()), flush=True)
    return row, [reader for reader, _ in pairs], visits


async def leave(readers: list[Reader]) -> None:
    await asyncio.gather(*(reader.stop_server() for reader in readers))
    await asyncio.gather(*(reader.web.aclose() for reader in readers))


async def refuse_one(hub: str, readers: list[Reader]) -> str:
    """One reader more than the hub takes; once somebody has left, there is room."""
    try:
        await sign_in(hub, ONE_TOO_MANY)
    except HubError as error:
        told = str(error)
    else:
        raise AssertionError("the hub took one reader too many")
    await leave([readers.pop()])
    readers.append(await sign_in(hub, ONE_TOO_MANY))
    return told


async def cut_off(hub: str, reader: Reader, server: int, path: str) -> Reader:
    """Cut a reader off in three ways, and see what they find again."""
    kernel_id = await reader.start_kernel(path)  # it runs already: this finds it
    question, session = await fall_silent(reader, kernel_id)
    async with reader.talk_to(kernel_id, session) as kernel:  # the network is back
        assert (await kernel.rest_of(question)).text == "after\n"

    question, _ = await fall_silent(reader, kernel_id)
    async with reader.talk_to(kernel_id) as kernel:  # another tab
        assert (await kernel.run("print(said)")).text == "after\n"
        assert question not in kernel.heard

    notebook = await reader.ask("GET", f"api/contents/{path}")
    cell = next(cell for cell in notebook["content"]["cells"] if cell["id"] == "answer-1")
    cell["source"] = "answer_1 = 14"
    await reader.ask("PUT", f"api/contents/{path}", notebook)
    os.kill(server, signal.SIGKILL)  # their server dies, their browser is gone
    await reader.web.aclose()
    reader = await sign_in(hub, reader.name)
    await reader.open_page(path)
    notebook = await reader.ask("GET", f"api/contents/{path}")
    cell = next(cell for cell in notebook["content"]["cells"] if cell["id"] == "answer-1")
    assert cell["source"] == "answer_1 = 14"
    async with reader.talk_to(await reader.start_kernel(path)) as kernel:
        assert (await kernel.run("said")).error == "NameError: name 'said' is not defined"
    return reader


async def fall_silent(reader: Reader, kernel_id: str) -> tuple[str, Session]:
    """Ask for a cell, go away in its middle, and wait until the kernel is done without us."""
    async with reader.talk_to(kernel_id) as kernel:
        question = await kernel.begin(WAITS)
        async for kind, _ in kernel.answers(question):
            if kind == "stream":
                break
    file = {"type": "file", "format": "text", "content": ""}
    await reader.ask("PUT", f"api/contents/{GO}", file)
    while (await reader.ask("GET", f"api/kernels/{kernel_id}"))["execution_state"] != "idle":
        await asyncio.sleep(0.1)
    await reader.ask("DELETE", f"api/contents/{GO}")
    return question, kernel.session


async def look(hub: str, reader: Reader, path: str) -> None:
    """The same reader in Chromium: their lesson is open, with what they wrote."""
    asked = set()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        tab = await browser.new_page(viewport={"width": 1280, "height": 800})
        tab.set_default_timeout(PATIENCE * 1000)
        tab.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
        await tab.goto(hub)
        await tab.get_by_label("Username").fill(reader.name)
        await tab.get_by_role("button", name="Sign in").click()
        await tab.wait_for_url("**/lab/**")
        await tab.goto(f"{hub}{reader.home}lab/tree/{path}")
        await tab.get_by_text("answer_1 = 14").wait_for(state="attached")
        await tab.locator(".jp-NotebookPanel h1").first.wait_for()
        await tab.screenshot(path=BUILD / "reader.png")
        await browser.close()
    assert asked <= {"127.0.0.1", None}, asked


async def refuse_memory(reader: Reader, server: int, what: Lesson) -> tuple[str, str]:
    """What a cell says that asks for too much, and a kernel that lives too narrowly."""
    async with reader.talk_to(await reader.start_kernel(what.path)) as kernel:
        greedy = await kernel.run("import numpy as np\nnp.ones((70_000, 227, 227, 3), np.float32)")
        assert (await kernel.run("print(1 + 1)")).text == "2\n"  # the kernel lives on
    await reader.end_kernels()
    resource.prlimit(server, resource.RLIMIT_DATA, (TOO_TIGHT * 10**6,) * 2)
    async with reader.talk_to(await reader.start_kernel(what.path)) as kernel:
        try:
            await run_cells(kernel, what.cells)
        except HubError as error:
            return greedy.error, str(error)
    raise AssertionError(f"{TOO_TIGHT} MB are enough for {what.title}")


def how_many(budget: float, reader: Visit) -> int:
    """How many readers such memory holds: each has pages of their own, and files are shared."""
    own = sum(megabytes(process, "Pss_Anon") for process in reader.processes)
    shared = sum(megabytes(process, "Pss") for process in reader.processes) - own
    return int((budget - shared) / own)


async def trial(readers: int) -> str:
    """Hold both classes, with what goes wrong in them, and return what the page says of it."""
    small, large = lesson("06-receptive-fields"), lesson("10-lenet-in-keras")
    async with asyncio.timeout(60 * MINUTES), serve_hub() as hub:
        one_small, alone, _ = await hold_class(hub, small, 1)
        await leave(alone)
        all_small, everybody, visits = await hold_class(hub, small, readers)
        too_many = await refuse_one(hub, everybody)
        print("   The one too many was told, and cutting a reader off comes next", flush=True)
        everybody[0] = await cut_off(hub, everybody[0], visits[0].processes[1], small.path)
        await look(hub, everybody[0], small.path)
        await leave(everybody)

        one_large, alone, visits = await hold_class(hub, large, 1)
        number = min(readers, how_many(BUDGET, visits[0]))
        too_much, too_tight = await refuse_memory(alone[0], visits[0].processes[1], large)
        await leave(alone)
        all_large, everybody, _ = await hold_class(hub, large, number)
        await leave(everybody)
    rows = [one_small, all_small, one_large, all_large]
    return report(rows, {"many": too_many, "much": too_much, "tight": too_tight})


def report(rows: list[Row], told: dict[str, str]) -> str:
    """What the page says between the marks."""
    today = f"{datetime.date.today():%d %B %Y}".removeprefix("0")
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    version = ask(PYTHON, "-m", "jupyterhub", "--version")
    table = heading(COLUMNS) + "".join(f"| {' | '.join(row.cells())} |\n" for row in rows)
    small, large = (round(row.megabytes) for row in rows[1::2])
    return f"""
Tried on {today} with JupyterHub {version}, on {cores} cores of an {platform.machine()} processor with {memory:.0f} GB.

{table}
Lesson 10 ran up to the first epoch of its first fit, with as many readers as {BUDGET / 1000:.0f} GB hold.
By these numbers 64 GB hold {64_000 // large} readers of lesson 10, or {64_000 // small} of lesson 6: that is reckoned, not tried.

| What happens | What the reader is told |
| --- | --- |
| They are one too many. | `{told["many"]}` |
| A cell asks for all digits at 227×227×3. | `{told["much"]}` |
| Lesson 10 has to do with {TOO_TIGHT} MB. | `{told["tight"]}` |

"""  # noqa: E501 (a paragraph is a line, as on the page)


def replace_report(text: str, report: str) -> str:
    before, _, rest = text.partition(MARKS[0])
    _, found, after = rest.partition(MARKS[1])
    if not found:
        raise ValueError(f"{PAGE.name} has no place for the trial: {MARKS}")
    return before + MARKS[0] + report + MARKS[1] + after


def main() -> int:
    if not chromium():
        sys.exit(ADVICE)
    install_hub()
    for sign in (signal.SIGTERM, signal.SIGHUP):  # to end as Ctrl+C does, and clear up
        signal.signal(sign, lambda *_: signal.raise_signal(signal.SIGINT))
    begun = monotonic()
    print(f"── Trying a class of {READERS}: some minutes", flush=True)
    try:
        text = asyncio.run(trial(READERS))
    except KeyboardInterrupt:
        print("\nInterrupted. What the trial had started has ended.")
        return 130
    except (HubError, TimeoutError) as error:
        log = LOG.relative_to(ROOT)
        print(f"\nThe trial failed: {str(error) or f'not done in {MINUTES} minutes'}\nSee {log}.")
        return 1
    PAGE.write_text(replace_report(PAGE.read_text("utf-8"), text), "utf-8")
    print(f"   Tried in {monotonic() - begun:.0f} s; {PAGE.relative_to(ROOT)} says what came out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
