"""Write a book with one of Sphinx's builders: `pages.py BUILDER FOLDER [DOCTREES [SOURCE]]`.

`jupyter-book build` does the same, but chooses the folder itself and can override no setting.
"""

import sys
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx

from scripts.books import CHINESE, ENGLISH, ROOT, Book

DOCTREES = ENGLISH.doctrees


def write_pages(
    builder: str, folder: Path, doctrees: Path = DOCTREES, source: Path = ROOT, **settings
) -> bool:
    """Whether it went without a warning; settings are Sphinx's and win over _config.yml's."""
    build = source / "_build"
    book = CHINESE if source == CHINESE.source else Book(source, build, build / "html", source)
    outcome = build_sphinx(
        book.source,
        folder,
        noconfig=True,
        path_config=book.root / "_config.yml",
        confoverrides=own_settings(book) | {"nitpicky": True} | settings,
        doctreedir=doctrees,
        builder=builder,
        quiet=True,
        warningiserror=True,
        keep_going=True,
    )
    return outcome == 0  # else an exit code, or an exception that was printed


def own_settings(book: Book) -> dict:
    """What no file says: where a book's parts lie; and what one says that is not the first."""
    settings = {"latex_individualpages": False, "nb_execution_cache_path": str(book.cache)}
    if book.source == book.root:
        return settings | {"external_toc_path": "_toc.yml"}
    toc = book.build / "_toc.yml"
    toc.parent.mkdir(parents=True, exist_ok=True)
    toc.write_text(yaml.safe_dump(book.toc(), allow_unicode=True), "utf-8")
    settings |= {name: value for name, value in book.settings.items() if name != "titles"}
    return settings | {"external_toc_path": toc.as_posix(), "html_baseurl": book.address()}


if __name__ == "__main__":
    builder, *folders = sys.argv[1:]
    sys.exit(not write_pages(builder, *(Path(folder).absolute() for folder in folders)))
