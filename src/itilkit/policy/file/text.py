"""From text to tables: how large, how deep, and where a slip in the syntax stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, cast

from itilkit.errors import PolicyError
from itilkit.policy.locate import depth
from itilkit.policy.strict import is_list, is_table

__all__ = ["DEEPEST", "LARGEST", "nests_deeper", "parsed", "too_deep"]

LARGEST = 1 << 20
DEEPEST = 32
_SYNTAX = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)


def parsed(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        PolicyError: it is no text, no TOML, larger than 1 MiB or nested more than 32 levels deep.
    """
    if not isinstance(text, str):
        raise PolicyError.one(
            "no_text", f"expected text, got {type(text).__name__}", hint="decode it as UTF-8"
        )
    if len(text) > LARGEST or len(text.encode(errors="replace")) > LARGEST:
        raise PolicyError.one("too_large", "a policy of more than 1 MiB is not read", hint="split it")
    if depth(text) > DEEPEST:
        raise too_deep()
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        match = _SYNTAX.fullmatch(str(error))
        message, line = (match[1], int(match[2])) if match else (str(error), None)
        hint = "a text stands in double quotes, a list in [ ], a table in { } or under its [name]"
        raise PolicyError.one("not_toml", f"is not TOML: {message}", line=line, hint=hint) from None
    if nests_deeper(data, DEEPEST):
        raise too_deep()
    return data


def too_deep() -> PolicyError:
    """The error for what is nested beyond reason."""
    return PolicyError.one("too_deep", f"the text nests more than {DEEPEST} levels deep", hint="flatten it")


def nests_deeper(data: object, limit: int) -> bool:
    """Whether tables and lists lie in each other more than `limit` deep; dotted keys make tables without brackets."""
    layer: list[object] = [data]
    for _ in range(limit + 1):
        layer = [inner for outer in layer for inner in _inner(outer)]
        if not layer:
            return False
    return True


def _inner(value: object) -> Iterable[object]:
    if is_table(value):
        return cast("Mapping[str, object]", value).values()
    return cast("Iterable[object]", value) if is_list(value) else ()
