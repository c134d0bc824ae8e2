"""One Chromium and one report, made by the real command, for all tests of the page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.chromium.browser import chromium_is_demanded, find_chromium, started

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium; without one the tests fail in CI and are skipped elsewhere."""
    if find_chromium() is None:
        message = "no Chromium: apt-get install chromium"
        if chromium_is_demanded():
            pytest.fail(message)
        pytest.skip(message)
    with started() as browser:
        yield browser


@pytest.fixture(scope="session")
def report_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML page that the command writes about the shipped log."""
    page = tmp_path_factory.mktemp("report") / "report.html"
    command = [
        *(sys.executable, "-m", "itilkit", "report", "examples/data/incident_event_log.csv.gz"),
        *("--policy", "examples/policies/service_desk.toml", "--zone", "UTC"),
        *("--as-of", "2017-03-01T00:00:00+00:00", "--html", str(page)),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return page
