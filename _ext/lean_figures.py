"""How does a page get lighter by what its figures to touch repeat, and what they need late?

A notebook's figure is one blob: element, options, script. On a page a script stands once, and
options as large as a network's weights come after the text, from a file that pages share.
"""

import json
import re
from collections.abc import Callable
from html import unescape

FIGURE = re.compile(
    r"<((cnn-[a-z-]+)[^>']*?) data-options='([^']*)'(.*?</\2>)<script>(.*?)</script>", re.S
)
ROOT = re.compile(r'data-content_root="([^"]*)"')
LARGE = 20_000  # characters of options
FILL = "document.currentScript.previousElementSibling.dataset.options = "


def share(page: str, put: Callable[[str], str]) -> str:
    """The page, lighter; put(script) writes a file into _static and says its name."""
    if not (figures := FIGURE.findall(page)):
        return page
    static = f"{ROOT.search(page)[1]}_static/"
    # Options first: these elements are defined at the page's end, and in a file too.
    late = {tag: script for _, tag, options, _, script in figures if len(options) > LARGE}
    defined = set(late)

    def link(script: str) -> str:
        return f'<script defer src="{static}{put(script)}"></script>'

    def lighter(figure: re.Match) -> str:
        start, tag, options, rest, script = figure.groups()
        if len(options) > LARGE:
            filled = FILL + json.dumps(unescape(options), ensure_ascii=False)
            return f"<{start}{rest}{link(filled)}"
        here = "" if tag in defined else f"<script>{script}</script>"
        defined.add(tag)
        return f"<{start} data-options='{options}'{rest}{here}"

    page = FIGURE.sub(lighter, page)
    return page.replace("</body>", "".join(map(link, late.values())) + "</body>")
