"""Open an issue for each job of the weekly run that failed, or add to the one that is open.

The workflow says in RESULTS what each job came to and in RUN_ADDRESS where to read on; `gh`, with
the token of the job, speaks with GitHub.
"""

import json
import os
import subprocess


def title_for(job: str) -> str:
    return f"The weekly run failed: {job}"


def failed(results: str) -> list[str]:
    """The names of the jobs that failed, of the `needs` of a workflow."""
    return [job for job, came_to in json.loads(results).items() if came_to["result"] == "failure"]


def gh(*arguments: str) -> str:
    return subprocess.run(
        ["gh", "issue", *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def report(jobs: list[str], address: str) -> None:
    if not jobs:
        raise SystemExit("No job failed, so there is nothing to report.")
    listed = gh("list", "--state", "open", "--limit", "1000", "--json", "number,title")
    numbers = {issue["title"]: issue["number"] for issue in json.loads(listed)}
    for job in jobs:
        title, body = title_for(job), f"See the log of {address}"
        if title in numbers:
            gh("comment", str(numbers[title]), "--body", body)
        else:
            gh("create", "--title", title, "--body", body)


if __name__ == "__main__":
    report(failed(os.environ["RESULTS"]), os.environ["RUN_ADDRESS"])
