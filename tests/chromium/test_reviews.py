"""The page of a review as readers see it: on a phone and on a desk, by day and by night."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from tests.chromium.browser import opened
from tests.chromium.test_report_page import SPILT_TEXT, TINY_TEXT
from tests.reviews.test_document import vile
from tests.reviews.test_golden import story

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("chromium")]

# Texts whose contrast to the bar or the page below them is less than 4.5 to 1.
FAINT_TEXT = """() => {
  const light = colour => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map(each => each / 255)
      .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = getComputedStyle(document.body).backgroundColor;
  const pairs = [...document.querySelectorAll('h1, h2, p, dt, dd, td, th, li')]
    .map(each => [each.textContent, getComputedStyle(each).color, page]);
  for (const text of document.querySelectorAll('svg text')) {
    const bar = getComputedStyle(text.parentElement.querySelector('rect')).fill;
    pairs.push([text.textContent, getComputedStyle(text).fill, bar]);
  }
  return pairs.filter(([_, one, other]) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05) < 4.5;
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_review_is_readable(
    browser: Browser, tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    """No text is too faint, too small or cut off, and the page scrolls downwards only."""
    page = tmp_path / "review.html"
    page.write_text(story().to_html(), encoding="utf-8")
    with opened(browser, page, width=width, scheme=scheme) as view:
        assert view.page.evaluate("document.querySelectorAll('svg text').length") == 2
        for complaint in (SPILT_TEXT, TINY_TEXT, FAINT_TEXT):
            assert view.page.evaluate(complaint) == []
        assert view.page.evaluate("document.documentElement.scrollWidth") <= width
        assert (view.complaints, view.requests) == ([], [])


@pytest.mark.parametrize(
    "name", ["script", "attribute", "link", "entities", "turned", "long word", "long markup"]
)
def test_a_hostile_text_does_nothing(browser: Browser, tmp_path: Path, name: str) -> None:
    """No script runs, nothing is fetched, no element is made of a text, and a long word widens no page."""
    page = tmp_path / "review.html"
    page.write_text(vile(name).to_html(), encoding="utf-8")
    with opened(browser, page, width=390, scheme="light") as view:
        assert (
            view.page.evaluate("document.querySelectorAll('script, img, a, iframe, form, input').length") == 0
        )
        assert view.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert (view.complaints, view.requests) == ([], [])
