"""Draw the course's mark when the book is built: its logo, its favicon, its picture for links."""

import os
from pathlib import Path

from cnnlib import figures, language
from scripts.books import BUILD

FOLDER = BUILD / "brand"
ICON_PIXELS, CARD_PIXELS = 64, 400


def draw(folder: Path) -> None:
    """Write the mark as a drawing, and as pictures for a tab and for a link."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = figures.draw_logo()
    (folder / "logo.svg").write_text(mark.to_svg(), "utf-8")
    for name, pixels in {"favicon.png": ICON_PIXELS, "card.png": CARD_PIXELS}.items():
        mark.savefig(folder / name, dpi=pixels)  # the mark is one inch wide


def show(app, config) -> None:
    """Tell Sphinx and its extensions where the mark lies, before they look for it."""
    draw(FOLDER)
    here = Path(os.path.relpath(FOLDER, app.confdir))  # as Sphinx wants it
    logo, icon, card = ((here / n).as_posix() for n in ("logo.svg", "favicon.png", "card.png"))
    config.html_logo, config.html_favicon = logo, icon
    # Matplotlib brings no font with Chinese signs.
    written = {"image": card, "image_mini": icon, "font": "DejaVu Sans"}
    config.ogp_social_cards = {"enable": False} if language.current() == "zh" else written


def setup(app):
    app.connect("config-inited", show)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
