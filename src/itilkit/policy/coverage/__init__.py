"""What of a policy did a log never touch? The lines that no incident has tried.

`Policy.coverage` reads incidents under the policy and tells which agreements, targets, priority rules, cells of the
matrix, windows of the calendars and steps of the lifecycle were exercised, how often, and which never were: what was
never tried has never been shown to be right.
"""

from itilkit.policy.coverage.counting import coverage
from itilkit.policy.coverage.result import Coverage, Item, What

__all__ = ["Coverage", "Item", "What", "coverage"]
