"""What the library says to readers, it says in Chinese too: all of it, with all that is put in."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from cnnlib import language
from cnnlib.interactive import element

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "cnnlib").rglob("*.[jp][sy]"))
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
