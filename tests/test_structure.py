"""The house is in order: the lessons' form, links, alternative texts, pins, sizes."""

import ast
import os
import re
import subprocess
import tomllib
import urllib.parse
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import yaml
from markdown_it import MarkdownIt
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cnnlib.questions import name_of
from scripts import address as home_address
from scripts.books import CHINESE

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "appendix" / "lesson-template.ipynb"
LESSONS = sorted(ROOT.glob("chapters/*.ipynb"))
NOTEBOOKS = LESSONS + sorted(ROOT.glob("appendix/*.ipynb"))
PAGES = [ROOT / name for name in ("index.md", "README.md", "CONTRIBUTING.md")]
PAGES += sorted(ROOT.glob("appendix/*.md")) + NOTEBOOKS

FIRST_HEADINGS = ["You will be able to", "Before you start"]
LAST_HEADINGS = ["In short", "Check yourself", "Exercises", "What's next", "References"]
HINT = r"<details>\n<summary>(First h|Second h|Third h|H)int</summary>\n\n.+\n\n</details>"
LONGEST_CELL = 15  # lines of code
READING = 150  # words a minute, of prose with mathematics
RUNNING, SOLVING = 0.5, 4  # minutes for a cell of code, and for an exercise
LARGEST_FILE = 12_000_000  # bytes

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)


def read(path: Path):
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def read_yaml(name: str):
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


def code_cells(notebook):
    """The cells of code that a reader of the book sees."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell for cell in code if "remove-cell" not in tags(cell)]


def importing(notebook):
    """The cell that imports what the lesson uses: the first that a reader sees but the opening."""
    return next(cell for cell in code_cells(notebook) if "opening" not in tags(cell))


def is_folded(cell) -> bool:
    """Whether JupyterLab and Colab show a cell's code on request only."""
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden")
    return hidden is True and cell.metadata.get("cellView") == "form"


def sections(notebook, mark: str) -> dict[str, list]:
    """The cells under each heading of one level; a cell may hold several headings."""
    found, title = {}, None
    for cell in notebook.cells:
        parts = [cell.source]
        if cell.cell_type == "markdown":
            parts = re.split(rf"^(?={mark} )", cell.source, flags=re.M)
        for part in parts:
            if cell.cell_type == "markdown" and part.startswith(f"{mark} "):
                title = part.splitlines()[0].removeprefix(f"{mark} ")
                assert title not in found, f"two headings are called {title!r}"
                found[title] = []
            if title is not None:
                found[title].append(nbformat.from_dict({**cell, "source": part}))
    return found


def text(cells) -> str:
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


# The lessons' form


def test_the_table_of_contents_lists_every_lesson_and_appendix_once():
    parts = read_yaml("_toc.yml")["parts"]
    listed = [chapter["file"] for part in parts for chapter in part["chapters"]]
    pages = [*ROOT.glob("chapters/*.*"), *ROOT.glob("appendix/*.*")]
    pages = [page for page in pages if page.is_file()]  # JupyterLab leaves folders behind
    there = [str(page.relative_to(ROOT).with_suffix("").as_posix()) for page in pages]
    assert sorted(listed) == sorted(there)
    lessons = [name for name in listed if name.startswith("chapters/")]
    assert lessons == sorted(lessons)
    assert lessons


