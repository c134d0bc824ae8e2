"""One line of the catalogue."""

from __future__ import annotations

import attrs

__all__ = ["Entry"]


@attrs.frozen
class Entry:
    """What a KPI is.

    Attributes:
        name: Its full name, as a measure carries it.
        definition: What it tells, in a sentence.
        formula: How it is worked out.
        unit: Of its value.
        inputs: The facts that it needs.
        edges: The rules for what is empty, open, or missing.
        source: Where the definition comes from; ``-`` for the library's own.
        abbreviation: What people call it for short, if they do.
        mean: The function of its fixed mean form, if there is one.
        section: What it belongs to.
    """

    name: str
    definition: str
    formula: str = attrs.field(kw_only=True)
    unit: str = attrs.field(kw_only=True)
    inputs: tuple[str, ...] = attrs.field(kw_only=True)
    edges: tuple[str, ...] = attrs.field(kw_only=True)
    source: str = attrs.field(default="-", kw_only=True)
    abbreviation: str = attrs.field(default="", kw_only=True)
    mean: str = attrs.field(default="", kw_only=True)
    section: str = attrs.field(kw_only=True)
