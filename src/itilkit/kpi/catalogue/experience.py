"""What users say, and what incidents cost."""

from itilkit.kpi.catalogue.entry import Entry

__all__ = ["ENTRIES"]

_SECTION = "Experience and cost"

ENTRIES = (
    Entry(
        "customer_satisfaction",
        "Good answers of a survey.",
        formula="answers from the top box / answers",
        unit="ratio",
        inputs=("survey answers", "surveys sent (for a response rate of these)"),
        edges=(
            "the response rate is told beside it, of incidents or of surveys sent",
            "an answer on another scale is another survey",
        ),
        source="ServiceNow service quality dashboard",
        abbreviation="CSAT",
        section=_SECTION,
    ),
    Entry(
        "net_promoter_score",
        "Promoters less detractors.",
        formula="share of 9 and 10 - share of 0 to 6",
        unit="ratio",
        inputs=("survey answers from 0 to 10",),
        edges=("an answer on another scale is another survey",),
        source="common usage",
        abbreviation="NPS",
        section=_SECTION,
    ),
    Entry(
        "customer_effort_score",
        "The mean effort that users tell.",
        formula="mean answer",
        unit="points",
        inputs=("survey answers",),
        edges=("the direction of the scale is stated",),
        source="common usage",
        abbreviation="CES",
        section=_SECTION,
    ),
    Entry(
        "cost_per_ticket",
        "What a ticket costs that is solved at a level of support.",
        formula="sum over levels up to it of cost / tickets that reached the level",
        unit="the currency",
        inputs=(
            "operating costs of the caller",
            "groups with their levels",
        ),
        edges=("costs add up along the levels",),
        source="MetricNet",
        section=_SECTION,
    ),
    Entry(
        "response_cost",
        "What the people of a response cost.",
        formula="engaged hours x rate x factor of the role + review",
        unit="the currency",
        inputs=(
            "roles taken",
            "the caller's rate",
        ),
        edges=("open roles end when it is stood down, resolved, or at as_of",),
        source="Netflix Dispatch",
        section=_SECTION,
    ),
    Entry(
        "downtime_cost",
        "What outages cost.",
        formula="minutes x rate + minutes x users x rate + fixed",
        unit="the currency",
        inputs=(
            "outages",
            "the caller's rates",
        ),
        edges=("there is no default rate",),
        source="A. Lerner, Gartner, 2014, who advises against averages",
        section=_SECTION,
    ),
)
