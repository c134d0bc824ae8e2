"""How well units run: per configuration item or service, over a window."""

from itilkit.kpi.catalogue.entry import Entry

__all__ = ["ENTRIES"]

_SECTION = "Reliability and availability"

ENTRIES = (
    Entry(
        "mean_time_between_failures",
        "The mean uptime of a unit between failures.",
        formula="uptime in the window / failures that began in it; without one the mean gap between merged outages",
        unit="duration",
        inputs=(
            "outages",
            "the unit",
        ),
        edges=(
            "without failures None, with a lower bound",
            "a failure begun before the window adds to downtime, not to failures",
            "gaps need two outages and are biased low on short logs",
        ),
        source="ITIL glossary",
        abbreviation="MTBF",
        mean="mean_time_between_failures",
        section=_SECTION,
    ),
    Entry(
        "mean_time_between_service_incidents",
        "The mean time from one failure of a unit to the next.",
        formula="agreed time / failures; without a window the mean gap from start to start",
        unit="duration",
        inputs=(
            "outages",
            "the unit",
        ),
        edges=("equals MTBF + downtime per failure",),
        source="ITIL glossary",
        abbreviation="MTBSI",
        mean="mean_time_between_service_incidents",
        section=_SECTION,
    ),
    Entry(
        "mean_time_between_incidents",
        "The arithmetic of MTBF over a category or queue.",
        formula="mean gap between merged spells",
        unit="duration",
        inputs=(
            "resolution",
            "the dimension",
        ),
        edges=("a queue is no unit that fails, hence the name",),
        mean="mean_time_between_incidents",
        section=_SECTION,
    ),
    Entry(
        "mean_downtime_per_failure",
        "Downtime that a failure brings.",
        formula="downtime in the window / failures that began in it",
        unit="duration",
        inputs=("outages",),
        edges=("differs from MTRS where outages overlap or reach beyond the window",),
        mean="mean_downtime_per_failure",
        section=_SECTION,
    ),
    Entry(
        "availability",
        "The part of agreed service time in which the service was up.",
        formula="(agreed time - downtime in it) / agreed time",
        unit="ratio",
        inputs=(
            "outages",
            "agreed service time",
        ),
        edges=(
            "overlapping outages count once",
            "1 without failures, None without agreed time",
            "planned maintenance is taken off the agreed calendar",
            "weighted by users only where each outage tells them",
        ),
        source="ITIL",
        section=_SECTION,
    ),
    Entry(
        "failure_rate",
        "Failures per hour of uptime.",
        formula="failures / uptime",
        unit="failures per hour",
        inputs=("outages",),
        edges=("None without uptime",),
        section=_SECTION,
    ),
    Entry(
        "uptime_share_between_failures",
        "Whether faults are short and seldom or long.",
        formula="MTBF / MTBSI by gaps",
        unit="ratio",
        inputs=(
            "outages",
            "the unit",
        ),
        edges=("needs two outages of a unit",),
        section=_SECTION,
    ),
)