@pytest.mark.parametrize("path", [*NOTEBOOKS, *CHINESE.lessons()], ids=lambda path: path.stem)
def test_notebook_is_valid_and_holds_no_outputs(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    ran = [cell.id for cell in code if cell.outputs or cell.execution_count is not None]
    assert not ran, "take the outputs out with `make tidy`"


@each_notebook
def test_lesson_opens_with_a_title_that_says_what_to_do_and_a_question(path):
    first = read(path).cells[0]
    assert first.cell_type == "markdown"
    opening = re.match(r"# ([A-Z]\w+) [^\n]+\n\n\*\*[^*\n]+\?\*\*$", first.source.strip())
    assert opening, "the first cell is `# Verb ...`, an empty line and `**One question?**`"
    assert opening[1] not in {"A", "An", "How", "The", "What", "Where", "Who", "Why"}


@each_notebook
def test_a_picture_opens_a_lesson_before_its_objectives(path):
    """Its cell has the tag `opening`, and runs before the lesson's imports."""
    cells = read(path).cells
    openings = [cell for cell in cells if "opening" in tags(cell)]
    assert openings == [cell for cell in openings if cell is cells[2]]
    for cell in openings:
        assert cells[1].id == "get-cnnlib"
        assert "hide-input" in tags(cell)
        assert is_folded(cell)
        assert draws(cell.source) or "interactive." in cell.source
        assert not re.search(r"^(import|from) (keras|tensorflow)", cell.source, re.M)


@each_notebook
def test_lesson_has_its_headings_in_order(path):
    headings = list(sections(read(path), "##"))
    assert headings[:2] == FIRST_HEADINGS
    assert headings[-len(LAST_HEADINGS) :] == LAST_HEADINGS
    assert len(headings) > len(FIRST_HEADINGS + LAST_HEADINGS), "there is no story"


@each_notebook
def test_lesson_says_what_it_teaches_what_it_needs_and_where_it_leads(path):
    section = sections(read(path), "##")
    goals = re.findall(r"^[-*] \w+", text(section["You will be able to"]), re.M)
    assert 3 <= len(goals) <= 6
    home = "../index.md" if path == LESSONS[-1] else ""
    assert f"]({home}" in text(section["What's next"])
    assert re.search(r"^[-*] \S", text(section["References"]), re.M)


def minutes(notebook) -> int:
    """How long a lesson takes, to the nearest five minutes."""
    words = len(text(notebook.cells).split())
    run = [cell for cell in code_cells(notebook) if not {"proof", "solution"} & tags(cell)]
    exercises = [title for title in sections(notebook, "###") if title.startswith("Exercise ")]
    total = words / READING + RUNNING * len(run) + SOLVING * len(exercises)
    return 5 * round(total / 5)


@each_notebook
def test_lesson_says_how_long_it_takes(path):
    notebook = read(path)
    said = re.search(r"\*\*Time:\*\* (\d+) minutes", text(notebook.cells))
    assert said, "say `**Time:** N minutes.` under Before you start"
    assert abs(int(said[1]) - minutes(notebook)) <= 5, f"about {minutes(notebook)} minutes"


@pytest.mark.parametrize("here", range(1, len(LESSONS)), ids=lambda here: LESSONS[here].stem)
def test_the_lesson_before_leads_here(here):
    before, lesson = LESSONS[here - 1 : here + 1]
    onward = text(sections(read(before), "##")["What's next"])
    assert f"]({lesson.name}" in onward, f"link to {lesson.name} under What's next in {before.name}"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_keeps_no_words_of_the_template(lesson):
    """A copy is no lesson yet: each of its texts is to be written."""
    own = {cell.source for cell in read(TEMPLATE).cells if cell.cell_type == "markdown"}
    kept = [c.id for c in read(lesson).cells if c.source in own and "\n" in c.source.strip()]
    assert not kept, f"write the cells {', '.join(kept)}"


@each_notebook
def test_the_one_hidden_cell_gets_cnnlib_where_it_is_missing(path):
    """The book does not show it; on Colab it is the first to run."""
    code = [cell for cell in read(path).cells if cell.cell_type == "code"]
    hidden = [cell for cell in code if "remove-cell" in tags(cell)]
    assert hidden == code[:1]
    assert hidden[0].id == "get-cnnlib"
    assert hidden[0].source == next(c.source for c in read(TEMPLATE).cells if c.id == "get-cnnlib")


@each_notebook
def test_the_first_code_cell_after_the_opening_imports_and_computes_nothing(path):
    first = ast.parse(importing(read(path)).source.replace("figures.use_style()", ""))
    imports = [line for line in first.body if isinstance(line, ast.Import | ast.ImportFrom)]
    constants = [
        line
        for line in first.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
    ]
    assert imports
    assert len(imports + constants) == len(first.body)


@each_notebook
def test_exercises_are_asked_checked_and_solved(path):
    exercises = sections(read(path), "###")
    exercises = {title: cells for title, cells in exercises.items() if "Exercise" in title}
    assert len(exercises) >= 2
    for number, (title, cells) in enumerate(exercises.items(), start=1):
        assert title.startswith(f"Exercise {number}: ")
        kinds = [(cell.cell_type, tag) for cell in cells for tag in sorted(tags(cell))]
        assert kinds[0] == ("markdown", "exercise"), title
        assert ("code", "exercise") in kinds, f"{title} has no cell for the answer"
        checks = [cell for cell in cells if "check" in tags(cell)]
        assert any("checks." in cell.source for cell in checks), f"{title} is not checked"
        solutions = [c for c in cells if c.cell_type == "code" and "solution" in tags(c)]
        assert solutions, f"{title} has no solution"
        for cell in solutions:
            assert "hide-cell" in tags(cell), title
        for cell in [*checks, *solutions]:
            assert is_folded(cell), f"{title}: what gives the answer away is folded"
        for cell in checks:
            assert "hide-input" in tags(cell), f"{title}: the code of a check holds the answer"
        hints = [cell for cell in cells if "hint" in tags(cell)]
        assert hints, f"{title} has no hint"
        for cell in hints:
            assert re.fullmatch(HINT, cell.source, re.S), f"{title}: fold the hint"
        order = [cells.index(some[0]) for some in (checks, hints, solutions)]
        assert order == sorted(order), f"{title}: first the check, then the hint, then the solution"


def asks_of(cells) -> list[str]:
    """What the folded cells of questions among these call."""
    asking = [cell for cell in cells if "quiz" in tags(cell)]
    for cell in asking:
        assert cell.cell_type == "code"
        assert "hide-input" in tags(cell)
        assert is_folded(cell)
    return [cell.source for cell in asking]


@each_notebook
def test_a_lesson_begins_with_questions_of_earlier_ones_and_a_quiz_closes_the_story(path):
    cells = sections(read(path), "##")
    name = name_of(path.stem)
    recall = [] if path == LESSONS[0] else [f'questions.recall("{name}")']
    assert asks_of(cells["Before you start"]) == recall
    assert asks_of(cells["Check yourself"]) == [f'questions.quiz("{name}")']


def asserts(statement: ast.stmt) -> bool:
    """Whether a statement does nothing but assert, once or in a loop."""
    if isinstance(statement, ast.For):
        return asserts(statement.body[-1])
    return isinstance(statement, ast.Assert)


@each_notebook
def test_what_only_proves_a_sentence_is_folded_into_it(path):
    for cell in code_cells(read(path)):
        if {"check", "solution"} & tags(cell):
            continue
        body = ast.parse(re.sub(r"^[%!].*$", "", cell.source, flags=re.M)).body
        if "proof" in tags(cell):
            assert asserts(body[-1]), f"cell {cell.id} is a proof and does not end in an assertion"
            assert not any(isinstance(line, ast.Expr) for line in body), (
                f"cell {cell.id} is a proof and shows something: make that a cell of its own"
            )
            assert is_folded(cell), f"cell {cell.id} is a proof: fold it"
        else:
            open_ones = [ast.unparse(line) for line in body if asserts(line)]
            assert not open_ones, f"cell {cell.id}: move {open_ones} into a cell tagged `proof`"


@each_notebook
def test_a_guess_is_folded_and_stands_right_before_the_output_it_asks_for(path):
    """The book hides the output of the cell below until the reader has guessed."""
    for cell, below in pairwise(read(path).cells):
        asks = cell.cell_type == "code" and "interactive.guess_" in cell.source
        assert ("guess" in tags(cell)) == asks, cell.id
        if asks:
            assert "hide-input" in tags(cell), cell.id
            assert is_folded(cell), cell.id
            last = ast.parse(below.source).body[-1]
            assert below.cell_type == "code", cell.id
            assert isinstance(last, ast.Expr), cell.id


@each_notebook
def test_cells_are_short(path):
    notebook = read(path)
    for cell in code_cells(notebook):
        if "solution" not in tags(cell) and cell is not importing(notebook):
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= LONGEST_CELL, f"cell {cell.id} has {len(lines)} lines"


# Pictures and links


def draws(source: str) -> bool:
    """Whether the cell itself, not a function it only defines, draws with figures or pyplot."""
    for statement in ast.parse(re.sub(r"^[%!].*$", "", source, flags=re.M)).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and re.match(
                r"figures\.draw_|canvas\.plot\b|"
                r"plt\.(figure|subplots|plot|imshow|bar|hist|scatter|show)\b",
                ast.unparse(node.func),
            ):
                return True
    return False


@each_notebook
def test_every_cell_that_draws_says_what_is_to_be_seen(path):
    silent = [
        cell.id
        for cell in code_cells(read(path))
        if draws(cell.source)
        and not cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "").strip()
    ]
    assert not silent, 'add {"mystnb": {"image": {"alt": "..."}}} to the metadata of these cells'


