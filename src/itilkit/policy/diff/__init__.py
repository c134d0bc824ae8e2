"""What changes from one policy to another, in the words of a review: which promise, from what to what, for how many.

Rules of this file:

* What is compared is what the policies say, not how: rows of targets are compared priority by priority, calendars by
  their hours, matrices by their cells. Agreements, timers and the like are matched by name; one that differs in a
  single thing from one of another name is that one, renamed.
* A change is ``stricter`` where the house must do more or may do less than before, ``looser`` where it is the other
  way round, and ``other`` where it is neither or cannot be told. Turned round, stricter and looser change places.
"""

from __future__ import annotations

from itilkit.policy.diff.changes import Change, Diff, Direction
from itilkit.policy.diff.comparison import diff

__all__ = ["Change", "Diff", "Direction", "diff"]
