"""From records to pupils: what changed since the last linking and what it touches, through the engine, back as differences."""

from __future__ import annotations

from connectors.sources import SOURCES
from pipeline import anchors
from pipeline.apart import link_apart
from pipeline.measure import measured
from transforms.linkage.golden import golden as make_golden
from transforms.linkage.keys import link_keys
from transforms.linkage.link import link as link_records
from warehouse import identity

ONE_RECORD = [source.name for source in SOURCES if source.one_record_per_person]
AUTHORITY = {source.name: source.authority for source in SOURCES}


def link() -> dict[str, int]:
    """Link what is new; returns counters (records changed, read, in review, rows written). Nothing new = nothing written."""
    with measured("link") as work:
        engine = work.part("engine")
        changed = identity.changed()
        touched = identity.neighbourhood(changed, engine(lambda records, validations: link_keys(records, validations=validations)))
        records, validations = identity.read_person_records(touched), identity.read_validations(touched)
        decisions = identity.read_decisions(touched)
        result = link_apart(engine(lambda rows, previous: link_records(rows, previous=previous, decisions=decisions, validations=validations,
                                                                       one_record_sources=ONE_RECORD)),
                            records, identity.read_links(touched), seals=identity.read_seals(touched), sealed_pupils=identity.read_sealed_pupils())
        golden = engine(make_golden)(records, result.links, identity.read_residences(touched), identity.read_citizenships(touched), AUTHORITY,
                                     validations=validations)
        version, written = identity.apply(result, golden, touched)
        work.records, work.pairs, work.written = records.num_rows, result.work["pairs_compared"] + result.work["pairs_scored"], written
    anchors.try_drop("link")
    return {"version": version, "changed": len(changed), "records": records.num_rows, "reviews": result.reviews.num_rows, "written": written}
