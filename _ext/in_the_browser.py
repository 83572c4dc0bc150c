"""The way from a lesson to its copy in the browser, and a page there until that is built."""

from pathlib import Path

from sphinx.util.osutil import relative_uri

from _ext.words import say
from scripts import books
from scripts.address import NOWHERE
from scripts.browser_lessons import runs_in_browser

PAGE = "lite/lab/index"  # where JupyterLite has its own
# What loads before the first number, and how long that may take on two quiet cores with no network
# in between. The tests measure both.
PUBLISHED = ' <a href="{}">The published book</a> has it, with nothing to install.'
MEGABYTES, SECONDS = 53, 20
LAUNCH = {
    "type": "group",
    "tooltip": "Launch interactive content",
    "icon": "fas fa-rocket",
    "label": "launch-buttons",
}
TITLE = "Run the lessons in the browser"
BODY = """
<h1>{title}</h1>
<p>This copy of the book was built without the part that runs Python. In your copy of the course,
<code>make lite</code> builds it, and <code>make serve</code> shows the book on
<code>http://localhost:8000</code>.{published}</p>
<p>A book that is opened as a file (<code>file://</code>) runs no Python:
browsers load it from a server only.</p>
<p lang="zh-CN">这一份书里没有运行Python的部分。在你自己的课程文件夹里，
<code>make lite</code>生成这一部分，<code>make serve</code>在<code>http://localhost:8000</code>上显示整本书。作为文件打开的书
（<code>file://</code>）不能运行Python：浏览器只从服务器加载它。</p>
"""


def placeholder(app):
    if books.of(Path(app.srcdir)) == books.CHINESE:
        return  # one is enough for both books
    base = app.config.html_baseurl
    published = "" if base == NOWHERE else PUBLISHED.format(f"{base}{PAGE}.html")
    body = BODY.format(title=TITLE, published=published)
    yield PAGE, {"title": TITLE, "body": body}, "page.html"


def add_button(app, pagename, templatename, context, doctree) -> None:
    """Offer the browser first: it asks nobody for an account or a machine."""
    path = Path(app.srcdir, f"{pagename}.ipynb")
    if not (pagename.startswith("chapters/") and path.exists() and runs_in_browser(path)):
        return
    groups = context["header_buttons"]
    launch = next((group for group in groups if group.get("label") == "launch-buttons"), None)
    if launch is None:  # the book has no address, so Binder and Colab are not offered
        launch = LAUNCH | {"buttons": []}
        groups.insert(0, launch)
    book = books.of(path)
    page = (book.html.relative_to(books.ENGLISH.html) / pagename).as_posix()
    launch["buttons"].insert(0, button(page))


def button(page: str) -> dict:
    """The way from a page of the site to its notebook there."""
    size = {"megabytes": MEGABYTES, "seconds": SECONDS}
    tooltip = "Run in the browser: up to {megabytes} MB to load, {seconds} s to a number"
    return {
        "type": "link",
        "text": say("Browser ({megabytes} MB, {seconds} s)", **size),
        "tooltip": say(tooltip, **size),
        "icon": "fas fa-play",
        "url": f"{relative_uri(page, PAGE)}.html?path={page}.ipynb",
    }


def setup(app):
    app.connect("html-collect-pages", placeholder)
    app.connect("html-page-context", add_button, priority=502)  # after the theme's own
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
