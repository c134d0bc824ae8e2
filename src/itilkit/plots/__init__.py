"""How does it look? Eight pictures of a desk, each a value: its words, its n, and the rows it is drawn from.

Every figure in them is a figure of `itilkit.kpi`, with its reading and what it leaves out; a picture adds nothing but
its drawing. `Picture.to_svg` draws it for a page or a notebook, by day and by night, wide or on a phone;
`Picture.to_altair` gives the same rows as an Altair chart (``pip install 'itilkit[plots]'``).
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
