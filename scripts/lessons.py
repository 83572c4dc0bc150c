"""Run the lessons that changed, some at a time, into the cache that Jupyter Book reads.

Each runs in a kernel of its own, on one core where the system can hold it there, and has two cells
more than in the book. The first has each assertion note its values. The last asks every check of an
exercise what it says to nonsense, and the kernel how much memory it took.
"""

import contextlib
import json
import multiprocessing
import os
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from nbclient.exceptions import DeadKernelError
from nbmake.nb_run import NotebookRun

from scripts.books import CHINESE, ENGLISH, ROOT, Book

CACHE = ENGLISH.cache
KERNEL_LOG = ROOT / "_build" / "kernels.log"
AT_A_TIME = int(os.environ.get("WORKERS", "2"))
DIED = (
    "It was killed from outside, most often because the memory was full. Close what else holds\n"
    "memory, or run one lesson at a time: make book WORKERS=1"
)

NOTED_VALUES = Path(__file__).with_name("noted_values.py").read_text("utf-8")
FIRST_CELL = f"""
__noted = {{}}
exec({NOTED_VALUES!r}, __noted)
__noted["begin"](get_ipython())
"""
LAST_CELL = """
import json, os, sys, time
import numpy

NONSENSE = [None, "x", 3.5, float("nan"), -1, 10**40, True, [1, 2], [[1], [1, 2]], {}, b"x"]
NONSENSE += [object(), numpy.array([]), numpy.zeros((2, 3)), numpy.array(["a"]), lambda: 1]
NONSENSE += [lambda *arguments: None, lambda *arguments: "x", lambda *arguments: 1 / 0, len, int]
ASKED = {name: check for name, check in list(globals().items()) if name.startswith("check_")}
for check in ASKED.values():
    for nonsense in NONSENSE:
        verdict = check(nonsense)
        assert verdict.right is not True and str(verdict), (check.__name__, nonsense)

try:
    with open("/proc/self/status") as lines:  # getrusage counts what our parent held as well
        PEAK = next(int(line.split()[1]) * 1024 / 1e6 for line in lines if "VmHWM" in line)
except FileNotFoundError:
    PEAK = None
    if sys.platform == "darwin":
        import resource
        PEAK = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
print(json.dumps({
    "checks": sorted(ASKED),
    "peak_megabytes": PEAK,
    "cores": CORES,
    "core_seconds": time.process_time(),
    "compared": __noted["COMPARED"],
}))
"""


def lessons(book: Book = ENGLISH) -> list[Path]:
    """Return the notebooks of a book, in its order."""
    return book.lessons()


def executed(path: Path) -> tuple[nbformat.NotebookNode, dict] | None:
    """Return a lesson with its outputs, and what was measured; None where it has not run."""
    notebook = nbformat.read(path, 4)
    with opened_cache(cache_of(path)) as cache:
        try:
            record = cache.match_cache_notebook(notebook)
            return cache.merge_match_into_notebook(notebook)[1], record.data  # it keeps code alone
        except (KeyError, ValueError):  # not there, or half written
            return None


def cache_of(path: Path) -> Path:
    return CHINESE.cache if path.is_relative_to(CHINESE.source) else CACHE


@contextlib.contextmanager
def opened_cache(folder: Path | None = None) -> Iterator[JupyterCacheAbstract]:
    """Open a cache of runs, and close its database, which it leaves to us."""
    cache = get_cache(folder or CACHE)
    try:
        yield cache
    finally:
        cache.db.dispose()


def run_lessons(book: Book = ENGLISH) -> bool:
    """Run what the cache does not hold; tell of those that failed at the end."""
    todo = [path for path in lessons(book) if executed(path) is None]
    if not todo:
        return True
    todo.sort(key=lambda path: path.read_text("utf-8").count("fit("), reverse=True)  # longest first
    timeout = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["execute"]["timeout"]
    KERNEL_LOG.unlink(missing_ok=True)
    failures = []
    print(f"   Running {len(todo)} of {len(lessons(book))} lessons", flush=True)
    with ProcessPoolExecutor(AT_A_TIME, None, begin_work, [multiprocessing.Value("i")]) as pool:
        try:
            for run in as_completed([pool.submit(run_lesson, path, timeout) for path in todo]):
                path, notebook, measured, failure = run.result()
                outcome = "FAILED after" if failure else "ran in"
                print(
                    f"   {path.name}: {outcome} {measured['execution_seconds']:.0f} s", flush=True
                )
                if failure:
                    failures.append(failure)
                    continue
                bundle = CacheBundleIn(notebook, str(path), data=measured)
                with opened_cache(cache_of(path)) as cache:
                    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        except BrokenProcessPool:
            failures.append(f"── A process that runs lessons died\n{DIED}")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    print("\n\n".join(failures))
    return not failures


def begin_work(workers) -> None:
    """Keep to a core, and send what kernels say outside of their cells to a file."""
    with workers.get_lock():
        number, workers.value = workers.value, workers.value + 1
    if hasattr(os, "sched_setaffinity"):  # Linux
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[number % len(cores)]})
    os.dup2(os.open(KERNEL_LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)


def run_lesson(path: Path, timeout: int):
    """Return the path, the notebook with outputs, what was measured, and what went wrong."""
    start = time.monotonic()
    measured, failure = {}, None
    notebook = nbformat.read(path, 4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(FIRST_CELL))
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    try:
        with tempfile.TemporaryDirectory() as folder:  # of its own: a lesson needs no file of ours
            copy = Path(folder, path.name)
            nbformat.write(notebook, copy)
            result = NotebookRun(copy, timeout, kernel="python3").execute()
        notebook = result.nb
        failure = result.error and describe(path, notebook, result.error)
    except Exception as exception:  # a kernel that died, or did not start
        kind = type(exception)
        failure = f"── {path.relative_to(ROOT)}: {kind.__name__}\n{exception}"
        # nbclient sometimes fails while it clears up after a kernel that died, and raises that.
        if DeadKernelError in (kind, type(exception.__context__)):
            failure = f"── {path.relative_to(ROOT)}: its kernel died\n{DIED}"
    notebook.cells.pop(0)
    last = notebook.cells.pop()
    if not failure:
        measured = told_by(last)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran: the cache would not know the cell again
    measured["execution_seconds"] = time.monotonic() - start
    return path, notebook, measured, failure


def told_by(cell) -> dict:
    """Read what the last cell tells, whatever else was written while it ran."""
    told = [output.text for output in cell.outputs if output.get("name") == "stdout"]
    return json.loads("".join(told).splitlines()[-1])


def describe(path: Path, notebook, error) -> str:
    """Say which cell failed, and how."""
    number = error.failing_cell_index  # behind the one that is put first
    words = re.sub(r"\x1b\[[0-9;]*m", "", error.trace).strip()
    return f"── {path.relative_to(ROOT)}, cell {number} (id {notebook.cells[number].id})\n{words}"
