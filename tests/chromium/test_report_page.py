"""The HTML report as readers see it: on a desk and on a phone, by day and by night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from tests.chromium.browser import View, opened

# One worker opens the page in one Chromium, and the command that makes it runs once.
pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("chromium")]

DESK, PHONE = 1280, 390

# Text that leaves the drawing it belongs to, by more than a pixel of rounding.
SPILT_TEXT = """() => [...document.querySelectorAll('svg text')].filter(text => {
  const inner = text.getBoundingClientRect(), outer = text.ownerSVGElement.getBoundingClientRect();
  return inner.width && (inner.left < outer.left - 1 || inner.right > outer.right + 1
    || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1);
}).map(text => text.textContent)"""

# Text set smaller than 9 CSS pixels on the screen, after the drawing has been scaled.
TINY_TEXT = """() => [...document.querySelectorAll('svg text')].filter(text => {
  const scale = text.getScreenCTM().a;
  return parseFloat(getComputedStyle(text).fontSize) * scale < 9;
}).map(text => text.textContent)"""

# Text whose contrast against its background is below 4.5 : 1 (WCAG 2.1, 1.4.3), outside drawings.
PALE_TEXT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = rgb => rgb.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  // what lies behind everything: the browser's own canvas in the scheme that the page accepts
  const sheet = document.body.appendChild(document.createElement('div'));
  sheet.style.backgroundColor = 'Canvas';
  const canvasColour = rgba(getComputedStyle(sheet).backgroundColor);
  sheet.remove();
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return canvasColour;
  };
  const pale = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || element.closest('svg, script, style')) continue;
    if (!element.checkVisibility()) continue;
    const a = light(rgba(getComputedStyle(element).color)), b = light(behind(element));
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) pale.add(`${contrast.toFixed(2)}: ${walk.currentNode.data.trim().slice(0, 40)}`);
  }
  return [...pale];
}"""


