"""Public holidays of a country, from the `holidays` package, frozen into plain dates per year.

The package answers "no holidays" outside the years it knows (`start_year` to `end_year`), and picks the
language of the names from the process's environment. Here a year that it does not know is an error, and the
language is the country's own unless one is given. The package is imported when the first such calendar is
built.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import Any, Literal, cast

import attrs

from itilkit.errors import CalendarError, Fault, near

__all__ = ["Beyond", "PublicHolidays", "read_public_holidays"]

Beyond = Literal["error", "no_holidays"]
_KEYS = ("country", "subdivision", "categories", "language", "observed", "beyond")
_HINT = 'write a code such as "GB-ENG" or "DE"'
_POPULATING = Lock()  # warnings.catch_warnings swaps state of the whole process


def _codes(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@attrs.frozen(init=False)
class PublicHolidays:
    """The public holidays of one country or subdivision.

    Attributes:
        country: ISO 3166 code, or the code of an exchange, as the `holidays` package knows it.
        subdivision: Code of the state, province or nation; empty for the whole country.
        categories: Kinds of holiday, such as ``bank``; empty for the country's usual ones.
        language: Of the names in `Calendar.why`; empty for the country's own.
        observed: Whether days given in lieu count as well.
        beyond: What holds in a year that the package does not know: ``error``, or ``no_holidays``.

    >>> PublicHolidays("GB-ENG")
    PublicHolidays('GB-ENG')
    """

    country: str
    subdivision: str
    categories: tuple[str, ...]
    language: str
    observed: bool
    beyond: Beyond

    def __init__(
        self,
        country: str,
        subdivision: str = "",
        *,
        categories: str | Iterable[str] = (),
        language: str = "",
        observed: bool = True,
        beyond: Beyond = "error",
    ) -> None:
        code, _, part = country.partition("-")
        self.__attrs_init__(  # type: ignore[attr-defined]  # written by attrs, unknown to mypy with init=False
            code, subdivision or part, _codes(categories), language, observed, beyond
        )

    def __repr__(self) -> str:
        names = {"categories": (), "language": "", "observed": True, "beyond": "error"}
        said = [
            f"{name}={value!r}" for name, usual in names.items() if (value := getattr(self, name)) != usual
        ]
        return f"PublicHolidays({', '.join([repr(self.code), *said])})"

    @property
    def code(self) -> str:
        """Country and subdivision in one word, such as ``GB-ENG``."""
        return f"{self.country}-{self.subdivision}" if self.subdivision else self.country

    @property
    def is_plain(self) -> bool:
        """Whether the code says it all."""
        return self == PublicHolidays(self.code)

    def years(self) -> tuple[int, int]:
        """The first and the last year that the `holidays` package knows for the country."""
        entity = _entity(self.country)
        return int(entity.start_year), int(entity.end_year)

    def knows(self, year: int) -> bool:
        """Whether the `holidays` package knows a year of the country."""
        first, last = self.years()
        return first <= year <= last

    def of(self, year: int) -> Mapping[int, str]:
        """Names of the holidays of a year, by proleptic ordinal of the date.

        Raises:
            CalendarError: The year lies outside the package's range and `beyond` is ``error``.
        """
        if self.knows(year):
            return _names(self, year)
        first, last = self.years()
        if self.beyond == "no_holidays":
            return {}
        raise CalendarError.one(
            "beyond_holidays",
            f"public holidays {self.code} are known from {first} to {last}, not for {year}",
            path="public_holidays",
            hint=f'ask within {first}-{last}, or say PublicHolidays("{self.code}", beyond="no_holidays")',
        )

    def faults(self, path: str) -> list[Fault]:
        """What the `holidays` package does not know of this: country, subdivision, categories, language."""
        entity = _entity(self.country)
        if entity is None:
            hint = near(self.country, _countries()) if self.country else _HINT
            return [Fault("unknown_country", f"no public holidays of {self.country!r}", path=path, hint=hint)]
        parts = {*entity.subdivisions, *entity.subdivisions_aliases}
        found: list[Fault] = []
        if self.subdivision and self.subdivision not in parts:
            message = f"{self.country} has no subdivision {self.subdivision!r}"
            hint = near(self.subdivision, parts) or "leave it out"
            found.append(Fault("unknown_subdivision", message, path=path, hint=hint))
        for category in self.categories:
            if category not in entity.supported_categories:
                message = f"{self.country} has no holidays of category {category!r}"
                hint = near(category, entity.supported_categories)
                found.append(Fault("unknown_category", message, path=path, hint=hint))
        if self.language and self.language not in entity.supported_languages:
            message = f"holiday names of {self.country} do not come in {self.language!r}"
            hint = near(self.language, entity.supported_languages) or "leave it out"
            found.append(Fault("unknown_language", message, path=path, hint=hint))
        return found


@lru_cache(maxsize=64)
def _countries() -> frozenset[str]:
    from holidays import registry  # noqa: PLC0415  loaded on first use

    names = [*registry.COUNTRIES.values(), *registry.FINANCIAL.values()]
    return frozenset(code for codes in names for code in codes if code.isupper())


@lru_cache(maxsize=256)
def _entity(country: str) -> Any:
    """The class of the `holidays` package for a country, or None."""
    import holidays  # noqa: PLC0415  loaded on first use

    if country not in _countries():
        return None
    loader = cast("Any", getattr(holidays, country))
    return loader.get_entity() if hasattr(loader, "get_entity") else loader


@lru_cache(maxsize=4096)
def _names(spec: PublicHolidays, year: int) -> Mapping[int, str]:
    entity = _entity(spec.country)
    with _POPULATING, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        dates = entity(
            years=year,
            expand=False,
            observed=spec.observed,
            subdiv=spec.subdivision or None,
            language=spec.language or entity.default_language,
            categories=spec.categories or None,
        )
    if told:
        message = f"public holidays {spec.code} of {year}: {told[0].message}"
        raise CalendarError.one("holiday_warning", message, path="public_holidays")
    return MappingProxyType({day.toordinal(): name for day, name in dates.items()})


def read_public_holidays(value: object, path: str, faults: list[Fault]) -> tuple[PublicHolidays, ...]:
    """The holidays that a code, a `PublicHolidays`, a table of its fields, or a list of these asks for."""
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        read = [_read(item, f"{path}[{index}]", faults) for index, item in enumerate(value)]
    else:
        read = [_read(value, path, faults)]
    return tuple(dict.fromkeys(one for one in read if one is not None))


def _read(value: object, path: str, faults: list[Fault]) -> PublicHolidays | None:
    if isinstance(value, str):
        value = PublicHolidays(value)
    elif isinstance(value, Mapping):
        value = _from_table(cast("Mapping[object, object]", value), path, faults)
        if value is None:
            return None
    if not isinstance(value, PublicHolidays):
        faults.append(Fault("bad_holidays", f"expected a country, got {value!r}", path=path, hint=_HINT))
        return None
    found = value.faults(path)
    faults.extend(found)
    return None if found else value


def _from_table(table: Mapping[object, object], path: str, faults: list[Fault]) -> PublicHolidays | None:
    before = len(faults)
    for key in table:
        if key not in _KEYS:
            faults.append(
                Fault("unknown_key", f"unknown key {key!r}", path=f"{path}.{key}", hint=near(str(key), _KEYS))
            )
    for key, usual in (("country", None), ("subdivision", ""), ("language", "")):
        if not isinstance(table.get(key, usual), str):
            faults.append(
                Fault(
                    "bad_holidays", f"expected text, got {table.get(key)!r}", path=f"{path}.{key}", hint=_HINT
                )
            )
    if not isinstance(table.get("observed", True), bool):
        message = f"expected true or false, got {table['observed']!r}"
        faults.append(Fault("bad_holidays", message, path=f"{path}.observed"))
    if table.get("beyond", "error") not in ("error", "no_holidays"):
        message = f"expected error or no_holidays, got {table['beyond']!r}"
        faults.append(Fault("bad_holidays", message, path=f"{path}.beyond"))
    categories = table.get("categories", ())
    if not isinstance(categories, str | list | tuple) or not all(isinstance(one, str) for one in categories):
        message = f"expected a list of categories, got {categories!r}"
        faults.append(
            Fault("bad_holidays", message, path=f"{path}.categories", hint='write ["public", "bank"]')
        )
    if len(faults) > before:
        return None
    return PublicHolidays(**cast("dict[str, Any]", table))
