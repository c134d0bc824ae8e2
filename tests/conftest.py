"""How deep hypothesis looks: nothing else is shared by all tests.

``pytest --hypothesis-profile slow`` looks deeper. Where CI is set the examples are the same in every run, so
that a red run is red again when it is repeated.
"""

from __future__ import annotations

import importlib
import os
import pkgutil

from hypothesis import HealthCheck, settings

import itilkit

# No deadlines: how long one example takes says more about the machine than about the library.
settings.register_profile("default", max_examples=50, deadline=None, derandomize="CI" in os.environ)
settings.register_profile(
    "slow", max_examples=2000, deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("default")

# Hypothesis also draws the constants that stand in the modules loaded by then. The rooms load each other when they
# are first used, so without this the examples would depend on the order of the tests and on which of them run.
if "CI" in os.environ:
    for module in pkgutil.walk_packages(itilkit.__path__, "itilkit."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
