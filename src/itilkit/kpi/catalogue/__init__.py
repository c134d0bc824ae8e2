"""What every KPI is, as values: definition, formula, unit, inputs, edge rules, source.

The page of the documentation is what `catalogue_markdown` gives.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from itilkit.errors import KpiError, near
from itilkit.kpi.catalogue import changes, durations, experience, promises, reliability, routing, volume
from itilkit.kpi.catalogue.entry import Entry

__all__ = ["Entry", "catalogue", "catalogue_markdown", "entry_of"]

_ENTRIES: Mapping[str, Entry] = MappingProxyType(
    {
        entry.name: entry
        for section in (durations, reliability, routing, volume, promises, experience, changes)
        for entry in section.ENTRIES
    }
)


def catalogue() -> tuple[Entry, ...]:
    """Every KPI of the library, by section.

    >>> [entry.name for entry in catalogue()][:3]
    ['time_to_detect', 'time_to_acknowledge', 'time_to_respond']
    """
    return tuple(_ENTRIES.values())


def entry_of(name: str) -> Entry:
    """What the KPI of that name is.

    Raises:
        KpiError: none is called so; near names are offered.

    >>> entry_of("time_to_restore").abbreviation
    'MTRS'
    """
    found = _ENTRIES.get(name)
    if found is None:
        hint = near(str(name), _ENTRIES)
        raise KpiError.one("unknown_option", f"no KPI is called {name!r}", path="name", hint=hint)
    return found


def known_entry(name: str) -> Entry | None:
    """What the KPI of that name is; None for one that a house has defined itself."""
    return _ENTRIES.get(name)


def catalogue_markdown() -> str:
    """The catalogue as a page in Markdown."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# The KPI catalogue"
    yield ""
    yield "What each KPI is. The values are those of `kpi.catalogue()`; `measure.explain()` tells them with the counts."
    section = ""
    for entry in catalogue():
        if entry.section != section:
            section = entry.section
            yield from ("", f"## {section}")
        yield from ("", f"### {entry.name}", "")
        short = f" ({entry.abbreviation})" if entry.abbreviation else ""
        yield f"{entry.definition.rstrip('.')}{short}."
        yield ""
        yield f"- Formula: {entry.formula}"
        yield f"- Unit: {entry.unit}"
        yield f"- Needs: {', '.join(entry.inputs)}"
        yield f"- Rules: {'; '.join(entry.edges)}"
        if entry.mean and entry.mean != entry.name:
            yield f"- Mean form: `kpi.{entry.mean}`"
        yield f"- Source: {'the definition of the library' if entry.source == '-' else entry.source}"
