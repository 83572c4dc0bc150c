"""Which rules of a style sheet can any page use? The rest, most of the theme's, is left out."""

import re
from itertools import pairwise

import tinycss2

NESTED = {"media", "supports"}
WORD = re.compile(r"[A-Za-z_][\w-]*")
NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')


def names_in_page(html: str) -> set[str]:
    """Classes and ids that a page's elements have."""
    return {name for value in NAMES.findall(html) for name in value.split()}


def words_in_script(script: str) -> set[str]:
    """Everything in a script that could be the name of a class or an id."""
    return set(WORD.findall(script))


def prune(css: str, used: set[str]) -> str:
    """The rules whose selectors name only classes and ids in use, or none."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return tinycss2.serialize(list(kept(rules, used)))


def kept(rules, used: set[str]):
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [each for each in split(rule.prelude) if names(each) <= used]
            if selectors:
                rule.prelude = join(selectors)
                yield rule
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTED:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            rule.content = list(kept(inner, used))
            if rule.content:
                yield rule
        else:
            yield rule


def split(prelude) -> list[list]:
    """The selectors of a list; a comma within :not(...) is no comma of the list's."""
    selectors = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def join(selectors: list[list]) -> list:
    comma = tinycss2.parse_one_component_value(",")
    return [token for selector in selectors for token in (comma, *selector)][1:]


def names(selector) -> set[str]:
    """The classes and ids that an element must have; what stands within :not(...) is no must."""
    pairs = pairwise(selector)
    classes = {name.value for dot, name in pairs if dot == "." and name.type == "ident"}
    return classes | {token.value for token in selector if token.type == "hash"}
