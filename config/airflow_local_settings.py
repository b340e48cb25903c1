"""Read by every Airflow process at start: the scheduler loads the heavy libraries once, so that each forked task has them for nothing.

Without this every gate pays Great Expectations' import of five seconds again.
"""

from __future__ import annotations

import importlib
import sys

if "scheduler" in sys.argv[1:2]:
    importlib.import_module("pipeline.gates")
