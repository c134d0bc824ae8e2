"""The pictures as readers see them: on a phone and on a desk, by day and by night, in a page and as files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from tests.chromium.browser import opened
from tests.chromium.test_incident_models import MET_TEXT
from tests.chromium.test_report_page import SPILT_TEXT
from tests.plots.desks import PICTURES, SMALL, desk, pictures
from tests.plots.test_drawing import NASTY

from itilkit import plots
from itilkit.plots import Picture

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("chromium")]

Scheme = Literal["light", "dark"]

# Text set smaller than 11 CSS pixels on the screen, after the drawing has been scaled.
SMALL_TEXT = """() => [...document.querySelectorAll('svg text')].filter(text =>
  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a < 11
).map(text => text.textContent)"""

# The least contrast of text and of marks against what lies behind the drawings; text may be translucent.
CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgb = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = colour => colour.map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const root = document.body || document.documentElement;
  const paper = rgb(getComputedStyle(root).backgroundColor);
  const against = (colour, share) => {
    const shown = rgb(colour).map((v, i) => share * v + (1 - share) * paper[i]);
    const [a, b] = [light(shown), light(paper)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const least = (which, paint) => Math.min(99, ...[...document.querySelectorAll(which)].map(drawn => {
    const style = getComputedStyle(drawn);
    return against(style[paint], paint === 'fill' ? parseFloat(style.fillOpacity) : 1);
  }));
  const drawn = '.trace, .edge, .dash, .hollow, .rest';
  return [least('text', 'fill'), least('.bar, .late, .ink', 'fill'), least(drawn, 'stroke')];
}"""


def page_of(pictures: list[Picture], *, width: int, head: str = "") -> str:
    """A page that shows them one below the other."""
    figures = "".join(f"<figure>{picture.to_svg(width=width)}</figure>" for picture in pictures)
    return (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        "<style>:root{color-scheme:light dark}body{margin:0 16px;background:light-dark(#fcfbf9,#15181b);"
        f"color:light-dark(#22262b,#e4e2dd)}}figure{{margin:0 0 24px}}{head}</style><body>{figures}"
    )


def long_names() -> list[Picture]:
    """Pictures whose groups have every kind of name."""
    names = dict(zip(range(1, 5), NASTY[3:], strict=False))
    items = {row["group"]: NASTY[place % len(NASTY)] for place, row in enumerate(_items().rows)}
    return [plots.compliance(desk(), names=names), plots.pareto(desk(), by="configuration_item", names=items)]


def _items() -> Picture:
    return plots.pareto(desk(), by="configuration_item")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("window", "width"), [(390, 350), (360, 350), (1280, 350), (1280, 900)])
def test_pictures_are_readable(
    browser: Browser, tmp_path: Path, window: int, width: int, scheme: Scheme
) -> None:
    """No text leaves its drawing, meets another one or is too small, and all stands out from the page."""
    shown = [*pictures().values(), *long_names()]
    page = tmp_path / "page.html"
    page.write_text(page_of(shown, width=width), encoding="utf-8")
    with opened(browser, page, width=window, scheme=scheme) as view:
        view.page.screenshot(path=tmp_path / f"plots-{window}-{scheme}.png", full_page=True)
        assert view.page.evaluate("document.querySelectorAll('svg').length") == 10
        for complaint in (SPILT_TEXT, SMALL_TEXT, MET_TEXT):
            assert view.page.evaluate(complaint) == []
        assert min(view.page.evaluate(CONTRAST)) >= 4.5
        assert view.page.evaluate("document.documentElement.scrollWidth") <= window
        assert (view.complaints, view.requests) == ([], [])


def test_odd_desks_are_readable(browser: Browser, tmp_path: Path) -> None:
    """One incident, open ones only, nothing at all: every picture keeps its words apart and inside."""
    shown = [draw(cases) for cases in SMALL.values() for draw in PICTURES.values()]
    page = tmp_path / "page.html"
    page.write_text(page_of(shown, width=350), encoding="utf-8")
    with opened(browser, page, width=390, scheme="light") as view:
        for complaint in (SPILT_TEXT, SMALL_TEXT, MET_TEXT):
            assert view.page.evaluate(complaint) == []
        assert view.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_that_is_light_only_has_light_pictures(
    browser: Browser, tmp_path: Path, scheme: Scheme
) -> None:
    """A page that knows no dark keeps its black text and gets the colours for white, whatever the reader prefers."""
    page = tmp_path / "page.html"
    figure = pictures()["volume"].to_svg()
    page.write_text(f'<!doctype html><meta charset="utf-8"><body>{figure}', encoding="utf-8")
    with opened(browser, page, width=390, scheme=scheme) as view:
        fill = "getComputedStyle(document.querySelector('svg {}')).fill"
        assert view.page.evaluate(fill.format("text")) == "rgb(0, 0, 0)"
        assert view.page.evaluate(fill.format(".bar")) == "rgb(59, 111, 156)"


def test_a_page_sets_its_own_colours(browser: Browser, tmp_path: Path) -> None:
    """What a page says of ``--itilkit-bar`` holds, as it does for the other drawings."""
    page = tmp_path / "page.html"
    own = ":root{--itilkit-bar:#010203;--itilkit-line:#040506}"
    page.write_text(page_of([pictures()["backlog"]], width=350, head=own), encoding="utf-8")
    with opened(browser, page, width=390, scheme="dark") as view:
        assert (
            view.page.evaluate("getComputedStyle(document.querySelector('svg .bar')).fill") == "rgb(1, 2, 3)"
        )
        assert (
            view.page.evaluate("getComputedStyle(document.querySelector('svg .rule')).stroke")
            == "rgb(4, 5, 6)"
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_of_its_own_is_readable(browser: Browser, tmp_path: Path, scheme: Scheme) -> None:
    """Opened as a file, a picture has its own paper and ink."""
    file = tmp_path / "picture.svg"
    file.write_text(pictures()["compliance"].to_svg(), encoding="utf-8")
    with opened(browser, file, width=1280, scheme=scheme) as view:
        assert min(view.page.evaluate(CONTRAST)) >= 4.5
        assert view.page.evaluate(SPILT_TEXT) == []


def test_a_drawing_keeps_its_size(browser: Browser, tmp_path: Path) -> None:
    """On a desk a narrow picture is 480 pixels wide and a wide one as wide as it was laid out."""
    page = tmp_path / "page.html"
    volume = pictures()["volume"]
    page.write_text(page_of([volume], width=350) + volume.to_svg(width=720), encoding="utf-8")
    with opened(browser, page, width=1280, scheme="light") as view:
        widths = "[...document.querySelectorAll('svg')].map(svg => svg.getBoundingClientRect().width)"
        assert view.page.evaluate(widths) == [480, 720]
