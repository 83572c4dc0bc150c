"""What the library says to readers, it says in Chinese too: all of it, with all that is put in."""

import ast
import json
import re
from pathlib import Path
from string import Formatter

import pytest

from cnnlib import checks, interactive, language
from cnnlib.interactive import element

SOURCES = sorted(Path(language.__file__).parents[1].rglob("*.[jp][sy]"))
CHINESE = re.compile("[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]")
# What is Chinese by what is put in.
ALIKE = {"${told} ${unit}", '${what}${list.length === 1 ? "" : "s"} ${list.join(", ")}'}
PLURAL = re.compile(r'[\w.]+ === 1 \? "\w*" : "\w+"')


def spoken_in_python(source):
    """The first argument of each call of say()."""
    for node in ast.walk(ast.parse(source)):
        called = getattr(node, "func", None)
        if "say" in (getattr(called, "id", None), getattr(called, "attr", None)):
            first = node.args[0]
            yield first.value if isinstance(first, ast.Constant) else ast.unparse(first)


def spoken_in_javascript(source):
    """Each text marked by say`...`, those within others too."""
    for found in re.finditer(re.escape(element.TAG), source):
        rest = source[found.end() :]
        yield rest[: element._end(rest)]


def spoken_in(name, source):
    return set((spoken_in_javascript if name.endswith(".js") else spoken_in_python)(source))


def expressions(text):
    """What JavaScript puts in between ${ and }."""
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        if letter == "{" and (depth or text[at - 1 : at] == "$"):
            depth, start = depth + 1, start if depth else at + 1
        elif letter == "}" and depth:
            depth -= 1
            found += [] if depth else [text[start:at]]
    return found


def put_in(text):
    """All that stands for something else; in Chinese there is no plural to choose."""
    if "${" in text:
        return {each for each in expressions(text) if not PLURAL.fullmatch(each)}
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def faults(sources, catalogue):
    """All that is wrong with a catalogue for sources, texts by the names of their files."""
    keys = set().union(*(spoken_in(*each) for each in sources.items()))
    yield from (f"not in Chinese: {key!r}" for key in keys - set(catalogue))
    yield from (f"said nowhere: {key!r}" for key in set(catalogue) - keys)
    squeezed = {}
    for key, chinese in catalogue.items():
        other = squeezed.setdefault("".join(key.split()), key)
        if other is not key:
            yield f"the same but for blanks: {key!r} and {other!r}"
        if put_in(key) != put_in(chinese):
            yield f"puts in something else: {chinese!r} for {key!r}"
        if not CHINESE.search(chinese) and key not in ALIKE:
            yield f"not Chinese: {chinese!r} for {key!r}"


def test_the_catalogue_says_all_there_is_to_say_and_nothing_else():
    sources = {str(path): path.read_text("utf-8") for path in SOURCES}
    assert sorted(faults(sources, language.catalogue("zh"))) == []


def test_the_catalogue_is_in_order():
    written = Path(language.__file__).with_name("zh.json").read_text("utf-8")
    catalogue = json.loads(written)
    assert list(catalogue) == sorted(catalogue)
    assert written == json.dumps(catalogue, ensure_ascii=False, indent=2) + "\n"


ROWS = '${n} row${n === 1 ? "" : "s"}'
SAID = {"a.py": 'say("{n} rows", n=3)', "b.js": f"say`{ROWS}`"}
MEANT = {"{n} rows": "{n}行", ROWS: "${n}行"}
NESTED = "one ${x ? say`two` : {}}"
TITLE = "language.say(TITLE)"
FAULTS = {
    "not in Chinese: 'one'": ({"a.py": "print(f\"{say('one')}\")"}, {}),
    "not in Chinese: 'two'": ({"b.js": f"f(say`{NESTED}`)"}, {NESTED: f"一{NESTED[3:]}"}),
    "not in Chinese: 'TITLE'": ({"a.py": TITLE}, {}),
    "said nowhere: 'one'": ({"a.py": '"one"', "b.js": "`one`"}, {"one": "一"}),
    "puts in something else: '{m}行' for": (SAID, MEANT | {"{n} rows": "{m}行"}),
    "puts in something else: '行' for": (SAID, MEANT | {"{n} rows": "行"}),
    "puts in something else: '${m}行' for": (SAID, MEANT | {ROWS: "${m}行"}),
    "not Chinese: '{n} rows' for": (SAID, MEANT | {"{n} rows": "{n} rows"}),
    "the same but for blanks: 'o ' and 'o'": (
        {"b.js": "say`o ` + say`o`"},
        {"o": "一", "o ": "一"},
    ),
}


def test_a_catalogue_that_says_what_is_said_has_no_faults():
    assert list(faults(SAID, MEANT)) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault):
    (found,) = faults(*FAULTS[fault])
    assert found.startswith(fault)


def test_a_language_that_nobody_speaks_is_refused():
    with pytest.raises(ValueError, match="called 'tlh': there are en, zh"):
        language.use("tlh")


def test_a_verdict_is_spoken_when_it_is_given(chinese):
    theirs = checks.number(..., 3)
    language.use("en")
    assert repr(theirs) == "◻ 还没有回答：把三个点换成你的答案。"
    assert (
        repr(checks.number(..., 3)) == "◻ Not answered yet: put your answer in place of the dots."
    )


def test_a_figure_keeps_the_language_in_which_it_was_made_and_tells_it(chinese):
    theirs = interactive.shape_calculator()
    language.use("en")
    ours = interactive.shape_calculator()
    assert theirs._repr_html_().startswith('<cnn-shape-calculator lang="zh-CN" data-options=\'{')
    assert ours._repr_html_().startswith("<cnn-shape-calculator data-options='{")
    assert "窗口" not in ours._repr_html_()


@pytest.mark.parametrize("spoken", language.LANGUAGES)
@pytest.mark.parametrize("name", element.MORE)
def test_no_mark_travels_to_the_page(name, spoken):
    script = element.script(name, spoken)
    assert element.TAG not in script
    assert bool(re.search("[\u4e00-\u9fff]", script)) == (spoken == "zh")


@pytest.mark.parametrize("name", element.MORE)
def test_chinese_weighs_hardly_more(name):
    ours, theirs = (len(element.script(name, spoken).encode()) for spoken in language.LANGUAGES)
    assert theirs <= 1.02 * ours
