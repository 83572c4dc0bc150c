"""`make linkcheck` finds the book's links to other sites, and names the one that is dead."""

import json
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [ROOT / "index.md", *ROOT.glob("appendix/*.md"), *ROOT.glob("chapters/*.ipynb")]
LINK = re.compile(r"\]\((https?://[^)\s]+)\)")
CHECK = """
from pathlib import Path
from scripts.linkcheck import check_links
raise SystemExit(not check_links(Path({!r}), Path({!r}), **{!r}))
"""


class SmallSite(BaseHTTPRequestHandler):
    """It has /alive and /slow, which does not answer before it is asked again."""

    first, again = threading.Event(), threading.Event()

    def do_HEAD(self):
        if self.path == "/slow":
            (self.again if self.first.is_set() else self.first).set()
            self.again.wait(60)
        self.send_response(200 if self.path in {"/alive", "/slow"} else 404)
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *arguments):
        pass


@pytest.fixture
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), SmallSite)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def check_links(folder: Path, source: Path = ROOT, **settings):
    """How the check ended, and what it says of each address."""
    code = CHECK.format(str(folder), str(source), settings)
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    lines = (folder / "output.json").read_text("utf-8").splitlines()
    return ended, {answer["uri"]: answer["status"] for answer in map(json.loads, lines)}


def test_a_dead_link_fails_by_name_and_a_slow_one_gets_a_second_chance(tmp_path, site):
    shutil.copytree(ROOT / "_ext", tmp_path / "_ext")
    for name in ("_config.yml", "references.bib"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    links = [f"[here]({site}/{name})" for name in ("alive", "slow", "dead")]
    (tmp_path / "index.md").write_text("# A book\n\n" + "\n".join(links))
    ended, answers = check_links(tmp_path / "answers", tmp_path, linkcheck_timeout=3)
    assert answers == {
        f"{site}/alive": "working",
        f"{site}/slow": "working",
        f"{site}/dead": "broken",
    }
    assert SmallSite.again.is_set()
    assert ended.returncode == 1
    assert re.search(rf"index\.md:\d+: .*{site}/dead .*404", ended.stderr)


def test_every_link_of_the_book_to_another_site_is_asked_about(tmp_path):
    ended, answers = check_links(tmp_path, linkcheck_ignore=[".*"])  # without the network
    assert ended.returncode == 0, ended.stderr
    written = {link for path in SOURCES for link in LINK.findall(path.read_text("utf-8"))}
    assert len(written) > 10
    asked = {link.replace("//doi.org/10.", "//doi.org/api/handles/10.") for link in written}
    assert asked - set(answers) == set()
