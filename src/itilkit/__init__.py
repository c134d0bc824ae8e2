"""ITIL practice models as pure functions of (history of events, policy, as_of)."""
