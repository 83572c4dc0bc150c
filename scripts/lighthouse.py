"""Ask Lighthouse how the built pages do on a phone: `make lighthouse`. It needs node and Chromium.

Five visits to each page; the median counts. Lighthouse comes from npm, for this one run.
"""

import json
import os
import shutil
import subprocess
import sys
from statistics import median

from scripts.browser import FLAGS, chromium
from scripts.serve import HTML, serving

PAGES = (
    "index.html",
    "chapters/01-convolution.html",
    "chapters/09-lenet-by-hand.html",
    "chapters/14-equal-budgets.html",
)
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
VISITS = 5
LIGHTHOUSE = ("npx", "--yes", "lighthouse@12")


def missing() -> str | None:
    """What is not there that this needs."""
    if not shutil.which("npx"):
        return "node and npm: install Node.js 18 or newer"
    if not chromium():
        return "Chromium or Chrome: install one, or name it in CNN_CHROMIUM"
    return None if (HTML / "index.html").exists() else "the book: run `make book`"


def visit(address: str) -> dict:
    """Lighthouse's report of one visit."""
    flags = " ".join(["--headless", *FLAGS])
    categories = f"--only-categories={','.join(LEAST)}"
    ask = [*LIGHTHOUSE, address, "--quiet", "--output=json", f"--chrome-flags={flags}", categories]
    environment = os.environ | {"CHROME_PATH": str(chromium())}
    made = subprocess.run(ask, capture_output=True, text=True, env=environment)
    if made.returncode:
        raise SystemExit(f"Lighthouse failed on {address}:\n{made.stderr[-2000:]}")
    return json.loads(made.stdout)


def scores(reports: list[dict]) -> dict[str, float]:
    """The median of each category, of 100."""
    return {
        name: median(round(100 * report["categories"][name]["score"]) for report in reports)
        for name in LEAST
    }


def faults(report: dict) -> list[str]:
    """The checks that a page did not pass, but for those that only measure time."""
    counted = {
        check["id"]
        for name, category in report["categories"].items()
        if name != "performance"
        for check in category["auditRefs"]
        if check["weight"]
    }
    audits = report["audits"]
    return [audits[i]["title"] for i in counted if audits[i]["score"] not in (None, 1)]


def main(pages: list[str]) -> int:
    if lack := missing():
        print(f"Lighthouse needs {lack}.")
        return 1
    low = False
    with serving() as root:
        for page in pages:
            reports = [visit(root + page) for _ in range(VISITS)]
            reached = scores(reports)
            print(f"   {page}: " + ", ".join(f"{name} {n:.0f}" for name, n in reached.items()))
            print("".join(f"      {fault}\n" for fault in faults(reports[0])), end="", flush=True)
            low |= any(reached[name] < least for name, least in LEAST.items())
    return int(low)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(PAGES)))