def markdown(path: Path) -> str:
    if path.suffix == ".md":
        return path.read_text("utf-8")
    return text(read(path).cells)


def links(path: Path):
    """What a page links to and shows: (kind, address, alternative text)."""
    for block in MarkdownIt("commonmark").enable("table").parse(markdown(path)):
        for token in block.children or []:
            if token.type == "link_open":
                yield "link", token.attrs["href"], None
            if token.type == "image":
                yield "image", token.attrs["src"], token.content


def anchors(path: Path) -> set[str]:
    """The places in a page that a link can name."""
    source = re.sub(r"^```.*?^```", "", markdown(path), flags=re.M | re.S)
    labels = re.findall(r"^\(([\w-]+)\)=$", source, re.M)
    headings = re.findall(r"^#+ (.+)$", source, re.M)
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {*labels, *(slug.strip().replace(" ", "-") for slug in slugs)}


@each_page
def test_every_link_and_picture_of_a_page_is_there(path):
    for _, address, _ in links(path):
        url = urllib.parse.urlsplit(address)
        if url.scheme:
            continue
        target = path.parent / urllib.parse.unquote(url.path) if url.path else path
        assert target.exists(), f"{address} is not there"
        if url.fragment and target.suffix in {".md", ".ipynb"}:
            assert url.fragment in anchors(target), f"{address} names no heading"


