"""Public holidays of a country, from the `holidays` package, frozen into plain dates per year.

The package answers "no holidays" outside the years it knows (`start_year` to `end_year`), and picks the
language of the names from the process's environment. Here a year that it does not know is an error, and the
language is the country's own unless one is given. The package is imported when the first such calendar is
built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, cast

import attrs

from itilkit.calendars.shapes import is_list, is_table
from itilkit.calendars.warned import warned
from itilkit.errors import CalendarError, Fault, near

__all__ = ["Beyond", "PublicHolidays", "read_public_holidays"]

Beyond = Literal["error", "no_holidays"]
_HINT = 'write a code such as "GB-ENG" or "DE"'


def _texts(value: str | Iterable[str]) -> tuple[str, ...]:
    # What is no text is told by `PublicHolidays.faults`, with everything else that is wrong.
    given: object = value
    several = isinstance(given, Iterable) and not isinstance(given, str)
    return tuple(value) if several else (cast("str", value),)


@attrs.frozen(repr=False)
class PublicHolidays:
    """The public holidays of one country or subdivision.

    Attributes:
        code: ISO 3166 code of a country or of a part of it, or the code of an exchange, as the `holidays`
            package knows it: ``GB``, ``GB-ENG``, ``NYSE``.
        categories: Kinds of holiday, such as ``bank``; empty for the country's usual ones.
        language: Of the names in `Calendar.why`; empty for the country's own.
        observed: Whether days given in lieu count as well.
        beyond: What holds in a year that the package does not know: ``error``, or ``no_holidays``.

    >>> PublicHolidays("GB-ENG", observed=False)
    PublicHolidays('GB-ENG', observed=False)
    """

    code: str
    categories: tuple[str, ...] = attrs.field(default=(), converter=_texts, kw_only=True)
    language: str = attrs.field(default="", kw_only=True)
    observed: bool = attrs.field(default=True, kw_only=True)
    beyond: Beyond = attrs.field(default="error", kw_only=True)

    def __repr__(self) -> str:
        usual = PublicHolidays(self.code)
        names = ("categories", "language", "observed", "beyond")
        said = [
            f"{name}={getattr(self, name)!r}" for name in names if getattr(self, name) != getattr(usual, name)
        ]
        return f"PublicHolidays({', '.join([repr(self.code), *said])})"

    @property
    def country(self) -> str:
        """The part of the code before the hyphen."""
        return self.code.partition("-")[0]

    @property
    def subdivision(self) -> str:
        """The part of the code after the hyphen; empty for a whole country."""
        return self.code.partition("-")[2]

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
        """What is of the wrong kind, or what the package does not know: country, subdivision, categories, language."""
        wrong = list(_misshapen({key: getattr(self, key) for key in _SHAPES}, path))
        if wrong:
            return wrong
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
    loader = getattr(holidays, country)
    return loader.get_entity() if hasattr(loader, "get_entity") else loader


@lru_cache(maxsize=4096)
def _names(spec: PublicHolidays, year: int) -> Mapping[int, str]:
    entity = _entity(spec.country)
    with warned() as told:
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
    if is_list(value):
        read = [_read(item, f"{path}[{index}]", faults) for index, item in enumerate(value)]
    else:
        read = [_read(value, path, faults)]
    return tuple(dict.fromkeys(one for one in read if one is not None))


def _read(value: object, path: str, faults: list[Fault]) -> PublicHolidays | None:
    if isinstance(value, str):
        value = PublicHolidays(value)
    elif is_table(value):
        value = _from_table(value, path, faults)
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
    faults += [
        Fault("unknown_key", f"unknown key {key!r}", path=f"{path}.{key}", hint=near(str(key), _SHAPES))
        for key in table
        if key not in _SHAPES
    ]
    faults += _misshapen(table, path)
    return PublicHolidays(**cast("dict[str, Any]", table)) if len(faults) == before else None


def _misshapen(table: Mapping[Any, object], path: str) -> Iterator[Fault]:
    for key, (usual, fits, wanted) in _SHAPES.items():
        value = table.get(key, usual)
        if not fits(value):
            message = f"expected {wanted}, got {value!r}"
            yield Fault("bad_holidays", message, path=f"{path}.{key}", hint=f"write {wanted}")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


# What a table may hold: the value where a key is absent, whether a value fits, what fits in words.
_SHAPES: Mapping[str, tuple[object, Callable[[object], bool], str]] = {
    "code": (None, _is_text, 'a code such as "GB-ENG"'),
    "categories": (
        (),
        lambda value: _is_text(value) or (is_list(value) and all(map(_is_text, value))),
        'a list such as ["public", "bank"]',
    ),
    "language": ("", _is_text, 'a language such as "en_US"'),
    "observed": (True, lambda value: isinstance(value, bool), "true or false"),
    "beyond": ("error", lambda value: value in ("error", "no_holidays"), "error or no_holidays"),
}
