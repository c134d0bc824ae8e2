"""The drawings of a plan and of progress as readers see them: on a phone and on a desk, by day and by night."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from tests.chromium.browser import opened
from tests.chromium.test_report_page import SPILT_TEXT, TINY_TEXT

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("chromium")]

DRAWN = Path(__file__).parents[2] / "docs" / "how-to" / "drawn"

# Two texts of one drawing of which one lies on the other.
MET_TEXT = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')], boxes = texts.map(text => text.getBoundingClientRect());
  return texts.flatMap((text, i) => texts.slice(i + 1).filter((_, j) => {
    const a = boxes[i], b = boxes[i + 1 + j];
    return a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
  }).map(other => `${text.textContent} | ${other.textContent}`));
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_drawing_is_readable(
    browser: Browser, tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    """No text leaves its drawing, meets another one or is too small, and the page scrolls downwards only."""
    page = tmp_path / "page.html"
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    look = '<meta name="color-scheme" content="light dark"><body style="font-family:sans-serif">'
    drawings = "".join(path.read_text(encoding="utf-8") for path in sorted(DRAWN.glob("*.html")))
    page.write_text(
        f"{head}{look}{drawings}".replace("<figure>", '<figure style="margin:0">'), encoding="utf-8"
    )
    with opened(browser, page, width=width, scheme=scheme) as view:
        assert view.page.evaluate("document.querySelectorAll('svg > title').length") == 2
        for complaint in (SPILT_TEXT, TINY_TEXT, MET_TEXT):
            assert view.page.evaluate(complaint) == []
        assert view.page.evaluate("document.documentElement.scrollWidth") <= width
        assert (view.complaints, view.requests) == ([], [])
