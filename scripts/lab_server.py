"""Start JupyterLab by some command, on a free port, and end it: for tests and measurements."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jupyter_client import BlockingKernelClient

PATIENCE = 60  # seconds
START = 300  # seconds: as long as a machine may take that does much else


class CellError(Exception):
    """A cell of a lesson has failed."""


@dataclass
class LabServer:
    """A JupyterLab that answers; `settings` is its folder, of its own."""

    address: str
    process: subprocess.Popen
    settings: Path

    @property
    def first_page(self) -> str:
        """The address that it would have sent a browser to."""
        page = next((self.settings / "runtime").glob("jpserver-file-to-run-*-open.html")).read_text(
            "utf-8"
        )
        return re.search(r'url=([^"?]*)', page)[1]

    def start_kernel(self, notebook: str) -> str:
        """Open a notebook, as JupyterLab does with the kernel that it names; return the kernel."""
        about = self.ask(f"/api/contents/{notebook}")["content"]["metadata"]["kernelspec"]
        session = {"path": notebook, "name": notebook, "type": "notebook"}
        return self.ask("/api/sessions", session | {"kernel": {"name": about["name"]}})["kernel"][
            "id"
        ]

    def ask(self, path: str, data: dict | None = None) -> dict:
        body = data and json.dumps(data).encode()
        with urllib.request.urlopen(self.address + path, body) as answer:
            return json.load(answer)

    @contextlib.contextmanager
    def talk_to(self, kernel: str) -> Iterator[BlockingKernelClient]:
        client = BlockingKernelClient()
        client.load_connection_file(str(self.settings / "runtime" / f"kernel-{kernel}.json"))
        client.hb_channel.time_to_dead = PATIENCE  # a busy kernel is late, not dead
        client.start_channels()
        client.wait_for_ready(START)
        yield client
        client.stop_channels()


def run(client: BlockingKernelClient, code: str) -> str:
    """Run a cell, and return what it shows, as text."""
    shown = []

    def listen(message: dict) -> None:
        content = message["content"]
        shown.append(content.get("text") or content.get("data", {}).get("text/plain", ""))

    reply = client.execute_interactive(code, output_hook=listen, allow_stdin=False)["content"]
    if reply["status"] != "ok":
        raise CellError(f"{reply['ename']}: {reply['evalue']}")
    return "".join(shown).strip()


@contextlib.contextmanager
def serve(
    command: list, folder: Path, variables: Mapping[str, str] = os.environ
) -> Iterator[LabServer]:
    """Run the command in a folder until the `with` block ends; no browser opens."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as settings:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        write_settings(Path(settings), port)
        folders = {name: f"{settings}/{name.lower()}" for name in ("CONFIG", "RUNTIME")}
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**variables, **{f"JUPYTER_{name}_DIR": at for name, at in folders.items()}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # one signal reaches make, the server and what else it starts
        )
        server = LabServer(f"http://localhost:{port}", process, Path(settings))
        try:
            wait_for(server)
            yield server
        finally:
            end(process)


def end(process: subprocess.Popen, patience: float = PATIENCE) -> None:
    """Ask a group of processes to end; kill it if it goes on: JupyterLab may, with a new kernel."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def write_settings(folder: Path, port: int) -> None:
    settings = {
        "ServerApp": {
            "allow_root": True,
            "disable_check_xsrf": True,
            "open_browser": False,
            "port": port,
            "port_retries": 0,
        },
        "IdentityProvider": {"token": ""},
        "LabApp": {"news_url": None},
    }
    (folder / "config").mkdir()
    (folder / "config" / "jupyter_server_config.json").write_text(json.dumps(settings), "utf-8")


def wait_for(server: LabServer) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended by itself, with exit {server.process.returncode}")
        with contextlib.suppress(OSError):
            server.ask("/api")
            return
        time.sleep(0.1)
    raise TimeoutError(f"JupyterLab did not answer in {START} s")
