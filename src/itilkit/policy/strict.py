"""Plain data into attrs classes, strictly, with every fault at its path.

cattrs does the walking. Left to itself it takes ``"false"`` for True, ``1.9`` for 1 and a text for a list of
letters; the hooks below refuse that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.cols import list_structure_factory
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn

from itilkit.errors import Fault, PolicyError, near, shown
from itilkit.vocabulary import fold

__all__ = ["WRITE", "is_list", "is_table", "strict_converter", "structured"]

WRITE = "write"
"""The key of a field's metadata that holds an example of how it is written."""

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]

_NAMES: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false", float: "a number"}


class _RefusedError(ValueError):
    """A value that is not of the shape asked for; carries how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint


def is_table(value: object) -> bool:
    """A table of a TOML file."""
    return isinstance(value, dict)


def is_list(value: object) -> bool:
    """A list of a TOML file."""
    return isinstance(value, list)


def structured(data: object, shape: type[T], *, converter: Converter | None = None) -> T:
    """`data` as an instance of `shape`.

    Args:
        data: What stands in the file.
        shape: The class with the keys of the table.
        converter: One of `strict_converter`, which who reads many tables makes once; without it a fresh one.

    Raises:
        PolicyError: every value of a wrong type, unknown key and missing key, each with its path.
    """
    try:
        return (converter or strict_converter()).structure(data, shape)
    except (ClassValidationError, _RefusedError) as error:
        raise PolicyError(_faults(error, "", shape)) from None


def strict_converter() -> Converter:
    """A fresh converter with the strict hooks."""
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    for kind, name in _NAMES.items():
        converter.register_structure_hook(kind, _exactly(kind, name))
    # An enum of words is a str too: without a hook of its own it would be taken for one.
    converter.register_structure_hook(StrEnum, _word)

    def literal(kind: Any) -> Hook:
        return _one_of({word: word for word in cast("tuple[str, ...]", get_args(kind))})

    def items(kind: Any) -> Hook:
        return _list(kind, converter)

    def table(kind: Any) -> Hook:
        return _table(kind, converter)

    converter.register_structure_hook_factory(_is_literal, literal)
    converter.register_structure_hook_factory(_is_list_type, items)
    converter.register_structure_hook_factory(attrs.has, table)
    return converter


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _is_list_type(kind: Any) -> bool:
    return get_origin(kind) is list


def _exactly(kind: type, name: str) -> Hook:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            hint = "write it in quotes" if kind is str and type(value) not in (dict, list) else ""
            raise _RefusedError(f"expected {name}, got {shown(value)}", hint)
        return value

    return structure


def _word(value: Any, kind: Any) -> Any:
    return _one_of({word.value: word for word in cast("Iterable[StrEnum]", kind)})(value, kind)


def _one_of(words: Mapping[str, Any]) -> Hook:
    folded = {fold(word): value for word, value in words.items()}

    def structure(value: Any, _: Any) -> Any:
        found = folded.get(fold(value)) if isinstance(value, str) else None
        if found is None:
            hint = near(value, words) if isinstance(value, str) else f"known: {', '.join(words)}"
            kind = "is none of the words that may stand here" if isinstance(value, str) else "is no word"
            raise _RefusedError(f"{shown(value)} {kind}", hint)
        return found

    return structure


def _list(kind: Any, converter: Converter) -> Hook:
    walk = list_structure_factory(kind, converter)

    def structure(value: Any, type_: Any) -> Any:
        if not is_list(value):
            hint = f"write [{shown(value)}]".replace("'", '"') if isinstance(value, str | int) else ""
            raise _RefusedError(f"expected {_told(kind)}, got {shown(value)}", hint)
        return walk(value, type_)

    return structure


def _told(kind: Any) -> str:
    (item,) = get_args(kind)
    if get_origin(item) is list:
        return _told(item).replace("a list", "a list of lists", 1)
    return f"a list of {'whole numbers' if item is int else 'texts'}"


def _table(kind: Any, converter: Converter) -> Hook:
    walk = make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True
    )

    def structure(value: Any, type_: Any) -> Any:
        if not is_table(value):
            raise _RefusedError(f"expected a table, got {shown(value)}")
        return walk(cast("Mapping[str, Any]", value), type_)

    return structure


def _faults(error: BaseException, path: str, shape: type) -> Iterator[Fault]:
    """The leaves of a tree of errors, each with the path that leads to it."""
    if isinstance(error, ClassValidationError):
        placed, bare = error.group_exceptions()
        for inner, place in placed:
            if isinstance(inner, KeyError):
                yield _missing(place.name, path, shape)
            else:
                yield from _faults(inner, f"{path}.{place.name}" if path else place.name, shape)
        for inner in bare:
            yield from _faults(inner, path, shape)
    elif isinstance(error, IterableValidationError):
        items, _ = error.group_exceptions()
        for inner, item in items:
            yield from _faults(inner, f"{path}[{item.index}]", shape)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in _fields(shape)]
        for key in sorted(error.extra_fields):
            where = f"{path}.{key}" if path else key
            yield Fault("unknown_key", f"unknown key {key!r}", path=where, hint=near(key, known))
    elif isinstance(error, _RefusedError):
        yield Fault("bad_value", error.message, path=path, hint=error.hint)
    else:
        yield Fault("bad_value", str(error), path=path)


def _missing(name: str, path: str, shape: type) -> Fault:
    example = next((field.metadata.get(WRITE, "") for field in _fields(shape) if field.name == name), "")
    where = f"{path}.{name}" if path else name
    return Fault("missing_key", "is missing", path=where, hint=f"write {example}" if example else "")


def _fields(shape: type) -> tuple[attrs.Attribute[Any], ...]:
    return cast("tuple[attrs.Attribute[Any], ...]", attrs.fields(cast("type[attrs.AttrsInstance]", shape)))
