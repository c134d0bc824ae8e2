"""Plain data into attrs classes, strictly, with every fault at its path.

cattrs does the walking. Left to itself it takes ``"false"`` for True, ``1.9`` for 1 and a text for a list of
letters; the hooks below refuse that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.cols import list_structure_factory
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn

from itilkit.errors import Fault, PolicyError, near

__all__ = ["structured"]

T = TypeVar("T")
_NAMES = {str: "a text", int: "a whole number", bool: "true or false", float: "a number"}


def structured(data: object, shape: type[T]) -> T:
    """`data` as an instance of `shape`.

    Raises:
        PolicyError: every value of a wrong type, unknown key and missing key, each with its path.
    """
    try:
        return _converter().structure(data, shape)
    except Exception as error:
        raise PolicyError(_faults(error, "", data)) from None


def _converter() -> Converter:
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    for kind, name in _NAMES.items():
        converter.register_structure_hook(kind, _exactly(kind, name))
    converter.register_structure_hook_factory(_is_literal, lambda kind: _one_of(get_args(kind), str))
    converter.register_structure_hook_factory(_is_words, lambda kind: _one_of(list(kind), kind))
    converter.register_structure_hook_factory(_is_list, lambda kind: _list(kind, converter))
    converter.register_structure_hook_factory(attrs.has, lambda kind: _table(kind, converter))
    return converter


Hook = Callable[[Any, Any], Any]


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is list


def _is_words(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def _exactly(kind: type, name: str) -> Hook:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            message = f"expected {name}, got {value!r}"
            raise TypeError(message)
        return value

    return structure


def _one_of(words: Any, kind: Callable[[str], Any]) -> Hook:
    def structure(value: Any, _: Any) -> Any:
        if value not in words:
            message = f"expected one of {', '.join(words)}, got {value!r}"
            raise ValueError(message)
        return kind(value)

    return structure


def _list(kind: Any, converter: Converter) -> Hook:
    walk = list_structure_factory(kind, converter)

    def structure(value: Any, type_: Any) -> Any:
        if not isinstance(value, list):
            message = f"expected a list, got {value!r}"
            raise TypeError(message)
        return walk(value, type_)

    return structure


def _table(kind: Any, converter: Converter) -> Hook:
    walk = make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True
    )

    def structure(value: Any, type_: Any) -> Any:
        if not isinstance(value, dict):
            message = f"expected a table, got {value!r}"
            raise TypeError(message)
        return walk(value, type_)

    return structure


def _faults(error: BaseException, path: str, data: object) -> Iterator[Fault]:
    """The leaves of a tree of errors, each with the path that leads to it."""
    if isinstance(error, ClassValidationError):
        placed, bare = error.group_exceptions()
        for inner, place in placed:
            yield from _faults(inner, f"{path}.{place.name}" if path else place.name, _at(data, place.name))
        for inner in bare:
            yield from _faults(inner, path, data)
    elif isinstance(error, IterableValidationError):
        items, bare_items = error.group_exceptions()
        for inner, item in items:
            step = f"[{item.index}]" if isinstance(item.index, int) else f".{item.index}"
            yield from _faults(inner, path + step, _at(data, item.index))
        for inner in bare_items:
            yield from _faults(inner, path, data)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(cast("type[attrs.AttrsInstance]", error.cl))]
        for key in sorted(error.extra_fields):
            where = f"{path}.{key}" if path else key
            yield Fault("unknown_key", f"unknown key {key!r}", path=where, hint=near(key, known))
    elif isinstance(error, KeyError):
        yield Fault("missing_key", "is missing", path=path)
    else:
        yield Fault("bad_value", str(error), path=path)


def _at(data: object, key: object) -> object:
    if isinstance(data, Mapping):
        return cast("Mapping[object, object]", data).get(key)
    return None
