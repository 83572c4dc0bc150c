"""The course's address on GitHub: where this copy is kept, and what its files say about it.

`make address REPO=owner/name` writes it wherever a reader's machine needs it, REPO=none takes it
out again, and without REPO it says whether the files name the repository that they are in.
"""

from __future__ import annotations  # it runs before there is a .venv, in whatever Python is there

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = r"[A-Za-z\d](?:-?[A-Za-z\d]){0,38}/(?!\.{1,2}$)[\w.-]{1,100}"
NOWHERE = "http://localhost:8000/"  # where `make serve` shows a book that is published nowhere
CELL = re.compile(r'(?<="REPOSITORY = \\")[^\\"]*(?=\\")')
BASE = re.compile(r"(?<=^  baseurl: )\S+", re.M)
CITED = re.compile(r'^repository-code: "https://github\.com/(.*)"\n', re.M)


@dataclass(frozen=True)
class Home:
    """A repository on GitHub, as owner/name, and a branch of it."""

    repository: str
    branch: str


def parse(text: str) -> str | None:
    """owner/name, of that or of an address on GitHub (https or ssh)."""
    short = re.sub(r"^(https://([^@/]+@)?github\.com/|(ssh://)?git@github\.com[:/])", "", text)
    short = short.removesuffix("/").removesuffix(".git")
    return short if re.fullmatch(NAME, short, re.ASCII) else None


def home(root: Path = ROOT) -> Home | None:
    """Where this copy is kept: what a workflow of GitHub says, else the checkout's origin."""
    if repository := os.environ.get("GITHUB_REPOSITORY"):
        # A pull request's own ref is no branch: the one that it is to be merged into is.
        said = os.environ.get("GITHUB_BASE_REF") or os.environ.get("GITHUB_REF_NAME")
        return Home(repository, said or branch(root))
    origin = git(root, "remote", "get-url", "origin") if is_checkout(root) else ""
    repository = parse(origin) if "github.com" in origin else None
    return Home(repository, branch(root)) if repository else None


def is_checkout(root: Path) -> bool:
    """Whether the folder is a repository's own top, and no folder inside another repository."""
    top = git(root, "rev-parse", "--show-toplevel")
    return bool(top) and Path(top).samefile(root)


def branch(root: Path) -> str:
    """The branch that is checked out; without one, such as at a tag, origin's default."""
    default = git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    return git(root, "branch", "--show-current") or default.removeprefix("origin/") or "main"


def git(root: Path, *arguments: str) -> str:
    """What git prints; nothing where it fails, or is not there."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def site(repository: str) -> str:
    """Where Pages publishes a repository.

    >>> site("Someone/course"), site("someone/someone.github.io")
    ('https://someone.github.io/course/', 'https://someone.github.io/')
    """
    owner, name = repository.split("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def notebooks(root: Path) -> list[Path]:
    """The lessons and their template, in both languages."""
    folders = [folder for folder in (root, root / "zh") if folder.exists()]
    return sorted(path for folder in folders for path in folder.glob("[ac]*/*.ipynb"))


def write(repository: str, root: Path = ROOT) -> None:
    """Name the repository in every place; an empty name takes it out of them."""
    for path in notebooks(root):
        edit(path, CELL, repository)
    edit(root / "_config.yml", BASE, site(repository) if repository else NOWHERE)
    citation = root / "CITATION.cff"
    text = CITED.sub("", citation.read_text("utf-8"))
    if repository:
        line = f'repository-code: "https://github.com/{repository}"\n'
        text = text.replace("abstract:", f"{line}abstract:", 1)
    citation.write_text(text, "utf-8")


def edit(path: Path, pattern: re.Pattern, new: str) -> None:
    text, places = pattern.subn(lambda _: new, path.read_text("utf-8"))
    if places != 1:
        raise ValueError(f"{path.name} has {places} places for the address, not 1: restore it")
    path.write_text(text, "utf-8")


def named(root: Path = ROOT) -> set[str]:
    """The repositories that the files name; the empty one is among them if one names none."""
    found = {CELL.search(path.read_text("utf-8"))[0] for path in notebooks(root)}
    cited = CITED.search((root / "CITATION.cff").read_text("utf-8"))
    return found | {cited[1] if cited else ""}


def base(root: Path = ROOT) -> str:
    return BASE.search((root / "_config.yml").read_text("utf-8"))[0]


def complaint(here: str, root: Path = ROOT) -> str | None:
    """What is wrong with the files of a repository that GitHub calls `here`."""
    others = sorted(named(root) - {here}) or ([base(root)] if base(root) != site(here) else [])
    if not others:
        return None
    said = " and ".join(filter(None, others)) or "no repository"
    return f"The files name {said}, not {here}: run `make address REPO={here}`."


def main(asked: str) -> str | None:
    """Return what went wrong."""
    if not asked:
        here = home()
        if here is None:
            return "Say which: `make address REPO=owner/name`, or REPO=none for no repository."
        if fault := complaint(here.repository):
            return fault
        print(f"   The files name {here.repository}, as they should.")
        return None
    repository = "" if asked == "none" else parse(asked)
    if repository is None:
        return f"REPO must be owner/name as on GitHub, as in REPO=ada/course, not {asked!r}."
    try:
        write(repository)
    except (OSError, ValueError) as error:
        return f"{error}"
    print(f"   The files name {repository or 'no repository'}: commit them.")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
