"""Which Chromium is here? CNN_CHROMIUM names one; else the usual names are tried."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
ADVICE = "no Chromium found: install Chromium or Chrome, or name it in CNN_CHROMIUM"


def chromium() -> str | None:
    named = os.environ.get("CNN_CHROMIUM")
    if named:
        return named
    return next(filter(None, map(shutil.which, NAMES)), MAC if Path(MAC).exists() else None)
