"""Ask every address outside of the book whether it is still there: `make linkcheck`.

Lessons need not run for that. `_config.yml` says how often and how patiently it asks.
"""

import sys
import warnings
from pathlib import Path

from scripts.pages import ROOT, write_pages

FOLDER = ROOT / "_build" / "linkcheck"


def check_links(folder: Path = FOLDER, source: Path = ROOT, **settings) -> bool:
    """Whether all answered; each that did not is named, and output.json has the answers of all."""
    # Sphinx announces that it will call a time-out by another name, and not try again.
    warnings.filterwarnings("ignore", ".*linkcheck_report_timeouts_as_broken")
    settings |= {"nb_execution_mode": "off"}
    return write_pages("linkcheck", folder, folder / ".doctrees", source, **settings)


if __name__ == "__main__":
    sys.exit(not check_links())
