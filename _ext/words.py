"""The site's own words and the theme's, in the language of the book.

Our extensions mark a sentence with `say("...")`, our scripts with the tag say`...`. What the theme
says in English alone is exchanged in the finished pages, but for the text of their articles.
`zh.json` has the Chinese for all three.
"""

import json
import re
from pathlib import Path

from cnnlib import language

CATALOGUE = json.loads(Path(__file__).with_name("zh.json").read_text("utf-8"))
SAID = re.compile(r"\bsay`([^`]*)`")
TOLD = re.compile(r"""(?<=(?:title|label)=")[^"]+(?=")|(?<=placeholder=")[^"]+(?=")""")
READ = re.compile(r"(?<=>)[^<>]+(?=<)")
COPYRIGHT = re.compile(r"© Copyright (\d+)\.")
WRITERS = ("html", "singlehtml")
ARTICLE = re.compile(r"<article\b.*?</article>", re.S)


def say(text: str, **values: object) -> str:
    """The sentence in the language that is spoken, with values put in."""
    spoken = CATALOGUE.get(text, text) if language.current() == "zh" else text
    return spoken.format(**values)


def exchange_shown(page: str) -> str:
    """The page with the theme's words in the language that is spoken."""

    def exchanged(part: str) -> str:
        return READ.sub(in_its_blanks, part)

    page = TOLD.sub(in_its_blanks, page)
    page = COPYRIGHT.sub(lambda found: say("© Copyright {year}.", year=found[1]), page)
    around = map(exchanged, ARTICLE.split(page))
    return "".join(a + b for a, b in zip(around, [*ARTICLE.findall(page), ""], strict=True))


def in_its_blanks(found: re.Match) -> str:
    text, words = found[0], " ".join(found[0].split())
    return text.replace(text.strip(), CATALOGUE[words]) if words in CATALOGUE else text


def speak(code: str) -> None:
    """Speak the language of this code, such as "en" or "zh_CN", here and in the library."""
    language.use(code[:2])


def choose(app, config) -> None:
    speak(config.language)


def finish(app, exception) -> None:
    if exception or language.current() == "en" or app.builder.name not in WRITERS:
        return
    for page in Path(app.outdir).rglob("*.html"):
        page.write_text(exchange_shown(page.read_text("utf-8")), "utf-8")
    for script in Path(app.outdir, "_static").glob("*.js"):
        text = script.read_text("utf-8")
        script.write_text(SAID.sub(lambda found: f"say`{say(found[1])}`", text), "utf-8")


def setup(app):
    app.connect("config-inited", choose, priority=0)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
