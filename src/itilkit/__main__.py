"""``python -m itilkit``."""

from __future__ import annotations

import sys

from itilkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
