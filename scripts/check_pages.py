"""Read the pages as built, and refuse what no reader should meet: `check_pages.py FOLDER`."""

import re
import sys
from pathlib import Path

from bs4 import BeautifulSoup

RAW_DIRECTIVE = re.compile(r"^\s*(:::|```)\s*\{|\{(ref|doc|cite|cite:p|cite:t|numref)\}`", re.M)
LOG_NOISE = re.compile(r"━.*/step|it/s\]|\x08|oneDNN custom|cpu_feature_guard|[EWI]0000 |WARNING")
ADDRESS = re.compile(r"<[^<>]+ at 0x[0-9a-fA-F]+>")  # an object as Python shows it, new each time
NO_ALT = re.compile(r"^\s*$|\.(png|svg|jpe?g|webp|gif)$")  # a file's name, where none was given
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
FETCHED_LINKS = {"stylesheet", "preload", "modulepreload", "icon", "prefetch", "preconnect"}


def faults(page: BeautifulSoup):
    """Say what is wrong with a page, one line for each fault."""
    for image in page.find_all("img"):
        if NO_ALT.search(image.get("alt") or ""):
            yield f"an image without alt text: {image.get('src', '')[:80]}"
    for address in fetched(page):
        if re.match(r"(https?:)?//", address):
            yield f"asks another host when it is opened: {address}"
    article = page.find("article") or page
    for output in article.select(".cell_output"):
        if output.select(".traceback") and not output.find_parent(class_="tag_raises-exception"):
            yield f"shows a traceback: {output.get_text()[:200]}"
        if noise := LOG_NOISE.search(output.get_text()):
            yield f"shows log noise in an output: {noise.group()!r} in {output.get_text()[:200]}"
        if address := ADDRESS.search(output.get_text()):
            yield f"shows where in memory an object lay: {address.group()}"
    for block in article.find_all(["pre", "code", "script"]):
        block.decompose()
    if raw := RAW_DIRECTIVE.search(article.get_text()):
        yield f"shows a raw directive: {raw.group()!r}"


def fetched(page: BeautifulSoup):
    """Every address that a browser loads by itself."""
    for tag, attribute in FETCHED.items():
        yield from (element[attribute] for element in page.find_all(tag) if element.get(attribute))
    for link in page.find_all("link"):
        if FETCHED_LINKS & set(link.get("rel", [])):
            yield link["href"]


def main(folder: Path) -> int:
    pages = sorted(folder.rglob("*.html"))
    found = [
        f"{path.relative_to(folder)}: {fault}"
        for path in pages
        for fault in faults(BeautifulSoup(path.read_text("utf-8"), "html.parser"))
    ]
    print("\n".join(found) or f"   {len(pages)} pages checked")
    return 1 if found or not pages else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
