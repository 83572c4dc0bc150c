"""Which styles and scripts does a page link, and how does it link one of each instead?"""

import re

STYLE = re.compile(r'[ \t]*<link\b[^>]*\bhref="([^"]*_static/)([^"?]+\.css)[^>]*>\n?')
SCRIPT = re.compile(r'[ \t]*<script\b[^>]*\bsrc="([^"]*_static/)([^"?]+\.js)[^>]*></script>\n?')
BLOCKING_SCRIPT = re.compile(r'<script (?=src=")')
USELESS = re.compile(
    r'[ \t]*<link rel="preload" as="script"[^>]*>\n?'  # the one script is asked for at once
    r"|[ \t]*<script>DOCUMENTATION_OPTIONS\.pagename = [^<]*</script>\n?"  # nothing reads it
)


def styles(page: str) -> list[str]:
    """The style sheets that a page links, as paths below _static."""
    return [name for _, name in STYLE.findall(page)]


def scripts(page: str) -> list[str]:
    """The scripts that a page links, as paths below _static."""
    return [name for _, name in SCRIPT.findall(page)]


def relink(page: str, style: str, script: str, in_script: list[str]) -> str:
    """The page with one style, one script that holds those named, and the others after it."""
    page = replace(page, STYLE, f'<link rel="stylesheet" href="%s{style}" />\n', styles(page))
    page = replace(page, SCRIPT, f'<script defer src="%s{script}"></script>\n', in_script)
    return BLOCKING_SCRIPT.sub("<script defer ", USELESS.sub("", page))


def replace(page: str, tag: re.Pattern, successor: str, names: list[str]) -> str:
    """Put the successor in the place of the first tag that links one of these, drop the others."""
    successors = iter([successor])

    def new(old: re.Match) -> str:
        folder, name = old.groups()
        return old[0] if name not in names else next(successors, "").replace("%s", folder)

    return tag.sub(new, page)
