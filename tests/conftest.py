"""What every test starts from: no screen, no log noise, no limit that a busy machine breaks.

One Chromium serves all tests that need a browser. CNN_CHROMIUM names the program;
CNN_REQUIRE_CHROMIUM=1 turns "there is none" into a failure.
"""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")

settings.register_profile("course", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("course")

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


def chromium() -> str | None:
    named = os.environ.get("CNN_CHROMIUM")
    if named:
        return named
    return next(filter(None, map(shutil.which, NAMES)), MAC if Path(MAC).exists() else None)


@pytest.fixture(scope="session")
def browser():
    program = chromium()
    if program is None:
        required = os.environ.get("CNN_REQUIRE_CHROMIUM") == "1"
        (pytest.fail if required else pytest.skip)(
            "no Chromium found: install Chromium or Chrome, or name it in CNN_CHROMIUM"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(browser):
    """A window of the browser with these options, opened once."""
    opened = {}

    def context(**options):
        key = repr(sorted(options.items()))
        opened[key] = opened.get(key) or browser.new_context(**options)
        opened[key].set_default_timeout(5000)
        return opened[key]

    return context
