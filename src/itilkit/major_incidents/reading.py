"""Values from plain data, as TOML and JSON have it; all faults are told at once, each with its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from itilkit.errors import Fault, FaultError, PolicyError, near, shown

__all__ = ["LARGEST", "Plain", "Reader", "under"]

# Any, because the values of data are whatever their reader finds in them.
Plain: TypeAlias = dict[str, Any]
T = TypeVar("T")

LARGEST = 1_000
"""How many items one list may hold."""


class Reader:
    """Faults are collected, so that one bad value does not hide the next."""

    def __init__(self, error: type[FaultError] = PolicyError) -> None:
        self.error = error
        self.faults: list[Fault] = []

    def fault(self, code: str, message: str, path: str, hint: str = "") -> None:
        """Note one fault."""
        self.note(Fault(code, message, path=path, hint=hint))

    def note(self, fault: Fault) -> None:
        """Note a fault as it is."""
        self.faults.append(fault)

    def done(self) -> None:
        """Raise when there are faults.

        Raises:
            FaultError: of the kind that the reader is for, with every fault.
        """
        if self.faults:
            raise self.error(self.faults)

    def tried(self, path: str, build: Callable[[], T]) -> T | None:
        """What `build` gives; its faults are kept, under `path` where they do not name it themselves."""
        try:
            return build()
        except FaultError as error:
            for fault in error.faults:
                inside = bool(path) and fault.path.startswith(path)
                where = fault.path if inside else under(path, fault.path)
                self.faults.append(attrs.evolve(fault, path=where))
        return None

    def table(
        self, data: object, path: str, known: Sequence[str], needed: Sequence[str] = ()
    ) -> dict[str, object] | None:
        """A table with known keys only, and with the needed ones; None where it is none."""
        if not isinstance(data, Mapping):
            hint = f"give {', '.join(needed or known)}"
            self.fault("not_a_table", f"expected a table, got {shown(data)}", path, hint)
            return None
        table = cast("Mapping[object, object]", data)
        for key in table:
            if key not in known:
                where = under(path, key if isinstance(key, str) else shown(key))
                self.fault("unknown_key", f"nothing is called {shown(key)}", where, near(key, known))
        for key in needed:
            if key not in table:
                self.fault("missing_key", f"{key} is missing", under(path, key), f"give {key}")
        return {key: table[key] for key in known if key in table}

    def listed(self, data: object, path: str, example: str) -> Sequence[object]:
        """The items of a list."""
        if not isinstance(data, list | tuple):
            self.fault("not_a_list", f"expected a list, got {shown(data)}", path, f"write {example}")
            return ()
        items = cast("Sequence[object]", data)
        if len(items) > LARGEST:
            self.fault("too_large", f"a list of more than {LARGEST} is not read", path, "split it")
            return ()
        return items

    def text(self, data: object, path: str) -> str | None:
        """A text that is not empty."""
        if isinstance(data, str) and data.strip():
            return str.__str__(data)
        self.fault("not_a_text", f"expected a text, got {shown(data)}", path, "write it in quotes")
        return None

    def texts(self, data: object, path: str) -> list[str]:
        """A list of texts; a single one is a list of one."""
        items = (data,) if isinstance(data, str) else self.listed(data, path, '["..."]')
        found = [self.text(item, f"{path}[{place}]") for place, item in enumerate(items)]
        return [each for each in found if each is not None]


def under(path: str, key: str) -> str:
    """The path of what stands under a key."""
    return f"{path}.{key}" if path and key else path or key
