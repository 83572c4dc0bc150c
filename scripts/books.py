"""Which books does the course make? One in English, and the same, cell by cell, in Chinese.

The Chinese one has the English settings, pages and order; `zh/_config.yml` says what differs.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Book:
    """A book by the folders where it is written, where it is made, and where its pages go."""

    source: Path
    build: Path
    html: Path
    root: Path = ROOT  # of the settings and the order of pages

    @property
    def cache(self) -> Path:
        """The runs of its lessons."""
        return self.build / ".jupyter_cache"

    @property
    def doctrees(self) -> Path:
        """What Sphinx has read of its pages."""
        return self.build / ".doctrees"

    @cached_property
    def settings(self) -> dict:
        """What it sets otherwise than the English book, in Sphinx's words."""
        if self.source == self.root:
            return {}
        return yaml.safe_load((self.source / "_config.yml").read_text("utf-8"))

    def toc(self) -> dict:
        """Parts and pages in the English order, as far as they are there, with its own titles."""
        toc = yaml.safe_load((self.root / "_toc.yml").read_text("utf-8"))
        titles = self.settings.get("titles", {})
        for part in toc.get("parts", []):
            part["caption"] = titles.get(part["caption"], part["caption"])
            part["chapters"] = [page for page in part["chapters"] if self.has(page["file"])]
            for page in part["chapters"]:
                page |= {"title": titles[page["title"]]} if page.get("title") in titles else {}
        return toc

    def address(self) -> str:
        """Where it is published."""
        config = yaml.safe_load((self.root / "_config.yml").read_text("utf-8"))
        folder = "" if self.source == self.root else f"{self.html.name}/"
        return config["html"]["baseurl"] + folder

    def has(self, page: str) -> bool:
        return any((self.source / f"{page}{ending}").exists() for ending in (".ipynb", ".md"))

    def lessons(self) -> list[Path]:
        """Its notebooks, in the order of the book."""
        pages = [page["file"] for part in self.toc()["parts"] for page in part["chapters"]]
        return [path for page in pages if (path := self.source / f"{page}.ipynb").exists()]


BUILD = ROOT / "_build"
ENGLISH = Book(ROOT, BUILD, BUILD / "html")
CHINESE = Book(ROOT / "zh", BUILD / "zh", BUILD / "html" / "zh")
BOOKS = {"en": ENGLISH, "zh": CHINESE}


def of(path: Path) -> Book:
    """The book to which a file or a folder of the sources belongs."""
    return CHINESE if path.is_relative_to(CHINESE.source) else ENGLISH
