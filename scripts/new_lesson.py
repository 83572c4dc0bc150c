"""Begin a lesson: copy the template into chapters/ and list it in the table of contents.

Its questions go into the bank, cnnlib/questions, and stand in the order of lessons there.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORM = r"\d\d-[a-z0-9]+(-[a-z0-9]+)*"
TEMPLATE = "lesson-template"
IN_CONTENTS = "^ *- file: chapters/{}\n"
IN_BANK = '^    "chapters/{}",\n'


def new_lesson(name: str, root: Path = ROOT) -> Path:
    """Make chapters/NAME.ipynb; the lists of lessons keep the order of the numbers."""
    if not re.fullmatch(FORM, name):
        raise ValueError(f"NAME must be two digits and words, as in 18-new-idea, not {name!r}")
    number, _, title = name.partition("-")
    bank = root / "cnnlib" / "questions"
    questions = bank / f"on_{title.replace('-', '_')}.py"
    taken = [path.stem for path in root.glob("chapters/*.ipynb") if path.stem[:2] == number]
    if taken:
        raise ValueError(f"number {number} is taken by {taken[0]}: choose another")
    if questions.exists():
        raise ValueError(f"{title} has questions in {questions.relative_to(root)}: choose a name")
    for path, form in ((root / "_toc.yml", IN_CONTENTS), (bank / "__init__.py", IN_BANK)):
        path.write_text(listed(path.read_text("utf-8"), name, form), "utf-8")
    questions.write_text((bank / "on_lesson_template.py").read_text("utf-8"), "utf-8")
    lesson = root / "chapters" / f"{name}.ipynb"
    template = (root / "appendix" / f"{TEMPLATE}.ipynb").read_text("utf-8")
    lesson.write_text(template.replace(f'(\\"{TEMPLATE}\\")', f'(\\"{title}\\")'), "utf-8")
    return lesson


def listed(text: str, name: str, form: str) -> str:
    """A list of lessons with one more, behind those with smaller numbers."""
    entries = list(re.finditer(form.format(r"(\S+?)"), text, re.M))
    before = [entry for entry in entries if entry[1] < name]
    entry = (before or entries[:1])[-1]
    place = entry.end() if before else entry.start()
    return text[:place] + entry[0].replace(entry[1], name) + text[place:]


if __name__ == "__main__":
    try:
        made = new_lesson(*sys.argv[1:2] or [""])
    except ValueError as error:
        sys.exit(str(error))
    print(f"   {made.relative_to(ROOT)} is a copy of the template: write each of its cells,")
    print("   and its questions in cnnlib/questions; link to it from the lesson before, then")
    print("   `make test`.")
