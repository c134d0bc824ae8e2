"""What the documentation shows is run, and its output compared: README, pages and docstrings.

In the pages a ``python`` block is run, with or without ``>>>``, one namespace for each page. In a ``console``
block the lines ``$ python -m itilkit ...`` are run and what they print is compared with the lines below;
other commands are only shown. ``...`` stands for whatever is left out.
"""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser

import itilkit

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(itilkit.__path__, "itilkit.")
    if not module.name.endswith("__main__")
)
# Pages that read the whole log, some of them more than once.
LONG = {
    "docs/how-to/back-test-a-policy.md",
    "docs/reference/cli.md",
    "docs/reference/report.md",
    "docs/tutorial/first-report.md",
    "docs/tutorial/what-does-our-mttr-mean.md",
}
# Two lines of a session: the command, then what it prints, up to the next prompt.
COMMAND = re.compile(r"^\$ (?P<command>(?:.*\\\n)*.*)\n(?P<output>(?:(?!\$ ).*\n?)*)", re.MULTILINE)


def run_console(example: Example) -> str | None:
    """What differs between the shown and the real output of a console block, or None."""
    shown = str(example.parsed)
    for session in COMMAND.finditer(shown if shown.endswith("\n") else shown + "\n"):
        words = shlex.split(session["command"].replace("\\\n", " "))
        if words[:3] != ["python", "-m", "itilkit"]:
            continue
        done = subprocess.run(
            [sys.executable, *words[1:]], capture_output=True, text=True, check=False, timeout=300
        )
        printed = done.stdout + done.stderr
        wanted = session["output"]
        if not doctest.OutputChecker().check_output(wanted, printed, doctest.ELLIPSIS):
            return (
                f"$ {session['command']}\nshown:\n{wanted}\nprinted (exit code {done.returncode}):\n{printed}"
            )
    return None


SYBIL = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS),
        CodeBlockParser(language="console", evaluator=run_console),
        SkipParser(),
    ],
    path=str(ROOT),
    patterns=["**/*.md"],
)


def page_id(page: Path) -> str:
    """The page's path inside the project."""
    return page.relative_to(ROOT).as_posix()


def test_the_long_pages_are_there() -> None:
    """A page that moved is not long under its old name."""
    assert set(map(page_id, PAGES)) >= LONG


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page_id(page), marks=[pytest.mark.slow] if page_id(page) in LONG else [])
        for page in PAGES
    ],
)
def test_examples_of_a_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example of a page runs and prints what the page shows."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)  # examples read the shipped files; what they write is not kept
    for example in SYBIL.parse(page).examples():
        example.evaluate()


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name: str) -> None:
    """Each example in a module's docstrings prints what it shows, and none is overlooked."""
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS, verbose=False)
    assert result.failed == 0
    written = Path(str(module.__file__)).read_text(encoding="utf-8")
    assert result.attempted == len(re.findall(r"^ *>>> ", written, re.MULTILINE))
