"""Does the Chinese course say what the English one says? It lists where not: `translation.py`.

A twin holds the same pieces as its English file: the cells of a notebook, the sections of a page,
all of a module with questions. Each piece carries two digests, of the English that it translates
and of itself. Where the English has changed since, it is stale until it is changed as well; a run
of this script then takes the new text for the new translation. A piece that is right as it stands
is named: `translation.py FILE:CELL ...`.
"""

import ast
import calendar
import copy
import hashlib
import io
import json
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
TWINS = ROOT / "zh"
LATIN = TWINS / "latin-words.yml"
QUESTIONS = ROOT / "cnnlib" / "questions"
CHINESE = re.compile(r"[\u3400-\u9fff]")
MARK = re.compile(r"\n*(?:<!--|#) translates (\w+) (\w+)(?: -->)?\n*$")

CODE = re.compile(
    r"^(```|:::)[^\n]*\n.*?^\1$|^:{4,}[^\n]*$|(?:\{[a-z:]+\})?`[^`\n]+`|\bcnnlib(?:\.\w+)+",
    re.M | re.S,
)
PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.S)
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)|<(https?://[^>]+)>")
COMMENT = re.compile(r"(?<=  )#[^\n]*")  # of a command
TAG = re.compile(r"</?[a-z][^>]*>")
HYPHEN = re.compile(r"(?<=[A-Za-z])-|(?i:\btop-\d)")  # no minus; and Chinese has words for top-5
MONTHS = calendar.month_name[1:]
MONTH = re.compile(rf"(?<=\d )({'|'.join(MONTHS)})(?= \d)")
UNITS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "万": 1e4, "百万": 1e6, "亿": 1e8}
NUMBER = re.compile(
    rf"(?<![A-Za-z0-9_.])([-−]?\d(?:[\d,]*\d)?(?:\.\d+)?)(?!\d)(?: ?({'|'.join(UNITS)}))?"
)
STRONG, EMPHASIS = re.compile(r"\*\*[^*]+\*\*"), re.compile(r"(?<!\*)\*[^*\n]+\*(?!\*)")
LATIN_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’]+(?:-[A-Za-z]+)*")
SENTENCE = re.compile(r"\b[a-z]{2,}[,;:]? [a-z]{2,}\b")
HALF_WIDTH = re.compile(r"[\u3400-\u9fff](?:[,;:?!]|\.(?=\s|$))|[,;:?!][\u3400-\u9fff]")
ADDRESS = re.compile(r'^REPOSITORY = ".*"$', re.M)  # written by `make address` after translation
# Where Chinese has English: settings of a page, a term in brackets, an entry of the glossary.
SETTINGS = re.compile(r"\A---\n.*?\n---\n", re.S)
FORMAT = re.compile(r",?(?:\.\d+)?[a-rt-zA-Z%]?$")  # of a number, but for its width
ORIGINAL = re.compile(r"（[A-Za-z][\w,-]*(?: [\w,-]+){0,5}）|^\*\*[A-Za-z][\w -]*\*\* · ", re.M)
REFERENCES = "## 参考文献"
ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) |^\|", re.M)


