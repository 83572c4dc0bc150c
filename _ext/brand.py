"""Draw the course's mark when the book is built: its logo, its favicon, its picture for links."""

from pathlib import Path

from cnnlib import figures

FOLDER = Path("_build", "brand")  # from the book's root, as Sphinx wants it
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
    draw(Path(app.confdir) / FOLDER)
    logo, icon, card = ((FOLDER / n).as_posix() for n in ("logo.svg", "favicon.png", "card.png"))
    config.html_logo, config.html_favicon = logo, icon
    config.ogp_social_cards = {"image": card, "image_mini": icon, "font": "DejaVu Sans"}


def setup(app):
    app.connect("config-inited", show)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
