"""Lead from each page of one language to the same page of the other, once both are written.

Each gets a link for readers, the addresses of both for search engines, and its place in the one
site map. As long as there is no Chinese book, the English pages say nothing of one.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from scripts.books import CHINESE, ENGLISH

NAMES = {"en": "English", "zh-CN": "中文"}
SWITCH = '<a class="btn btn-sm" href="{}" lang="{language}" hreflang="{language}">{name}</a>'
KNOWN = '<link rel="alternate" hreflang="{}" href="{}" />\n'
LINKS = re.compile("<!--twin-->.*?<!--/twin-->", re.S)
BUTTONS = '<div class="article-header-buttons">'
LOST = "404.html"  # the page that does not know where it is; a site shows the English one
ELSEWHERE = f"""<script>
if (location.pathname.startsWith("{{}}")) location.replace("{{}}{LOST}");
</script>"""
LISTED = re.compile(r"<url>.*</url>", re.S)


def part() -> None:
    """Take out of the English pages what leads to a Chinese one."""
    pages = set(ENGLISH.html.rglob("*.html")) - set(CHINESE.html.rglob("*.html"))
    for path in [*pages, ENGLISH.html / "sitemap.xml"]:
        page = path.read_text("utf-8")
        if page != alone(page):
            rewrite(path, alone(page))


def join() -> None:
    part()
    english, chinese = ENGLISH.address(), CHINESE.address()
    for path in CHINESE.html.rglob("*.html"):
        name = path.relative_to(CHINESE.html).as_posix()
        twin = ENGLISH.html / name
        if not twin.exists() or BUTTONS not in twin.read_text("utf-8"):
            continue
        if name == LOST:
            below = urlsplit(chinese).path
            lead(twin, "zh-CN", f"{below}index.html", {}, ELSEWHERE.replace("{}", below))
            lead(path, "en", f"{urlsplit(english).path}index.html", {})
            continue
        up = "../" * name.count("/")
        known = {"en": english + name, "zh-CN": chinese + name, "x-default": english + name}
        lead(twin, "zh-CN", f"{up}{CHINESE.html.name}/{name}", known)
        lead(path, "en", f"{up}../{name}", known)
    list_together(ENGLISH.html / "sitemap.xml", CHINESE.html / "sitemap.xml")


def alone(page: str) -> str:
    """A page, or the site map, as it is without the other book."""
    listed = re.compile(rf"<url><loc>{re.escape(CHINESE.address())}.*?</url>", re.S)
    return listed.sub("", LINKS.sub("", page))


def lead(path: Path, other: str, target: str, known: dict[str, str], script: str = "") -> None:
    """Write the links of a page into it."""
    links = "".join(KNOWN.format(*each) for each in known.items()) + script
    switch = SWITCH.format(target, language=other, name=NAMES[other])
    page = path.read_text("utf-8").replace("</head>", f"{marked(links)}</head>", 1)
    rewrite(path, page.replace(BUTTONS, BUTTONS + marked(switch), 1))


def marked(links: str) -> str:
    return f"<!--twin-->{links}<!--/twin-->"


def list_together(english: Path, chinese: Path) -> None:
    """Let the one map that search engines look for list the pages of both books."""
    listed = LISTED.search(chinese.read_text("utf-8"))[0]
    page = english.read_text("utf-8").replace("</urlset>", f"{listed}</urlset>")
    rewrite(english, page)
    chinese.unlink()


def rewrite(path: Path, text: str) -> None:
    """Write a file anew: whole, or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