@dataclass(frozen=True)
class Piece:
    """What is translated at a time: its text, the words for who cannot see it, and its digests."""

    name: str
    kind: str  # markdown, code or module
    text: str
    alt: str = ""
    tags: tuple[str, ...] = ()
    settings: str = ""  # all else that a notebook says of a cell
    translates: tuple[str, str] = (
        "",
        "",
    )  # digests of the English and of this, when last looked at

    @property
    def digest(self) -> str:
        """What stands for its words."""
        words = json.dumps([self.kind, self.text, self.alt], ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()[:10]


def pairs() -> Iterator[tuple[Path, Path]]:
    """Each English file of the course that is translated, and its twin."""
    pages = [ROOT / "index.md", *ROOT.glob("appendix/*.md"), *ROOT.glob("*/*.ipynb")]
    for path in sorted(pages):
        yield path, TWINS / path.relative_to(ROOT)
    yield ROOT / "README.md", ROOT / "README.zh.md"
    for path in sorted(QUESTIONS.glob("on_*.py")):
        yield path, QUESTIONS / "zh" / path.name


def pieces(path: Path) -> list[Piece]:
    """The pieces of a file, in order."""
    source = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        return [piece(cell) for cell in json.loads(source)["cells"]]
    kind = "module" if path.suffix == ".py" else "markdown"
    parts = [source] if kind == "module" else sections(source)
    return [
        Piece(str(number), kind, MARK.sub("", part).strip(), translates=marks(part))
        for number, part in enumerate(parts)
    ]


def piece(cell: dict) -> Piece:
    metadata = copy.deepcopy(cell["metadata"])
    translates = metadata.pop("translates", "- -")
    alt = metadata.get("mystnb", {}).get("image", {}).pop("alt", "")
    return Piece(
        cell["id"],
        cell["cell_type"],
        ADDRESS.sub('REPOSITORY = ""', "".join(cell["source"])),
        alt,
        tuple(metadata.pop("tags", ())),
        json.dumps(metadata, sort_keys=True),
        tuple(translates.split()),
    )


def sections(page: str) -> list[str]:
    """A page, cut before each heading of the second and third level.

    >>> sections("# One\\n\\nTwo\\n\\n## Three\\n")
    ['# One\\n\\nTwo\\n\\n', '## Three\\n']
    """
    return re.split(r"^(?=###? )", page, flags=re.M)


def marks(part: str) -> tuple[str, str]:
    found = MARK.search(part)
    return (found[1], found[2]) if found else ("-", "-")


def write_marks(path: Path, wanted: dict[str, str]) -> None:
    """Write down, for the named pieces, which English they translate."""
    source = path.read_text("utf-8")
    own = {
        part.name: f"{wanted[part.name]} {part.digest}"
        for part in pieces(path)
        if part.name in wanted
    }
    if path.suffix == ".ipynb":
        notebook = json.loads(source)
        for cell in notebook["cells"]:
            if cell["id"] in own:
                cell["metadata"]["translates"] = own[cell["id"]]
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return
    parts = [source] if path.suffix == ".py" else sections(source)
    comment = (
        "\n\n\n# translates {}\n" if path.suffix == ".py" else "\n\n<!-- translates {} -->\n\n"
    )
    for number, part in enumerate(parts):
        if str(number) in own:
            parts[number] = MARK.sub("", part).rstrip("\n") + comment.format(own[str(number)])
    path.write_text("".join(parts).rstrip("\n") + "\n", "utf-8")


def faults(english: Piece, chinese: Piece) -> list[str]:
    """In what a piece differs from the one that it translates, but for the language."""
    if (english.name, english.kind, english.tags) != (chinese.name, chinese.kind, chinese.tags):
        return [f"stands where {english.name} ({english.kind}, {english.tags}) should"]
    if english.settings != chinese.settings:
        return [f"is set otherwise: {chinese.settings}, not {english.settings}"]
    if english.kind == "markdown":
        found = prose_faults(english.text, chinese.text)
    else:
        found = code_faults(english.text, chinese.text)
    if bool(english.alt) != bool(chinese.alt) or bool(chinese.alt) != bool(
        CHINESE.search(chinese.alt)
    ):
        found.append("its alt text is not a Chinese one")
    return found + differences(
        "numbers of the alt text", numbers(english.alt), numbers(chinese.alt)
    )


def prose_faults(english: str, chinese: str) -> list[str]:
    """What two texts must have in common."""
    found = []
    kinds = {
        "code": lambda text: [
            COMMENT.sub("#", part[0]).replace("../../appendix/", "").replace("tree/zh/", "tree/")
            for part in CODE.finditer(PROGRAM.sub("", text))
        ],
        "formulas": lambda text: map(without_words, FORMULA.findall(text)),
        "links": lambda text: [
            re.sub(r"^zh/|\.zh(?=\.md)", "", target) or bare
            for _, target, bare in LINK.findall(text)
        ],
        "tags": lambda text: TAG.findall(text),
        "headings": lambda text: re.findall(r"^#+ ", text, re.M),
        "list items and rows": lambda text: map(str.strip, ITEM.findall(text)),
        "strong words": lambda text: ["**"] * len(STRONG.findall(text)),
        "emphasis": lambda text: ["*"] * len(EMPHASIS.findall(text)),
        "numbers": lambda text: numbers(plain(text)),
    }
    for name, find in kinds.items():
        bare = [text if name == "code" else CODE.sub(" ", text) for text in (english, chinese)]
        found += differences(name, *map(find, bare))
    for ours, theirs in zip(*map(PROGRAM.findall, (english, chinese)), strict=False):
        found += code_faults(ours, theirs)
    found += differences(
        "programs", *(["Python"] * len(PROGRAM.findall(t)) for t in (english, chinese))
    )
    if LATIN_WORD.search(plain(english)) and not CHINESE.search(chinese):
        strange = set(LATIN_WORD.findall(plain(english))) - latin_words()
        found += ["is not translated"] if strange else []
    elif chinese.startswith(REFERENCES):
        pass  # authors and titles
    elif strange := sorted(
        set(LATIN_WORD.findall(ORIGINAL.sub("", plain(chinese)))) - latin_words()
    ):
        found.append(f"has English words: {', '.join(strange)}")
    if halves := HALF_WIDTH.findall(plain(chinese)):
        found.append(f"has half-width punctuation: {' '.join(halves)}")
    return found


def without_words(formula: str) -> str:
    r"""A formula but for what it says in words.

    >>> without_words(r"$\text{rows} = 3$")
    '$\\text{} = 3$'
    """
    return re.sub(r"\\(text|mathrm|textit)\{[^}]*\}", r"\\\1{}", formula)


def plain(text: str) -> str:
    """The words of a text alone: no code, formulas, tags, files, titles of works elsewhere."""
    text = FORMULA.sub(" ", CODE.sub(" ", SETTINGS.sub("", text)))
    text = LINK.sub(lambda link: " " if "://" in link[0] else f" {link[1]} ", text)
    text = re.sub(r"[\w/.-]+\.(?:md|cff|html)\b|\b\d\d-[a-z-]+", " ", text)
    return TAG.sub(" ", text)


def numbers(text: str) -> list[str]:
    """The numbers of a text; what is counted in millions or in 万 is the same number.

    >>> numbers("61,706 of 5×5, −2.5, C3"), numbers("62 million") == numbers("6200万")
    (['61,706', '5', '5', '−2.5'], True)
    """
    found, text = [], MONTH.sub(lambda name: str(MONTHS.index(name[0]) + 1), text)
    for number, unit in NUMBER.findall(HYPHEN.sub(" ", text)):
        large = float(number.replace(",", "").replace("−", "-")) * UNITS[unit] if unit else 0
        found.append(f"{large:.6g}" if unit else number)
    return found


def differences(name: str, ours, theirs) -> list[str]:
    ours, theirs = Counter(ours), Counter(theirs)
    lost, new = list((ours - theirs).elements()), list((theirs - ours).elements())
    said = [f"lacks {lost}"] * bool(lost) + [f"has {new}"] * bool(new)
    return [f"{name}: {', '.join(said)}"] if said else []


def code_faults(english: str, chinese: str) -> list[str]:
    """Where code differs in more than words, and which words are English still."""
    found, pair = [], []
    for source in (english, chinese):
        try:
            pair.append(ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.M)))
        except SyntaxError as error:
            return [f"is no Python: {error}"]
    ours, theirs = map(texts, pair)
    if len(ours) != len(theirs):
        return [f"has {len(theirs)} strings, not {len(ours)}"]
    if len({ast.dump(Wordless().visit(tree)) for tree in pair}) > 1:
        return ["its code is not the same"]
    for our, their in zip(ours, theirs, strict=True):
        found += text_faults(our, their)
    said = [comments(source) for source in (english, chinese)]
    found += ["lacks a comment"] * (len(said[1]) < len(said[0]))  # names may be explained
    found += differences("numbers of comments", *(numbers(plain(" ".join(each))) for each in said))
    for comment in said[1]:
        if SENTENCE.search(comment) and not CHINESE.search(comment):
            found.append(f"its comment is English: {comment}")
    return found


