"""The command line: `commands` by what they are about, and what an error looks like."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from commands import audit, day, dictionary, held, identity, keeping, linking, open_data, refused, reports, review, services, trace
from commands.shared import app, err
from pipeline.settings import settings
from schemas.errors import KontingentError

COMMANDS = (day, reports, open_data, linking, identity, review, held, refused, trace, audit, dictionary, keeping, services)
"""Modules whose commands `app` holds."""


def _closed_to_others() -> None:
    """What a run writes is for its own account; `var` itself may be passed through, for PostgreSQL has an account of its own."""
    os.umask(0o077)
    if not (var := settings().var).exists():
        var.mkdir(parents=True)
        var.chmod(0o711)


def main(call: Callable[[], object] = app) -> None:
    """Errors of ours are one clear line and status 2; Ctrl-C is status 130."""
    _closed_to_others()
    try:
        call()
    except KontingentError as error:
        err.print(f"kontingent: {error}", style="red", markup=False)
        sys.exit(2)
    except OSError as error:
        err.print(f"kontingent: {type(error).__name__}: {error.strerror or error}; {error.filename or ''}".rstrip("; "), style="red", markup=False)
        sys.exit(2)
    except Exception as error:
        if os.environ.get("KONTINGENT_DEBUG"):
            raise
        place = traceback.extract_tb(error.__traceback__)[-1]
        err.print(f"kontingent: unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}; "
                  "KONTINGENT_DEBUG=1 shows the whole of it", style="red", markup=False)
        sys.exit(3)
    except KeyboardInterrupt:
        err.print("kontingent: interrupted; what was committed stays, the next run goes on from there")
        sys.exit(130)


if __name__ == "__main__":
    main()
