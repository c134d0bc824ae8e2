"""How is it shown? The figures of a log as one value, and that value as text, JSON or a page.

`figures` measures everything once; `as_text`, `as_json` and `as_html` only choose words and layout, so that they
cannot disagree.
"""

from itilkit.report.data import FORMAT, as_data, as_json
from itilkit.report.figures import Extent, Promise, Report, figures
from itilkit.report.findings import Finding
from itilkit.report.page import as_html, page_template
from itilkit.report.text import as_text

__all__ = [
    "FORMAT",
    "Extent",
    "Finding",
    "Promise",
    "Report",
    "as_data",
    "as_html",
    "as_json",
    "as_text",
    "figures",
    "page_template",
]
