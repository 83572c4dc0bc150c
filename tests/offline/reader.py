"""Read a folder that was packed, with no network: `reader.py FOLDER`."""

import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from playwright.sync_api import sync_playwright

from scripts.books import CHINESE, ENGLISH, ROOT
from scripts.browser import FLAGS, chromium
from scripts.browser_lessons import browser_lessons
from tests.lite import lab

PORT = 8000
HERE = f"http://localhost:{PORT}"
SIOCGIFFLAGS, SIOCSIFFLAGS, UP = 0x8913, 0x8914, 1


def use_the_loopback() -> None:
    """Switch on the one device that this process has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        request = struct.pack("16sh22x", b"lo", 0)
        (flags,) = struct.unpack("16xh22x", fcntl.ioctl(asking, SIOCGIFFLAGS, request))
        fcntl.ioctl(asking, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | UP))
    assert [name for _, name in socket.if_nameindex()] == ["lo"]


def read(folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        window = browser.new_context()
        window.set_default_timeout(600_000)
        page = window.new_page()
        for front in (folder.as_uri(), HERE):
            for book, code in (("", "en"), ("/zh", "zh-CN")):
                page.goto(f"{front}{book}/chapters/01-convolution.html")
                assert page.locator("html").get_attribute("lang") == code
                page.locator("article img").first.wait_for()
        print("no network; read both", end="; ")
        window.route("**/lite/jupyter-lite.json*", lab.expose)
        for book in (ENGLISH, CHINESE):
            run(window.new_page(), [path.relative_to(ROOT) for path in browser_lessons(book)])
        print("ran both")
        browser.close()


def run(page, lessons: list[Path]) -> None:
    """Compute the first lesson's first number; with CNN_EVERY_LESSON=1, run each lesson whole."""
    lab.compute_first_number(HERE, page, lessons[0].as_posix())
    for lesson in lessons if "CNN_EVERY_LESSON" in os.environ else []:
        lab.open_lesson(page, lesson.as_posix())
        outputs = [output for cell in lab.run(page) for output in cell.get("outputs", ())]
        assert not [output for output in outputs if output["output_type"] == "error"], lesson


if __name__ == "__main__":
    use_the_loopback()
    command = [sys.executable, "-u", "-m", "http.server", str(PORT)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=sys.argv[1], **pipes)
    try:
        assert server.stdout.readline().startswith(b"Serving HTTP")
        read(Path(sys.argv[1]))
    finally:
        server.terminate()
