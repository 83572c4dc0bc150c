"""The way from a lesson to its copy in the browser, and a page there until that is built."""

from sphinx.util.osutil import relative_uri

from scripts.address import NOWHERE
from scripts.browser_lessons import ROOT, runs_in_browser

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
"""


def placeholder(app):
    base = app.config.html_baseurl
    published = "" if base == NOWHERE else PUBLISHED.format(f"{base}{PAGE}.html")
    body = BODY.format(title=TITLE, published=published)
    yield PAGE, {"title": TITLE, "body": body}, "page.html"


def add_button(app, pagename, templatename, context, doctree) -> None:
    """Offer the browser first: it asks nobody for an account or a machine."""
    path = ROOT / f"{pagename}.ipynb"
    if not (pagename.startswith("chapters/") and path.exists() and runs_in_browser(path)):
        return
    groups = context["header_buttons"]
    launch = next((group for group in groups if group.get("label") == "launch-buttons"), None)
    if launch is None:  # the book has no address, so Binder and Colab are not offered
        launch = LAUNCH | {"buttons": []}
        groups.insert(0, launch)
    launch["buttons"].insert(0, button(pagename))


def button(pagename: str) -> dict:
    return {
        "type": "link",
        "text": f"Browser ({MEGABYTES} MB, {SECONDS} s)",
        "tooltip": f"Run in the browser: up to {MEGABYTES} MB to load, {SECONDS} s to a number",
        "icon": "fas fa-play",
        "url": f"{relative_uri(pagename, PAGE)}.html?path={pagename}.ipynb",
    }


def setup(app):
    app.connect("html-collect-pages", placeholder)
    app.connect("html-page-context", add_button, priority=502)  # after the theme's own
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
