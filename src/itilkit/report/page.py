"""The report as one self-contained HTML page: no network, no script; everything escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itilkit.errors import FaultError
from itilkit.plots import Picture
from itilkit.report.figures import Report
from itilkit.report.sections import TITLE, sections
from itilkit.report.words import plain

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["as_html", "page_template"]


def as_html(report: Report) -> str:
    """The report as a page that needs nothing but a browser.

    Raises:
        FaultError: jinja2 is not installed.
    """
    return page_template().render(title=TITLE, report=report, sections=sections(report))


def page_template() -> Template:
    """The template of the page, ready to be filled.

    Raises:
        FaultError: jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  an extra: loaded on use
    except ImportError:
        raise FaultError.one(
            "missing_extra", "the HTML page needs jinja2", hint="pip install 'itilkit[report]'"
        ) from None
    environment = Environment(
        loader=PackageLoader("itilkit.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"kind": _kind, "drawn": _drawn, "slug": _slug}
    return environment.get_template("page.html")


def _kind(block: object) -> str:
    return type(block).__name__


def _seen(value: object) -> object:
    """Text without signs that act instead of being seen; what the page itself made is left as it is."""
    return plain(value) if type(value) is str else value


def _drawn(picture: Picture) -> str:
    return picture.to_svg()


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")
