"""The figures' JavaScript is as clean as the Python: linted, formatted, short, and all in use."""

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

from cnnlib.interactive import element

FOLDER = Path(element.__file__).parent / "js"
SCRIPTS = sorted(FOLDER.glob("*.js"))
LONGEST = 280  # lines of a file
BANNED = {
    r"\b(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write": "make(): text stays text",
    r"https?://(?!www\.w3\.org/)": "no other host",
    r"\bfetch\(|XMLHttpRequest|WebSocket|\bimport\b": "no other file",
    r"localStorage|document\.cookie": "nothing is kept about the reader",
}

each_script = pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)


def bare(path: Path) -> str:
    """The source without its comments."""
    return re.sub(r"^\s*//.*$", "", path.read_text("utf-8"), flags=re.M)


def said_by(tool: str, *arguments: object) -> str:
    """What a tool of this environment complains of; nothing, where it is content."""
    command = [Path(sysconfig.get_path("scripts")) / tool, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, encoding="utf-8")
    return done.stdout + done.stderr if done.returncode else ""


def test_the_linter_finds_nothing(tmp_path):
    # Figure by figure, as one script: a file may name what another declares, and nothing else.
    for name, more in element.MORE.items():
        parts = (FOLDER / f"{part}.js" for part in (*element.SHARED, *more, name))
        before = 'export const STYLE = "";\nexport const say = String.raw;\n'
        whole = before + "\n".join(part.read_text("utf-8") for part in parts)
        names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", whole, re.M)
        (tmp_path / f"{name}.js").write_text(
            f"{whole}\nexport {{ {', '.join(names)} }};\n", "utf-8"
        )
    assert said_by("oxlint", "-c", FOLDER / ".oxlintrc.json", tmp_path) == ""


def test_the_linter_would_find_a_name_that_is_not_there(tmp_path):
    (tmp_path / "slip.js").write_text("function f() { return nowhere; }\nf();\n", "utf-8")
    assert "'nowhere' is not defined" in said_by(
        "oxlint", "-c", FOLDER / ".oxlintrc.json", tmp_path
    )


def test_every_file_is_formatted():
    assert said_by("oxfmt", "-c", FOLDER / ".oxfmtrc.json", "--list-different", *SCRIPTS) == ""


@each_script
def test_a_file_reads_in_one_sitting_and_keeps_to_the_rules(path):
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("// "), "say first which question the file answers"
    assert len(lines) <= LONGEST
    for pattern, instead in BANNED.items():
        found = re.search(pattern, bare(path))
        assert not found, f"{found.group()!r}: {instead}"


@each_script
def test_comments_stand_on_lines_of_their_own(path):
    # What is sent to the page leaves out whole lines only.
    assert not re.search(r"/\*|[;{},)][ \t]+//", path.read_text("utf-8"))


@each_script
def test_everything_a_file_names_is_used(path):
    everything = "\n".join(map(bare, SCRIPTS))
    for name in re.findall(r"^(?:function|const|let|class) (\w+)", path.read_text("utf-8"), re.M):
        assert len(re.findall(rf"\b{name}\b", everything)) > 1, f"{name} is never used"


def test_the_markup_of_a_page_cannot_end_a_script_early():
    for path in FOLDER.iterdir():
        assert not re.search(r"</|<!--", path.read_text("utf-8")), path.name
