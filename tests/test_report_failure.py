"""A weekly run that fails leaves one open issue for each job, however many weeks it fails."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "report_failure.py"
RUN = "https://github.example/runs/7"
# Stands for GitHub's program: it lists one open issue, and writes down what else it is asked to do.
GH = """#!{python}
import json, pathlib, sys
if sys.argv[2] == "list":
    print(json.dumps([{{"number": 12, "title": "The weekly run failed: links"}}]))
else:
    with pathlib.Path(__file__).with_name("asked").open("a") as file:
        print(json.dumps(sys.argv[1:]), file=file)
"""


@pytest.fixture
def report(tmp_path):
    """Run the script on what the jobs came to; return how it ended, and what it asked of gh."""
    (tmp_path / "gh").write_text(GH.format(python=sys.executable))
    (tmp_path / "gh").chmod(0o755)

    def report(**results):
        needs = {job: {"result": result, "outputs": {}} for job, result in results.items()}
        ended = subprocess.run(
            [sys.executable, SCRIPT],
            env={"PATH": str(tmp_path), "RESULTS": json.dumps(needs), "RUN_ADDRESS": RUN},
            capture_output=True,
            text=True,
        )
        asked = tmp_path / "asked"
        lines = asked.read_text().splitlines() if asked.exists() else []
        return ended, [json.loads(line) for line in lines]

    return report


def test_a_first_failure_opens_an_issue(report):
    ended, asked = report(links="success", newest="failure")
    assert ended.returncode == 0, ended.stderr
    [(*words, title, flag, body)] = asked
    assert words == ["issue", "create", "--title"]
    assert (title, flag) == ("The weekly run failed: newest", "--body")
    assert RUN in body


def test_a_failure_that_has_its_issue_is_added_to_it(report):
    ended, asked = report(links="failure", newest="cancelled")
    assert ended.returncode == 0, ended.stderr
    assert [words[:3] for words in asked] == [["issue", "comment", "12"]]
    assert RUN in asked[0][-1]


def test_with_nothing_to_report_it_fails_and_says_so(report):
    ended, asked = report(links="success", newest="success")
    assert ended.returncode == 1
    assert "No job failed" in ended.stderr
    assert asked == []
