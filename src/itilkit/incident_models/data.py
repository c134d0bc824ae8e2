"""Models as plain data: tables, lists, texts, numbers and truth values, as TOML and JSON have them.

Rules of this file:

* The keys are the names of the attributes. What is left out has the attribute's default, and what has its default is
  not written.
* Amounts of time are written as in escalations: ``2h of open time``, ``2 working days``, and a bare ``30m`` is time
  on the wall.
* Reading never stops at the first fault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from itilkit.conditions import INCIDENT, Always, Schema
from itilkit.conditions import from_data as condition_from
from itilkit.conditions import to_data as condition_data
from itilkit.errors import Fault, FaultError, PolicyError, near, shown
from itilkit.escalation import Cadence, delay
from itilkit.escalation.triggers import delay_words
from itilkit.events import Fields
from itilkit.incident_models.evidence import Evidence
from itilkit.incident_models.model import (
    Defaults,
    IncidentModel,
    ModelStep,
    backward_range,
    graph_faults,
    no_steps,
)
from itilkit.vocabulary import Audience, fold

__all__ = ["LARGEST", "Plain", "Reader", "cadence_data", "digest", "from_data", "list_from_data", "to_data"]

# Any, because the values of data are whatever their reader finds in them.
Plain: TypeAlias = dict[str, Any]
T = TypeVar("T")
_Read: TypeAlias = Callable[[object, str], Any]

LARGEST = 1_000
"""How many models, routes or words one list may hold."""
MOST_STEPS = 200
"""How many steps a model may have."""


def from_data(data: object, *, schema: Schema = INCIDENT, path: str = "") -> IncidentModel:
    """The model that a table describes.

    Args:
        data: A table with the keys ``id``, ``name`` and ``steps``, and what else a model has.
        schema: The fields that conditions may ask about and defaults may fill.
        path: Where the data stands, for messages: ``incident_models[0]``.

    Raises:
        PolicyError: with every fault, each with its path.

    >>> step = {"id": "unlock", "title": "Unlock the account", "owner": "service_desk_agent", "budget": "15m"}
    >>> model = from_data({"id": "locked", "name": "Locked account", "when": {"category": "access"}, "steps": [step]})
    >>> model.steps[0].budget
    Delay(wall_time=datetime.timedelta(seconds=900))
    """
    reader = Reader(schema)
    model = reader.model(data, path)
    if reader.faults or model is None:
        raise PolicyError(reader.faults)
    return model


def list_from_data(
    data: object, *, schema: Schema = INCIDENT, path: str = "incident_models"
) -> tuple[IncidentModel, ...]:
    """The models that a list of tables describes, such as that under ``[[incident_models]]``.

    Raises:
        PolicyError: with every fault of every model, and where two have one id and version.

    >>> list_from_data([])
    ()
    """
    reader = Reader(schema)
    tables = reader.listed(data, path, "[[incident_models]]")
    found = [reader.model(table, f"{path}[{place}]") for place, table in enumerate(tables)]
    told = dict[tuple[str, str], int]()
    for place, key in enumerate(map(_id_and_version, tables)):
        if key is not None and told.setdefault(key, place) != place:
            message = f"{path}[{told[key]}] is called {key[0]!r} too, in the same version"
            reader.fault(
                "twin_model", message, f"{path}[{place}].id", "give one of them another id or version"
            )
    if reader.faults:
        raise PolicyError(reader.faults)
    return tuple(model for model in found if model is not None)


def _id_and_version(table: object) -> tuple[str, str] | None:
    """What a table says of both, also where the rest of it cannot be read; None where it says neither well."""
    if not isinstance(table, Mapping):
        return None
    given = cast("Mapping[object, object]", table)
    name, version = given.get("id"), given.get("version", "")
    return (name, version) if isinstance(name, str) and isinstance(version, str) else None


def to_data(model: IncidentModel) -> Plain:
    """The shortest table that `from_data` reads as this model.

    >>> to_data(IncidentModel("x", "X", [ModelStep("a", "Restore the service", owner="sme")]))["steps"]
    [{'id': 'a', 'title': 'Restore the service', 'owner': 'sme'}]
    """
    table: Plain = {"id": model.id, "name": model.name}
    if model.version:
        table["version"] = model.version
    if not isinstance(model.when, Always):
        table["when"] = condition_data(model.when)
    for key in ("rank", "priority_at_least", "priority_at_most"):
        if getattr(model, key) is not None:
            table[key] = getattr(model, key)
    defaults = {key: value for key, value in attrs.asdict(model.defaults, recurse=False).items() if value}
    if "fields" in defaults:
        defaults["fields"] = dict(model.defaults.fields)
    if defaults:
        table["defaults"] = defaults
    if model.communication:
        table["communication"] = [cadence_data(each) for each in model.communication]
    if model.closure:
        table["closure"] = [each.to_data() for each in model.closure]
    table |= {key: list(getattr(model, key)) for key in ("workarounds", "knowledge") if getattr(model, key)}
    table["steps"] = [_step(step) for step in model.steps]
    return table


def _step(step: ModelStep) -> Plain:
    table: Plain = {"id": step.id, "title": step.title, "owner": step.owner}
    if step.budget is not None:
        table["budget"] = delay_words(step.budget)
    if step.depends_on is not None:
        table["depends_on"] = list(step.depends_on)
    if step.optional:
        table["optional"] = True
    if not isinstance(step.when, Always):
        table["when"] = condition_data(step.when)
    for key in ("evidence", "begins"):
        given: tuple[Evidence, ...] = getattr(step, key)
        if given:
            table[key] = [each.to_data() for each in given]
    return table


def cadence_data(cadence: Cadence) -> Plain:
    """The table that `Reader.cadence` reads as this cadence."""
    table: Plain = {"every": delay_words(cadence.every)}
    if cadence.audience is not None:
        table["audience"] = cadence.audience.value
    if cadence.priorities is not None:
        table["priorities"] = sorted(cadence.priorities)
    table["to"] = list(cadence.to)
    if not isinstance(cadence.when, Always):
        table["when"] = condition_data(cadence.when)
    return table


def digest(model: IncidentModel) -> str:
    """The SHA-256 of the model's data in one fixed form: sorted keys, no blanks, UTF-8.

    Two models have one digest if they say the same; whatever is edited, be it a title, gives another one.

    >>> model = IncidentModel("x", "X", [ModelStep("a", "Restore the service", owner="sme")])
    >>> digest(model)[:12], digest(attrs.evolve(model, name="Y")) == digest(model)
    ('...', False)
    """
    text = json.dumps(
        to_data(model), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=datetime.isoformat
    )
    return sha256(text.encode()).hexdigest()


class Reader:
    """Values from tables; faults are collected, so that one bad value does not hide the next."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.faults: list[Fault] = []

    def fault(self, code: str, message: str, path: str, hint: str = "") -> None:
        """Note one fault."""
        self.faults.append(Fault(code, message, path=path, hint=hint))

    def tried(self, path: str, build: Callable[..., T], /, *given: object, **options: Any) -> T | None:
        """What `build` makes of what is given; its faults are kept, under `path`."""
        try:
            return build(*given, **options)
        except FaultError as error:
            # What is told its path puts it before its faults; what is not knows only what lies below it.
            self.note("" if "path" in options else path, error.faults)
        return None

    def note(self, path: str, faults: Iterable[Fault]) -> None:
        """Note faults of what stands at a path, but for those of a value of which one has been told already."""
        told = {fault.path for fault in self.faults}
        for fault in faults:
            where = _under(path, fault.path)
            if where not in told:
                self.faults.append(attrs.evolve(fault, path=where))

    def model(self, data: object, path: str) -> IncidentModel | None:
        """A model; None, and faults, where the table describes none."""
        before = len(self.faults)
        table = self.table(data, path, tuple(_MODEL), ("id", "name", "steps"))
        if table is None:
            return None
        given = self.values(table, _MODEL, path)
        if len(self.faults) == before:
            return self.tried(path, IncidentModel, **given)
        # What its parts are to each other is told beside the rest.
        self.note(path, backward_range(given.get("priority_at_least"), given.get("priority_at_most")))
        steps = given.get("steps", [None])
        self.note(path, graph_faults(steps) if all(steps) else ())
        self.note(path, () if steps else [no_steps()])
        return None

    def values(self, table: Mapping[str, object], readers: Mapping[str, str], path: str) -> Plain:
        """What stands under each key, read by the method that the key has."""
        found: Plain = {}
        for key, read in readers.items():
            if key in table:
                found[key] = getattr(self, read)(table[key], _under(path, key))
        return found

    def steps(self, data: object, path: str) -> list[ModelStep | None]:
        """The steps of a model."""
        items = self.listed(data, path, "[[steps]]", most=MOST_STEPS)
        return [self.step(item, f"{path}[{place}]") for place, item in enumerate(items)]

    def step(self, data: object, path: str) -> ModelStep | None:
        """A step; one that cannot be read in part stands without that part, so that its name is known."""
        table = self.table(data, path, tuple(_STEP), ("id", "title", "owner"))
        if table is None or "id" not in table:
            return None
        given = {key: value for key, value in self.values(table, _STEP, path).items() if value is not None}
        return self.tried(path, ModelStep, **{"id": "", "title": "", **given})

    def defaults(self, data: object, path: str) -> Defaults | None:
        """What a model fills in."""
        known = tuple(field.name for field in attrs.fields(Defaults))
        table = self.table(data, path, known, ())
        if table is None:
            return None
        found: Plain = {}
        for key, value in table.items():
            where = _under(path, key)
            if key == "fields":
                found[key] = self.house_fields(value, where)
            else:
                found[key] = self.tried(where, self.schema.field(key).type.read, value)
        return self.tried(path, Defaults, **{key: value for key, value in found.items() if value is not None})

    def house_fields(self, data: object, path: str) -> Fields | None:
        """The house's own fields; those of the schema are held to their types."""
        if not isinstance(data, Mapping):
            self.fault(
                "not_a_table", f"expected fields and their values, got {shown(data)}", path, "write { ... }"
            )
            return None
        found: Plain = {}
        for key, value in cast("Mapping[object, Any]", data).items():
            name = key if isinstance(key, str) else shown(key)
            kind = self.schema.fields.get(name)
            found[name] = value if kind is None else self.tried(_under(path, name), kind.read, value)
        return self.tried(path, Fields, found)

    def cadences(self, data: object, path: str) -> list[Cadence]:
        """How often whom to write to."""
        items = self.listed(data, path, '[{ every = "30m", audience = "users" }]')
        found = [self.cadence(item, f"{path}[{place}]") for place, item in enumerate(items)]
        return [cadence for cadence in found if cadence is not None]

    def cadence(self, data: object, path: str) -> Cadence | None:
        """``{ every = "30m", audience = "users" }``."""
        table = self.table(data, path, tuple(_CADENCE), ("every",))
        if table is None or "every" not in table:
            return None
        before = len(self.faults)
        given = self.values(table, _CADENCE, path)
        return None if len(self.faults) > before else self.tried(path, Cadence, **given)

    def proofs(self, data: object, path: str) -> list[Evidence]:
        """Some evidence; a single table is a list of one."""
        if isinstance(data, Mapping):
            places: list[tuple[object, str]] = [(cast("object", data), path)]
        else:
            items = self.listed(data, path, '[{ event = "step_done" }]')
            places = [(item, f"{path}[{place}]") for place, item in enumerate(items)]
        found = [self.tried(where, Evidence.from_data, item, path=where) for item, where in places]
        return [each for each in found if each is not None]

    def condition(self, data: object, path: str) -> Any:
        """A condition on the fields of an incident."""
        return self.tried(path, condition_from, data, self.schema, path=path)

    def budget(self, data: object, path: str) -> Any:
        """An amount of time in words."""
        return self.tried(path, delay, data, path=path)

    def level(self, data: object, path: str) -> Any:
        """A priority, as a number or as ``P2``."""
        return self.tried(path, self.schema.field("priority").type.read, data)

    def levels(self, data: object, path: str) -> list[Any]:
        """Priorities; a single one is a list of one."""
        if not isinstance(data, list | tuple):
            return [self.level(data, path)]
        items = self.listed(cast("object", data), path, "[1, 2]")
        return [self.level(item, f"{path}[{place}]") for place, item in enumerate(items)]

    def audience(self, data: object, path: str) -> str | None:
        """An audience; case, spaces, ``_`` and ``-`` do not matter."""
        for word in Audience:
            if isinstance(data, str) and fold(word) == fold(data):
                return word.value
        self.fault("unknown_word", f"{shown(data)} is no audience", path, near(data, Audience))
        return None

    def count(self, data: object, path: str) -> int | None:
        """A whole number from 1."""
        if isinstance(data, int) and not isinstance(data, bool) and data >= 1:
            return data
        self.fault("not_a_level", f"expected a whole number from 1, got {shown(data)}", path, "1 comes first")
        return None

    def flag(self, data: object, path: str) -> bool | None:
        """True or false."""
        if isinstance(data, bool):
            return data
        self.fault("not_a_flag", f"expected true or false, got {shown(data)}", path, "write true or false")
        return None

    def text(self, data: object, path: str) -> str | None:
        """A text that is not empty."""
        if isinstance(data, str) and data.strip():
            return str.__str__(data)
        self.fault("not_a_text", f"expected a text, got {shown(data)}", path, "write it in quotes")
        return None

    def names(self, data: object, path: str) -> list[str]:
        """A list of texts; a single one is a list of one."""
        if isinstance(data, str):
            items: Iterable[object] = (data,)
        else:
            items = self.listed(data, path, '["..."]')
        found = [self.text(item, f"{path}[{place}]") for place, item in enumerate(items)]
        return [name for name in found if name is not None]

    def table(
        self, data: object, path: str, known: Sequence[str], needed: Sequence[str]
    ) -> Mapping[str, object] | None:
        """A table with known keys only, and with the needed ones; None where it is none."""
        if not isinstance(data, Mapping):
            hint = f"give {', '.join(needed or known)}"
            self.fault("not_a_table", f"expected a table, got {shown(data)}", path, hint)
            return None
        table = cast("Mapping[object, object]", data)
        for key in table:
            if key not in known:
                where = _under(path, key if isinstance(key, str) else shown(key))
                self.fault("unknown_key", f"nothing is called {shown(key)}", where, near(key, known))
        for key in needed:
            if key not in table:
                self.fault("missing_key", f"{key} is missing", _under(path, key), f"give {key}")
        return {key: table[key] for key in known if key in table}

    def listed(self, data: object, path: str, example: str, *, most: int = LARGEST) -> Sequence[object]:
        """The items of a list."""
        if not isinstance(data, list | tuple):
            self.fault("not_a_list", f"expected a list, got {shown(data)}", path, f"write {example}")
            return ()
        items = cast("Sequence[object]", data)
        if len(items) > most:
            self.fault("too_large", f"a list of more than {most} is not read", path, "split it")
            return ()
        return items


# By key, the method of the reader that takes its value.
_MODEL = {
    "id": "text",
    "name": "text",
    "version": "text",
    "when": "condition",
    "rank": "count",
    "defaults": "defaults",
    "priority_at_least": "level",
    "priority_at_most": "level",
    "communication": "cadences",
    "closure": "proofs",
    "workarounds": "names",
    "knowledge": "names",
    "steps": "steps",
}
_STEP = {
    "id": "text",
    "title": "text",
    "owner": "text",
    "budget": "budget",
    "depends_on": "names",
    "optional": "flag",
    "when": "condition",
    "evidence": "proofs",
    "begins": "proofs",
}
_CADENCE = {
    "every": "budget",
    "audience": "audience",
    "priorities": "levels",
    "to": "names",
    "when": "condition",
}


def _under(path: str, key: str) -> str:
    return f"{path}.{key}" if path and key else path or key
