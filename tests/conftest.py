"""What every test starts from: no screen, no log noise, no limit that a busy machine breaks.

One Chromium serves all tests that need a browser; CNN_REQUIRE_CHROMIUM=1 turns "there is none"
into a failure.
"""

import os

import pytest
from hypothesis import settings

from cnnlib import language
from scripts.browser import ADVICE, FLAGS, chromium

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
# An oracle must be right: with oneDNN strides of (1, 2) over images one pixel wide give anything.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

PATIENCE = 60_000  # milliseconds: a page that does not answer fails, a busy machine does not

settings.register_profile("course", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("course")


@pytest.fixture
def chinese():
    """The library speaks Chinese until the end of the test."""
    language.use("zh")
    yield
    language.use("en")


@pytest.fixture(scope="session")
def browser():
    program = chromium()
    if program is None:
        required = os.environ.get("CNN_REQUIRE_CHROMIUM") == "1"
        (pytest.fail if required else pytest.skip)(ADVICE)
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
        opened[key].set_default_timeout(PATIENCE)
        return opened[key]

    return context
