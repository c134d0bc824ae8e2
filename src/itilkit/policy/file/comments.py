"""Writing into a text that somebody has written: what did not change stays as it stands, comments and all."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, cast

from itilkit.errors import PolicyError
from itilkit.policy.file.toml import LISTS, SECTIONS
from itilkit.policy.strict import is_list, is_table

__all__ = ["rewritten"]


def rewritten(like: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The text `like`, which says `old`, changed so that it says `new`.

    Raises:
        PolicyError: the extra ``toml`` is not installed.
    """
    try:
        import tomlkit  # noqa: PLC0415  an extra, imported on use
    except ImportError:
        message, hint = "keeping comments needs tomlkit", "pip install 'itilkit[toml]'"
        raise PolicyError.one("missing_extra", message, hint=hint) from None
    document = tomlkit.parse(like)
    _Writer(tomlkit).merge(document, old, new, "")
    return tomlkit.dumps(document)


class _Writer:
    """Changes to a parsed text, key by key."""

    def __init__(self, tomlkit: Any) -> None:
        self.tomlkit = tomlkit

    def merge(
        self, here: MutableMapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any], kind: str
    ) -> None:
        """Change a table of the text from what it says to what it is to say."""
        for key in old.keys() - new.keys():
            here.pop(key, None)
        for key, value in new.items():
            if key in old and old[key] == value:
                continue
            inner = _below(kind, key)
            before: Any = old.get(key)
            there: Any = here.get(key)
            if is_table(before) and is_table(value) and isinstance(there, MutableMapping):
                self.merge(cast("MutableMapping[str, Any]", there), before, value, inner)
            elif _rows(before) and _rows(value) and _alike(before, value, there):
                for index, becomes in enumerate(value):
                    self.merge(there[index], before[index], becomes, inner)
            else:
                here[key] = self.item(value, inner)

    def item(self, value: Any, kind: str) -> Any:
        """A value as the text is to have it: with a header of its own where the file has one, else on a line."""
        if is_table(value):
            table = (
                self.tomlkit.table()
                if kind in SECTIONS or kind == "calendars"
                else self.tomlkit.inline_table()
            )
            for key, each in cast("Mapping[str, Any]", value).items():
                table[key] = self.item(each, _below(kind, key))
            return table
        if not is_list(value):
            return self.tomlkit.item(value)
        rows = cast("Sequence[Any]", value)
        if kind in LISTS:
            headers = self.tomlkit.aot()
            for row in rows:
                table = self.tomlkit.table()
                for key, each in row.items():
                    table[key] = self.item(each, _below(kind, key))
                headers.append(table)
            return headers
        array = self.tomlkit.array()
        array.extend(self.item(row, "") for row in rows)
        return array.multiline(any(map(is_table, rows)))


def _below(kind: str, key: str) -> str:
    """The kind of a key in a table of a kind."""
    return f"{kind}.*" if kind == "calendars" else f"{kind}.{key}" if kind else key


def _rows(value: object) -> bool:
    return is_list(value) and all(map(is_table, cast("Sequence[object]", value)))


def _alike(before: Sequence[Any], value: Sequence[Any], there: object) -> bool:
    """Whether rows stand for each other one by one: as many of them, and called the same where they have names."""
    if not isinstance(there, list) or not len(before) == len(value) == len(cast("list[object]", there)):
        return False
    return [row.get("name") for row in before] == [row.get("name") for row in value]