# Text in drawings that lies on top of other text.
HEAPED_TEXT = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4
  ).map(([other]) => `${one} / ${other}`));
})"""

# The contrast of text and of bars in drawings against the page, by their computed fill.
FILLS = """() => {
  const rgb = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = colour => rgb(colour).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const least = kind => Math.min(...[...document.querySelectorAll(`svg ${kind}`)].map(drawn => {
    const fill = light(getComputedStyle(drawn).fill);
    return (Math.max(fill, paper) + 0.05) / (Math.min(fill, paper) + 0.05);
  }));
  return [least('text'), least('rect')];
}"""

# Boxes wider inside than outside that cannot be scrolled with the keyboard.
STUCK_BOXES = """() => [...document.querySelectorAll('main *')].filter(box =>
  box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible' && box.tabIndex < 0
).map(box => box.outerHTML.slice(0, 100))"""


Scheme = Literal["light", "dark"]
Views = Callable[[int, Scheme], View]


@pytest.fixture(scope="session")
def views(browser: Browser, report_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Views]:
    """The report as it was opened in each way that was asked for: once, because laying it out takes seconds."""
    kept: dict[tuple[int, str], View] = {}
    shots = tmp_path_factory.mktemp("shots")
    with ExitStack() as stack:

        def opened_once(width: int, scheme: Scheme) -> View:
            if (width, scheme) not in kept:
                view = stack.enter_context(opened(browser, report_page, width=width, scheme=scheme))
                view.page.screenshot(path=shots / f"report-{width}-{scheme}.png", full_page=True)
                kept[width, scheme] = view
            return kept[width, scheme]

        yield opened_once


@pytest.fixture(
    params=[(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")],
    ids=lambda p: f"{p[0]}-{p[1]}",
)
def view(request: pytest.FixtureRequest, views: Views) -> View:
    """The report open in one of the four ways; no test changes it."""
    width: int
    scheme: Scheme
    width, scheme = request.param
    view = views(width, scheme)
    assert view.page.evaluate("window.innerWidth") == width
    assert view.page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
    return view


def test_page_is_quiet_and_needs_no_network(view: View) -> None:
    """The console stays empty and the page asks for nothing but itself."""
    assert view.complaints == []
    assert view.requests == []


def test_page_fits_the_window(view: View) -> None:
    """Nobody has to scroll sideways."""
    assert view.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_page_names_itself_and_its_drawings(view: View) -> None:
    """The page has a language, a title and one main heading; every drawing has a title to be read aloud."""
    assert view.page.evaluate("document.documentElement.lang")
    assert view.page.title()
    assert view.page.locator("h1").count() == 1
    assert view.page.locator("svg").count() > 0
    untitled = (
        "[...document.querySelectorAll('svg')].filter(s => !s.querySelector('title')?.textContent.trim())"
    )
    assert view.page.evaluate(f"{untitled}.map(s => s.outerHTML.slice(0, 100))") == []


def test_text_in_drawings_is_inside_and_readable(view: View) -> None:
    """No label is cut off at the edge of its drawing or shrunk beyond reading."""
    assert view.page.evaluate(SPILT_TEXT) == []
    assert view.page.evaluate(TINY_TEXT) == []


def test_text_stands_out_from_its_background(view: View) -> None:
    """The contrast of text is at least 4.5 to 1, by day and by night."""
    assert view.page.evaluate(PALE_TEXT) == []


def test_drawings_stand_out_and_nothing_lies_on_their_text(view: View) -> None:
    """Text in drawings has a contrast of 4.5 to 1 and bars of 3 to 1; no label covers another."""
    text, bars = view.page.evaluate(FILLS)
    assert text >= 4.5
    assert bars >= 3
    assert view.page.evaluate(HEAPED_TEXT) == []


def test_wide_tables_scroll_in_their_own_boxes(view: View) -> None:
    """What is wider than the window scrolls by itself, with the keyboard too, and can be reached to its end."""
    assert view.page.evaluate(STUCK_BOXES) == []
    assert view.page.locator(".scroll").count() > 5


# Drawings that are wider than the place that they stand in, or too small to be looked at.
ILL_FITTING = """() => [...document.querySelectorAll('main svg')].filter(svg => {
  const box = svg.getBoundingClientRect(), place = svg.closest('section').getBoundingClientRect();
  return box.width < 280 || box.height < 80 || box.left < place.left - 1 || box.right > place.right + 1;
}).map(svg => svg.querySelector('title').textContent)"""


def test_page_shows_all_pictures(view: View) -> None:
    """The eight pictures of a desk are there, each as wide as its place allows; none is empty."""
    titles = view.page.evaluate("[...document.querySelectorAll('main svg > title')].map(t => t.textContent)")
    assert sorted(titles) == [
        "Backlog at the end of each week",
        "Incidents by category",
        "Incidents not yet resolved, by age",
        "Incidents opened per week",
        "Resolution targets kept, by priority",
        "Time in each status",
        "Time to resolve",
        "When incidents are opened",
    ]
    assert view.page.evaluate(ILL_FITTING) == []


def test_page_tells_the_last_full_month(view: View) -> None:
    """January 2017 beside December; a change stands with its interval, or it is said why it is not told."""
    month = view.page.locator("section", has=view.page.locator("#the-last-full-month"))
    assert "Figures of 2017-01, compared with 2016-12." in month.inner_text()
    changes = month.locator("figure", has_text="Changes since 2016-12").locator("tbody tr")
    told = [row.locator("td").last.inner_text() for row in changes.all()]
    assert len(told) > 10
    for words in told:
        assert words.startswith("not told: ") or (" to " in words and words.endswith(")"))
    assert any("no change that can be told from chance" in words for words in told)


def test_page_follows_the_colour_scheme(browser: Browser, report_page: Path) -> None:
    """By night the page is dark: its text is lighter than by day."""
    shades = {}
    for scheme in ("light", "dark"):
        with opened(browser, report_page, width=DESK, scheme=scheme) as view:
            shades[scheme] = view.page.evaluate("getComputedStyle(document.body).color")
    assert shades["light"] != shades["dark"]
