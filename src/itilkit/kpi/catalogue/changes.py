"""Whether changes break things."""

from itilkit.kpi.catalogue.entry import Entry

__all__ = ["ENTRIES"]

_SECTION = "Changes and deployments"

ENTRIES = (
    Entry(
        "change_induced_rate",
        "Incidents that a change caused.",
        formula="caused by a change / incidents",
        unit="ratio",
        inputs=("links",),
        edges=(
            "a change raised to mend it caused nothing",
            "an unknown cause counts as no",
        ),
        section=_SECTION,
    ),
    Entry(
        "change_failure_rate",
        "Deployments that failed.",
        formula="led to an incident or rollback / deployments",
        unit="ratio",
        inputs=(
            "links",
            "deployments of the caller",
        ),
        edges=(
            "several incidents of one deployment count once",
            "measured without groups of incidents",
        ),
        source="DORA",
        section=_SECTION,
    ),
    Entry(
        "failed_deployment_recovery",
        "From a failed deployment to service being back.",
        formula="restored - deployed, median",
        unit="duration",
        inputs=(
            "links",
            "deployments of the caller",
        ),
        edges=("None where none failed; the last restoration counts",),
        source="DORA 2023",
        section=_SECTION,
    ),
)
