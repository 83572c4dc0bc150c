"""Make `.venv` hold what requirements.lock says: `python scripts/environment.py`.

uv fills a folder aside, which takes the old one's place when all of it is there and runs.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from scripts.turns import only_one_at_a_time  # noqa: E402

COURSE, LOCK = ROOT / ".venv", ROOT / "requirements.lock"
ASK_PACKAGES_FOLDER = "import sysconfig; print(sysconfig.get_path('purelib'))"


def program(name: str, folder: Path, system: str = os.name) -> Path:
    return folder / (f"Scripts/{name}.exe" if system == "nt" else f"bin/{name}")


def ask(*command) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def made_from(folder: Path, lock: Path) -> str:
    """Its Python, its place (the library is found by it) and its lock: written into it last."""
    version = ask(program("python", folder), "--version").rpartition(".")[0]
    return f"{version}, {ROOT}\n{lock.read_text('utf-8')}"


def is_ready(folder: Path, lock: Path) -> bool:
    named = "Python {}.{},".format(*sys.version_info) if os.environ.get("PYTHON") else ""
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        stamp = (folder / "made-from.txt").read_text("utf-8")
        return stamp == made_from(folder, lock) and stamp.startswith(named)
    return False


def find_uv(new: Path) -> Path:
    """The uv of `.venv`, or this machine's; where neither runs, pip fetches the lock's."""
    for uv in (program("uv", COURSE), Path("uv")):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            return ask(uv, "--version") and uv
    python, has_pip = program("python", new), importlib.util.find_spec("pip") is not None
    subprocess.run([sys.executable, "-m", "venv", *["--without-pip"] * has_pip, new], check=True)
    pip = [sys.executable if has_pip else python, "-m", "pip", "--python", python]
    subprocess.run([*pip, "install", "--quiet", "uv", "--constraint", LOCK], check=True)
    return program("uv", new)


def make(folder: Path, lock: Path, trial: str) -> None:
    aside = Path(f"{folder}-aside")
    new, python = aside / "new", program("python", aside / "new")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        new.mkdir(parents=True)
        os.environ |= {"UV_COMPILE_BYTECODE": "1", "UV_SYSTEM_CERTS": "1", "PIP_USER": "0"}
        uv = find_uv(new)
        cache = Path(ask(uv, "cache", "dir"))
        with contextlib.suppress(OSError):
            cache.mkdir(parents=True, exist_ok=True)
        if not os.access(cache, os.W_OK):
            os.environ["UV_CACHE_DIR"] = str(aside / "cache")
        elif cache.stat().st_dev != new.stat().st_dev:
            os.environ["UV_LINK_MODE"] = "copy"
        quiet = [] if sys.stdout.isatty() else ["--quiet"]
        ask(uv, "venv", "--allow-existing", "--relocatable", "--python", sys.executable, new)
        subprocess.run([uv, "pip", "sync", *quiet, "--python", python, lock], check=True)
        Path(ask(python, "-c", ASK_PACKAGES_FOLDER), "cnnlib.pth").write_text(str(ROOT), "utf-8")
        ask(python, "-c", trial)
        (new / "made-from.txt").write_text(made_from(new, lock), "utf-8")
        if folder.exists():
            folder.rename(aside / "old")
        new.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def ensure(folder: Path, lock: Path, trial: str) -> None:
    """Make an environment, unless it is there; or end with what the reader is to do."""
    version, start = sys.version.split()[0], time.monotonic()
    if not (3, 11) <= sys.version_info < (3, 14):
        sys.exit(f"The course needs Python 3.11, 3.12 or 3.13; this one is {version}.")
    if is_ready(folder, lock):
        return
    try:
        with only_one_at_a_time(lock, f"setting up {folder.name}"):
            if not is_ready(folder, lock):
                print(f"Setting up {folder.name} for Python {version}: minutes, once.", flush=True)
                make(folder, lock, trial)
                print(f"   {folder.name} made in {time.monotonic() - start:.0f} s", flush=True)
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Nothing half-made was kept: run the same command again.")
    except (OSError, subprocess.CalledProcessError) as error:
        advice = f"{ROOT} cannot be written to: clone the course to a folder of your own."
        if os.access(ROOT, os.W_OK):
            advice = "Most often the network is not there, or the disk is full: mend it, and retry."
        sys.exit(f"\n{getattr(error, 'stderr', error) or ''}\nNo new {folder.name}. {advice}")


if __name__ == "__main__":
    ensure(COURSE, LOCK, "import cnnlib, matplotlib.pyplot, tensorflow")
