"""Start scripts/jupyterhub_config.py for a trial, on the loopback address, and end it."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx

from scripts.environment import ROOT, ensure, program
from scripts.hub_reader import HubError
from scripts.lab_server import end

PROXY = ("configurable-http-proxy", "5.3.0")
CONFIG = ROOT / "scripts" / "jupyterhub_config.py"
BUILD = ROOT / "_build" / "hub"
ENVIRONMENT = ROOT / "_build" / ".venv-hub"
PYTHON = program("python", ENVIRONMENT)
LOG = BUILD / "hub.log"

FOR_THE_TRIAL = """
load_subconfig({config!r})
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.bind_url = "http://127.0.0.1:{0}"
c.JupyterHub.hub_port = {1}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{2}"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/{{username}}"
c.Spawner.args += ["--allow-root"]
"""


def install_hub() -> None:
    """Have uv install JupyterHub, and npm its proxy, unless they are there."""
    ensure(ENVIRONMENT, ROOT / "hub.lock", "import jupyterhub")
    install_proxy()


def install_proxy() -> None:
    name, version = PROXY
    package = BUILD / "node_modules" / name / "package.json"
    if package.exists() and json.loads(package.read_text("utf-8"))["version"] == version:
        return
    if not shutil.which("npm"):
        sys.exit("The hub's proxy needs npm: install Node.js 20 or newer")
    BUILD.mkdir(parents=True, exist_ok=True)
    install = ["npm", "install", "--prefix", BUILD, "--no-audit", "--no-fund", f"{name}@{version}"]
    if subprocess.run(install, stdin=subprocess.DEVNULL).returncode:
        sys.exit("npm could not fetch the hub's proxy (see above)")


@contextlib.asynccontextmanager
async def serve_hub() -> AsyncIterator[str]:
    """Run the hub until the `with` block ends, and nothing of it longer; its log is kept."""
    with contextlib.ExitStack() as stack:
        new = tempfile.TemporaryDirectory(prefix="hub-trial-", ignore_cleanup_errors=True)
        folder = stack.enter_context(new)
        ports = free_ports(3)
        config = Path(folder, "trial.py")
        text = FOR_THE_TRIAL.format(*ports, config=str(CONFIG), folder=folder)
        config.write_text(text, "utf-8")
        log = stack.enter_context(LOG.open("wb"))
        hub = subprocess.Popen(
            [PYTHON, "-m", "jupyterhub", "--config", config],
            cwd=folder,
            env=os.environ | {"HOME": folder},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            await wait_for(f"http://127.0.0.1:{ports[0]}/hub/api", hub)
            yield f"http://127.0.0.1:{ports[0]}"
        finally:
            try:
                end(hub)
            finally:
                for process in started_in(folder):  # a hub that had to be killed leaves its readers
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)


def free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


async def wait_for(address: str, hub: subprocess.Popen) -> None:
    async with httpx.AsyncClient() as web:
        while hub.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if (await web.get(address)).is_success:
                    return
            await asyncio.sleep(0.2)
    raise HubError(f"the hub ended by itself: see {LOG.relative_to(ROOT)}")


def started_in(folder: str) -> Iterator[int]:
    """The processes whose home lies in a folder: hub, proxy, servers and kernels."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"\0HOME={folder}".encode() in b"\0" + (process / "environ").read_bytes():
                yield int(process.name)
