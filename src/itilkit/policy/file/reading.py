"""What the parts of a file share: faults are collected, so that one bad value does not hide the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

import attrs
from cattrs import Converter

from itilkit.calendars import Calendar
from itilkit.conditions import INCIDENT, Always, Condition, Schema
from itilkit.conditions import from_data as condition_from_data
from itilkit.errors import Fault, FaultError, near, shown
from itilkit.policy.strict import WRITE, is_list, strict_converter, structured
from itilkit.vocabulary import fold

__all__ = ["Reading", "example", "under"]

T = TypeVar("T")


def example(text: str) -> dict[str, str]:
    """The metadata of a key that must be there: how it is written."""
    return {WRITE: text}


def under(path: str, inner: str) -> str:
    """A path that leads on from another one.

    >>> under("agreements[0]", "name"), under("agreements", "[0]"), under("", "name")
    ('agreements[0].name', 'agreements[0]', 'name')
    """
    if not inner or not path:
        return path or inner
    return f"{path}{inner}" if inner.startswith("[") else f"{path}.{inner}"


@attrs.define(eq=False)
class Reading:
    """A file being read: its tables, what of it later parts refer to, and the faults found so far.

    Attributes:
        data: The tables of the file.
        calendars: By name, for the parts that name one.
        schema: The fields that conditions may ask about.
        faults: What is wrong; a part that gave a fault gave no value, or a stand-in.
    """

    data: Mapping[str, Any]
    calendars: Mapping[str, Calendar] = attrs.field(factory=dict[str, Calendar])
    schema: Schema = INCIDENT
    faults: list[Fault] = attrs.field(factory=list[Fault])
    _converter: Converter = attrs.field(factory=strict_converter, init=False)

    def tried(self, path: str, build: Callable[[], T]) -> T | None:
        """What `build` gives; its faults are kept under `path`."""
        try:
            return build()
        except FaultError as error:
            self.faults += [attrs.evolve(fault, path=under(path, fault.path)) for fault in error.faults]
        except ValueError as error:
            self.faults.append(Fault("bad_value", str(error), path=path))
        return None

    def shaped(self, path: str, data: object, shape: type[T]) -> T | None:
        """A table of the file in the shape of its class."""
        return self.tried(path, partial(structured, data, shape, converter=self._converter))

    def tables(self, path: str, value: object) -> Sequence[tuple[str, object]]:
        """The items of a list of tables, each with its path."""
        if is_list(value):
            items = cast("Sequence[object]", value)
            return [(f"{path}[{index}]", item) for index, item in enumerate(items)]
        message, hint = f"expected a list of tables, got {shown(value)}", f"write [[{path}]]"
        self.faults.append(Fault("bad_value", message, path=path, hint=hint))
        return ()

    def calendar(self, path: str, name: str) -> Calendar | None:
        """The calendar that is called so; case, spaces, ``_`` and ``-`` do not matter where one alone is meant."""
        if name in self.calendars:
            return self.calendars[name]
        alike = [calendar for known, calendar in self.calendars.items() if fold(known) == fold(name)]
        if len(alike) == 1:
            return alike[0]
        hint = near(name, self.calendars)
        self.faults.append(
            Fault("unknown_calendar", f"no calendar is called {shown(name)}", path=path, hint=hint)
        )
        return None

    def condition(self, path: str, data: object) -> Condition | None:
        """The condition of a ``when``; one that is not there always holds."""
        if data is None:
            return Always()
        return self.tried("", partial(condition_from_data, data, self.schema, path=path))
