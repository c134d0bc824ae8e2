"""Which lifecycle was that? A name, a version, and a digest of what it says.

The digest is the SHA-256 of the lifecycle's plain data as JSON with sorted keys and no spaces, in UTF-8. Sets stand in
it in order, so it is the same under every Python and in every process. Two lifecycles with one digest permit the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

import attrs

from itilkit.errors import Fault, PolicyError
from itilkit.lifecycle.definition import Lifecycle

__all__ = ["LifecycleVersion", "digest"]

_SHORT = 12


def digest(lifecycle: Lifecycle) -> str:
    """What the lifecycle says, in 64 hexadecimal digits.

    >>> from itilkit.lifecycle import SIMPLE
    >>> digest(SIMPLE)[:12], digest(SIMPLE) == digest(Lifecycle.from_data(SIMPLE.to_data()))
    ('3a2bb3e4fc44', True)
    """
    text = json.dumps(lifecycle.to_data(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


@attrs.frozen
class LifecycleVersion:
    """A lifecycle as it was at some time.

    Attributes:
        id: What the house calls it through all its versions.
        version: Which one this is: ``3``, ``2026-04``.
        lifecycle: What it says.

    Raises:
        PolicyError: an id or a version that is no text, or empty.

    >>> from itilkit.lifecycle import SIMPLE
    >>> print(LifecycleVersion("desk", "3", SIMPLE))
    desk 3 (3a2bb3e4fc44)
    """

    id: str
    version: str
    lifecycle: Lifecycle
    digest: str = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = list(_nameless(self))
        if faults:
            raise PolicyError(faults)
        object.__setattr__(self, "digest", digest(self.lifecycle))

    def __str__(self) -> str:
        return f"{self.id} {self.version} ({self.digest[:_SHORT]})"


def _nameless(version: LifecycleVersion) -> Iterator[Fault]:
    for key in ("id", "version"):
        value: object = getattr(version, key)
        if not isinstance(value, str) or not value:
            yield Fault(
                "not_a_text", f"expected a text, got {value!r}", path=key, hint=f"give the {key} a name"
            )
