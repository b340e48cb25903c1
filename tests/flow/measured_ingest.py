"""Run in a process of its own: takes files in and tells the growth of peak memory over what the imports cost, and what became of them."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path


def peak() -> int:
    """Peak resident memory of this process so far, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(source: str, *paths: str) -> None:
    from connectors.xml_reader import schema
    from pipeline import files, gates
    from warehouse.engine import engine

    engine().connect().close()
    schema("zags_births/rogdzp.xsd")
    assert gates
    before = peak()
    found = files.ingest(source, [Path(path) for path in paths])
    sys.stdout.write(json.dumps({"grown": peak() - before, "found": found}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
