"""The policy file: TOML that a service-level manager can review.

Each part is read in three steps: the shape of its tables (`itilkit.policy.strict`), the values in them (the modules
of this folder, one for each part), and what the values mean together (the classes they become). A part with a fault
does not keep the others from being read, so that all faults are told at once, each with its path and line.
"""

from itilkit.policy.file.document import (
    FORMAT,
    PolicyFile,
    file_data,
    placed,
    read,
    read_calendar_names,
    read_data,
)

__all__ = ["FORMAT", "PolicyFile", "file_data", "placed", "read", "read_calendar_names", "read_data"]
