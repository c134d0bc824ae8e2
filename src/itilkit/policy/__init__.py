"""The house's rules as one value: calendars, matrix, lifecycle, agreements; in code or in a TOML file.

A verb on one noun is a method of that noun; a verb over several nouns lives in a room; `Policy` is the counter where
a host asks for both.
"""

from itilkit.policy.agreement import Agreement, Target
from itilkit.policy.objective import Objective, SmallNumbers
from itilkit.policy.policy import Policy
from itilkit.policy.versions import JudgedBy, PolicyVersions

__all__ = ["Agreement", "JudgedBy", "Objective", "Policy", "PolicyVersions", "SmallNumbers", "Target"]
