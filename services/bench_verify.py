"""How long the verification of a long trail takes: lines of the same canonical form as the database's, made here."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from services import verify

CHAIN = "00000000-0000-0000-0000-000000000000"


def bench(entries: int) -> dict[str, Any]:
    """Entries, bytes, seconds and peak memory (in megabytes, of this process) of one verification in a folder of the moment."""
    import resource

    with tempfile.TemporaryDirectory(prefix="kontingent-bench-") as made:
        path = Path(made) / "trail.ndjson"
        last, head = make(path, entries)
        before, said = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, list[str]()
        began, cpu = time.perf_counter(), time.process_time()
        status = verify.main([str(path), "--held", f"{last}:{head}"], said.append)
        return {"entries": entries, "megabytes": path.stat().st_size // 1_000_000, "seconds": round(time.perf_counter() - began, 2),
                "cpu_seconds": round(time.process_time() - cpu, 2), "status": status,
                "memory_growth_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, "said": "; ".join(said)}


def make(path: Path, entries: int) -> tuple[int, str]:
    """A trail of so many looks; returns number and hash of the last line."""
    digest = ""
    with path.open("wb") as file:
        for number in range(entries + 1):
            told = _entry(number) if number else {"chain_id": CHAIN, "created_at": "2025-10-24T00:00:00.000000Z", "form": verify.FORM, "sealed_number": 0,
                                                  "sealed_hash": None}
            body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
            digest = hashlib.sha256(f"{digest}{body}".encode()).hexdigest()
            file.write(f'{body[:-1]},"hash":"{digest}"}}\n'.encode())
    return entries, digest


def _entry(number: int) -> dict[str, object]:
    return {"access_id": number, "at": f"2025-10-24T12:00:{number % 60:02}.{number % 1_000_000:06}Z", "role": "officer", "person_in_charge": "Иванова Анна",
            "purpose": "разъяснение отождествления ребёнка", "ground": f"обращение родителя № {number}", "action": "look", "pupil_id": number,
            "subject_named": f"pupil {number}"}