def text_faults(our: ast.expr, their: ast.expr) -> list[str]:
    """What is wrong with a string as the translation of another."""
    kept = {text for text in inner_texts(their) if not CHINESE.search(text)}
    (ours, values), (theirs, given) = (parts(text, kept) for text in (our, their))
    found = differences(f"values in {theirs!r}", values, given)
    if ours == theirs:
        if SENTENCE.search(ours) and not is_code(ours) and ours not in quoted():
            found.append(f"is not translated: {ours!r}")
    elif (
        not CHINESE.search(theirs)
        and re.search(r"\w", ours + theirs)
        and ours not in ("en", "en-GB")
    ):
        found.append(f"is changed, and not into Chinese: {theirs!r}")
    else:
        found += differences(f"numbers in {theirs!r}", numbers(plain(ours)), numbers(plain(theirs)))
        found += differences(f"code in {theirs!r}", CODE.findall(ours), CODE.findall(theirs))
    return found


def is_code(text: str) -> bool:
    """Whether a string is a program, or an address."""
    try:
        return text.startswith("http") or bool(ast.parse(text.strip()).body)
    except SyntaxError:
        return False


class Wordless(ast.NodeTransformer):
    """A syntax tree without the words of its strings, but for those that stay as they are."""

    def __init__(self, kept: Collection[str] = ()):
        self.kept = kept

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        words = isinstance(node.value, str) and node.value not in self.kept
        return ast.Constant("") if words else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.Constant:
        return ast.Constant("")


