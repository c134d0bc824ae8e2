"""Whether promises were kept."""

from itilkit.kpi.catalogue.entry import Entry

__all__ = ["ENTRIES"]

_SECTION = "Service levels"

ENTRIES = (
    Entry(
        "sla_compliance",
        "Clocks that were met.",
        formula="met / (met + breached)",
        unit="ratio",
        inputs=("readings",),
        edges=(
            "an open clock past its target is breached, one in time is pending",
            "cancelled clocks and incidents without an agreement are counted apart",
            "what agreed exclusions alone kept is told beside it",
        ),
        source="ServiceNow IT manager dashboard",
        section=_SECTION,
    ),
    Entry(
        "sla_breach_rate",
        "Clocks that were breached.",
        formula="breached / (met + breached)",
        unit="ratio",
        inputs=("readings",),
        edges=("one less compliance, on the same base",),
        source="ServiceNow IT manager dashboard",
        section=_SECTION,
    ),
    Entry(
        "sla_all_met",
        "Incidents that kept every promise.",
        formula="no clock late / incidents with a promise",
        unit="ratio",
        inputs=("readings",),
        edges=("pending while none is late and one runs",),
        section=_SECTION,
    ),
    Entry(
        "sla_attainment",
        "Whether the promised share was kept in a period.",
        formula="late <= allowed late",
        unit="yes or no",
        inputs=(
            "readings",
            "the objective",
        ),
        edges=(
            "None while pending clocks can still decide it",
            "with few incidents a number of late ones may be allowed instead",
        ),
        source="published service level agreements",
        section=_SECTION,
    ),
    Entry(
        "breach_lead_time",
        "How long before the breach a warning came.",
        formula="breach - first warning",
        unit="duration",
        inputs=(
            "readings",
            "escalations by timer or share of the target",
        ),
        edges=(
            "negative where it came afterwards",
            "never_warned is counted and is not zero",
        ),
        section=_SECTION,
    ),
    Entry(
        "time_to_breach",
        "Open time left on running clocks.",
        formula="target - elapsed",
        unit="duration",
        inputs=("readings",),
        edges=("negative where late; waiting clocks keep theirs",),
        section=_SECTION,
    ),
    Entry(
        "overrun",
        "Open time beyond the target.",
        formula="elapsed - target over breached clocks",
        unit="duration",
        inputs=("readings",),
        edges=("targets in working days have none",),
        section=_SECTION,
    ),
    Entry(
        "spent_share",
        "Open time spent by target.",
        formula="elapsed / target",
        unit="ratio",
        inputs=("readings",),
        edges=("counts in bands; cancelled clocks are left out",),
        source="ServiceNow incident management dashboard",
        section=_SECTION,
    ),
)
