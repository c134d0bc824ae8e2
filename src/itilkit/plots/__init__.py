"""How does it look? Eight pictures of a desk, each a value: its words, its n, and the rows it is drawn from.

Every figure in them is a figure of `itilkit.kpi`, with its reading and what it leaves out; a picture adds nothing but
its drawing. `Picture.to_svg` draws it for a page or a notebook, by day and by night, wide or on a phone;
`Picture.to_altair` gives the same rows as an Altair chart (``pip install 'itilkit[plots]'``).

>>> from datetime import UTC, datetime
>>> from itilkit import kpi, lifecycle, plots
>>> from itilkit.sla import Assessment
>>> as_of = datetime(2026, 7, 1, tzinfo=UTC)
>>> log = kpi.sample_log(1000, seed=7)
>>> cases = [Assessment(lifecycle.replay(each, lifecycle.ITIL4_DEFAULT, as_of=as_of), {}) for each in log]
>>> picture = plots.volume(cases, zone="Europe/London", every="month")
>>> picture
<Picture: Incidents opened per month, n = 953>
>>> picture.to_rows()[0]["period"], picture.to_rows()[0]["incidents"]
('2026-01', 134)
>>> picture.left_out
{'cancelled': 19, 'not_opened': 28}
>>> picture.to_svg().startswith("<svg ")
True

Without incidents, or where none has the fact that is drawn, a picture says that there is nothing to draw; its `n` is 0
and it has no rows.
"""

from itilkit.plots.arrivals import arrivals
from itilkit.plots.backlog import backlog
from itilkit.plots.compliance import compliance
from itilkit.plots.durations import survival, time_to_resolve
from itilkit.plots.pareto import pareto
from itilkit.plots.picture import Kind, Picture, Row
from itilkit.plots.time_in_status import time_in_status
from itilkit.plots.volume import volume

__all__ = [
    "Kind",
    "Picture",
    "Row",
    "arrivals",
    "backlog",
    "compliance",
    "pareto",
    "survival",
    "time_in_status",
    "time_to_resolve",
    "volume",
]
