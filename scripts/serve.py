"""Serve the built book as its published site does: below its prefix, gzipped, with its 404 page."""

import gzip
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from scripts.lessons import ROOT

HTML = (ROOT / "_build" / "html").resolve()
PREFIX = urlsplit(yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["html"]["baseurl"]).path
PACKED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ipynb"}


class PublishedBook(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/" != PREFIX:
            return self.answer(HTTPStatus.FOUND, b"", {"Location": PREFIX})
        file = (HTML / path.removeprefix(PREFIX)).resolve()
        if file.is_dir() and not path.endswith("/"):
            return self.answer(HTTPStatus.FOUND, b"", {"Location": f"{path}/"})
        file = file / "index.html" if file.is_dir() else file
        if path.startswith(PREFIX) and HTML in file.parents and file.is_file():
            return self.send_file(HTTPStatus.OK, file)
        return self.send_file(HTTPStatus.NOT_FOUND, HTML / "404.html")

    def send_file(self, status: HTTPStatus, file: Path) -> None:
        headers = {"Content-Type": self.guess_type(file), "Cache-Control": "max-age=600"}
        if file.suffix in PACKED:
            headers["Content-Encoding"] = "gzip"
        self.answer(status, contents(file, file.stat().st_mtime_ns), headers)

    def answer(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Say nothing of each request."""


@lru_cache(maxsize=500)
def contents(file: Path, _changed: int) -> bytes:
    return gzip.compress(file.read_bytes()) if file.suffix in PACKED else file.read_bytes()


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """The address of the front page; port 0 takes a free one."""
    server = ThreadingHTTPServer(("127.0.0.1", port), PublishedBook)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with serving(8000) as address:
        print(f"   The book is on {address.replace('127.0.0.1', 'localhost')}, until Ctrl+C.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.exit()
