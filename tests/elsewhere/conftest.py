"""A copy of the repository, and what Binder makes of it."""

import pytest
import yaml

from tests.elsewhere import environments
from tests.elsewhere.environments import Environment


def pytest_terminal_summary(terminalreporter):
    version = environments.version(environments.find_python())
    missing = "" if version.startswith(environments.WANTED) else ", for there is no 3.12 here"
    terminalreporter.write_line(f"Binder's and Colab's environments had Python {version}{missing}.")
    tried = " and ".join(environments.of_the_wheel())
    terminalreporter.write_line(f"The wheel's had Python {tried}.")


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    return environments.copy_repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="session")
def binder(tmp_path_factory, repository):
    """The pip part of environment.yml in an empty environment, and postBuild run once."""
    conda = yaml.safe_load((repository / "environment.yml").read_text("utf-8"))["dependencies"]
    pins = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    environment = Environment.new(tmp_path_factory.mktemp("binder"), pins)
    downloads = environment.home / ".cache" / "pip"
    downloads.mkdir(parents=True, exist_ok=True)
    environment.run("bash", "./postBuild", cwd=repository)
    assert not downloads.exists()
    return environment
