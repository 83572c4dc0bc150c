"""In which language does the library speak to the reader of a lesson?

Python marks a sentence with `say("... {n} ...", n=n)`, JavaScript with the tag say`... ${n} ...`.
A catalogue holds each of them in one language, keyed by the English sentence as the source has it.
Errors and documentation are English everywhere.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "zh")
TAGS = {"en": "en", "zh": "zh-CN"}  # as HTML names them

_current = "en"


def use(language: str) -> None:
    """Speak this language from now on: "en" for English, "zh" for Chinese.

    >>> use("zh")
    >>> say("{answer} is not it{hint}.", answer=150, hint="")
    '150不对。'
    >>> use("en")

    A `ValueError` names the languages there are.
    """
    global _current
    if language not in LANGUAGES:
        raise ValueError(f"no language is called {language!r}: there are {', '.join(LANGUAGES)}")
    _current = language


def current() -> str:
    """The language that is spoken.

    >>> current()
    'en'
    """
    return _current


def say(text: str, **values: object) -> str:
    """The sentence in the language that is spoken, with values put in.

    >>> say("{rows} rows", rows=3)
    '3 rows'

    What the catalogue lacks is said in English; a test finds it.
    """
    return catalogue(_current).get(text, text).format(**values)


@cache
def catalogue(language: str) -> dict[str, str]:
    """The sentences of a language, by the English ones.

    >>> catalogue("en")
    {}
    """
    if language == "en":
        return {}
    return json.loads((files(__name__) / f"{language}.json").read_text("utf-8"))