def texts(tree: ast.AST) -> list[ast.expr]:
    """The strings of a program, in the order in which they stand; what is within one is its own."""
    found = []
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.JoinedStr) or is_text(child):
            found.append(child)
        else:
            found += texts(child)
    return found


def inner_texts(text: ast.expr) -> list[str]:
    """The strings within what is put into a string."""
    values = [part.value for part in getattr(text, "values", ()) if not is_text(part)]
    return [node.value for value in values for node in ast.walk(value) if is_text(node)]


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def parts(text: ast.expr, kept: Collection[str] = ()) -> tuple[str, list[str]]:
    """The words of a string, and what is put in; not what chooses between two words."""
    if isinstance(text, ast.Constant):
        return text.value, []
    words, values = [], []
    for part in text.values:
        if isinstance(part, ast.Constant):
            words.append(part.value)
        elif not is_a_choice_of_words(part.value):
            value = ast.unparse(Wordless(kept).visit(copy.deepcopy(part.value)))
            values.append(f"{value}!{part.conversion}:{form(part.format_spec)}")
    return "".join(words), values


def form(spec: ast.JoinedStr | None) -> str:
    """How a value is written, but for the width of its column."""
    texts = filter(is_text, spec.values if spec else ())
    return FORMAT.search("".join(part.value for part in texts))[0]


def is_a_choice_of_words(node: ast.expr) -> bool:
    """Whether it is `"" if n == 1 else "s"` or the like, of which Chinese has no need."""
    ends = (node.body, node.orelse) if isinstance(node, ast.IfExp) else ()
    return bool(ends) and all(map(is_text, ends))


def comments(source: str) -> list[str]:
    lines = io.StringIO(source).readline
    tokens = []
    try:
        tokens += tokenize.generate_tokens(lines)
    except (tokenize.TokenError, SyntaxError):  # a line for IPython alone
        return re.findall(r"(?:^|\s)(# .*)$", source, re.M)
    return [
        token.string
        for token in tokens
        if token.type == tokenize.COMMENT and not re.search("noqa|fmt:", token.string)
    ]


def latin_words() -> set[str]:
    """The words of Latin letters that a Chinese text may have."""
    if not LATIN.exists():
        return set()
    groups = yaml.safe_load(LATIN.read_text("utf-8"))
    return {word for group in groups.values() if isinstance(group, str) for word in group.split()}


def quoted() -> list[str]:
    """What other programs say, and a lesson compares."""
    return yaml.safe_load(LATIN.read_text("utf-8"))["said by other programs"]


def stale(english: Piece, chinese: Piece) -> bool:
    """Whether the English has changed since it was translated, or the twin since then."""
    return (english.digest, chinese.digest) != chinese.translates


def mended(english: Piece, chinese: Piece) -> bool:
    """Whether the twin of a changed piece has been changed as well, or only polished."""
    return stale(english, chinese) and chinese.digest != chinese.translates[1]


def look(english: Path, chinese: Path) -> Iterator[tuple[str, list[str]]]:
    """Each piece of a file that is not right, and why."""
    if not chinese.exists():
        yield "*", ["has no twin"]
        return
    ours, theirs = pieces(english), pieces(chinese)
    if [part.name for part in ours] != [part.name for part in theirs]:
        names = Counter(part.name for part in ours)
        others = Counter(part.name for part in theirs)
        lacks, more = sorted(names - others), sorted(others - names)
        yield "*", [f"its pieces are others or in another order: lacks {lacks}, has {more}"]
    known = {part.name: part for part in theirs}
    for our in ours:
        their = known.get(our.name)
        if their:
            found = faults(our, their)
            if stale(our, their):
                found.append("is stale: the English has changed, or it has and was not looked at")
            if found:
                yield our.name, found


def main(accepted: list[str]) -> int:
    """Take what was mended for translated, and list what is left."""
    left = 0
    for english, chinese in pairs():
        place = chinese.relative_to(ROOT).as_posix()
        if chinese.exists():
            ours = {part.name: part for part in pieces(english)}
            both = [(ours[part.name], part) for part in pieces(chinese) if part.name in ours]
            done = {
                our.name: our.digest
                for our, their in both
                if mended(our, their) or (stale(our, their) and f"{place}:{our.name}" in accepted)
            }
            if done:
                write_marks(chinese, done)
        for name, found in look(english, chinese):
            left += 1
            print(f"{place}:{name}: {'; '.join(found)}")
    print(f"   {left} pieces are left to translate or to mend" if left else "   Nothing is left")
    return bool(left)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