@each_page
def test_every_picture_of_a_page_says_what_is_to_be_seen(path):
    assert all(alt.strip() for kind, _, alt in links(path) if kind == "image")


@each_notebook
def test_every_source_of_a_lesson_is_in_the_bibliography(path):
    fields = re.findall(r"^  (url|doi) += \{(.+)\},$", (ROOT / "references.bib").read_text(), re.M)
    known = [text if name == "url" else f"https://doi.org/{text}" for name, text in fields]
    for _, address, _ in links(path):
        assert not address.startswith("http") or address.startswith(tuple(known)), address


# One truth for dependencies, names and sizes


def locked() -> list[str]:
    return (ROOT / "requirements.lock").read_text("utf-8").splitlines()


def locked_versions(name: str) -> list[str]:
    requirements = map(Requirement, locked())
    return [str(r.specifier).removeprefix("==") for r in requirements if r.name == name]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def asked_for(*extras: str) -> list[Requirement]:
    lists = [project()["dependencies"], *(project()["optional-dependencies"][e] for e in extras)]
    return [Requirement(line) for lines in lists for line in lines]


def test_the_lock_holds_what_the_project_asks_for():
    for requirement in asked_for(*project()["optional-dependencies"]):
        versions = locked_versions(requirement.name)
        assert versions, f"{requirement.name} is not locked: run `make lock`"
        assert all(version in requirement.specifier for version in versions), str(requirement)


def locked_for(group: str) -> dict[str, str]:
    """Versions in the lock of an environment of its own, by name."""
    lines = map(Requirement, (ROOT / f"{group}.lock").read_text("utf-8").splitlines())
    return {line.name: str(line.specifier).removeprefix("==") for line in lines}


@pytest.mark.parametrize("group", ["lite", "hub"])
def test_the_lock_of_an_environment_of_its_own_holds_what_is_asked_for(group):
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    for requirement in map(Requirement, groups[group]):
        assert locked_for(group)[requirement.name] in requirement.specifier, "run `make lock`"


def test_readers_on_the_hub_find_no_package_twice():
    """Their servers see the hub's packages before those of the course."""
    for name, version in locked_for("hub").items():
        assert locked_versions(name) in ([], [version]), f"{name}: run `make lock`"


def test_the_environment_is_the_lock():
    here = [r for r in map(Requirement, locked()) if r.marker is None or r.marker.evaluate()]
    assert {r.name: metadata.version(r.name) for r in here} == {
        r.name: str(r.specifier).removeprefix("==") for r in here
    }


def test_every_installed_package_has_what_it_needs():
    installed = {canonicalize_name(d.name): d for d in metadata.distributions()}
    for package in installed.values():
        for requirement in map(Requirement, package.requires or []):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed = installed.get(canonicalize_name(requirement.name))
                assert needed, f"{package.name} needs {requirement}"
                assert requirement.specifier.contains(needed.version, prereleases=True), (
                    package.name
                )


def test_binder_gets_the_locked_versions_of_what_the_lessons_import():
    conda = read_yaml("environment.yml")["dependencies"]
    pins = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    assert set(pins) <= set(locked()), "run `make lock`"
    assert {Requirement(pin).name for pin in pins} == {r.name for r in asked_for("lessons")}


def test_the_project_names_one_address_or_none():
    (repository,) = home_address.named()
    assert home_address.base() == (
        home_address.site(repository) if repository else home_address.NOWHERE
    )


def test_on_github_the_project_names_no_other_repository():
    here = os.environ.get("GITHUB_REPOSITORY")
    (repository,) = home_address.named()
    assert not (here and repository) or home_address.complaint(here) is None, (
        home_address.complaint(here)
    )


def test_the_citation_names_the_version_of_the_project():
    assert read_yaml("CITATION.cff")["version"] == project()["version"]


def test_no_tracked_file_is_too_large_to_clone():
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    sizes = {name: (ROOT / name).stat().st_size for name in names if (ROOT / name).is_file()}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > LARGEST_FILE} == {}


def test_the_example_in_the_readme_runs(capsys):
    example = re.search(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S
    )
    exec(compile(example[1], "README.md", "exec"), {})
    assert "parameters" in capsys.readouterr().out
