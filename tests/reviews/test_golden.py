"""The review in the documentation is the one that the story of the major incident ends in."""

from __future__ import annotations

import io
import runpy
import sys
from contextlib import redirect_stdout
from pathlib import Path

from itilkit.reviews import ReviewDocument

ROOT = Path(__file__).parents[2]
STORY = ROOT / "examples" / "story_major_incident.py"
GOLDEN = ROOT / "docs" / "how-to" / "review-of-a-major-incident.md"


def story() -> ReviewDocument:
    """What the story ends in."""
    with redirect_stdout(io.StringIO()):
        found = runpy.run_path(str(STORY))["main"]()
    assert isinstance(found, ReviewDocument)
    return found


def test_the_documentation_shows_the_review_of_the_story() -> None:
    """A review that is not written again after a change is told, with the way to write it."""
    assert GOLDEN.read_text(encoding="utf-8") == story().to_markdown(), "python -m tests.reviews.test_golden"


def test_the_page_for_a_browser_tells_the_same() -> None:
    """Each heading and each row of the Markdown stands in the HTML, too."""
    page = story().to_html()
    headings = [line.strip("# ") for line in story().to_markdown().splitlines() if line.startswith("## ")]
    assert len(headings) == 9
    assert [heading for heading in headings if f"<h2>{heading}</h2>" not in page] == []
    assert page.count("<tr>") + page.count("<dt>") == story().to_markdown().count(
        "\n|"
    ) - story().to_markdown().count("\n| ---")


if __name__ == "__main__":
    GOLDEN.write_text(story().to_markdown(), encoding="utf-8")
    sys.stdout.write(f"{GOLDEN}\n")
