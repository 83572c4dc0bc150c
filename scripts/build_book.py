"""Build the book: run the lessons that changed, two at a time, then write the pages.

Lessons run into the cache that Jupyter Book reads, so that Sphinx, which cannot work in
parallel, finds every output there. The cache knows a lesson by its cells alone; what else
an output depends on is our RUN_ON, and a change in it empties the cache.
"""

import contextlib
import hashlib
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
KERNEL_LOG = BUILD / "kernels.log"
PAGES = [HTML, BUILD / ".doctrees", BUILD / "jupyter_execute"]
RUN_ON = ["cnnlib", "requirements.lock"]
WRITTEN_FROM = ["_config.yml", "_toc.yml", "_ext", "_static", "references.bib"]


def main() -> int:
    os.chdir(ROOT)
    BUILD.mkdir(exist_ok=True)
    with only_one_at_a_time():
        forget_what_is_out_of_date()
        failures = run_lessons()
        if failures:
            remove(*PAGES)
            print("\n\n".join(failures), f"\n\nNo book: {len(failures)} lesson(s) failed, above.")
            return 1
        if not write_pages():
            remove(*PAGES)  # or Sphinx would read the page that failed from its cache, and pass
            print("\nNo book: the pages have the faults above.")
            return 1
    print(f"   The book is {HTML.relative_to(ROOT) / 'index.html'}")
    return 0


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


def forget_what_is_out_of_date() -> None:
    run_digest, run_file = digest(RUN_ON), BUILD / ".run_on.sha256"
    if os.environ.get("CI") or not holds(run_file, run_digest):
        remove(CACHE, *PAGES)
        run_file.write_text(run_digest)
    if not holds(BUILD / ".written_from.sha256", digest(WRITTEN_FROM)):
        remove(*PAGES)
    (HTML / ".buildinfo").unlink(missing_ok=True)  # write all pages: each shows the others' titles


def holds(file: Path, text: str) -> bool:
    return file.exists() and file.read_text() == text


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


def run_lessons() -> list[str]:
    """Run what the cache does not hold; return what to tell of those that failed."""
    cache = get_cache(CACHE)
    todo = [path for path in lessons() if not is_cached(cache, path)]
    timeout = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["execute"]["timeout"]
    if not todo:
        return []
    failures = []
    KERNEL_LOG.unlink(missing_ok=True)
    todo.sort(key=lambda path: path.read_text("utf-8").count("fit("), reverse=True)  # longest first
    print(f"   Running {len(todo)} of {len(lessons())} lessons", flush=True)
    with ProcessPoolExecutor(max_workers=2, initializer=keep_kernels_quiet) as pool:
        for run in as_completed([pool.submit(run_lesson, path, timeout) for path in todo]):
            path, notebook, seconds, failure = run.result()
            outcome = "FAILED after" if failure else "ran in"
            print(f"   {path.name}: {outcome} {seconds:.0f} s", flush=True)
            if failure:
                failures.append(failure)
                continue
            bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return failures


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
    return path, notebook, time.monotonic() - start, failure


def describe(path: Path, notebook, error: Exception) -> str:
    where = f"{path.relative_to(ROOT)}"
    for number, cell in enumerate(notebook.cells, start=1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            where += f", cell {number} (id {cell.id})"
    words = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip()
    return f"── {where}: {type(error).__name__}\n{words}"


def write_pages() -> bool:
    stamp, stamp_digest = BUILD / ".written_from.sha256", digest(WRITTEN_FROM)
    stamp.unlink(missing_ok=True)  # interrupted pages are not trusted
    jupyter_book = ["-c", "from jupyter_book.cli.main import main; main()"]
    build = [*jupyter_book, "build", ".", "-n", "-W", "--keep-going", "--quiet"]
    for step in (build, ["scripts/check_pages.py", str(HTML)]):
        if subprocess.run([sys.executable, *step]).returncode != 0:
            return False
    stamp.write_text(stamp_digest)
    return True


if __name__ == "__main__":
    sys.exit(main())
