"""Write the book with one of Sphinx's builders: `pages.py BUILDER FOLDER [DOCTREES]`.

`jupyter-book build` does the same, but chooses the folder itself and can override no setting.
"""

import sys
from pathlib import Path

from jupyter_book.sphinx import build_sphinx

ROOT = Path(__file__).resolve().parent.parent
DOCTREES = ROOT / "_build" / ".doctrees"


def write_pages(
    builder: str, folder: Path, doctrees: Path = DOCTREES, source: Path = ROOT, **settings
) -> bool:
    """Whether it went without a warning; settings are Sphinx's and win over _config.yml's."""
    toc = {"external_toc_path": "_toc.yml", "latex_individualpages": False}
    cache = {"nb_execution_cache_path": str(source / "_build" / ".jupyter_cache")}
    outcome = build_sphinx(
        source,
        folder,
        noconfig=True,
        path_config=source / "_config.yml",
        confoverrides=toc | cache | {"nitpicky": True} | settings,
        doctreedir=doctrees,
        builder=builder,
        quiet=True,
        warningiserror=True,
        keep_going=True,
    )
    return outcome == 0  # else an exit code, or an exception that was printed


if __name__ == "__main__":
    builder, *folders = sys.argv[1:]
    sys.exit(not write_pages(builder, *(Path(folder).absolute() for folder in folders)))
