"""From records to pupils: what changed since the last linking and what it touches, through the engine, back as differences."""

from __future__ import annotations

from connectors.sources import SOURCES
from pipeline.measure import measured
from transforms.linkage import golden as make_golden
from transforms.linkage import link as link_records
from warehouse import identity

ONE_RECORD = [source.name for source in SOURCES if source.one_record_per_person]
AUTHORITY = {source.name: source.authority for source in SOURCES}


def link() -> dict[str, int]:
    """Link what is new; returns counters (records read, linked, in review, pupils written). Nothing new = nothing written."""
    with measured("link") as work:
        changed = identity.changed()
        touched = identity.neighbourhood(changed)
        records = identity.read_person_records(touched)
        result = link_records(records, identity.read_links(touched), identity.read_decisions(touched),
                              identity.read_validations(touched), one_record_sources=ONE_RECORD)
        golden = make_golden(records, result.links, identity.read_residences(touched), identity.read_citizenships(touched), AUTHORITY)
        version, written = identity.apply(result, golden, touched)
        work.records, work.written = records.num_rows, written
    return {"version": version, "changed": len(changed), "records": records.num_rows, "reviews": result.reviews.num_rows, "written": written}
