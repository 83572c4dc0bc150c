"""Tell those that need it where the book is published, and where on GitHub its source is kept.

Without an address there are no buttons that lead to GitHub, Binder or Colab.
"""

from urllib.parse import urlsplit

from scripts.address import home

BUTTONS = ["use_edit_page_button", "use_issues_button", "use_repository_button"]


def tell(app, config) -> None:
    config.ogp_site_url = config.html_baseurl
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path
    here, options = home(), config.html_theme_options
    options |= dict.fromkeys(BUTTONS, here is not None)
    if here is None:
        options["launch_buttons"] = {}
        options.pop("repository_url", None)
    else:
        options["repository_url"] = f"https://github.com/{here.repository}"
        options["repository_branch"] = here.branch


def setup(app):
    app.connect("config-inited", tell, priority=100)  # before the theme reads its options
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
