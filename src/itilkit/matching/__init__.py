"""What does this incident resemble, and what belongs together?

`similar` finds the earlier incidents that resemble one, with what agrees; `duplicates` those that tell of the same
occurrence. `recurrences` groups what comes again and can be promoted to a problem. `known_errors` recognises by keys
what is known already, `related_changes` ranks what was changed shortly before. `correlate` groups the messages of
monitoring tools into what one incident is made of. `itilkit.matching.fuzzy` reads misspelt words as what was meant.

Rules of this room:

* Nothing is learned: each score is a sum of shares, and each share says what it is for.
* Nothing later than the instant that is given is seen.
* Nothing here links, cancels or opens: a function proposes events, and the host decides on them.
"""

from itilkit.matching import fuzzy as fuzzy
from itilkit.matching.changing import Change, RelatedChange, related_changes
from itilkit.matching.corpus import FIELDS, Corpus
from itilkit.matching.correlating import EventGroup, correlate
from itilkit.matching.likeness import Agreed, Match, similar
from itilkit.matching.recognising import Recognised, known_errors
from itilkit.matching.recurring import Promotion, Recurrence, Recurrences, recurrences
from itilkit.matching.repeated import Duplicate, duplicates
from itilkit.matching.words import Words

__all__ = [
    "FIELDS",
    "Agreed",
    "Change",
    "Corpus",
    "Duplicate",
    "EventGroup",
    "Match",
    "Promotion",
    "Recognised",
    "Recurrence",
    "Recurrences",
    "RelatedChange",
    "Words",
    "correlate",
    "duplicates",
    "known_errors",
    "recurrences",
    "related_changes",
    "similar",
]
