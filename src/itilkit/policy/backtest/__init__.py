"""What would another policy have made of the same incidents? Two policies held against one log.

`Policy.backtest` reads every incident under both and tells, target by target, what each comes to, which promises flip
from met to breached and back, whether chance alone explains that, and which objectives are kept in which period.
"""

from itilkit.policy.backtest.figures import Cell, Cohort, Flip, Judged, Kept, Outcome, Verdict, Which
from itilkit.policy.backtest.paired import PairedTest
from itilkit.policy.backtest.result import Backtest
from itilkit.policy.backtest.running import backtest

__all__ = [
    "Backtest",
    "Cell",
    "Cohort",
    "Flip",
    "Judged",
    "Kept",
    "Outcome",
    "PairedTest",
    "Verdict",
    "Which",
    "backtest",
]
