"""How deep hypothesis looks: nothing else is shared by all tests.

``pytest --hypothesis-profile slow`` looks deeper. Where CI is set the examples are the same in every run, so
that a red run is red again when it is repeated.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# No deadlines: how long one example takes says more about the machine than about the library.
settings.register_profile("default", max_examples=50, deadline=None, derandomize="CI" in os.environ)
settings.register_profile(
    "slow", max_examples=2000, deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("default")
