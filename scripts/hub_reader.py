"""A reader at a JupyterHub: signs in, opens a lesson and runs its cells, as a browser would ask.

Everything goes through the hub's proxy, by the requests that JupyterLab makes; the lab's own files,
which a browser keeps, are left out.
"""

import asyncio
import contextlib
import html
import json
import re
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PATIENCE = 180  # seconds
SILENCE = 20  # seconds after which a reader asks whether the kernel is still there
SHOWN = {"stream", "display_data", "execute_result"}


class HubError(Exception):
    """What the hub, or a kernel behind it, told a reader instead of doing what was asked."""


@dataclass
class Run:
    """What a cell has shown, when it first did, and the error that ended it."""

    text: str = ""
    first: float | None = None
    error: str = ""


@dataclass
class Kernel:
    """One end of the socket to a kernel; `heard` are the questions that were answered here."""

    socket: WebSocketClientConnection
    session: Session
    heard: set[str] = field(default_factory=set)
    nudges: int = 0

    async def run(self, code: str) -> Run:
        return await self.rest_of(await self.begin(code))

    async def begin(self, code: str) -> str:
        """Ask for a cell to be run, and return the number of the question."""
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        return await self.ask("execute_request", content)

    async def ask(self, kind: str, content: dict) -> str:
        message = self.session.msg(kind, content) | {"channel": "shell"}
        await self.socket.write_message(json.dumps(message, default=json_default))
        return message["header"]["msg_id"]

    async def wait(self) -> None:
        """Ask until an answer comes whole: the server may lose what is asked before it listens."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self.rest_of(await self.ask("kernel_info_request", {}))
                    return

    async def rest_of(self, question: str) -> Run:
        """Collect what comes until there is a reply, and the kernel idle."""
        run, replied, idle = Run(), False, False
        async for kind, content in self.answers(question):
            if kind in SHOWN and content.get("name") != "stderr":
                run.first = run.first or time.monotonic()
                run.text += content.get("text") or content["data"].get("text/plain", "")
            elif kind == "error":
                run.error = f"{content['ename']}: {content['evalue']}"
            replied |= kind.endswith("_reply")
            idle |= content.get("execution_state") == "idle"
            if replied and idle:
                break
        return run

    async def next_line(self) -> str | None:
        """What the kernel says next: now and then ipykernel 7.2 sleeps until it is asked again."""
        reading = asyncio.ensure_future(self.socket.read_message())
        try:
            while not (await asyncio.wait([reading], timeout=SILENCE))[0]:
                self.nudges += 1
                await self.ask("kernel_info_request", {})
            return reading.result()
        finally:
            reading.cancel()

    async def answers(self, question: str) -> AsyncIterator[tuple[str, dict]]:
        while (line := await self.next_line()) is not None:
            message = json.loads(line)
            kind, content = message["header"]["msg_type"], message["content"]
            asked = message["parent_header"].get("msg_id")
            self.heard.add(asked)
            if content.get("execution_state") in {"restarting", "dead"}:
                raise HubError(f"the kernel died: {content['execution_state']}")
            if asked == question:
                yield kind, content
        raise HubError("the connection to the kernel was cut")


@dataclass
class Reader:
    """A reader who has signed in; `hub` is its address."""

    hub: str
    name: str
    web: httpx.AsyncClient

    @property
    def home(self) -> str:
        return f"/user/{self.name}/"

    def cookie(self, path: str) -> str:
        """The token against forged requests that belongs to a path."""
        return next(c.value for c in self.web.cookies.jar if (c.name, c.path) == ("_xsrf", path))

    async def wait_for_server(self) -> None:
        """Listen to the hub's own account of the start, as its page with the bar does."""
        address = f"/hub/api/users/{self.name}/server/progress"
        async with self.web.stream("GET", address, params={"_xsrf": self.cookie("/hub/")}) as told:
            told.raise_for_status()
            async for line in told.aiter_lines():
                event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if event.get("failed"):
                    raise HubError(event["message"])
                if event.get("ready"):
                    return
        raise HubError("the hub stopped telling how the server starts")

    async def open_page(self, notebook: str) -> None:
        (await self.web.get(f"{self.home}lab/tree/{notebook}")).raise_for_status()

    async def ask(self, method: str, path: str, data: dict | None = None) -> dict | None:
        """Ask the reader's own server."""
        headers = {"X-XSRFToken": self.cookie(self.home)}
        answer = await self.web.request(method, self.home + path, json=data, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    async def stop_server(self) -> None:
        headers = {"X-XSRFToken": self.cookie("/hub/")}
        account = f"/hub/api/users/{self.name}"
        (await self.web.delete(f"{account}/server", headers=headers)).raise_for_status()
        known = {"pending": "stop"}
        while known["pending"]:
            await asyncio.sleep(0.1)
            known = (await self.web.get(account, headers=headers)).json()

    async def start_kernel(self, notebook: str) -> str:
        asked = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {}}
        asked["kernel"]["name"] = "python3"
        return (await self.ask("POST", "api/sessions", asked))["kernel"]["id"]

    async def end_kernels(self) -> None:
        for session in await self.ask("GET", "api/sessions"):
            await self.ask("DELETE", f"api/sessions/{session['id']}")

    @contextlib.asynccontextmanager
    async def talk_to(self, kernel: str, session: Session | None = None) -> AsyncIterator[Kernel]:
        """Hold the socket to a kernel; a session of before is told first what came meanwhile."""
        path = f"{self.home}api/kernels/{kernel}/channels"
        known = session or Session()
        asked = {"session_id": known.session, "_xsrf": self.cookie(self.home)}
        address = f"{self.hub}{path}?{urlencode(asked)}".replace("http", "ws", 1)
        cookies = self.web.build_request("GET", path).headers["cookie"]
        socket = await websocket_connect(HTTPRequest(address, headers={"Cookie": cookies}))
        try:
            kernel = Kernel(socket, known)
            if session is None:
                await kernel.wait()
            yield kernel
        finally:
            socket.close()


async def sign_in(hub: str, name: str) -> Reader:
    """Fill in the form of the first page; the hub then starts the reader's server."""
    web = httpx.AsyncClient(base_url=hub, follow_redirects=True, timeout=PATIENCE)
    reader = Reader(hub, name, web)
    await web.get("/hub/login")
    form = {"username": name, "password": "", "_xsrf": reader.cookie("/hub/")}
    page = await web.post("/hub/login", data=form)
    if page.status_code == 503:  # "Your server appears to be down. Try restarting it from the hub"
        await web.get("/hub/home")
        page = await web.get(f"/hub/spawn/{name}")
    if page.is_error:
        raise HubError(heading_of(page.text))
    await reader.wait_for_server()
    return reader


def heading_of(page: str) -> str:
    """What a page of the hub says in large letters."""
    return " ".join(html.unescape(re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)[1]).split())


async def run_cells(kernel: Kernel, cells: Iterable[str]) -> list[Run]:
    """Run cells one after another, as "Run All" does; the first error ends it."""
    runs = []
    for cell in cells:
        runs.append(await kernel.run(cell))
        if runs[-1].error:
            raise HubError(f"{runs[-1].error}\nin\n{cell}")
    return runs
