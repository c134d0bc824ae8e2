"""A log and a policy small enough to be followed by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from itilkit.adapters.servicenow import audit_log
from itilkit.policy import Policy
from itilkit.report import Report, figures
from itilkit.sla import Assessment

AS_OF = datetime(2026, 4, 15, 12, tzinfo=UTC)

# INC1 is kept and reopened, INC2 broken and without resolved_at, INC3 open, INC4 open for too long, INC5 comes later.
# The group of INC2 tries to become markup, that of INC3 a command to the terminal.
LOG = """\
number,incident_state,opened_at,sys_updated_at,priority,contact_type,category,cmdb_ci,assignment_group,assigned_to,\
reassignment_count,reopen_count,resolved_at
INC1,New,2/3/2026 09:00,2/3/2026 09:00,1 - Critical,Phone,E-mail,mail 1,Desk,ann,0,0,2/3/2026 12:00
INC1,Resolved,2/3/2026 09:00,2/3/2026 10:00,1 - Critical,Phone,E-mail,mail 1,Desk,ann,0,0,2/3/2026 12:00
INC1,Active,2/3/2026 09:00,2/3/2026 11:00,1 - Critical,Phone,E-mail,mail 1,Desk,ann,0,1,2/3/2026 12:00
INC1,Resolved,2/3/2026 09:00,2/3/2026 12:00,1 - Critical,Phone,E-mail,mail 1,Desk,ann,0,1,2/3/2026 12:00
INC1,Closed,2/3/2026 09:00,7/3/2026 12:00,1 - Critical,Phone,E-mail,mail 1,Desk,ann,0,1,2/3/2026 12:00
INC2,Active,10/3/2026 09:00,10/3/2026 09:30,1 - Critical,Walk-in,Network,mail 1,<b>&Net,bob,0,0,?
INC2,Active,10/3/2026 09:00,11/3/2026 09:30,1 - Critical,Walk-in,Network,mail 1,Servers,eve,1,0,?
INC2,Resolved,10/3/2026 09:00,12/3/2026 09:00,1 - Critical,Walk-in,Network,mail 1,<b>&Net,eve,2,0,?
INC2,Closed,10/3/2026 09:00,17/3/2026 09:00,1 - Critical,Walk-in,Network,mail 1,<b>&Net,eve,2,0,?
INC3,New,15/4/2026 11:00,15/4/2026 11:00,1 - Critical,Email,E-mail,?,\x1b[31mDesk,?,0,0,?
INC4,New,1/4/2026 09:00,1/4/2026 09:00,3 - Moderate,Phone,?,?,?,?,0,0,2/5/2026 09:00
INC4,-7,1/4/2026 09:00,1/4/2026 10:00,3 - Moderate,Phone,?,?,?,?,0,0,2/5/2026 09:00
INC4,Resolved,1/4/2026 09:00,2/5/2026 09:00,3 - Moderate,Phone,?,?,?,?,0,0,2/5/2026 09:00
INC5,New,1/5/2026 09:00,1/5/2026 09:00,2 - High,Phone,E-mail,?,Desk,?,0,0,?
"""

POLICY = """\
itilkit = 1
name = "Small <desk>"

[calendars.office]
zone = "UTC"
weekly = { mon-fri = ["09:00-17:00"] }

[priority]
labels = ["Critical", "High", "Moderate", "Low"]
rows = [[1, 2, 3], [2, 3, 4], [3, 4, 4]]

[lifecycle]
like = "ServiceNow"

[[agreements]]
name = "Gold"
calendar = "office"
targets = [
  { priority = "P1", response = "15m", resolution = "4h" },
  { priority = "P3", resolution = "8h" },
]
"""


def report_on(
    log: str = LOG,
    policy: str = POLICY,
    *,
    as_of: datetime = AS_OF,
    zone: str = "UTC",
    pictures: bool = False,
) -> Report:
    """The report on a small log."""
    read, rules = audit_log(log, zone=zone), Policy.from_toml(policy)
    cases = rules.assess_all(read.incidents, as_of=as_of, strict=False)
    return figures(read, cases, rules, name="small.csv", version="1.2.3", pictures=pictures)


def small_cases() -> list[Assessment]:
    """The incidents that the report on the small log is made of."""
    rules = Policy.from_toml(POLICY)
    return list(rules.assess_all(audit_log(LOG, zone="UTC").incidents, as_of=AS_OF, strict=False))
