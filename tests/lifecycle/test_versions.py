"""Versions of a lifecycle: the same text gives the same digest everywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import PolicyError
from itilkit.lifecycle import ITIL4_DEFAULT, RT_DEFAULT, SHIPPED, SIMPLE, Lifecycle
from itilkit.lifecycle.versions import LifecycleVersion, digest

ASK = (
    "from itilkit.lifecycle import RT_DEFAULT; from itilkit.lifecycle.versions import digest;"
    "print(digest(RT_DEFAULT))"
)


def test_the_digest_is_that_of_the_canonical_text() -> None:
    """Sorted keys, no spaces, UTF-8, SHA-256: anybody can compute it from the data."""
    data = {
        "name": "häuser",
        "states": [{"name": "new", "status": "new"}, {"name": "done", "status": "resolved"}],
        "transitions": [{"trigger": "resolve", "sources": ["new"], "target": "done"}],
    }
    text = (
        '{"name":"häuser","states":[{"name":"new","status":"new"},{"name":"done","status":"resolved"}],'
        '"transitions":[{"sources":["new"],"target":"done","trigger":"resolve"}]}'
    )
    assert json.loads(text) == data
    assert digest(Lifecycle.from_data(data)) == sha256(text.encode("utf-8")).hexdigest()


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_digest_is_the_same_in_every_process(seed: str) -> None:
    """Roles are sets, and no order of a set shows."""
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
    )
    assert asked.stdout.strip() == digest(RT_DEFAULT)


def test_shipped_lifecycles_have_digests_of_their_own() -> None:
    """No two of them say the same."""
    assert len({digest(each) for each in SHIPPED.values()}) == len(SHIPPED)


@given(st.sampled_from(list(SHIPPED.values())), st.data())
def test_what_differs_has_another_digest(lifecycle: Lifecycle, data: st.DataObject) -> None:
    """The digest of what was written and read is the same; of another name it is not."""
    assert digest(Lifecycle.from_data(lifecycle.to_data())) == digest(lifecycle)
    name = data.draw(st.text())
    other = attrs.evolve(lifecycle, name=name)
    assert (digest(other) == digest(lifecycle)) == (name == lifecycle.name)


def test_a_version() -> None:
    """It is its id, its version and what it says."""
    one = LifecycleVersion("desk", "3", SIMPLE)
    assert one.digest == digest(SIMPLE)
    assert one == LifecycleVersion("desk", "3", Lifecycle.from_data(SIMPLE.to_data()))
    assert one != LifecycleVersion("desk", "3", ITIL4_DEFAULT)
    assert str(one) == f"desk 3 ({digest(SIMPLE)[:12]})"


@pytest.mark.parametrize(
    ("id_", "version", "paths"), [("", "3", ["id"]), ("desk", 3, ["version"]), (None, "", ["id", "version"])]
)
def test_a_version_without_a_name_is_refused(id_: Any, version: Any, paths: list[str]) -> None:
    """Both are texts, and all that is wrong is told at once."""
    with pytest.raises(PolicyError) as caught:
        LifecycleVersion(id_, version, SIMPLE)
    assert [(fault.code, fault.path) for fault in caught.value.faults] == [
        ("not_a_text", path) for path in paths
    ]
