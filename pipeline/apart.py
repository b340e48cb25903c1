"""Links what is sealed and what is not as two registries: neither learns of the other."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from transforms.linkage.link import LinkResult

Link = Callable[[pa.Table, pa.Table], LinkResult]
"""(records, previous) → result."""


def link_apart(link: Link, records: pa.Table, previous: pa.Table, *, seals: pa.Table, sealed_pupils: pa.Table) -> LinkResult:
    """One result for both; new pupils of the sealed are numbered after the others, and nothing about them goes to review.

    A pupil's number stays with the side it belongs to: a record that changes sides does not take it along.
    """
    records, sealed_records = _parted(records, "record_id", seals["record_id"])
    previous, sealed_previous = _parted(previous, "pupil_id", sealed_pupils["pupil_id"])
    result = link(records, previous)
    if not sealed_records.num_rows:
        return result
    sealed = link(sealed_records, sealed_previous)
    first = pc.min(pa.concat_arrays([pa.array([0], pa.int64()), result.links["pupil_id"].combine_chunks()])).as_py()
    numbers = sealed.links["pupil_id"]
    moved = pc.if_else(pc.less(numbers, 0), pc.add(numbers, min(first, 0)), numbers)
    links = sealed.links.set_column(sealed.links.schema.get_field_index("pupil_id"), "pupil_id", moved)
    return LinkResult(links=pa.concat_tables([result.links, links.cast(result.links.schema)]), reviews=result.reviews,
                      redirects=pa.concat_tables([result.redirects, sealed.redirects]),
                      work={name: count + sealed.work[name] for name, count in result.work.items()})


def _parted(rows: pa.Table, column: str, chosen: pa.ChunkedArray) -> tuple[pa.Table, pa.Table]:
    inside = pc.is_in(rows[column], value_set=chosen.combine_chunks().cast(rows[column].type))
    return rows.filter(pc.invert(inside)), rows.filter(inside)
