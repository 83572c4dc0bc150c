"""Begin a lesson: copy the template into chapters/ and list it in the table of contents."""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORM = r"\d\d-[a-z0-9]+(-[a-z0-9]+)*"


def new_lesson(name: str, root: Path = ROOT) -> Path:
    """Make chapters/NAME.ipynb; the table of contents keeps the order of the numbers."""
    if not re.fullmatch(FORM, name):
        raise ValueError(f"NAME must be two digits and words, as in 14-new-idea, not {name!r}")
    taken = [path.stem for path in root.glob("chapters/*.ipynb") if path.stem[:2] == name[:2]]
    if taken:
        raise ValueError(f"number {name[:2]} is taken by {taken[0]}: choose another")
    lesson = root / "chapters" / f"{name}.ipynb"
    toc = root / "_toc.yml"
    toc.write_text(listed(toc.read_text("utf-8"), name), "utf-8")
    shutil.copyfile(root / "appendix" / "lesson-template.ipynb", lesson)
    return lesson


def listed(toc: str, name: str) -> str:
    """The table of contents with one lesson more, behind those with smaller numbers."""
    entries = list(re.finditer(r"^( *)- file: chapters/(\S+)\n", toc, re.M))
    before = [entry for entry in entries if entry[2] < name]
    entry = (before or entries[:1])[-1]
    place = entry.end() if before else entry.start()
    return f"{toc[:place]}{entry[1]}- file: chapters/{name}\n{toc[place:]}"


if __name__ == "__main__":
    try:
        made = new_lesson(*sys.argv[1:2] or [""])
    except ValueError as error:
        sys.exit(str(error))
    print(f"   {made.relative_to(ROOT)} is a copy of the template: write each of its cells,")
    print("   link to it from the lesson before, then `make test`.")
