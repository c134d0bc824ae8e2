"""Debian's Chromium, driven by playwright and kept off the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import attrs
from playwright.sync_api import Browser, Page, Route, sync_playwright

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]


def find_chromium() -> str | None:
    """Where Chromium is, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def chromium_is_demanded() -> bool:
    """Whether a missing Chromium fails instead of skipping: in CI nothing is skipped in silence."""
    return "CI" in os.environ


@attrs.define
class View:
    """A page as one reader sees it.

    Attributes:
        page: The page that is open.
        complaints: What the console said and which errors no script caught.
        requests: The addresses the page asked for beside its own file; none was answered.
    """

    page: Page
    complaints: list[str] = attrs.field(factory=list)
    requests: list[str] = attrs.field(factory=list)


@contextmanager
def started() -> Iterator[Browser]:
    """A running Chromium that is stopped at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, path: Path, *, width: int, scheme: Literal["light", "dark"]) -> Iterator[View]:
    """The file opened in a window of that many CSS pixels; a narrow one is a phone."""
    phone = width < 600
    context = browser.new_context(
        viewport={"width": width, "height": 844 if phone else 900},
        color_scheme=scheme,
        is_mobile=phone,
        has_touch=phone,
        device_scale_factor=2 if phone else 1,
    )
    view = View(context.new_page())

    def answer(route: Route) -> None:
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            view.requests.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    view.page.on("console", lambda message: view.complaints.append(f"{message.type}: {message.text}"))
    view.page.on("pageerror", lambda error: view.complaints.append(str(error)))
    view.page.on("requestfailed", lambda request: view.complaints.append(f"failed: {request.url}"))
    view.page.goto(path.as_uri(), wait_until="load")
    try:
        yield view
    finally:
        context.close()
