"""Build the book: run the lessons that changed, two at a time, then write the pages.

Lessons run into the cache that Jupyter Book reads, so that Sphinx, which cannot work in
parallel, finds every output there. The cache knows a lesson by its cells alone; what else
an output depends on is in MADE_FROM, and a change in it empties the cache.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
HTML = BUILD / "html"
CACHE = BUILD / ".jupyter_cache"
STAMPS = BUILD / "made-from.json"
KERNEL_LOG = BUILD / "kernels.log"
PAGES = [HTML, BUILD / ".doctrees", BUILD / "jupyter_execute"]
CHECK = "scripts/check_pages.py"
MADE_FROM = {
    "runs": ["cnnlib", "requirements.lock"],  # and a lesson's own cells, which the cache compares
    "pages": ["_config.yml", "_toc.yml", "_ext", "_static", "references.bib", CHECK],
    "texts": ["index.md", "appendix", "chapters"],
}


def main() -> int:
    os.chdir(ROOT)
    BUILD.mkdir(exist_ok=True)
    with only_one_at_a_time():
        now = {name: digest(paths) for name, paths in MADE_FROM.items()}
        if now == read_stamps() and HTML.exists() and not os.environ.get("CI"):
            print("   Nothing has changed.")
        elif not build(now):
            remove(*PAGES)  # or Sphinx would read the page that failed from its cache, and pass
            print("\nNo book: see the faults above.")
            return 1
    print(f"   The book is {HTML.relative_to(ROOT) / 'index.html'}")
    return 0


def build(now: dict[str, str]) -> bool:
    last = read_stamps()
    if os.environ.get("CI") or last.get("runs") != now["runs"]:
        remove(CACHE, *PAGES)
    if last.get("pages") != now["pages"]:
        remove(*PAGES)
    (HTML / ".buildinfo").unlink(missing_ok=True)  # write all pages: each shows the others' titles
    write_stamps({"runs": now["runs"]})  # pages that are interrupted now are not trusted later
    if not (run_lessons() and write_pages()):
        return False
    write_stamps(now)
    return True


@contextlib.contextmanager
def only_one_at_a_time():
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with (BUILD / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_stamps() -> dict[str, str]:
    try:
        return json.loads(STAMPS.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def write_stamps(stamps: dict[str, str]) -> None:
    STAMPS.write_text(json.dumps(stamps), "utf-8")


def digest(paths: list[str]) -> str:
    total = hashlib.sha256(sys.version.encode())
    for path in map(ROOT.joinpath, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return total.hexdigest()


def remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def lessons() -> list[Path]:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    pages = [page["file"] for part in toc["parts"] for page in part["chapters"]]
    return [path for page in pages if (path := ROOT / f"{page}.ipynb").exists()]


def run_lessons() -> bool:
    """Run what the cache does not hold; tell of those that failed at the end."""
    cache = get_cache(CACHE)
    todo = [path for path in lessons() if not is_cached(cache, path)]
    if not todo:
        return True
    todo.sort(key=lambda path: path.read_text("utf-8").count("fit("), reverse=True)  # longest first
    timeout = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["execute"]["timeout"]
    KERNEL_LOG.unlink(missing_ok=True)
    failures = []
    print(f"   Running {len(todo)} of {len(lessons())} lessons", flush=True)
    alone = {"max_workers": 2, "max_tasks_per_child": 1}  # so that its one child is the kernel
    with ProcessPoolExecutor(initializer=keep_kernels_quiet, **alone) as pool:
        try:
            for run in as_completed([pool.submit(run_lesson, path, timeout) for path in todo]):
                path, notebook, seconds, megabytes, failure = run.result()
                outcome = "FAILED after" if failure else "ran in"
                print(f"   {path.name}: {outcome} {seconds:.0f} s", flush=True)
                if failure:
                    failures.append(failure)
                    continue
                measured = {"execution_seconds": seconds, "peak_megabytes": megabytes}
                bundle = CacheBundleIn(notebook, str(path), data=measured)
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    print("\n\n".join(failures))
    return not failures


def keep_kernels_quiet() -> None:
    """Send what kernels say outside of their cells, TensorFlow's greetings above all, to a file."""
    os.dup2(os.open(KERNEL_LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)


def is_cached(cache, path: Path) -> bool:
    try:
        cache.get_cache_bundle(cache.match_cache_notebook(nbformat.read(path, 4)).pk)
    except (KeyError, ValueError):  # not there, or half written
        return False
    return True


def run_lesson(path: Path, timeout: int):
    notebook = nbformat.read(path, 4)
    start = time.monotonic()
    try:
        error = single_nb_execution(notebook, str(path.parent), timeout, allow_errors=False).err
    except Exception as exception:  # a kernel that died, or did not start
        error = exception
    failure = error and describe(path, notebook, error)
    return path, notebook, time.monotonic() - start, peak_megabytes(), failure


def peak_megabytes() -> float | None:
    """The most memory that the kernel of this process held at a time; None on Windows."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024  # bytes
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e6


def describe(path: Path, notebook, error: Exception) -> str:
    where = f"{path.relative_to(ROOT)}"
    for number, cell in enumerate(notebook.cells, start=1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            where += f", cell {number} (id {cell.id})"
    words = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
    return f"── {where}: {type(error).__name__}\n{words}"


def write_pages() -> bool:
    jupyter_book = ["-c", "from jupyter_book.cli.main import main; main()"]
    write = [*jupyter_book, "build", ".", "-n", "-W", "--keep-going", "--quiet"]
    steps = (write, [CHECK, str(HTML)])
    return all(subprocess.run([sys.executable, *step]).returncode == 0 for step in steps)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. What had run is kept: run the same command again.")
