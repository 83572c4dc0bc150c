"""Tell the extensions that need it where the book is published: html.baseurl, stated once."""

from urllib.parse import urlsplit


def tell(app, config) -> None:
    config.ogp_site_url = config.html_baseurl
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path


def setup(app):
    app.connect("config-inited", tell)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
