"""Partitions of records into pupils in memory: what a linking answers, and what the change feed must say of two partitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

RECORDS = range(1, 7)
Partition = dict[int, int]
Event = tuple[str, int | None, int | None]

DRAWN = st.lists(st.tuples(*(st.none() | st.integers(0, 2) for _ in RECORDS)), min_size=2, max_size=6)
"""Some versions: which cluster each record is in (None = withdrawn)."""


def parts(pupil_of: Mapping[int, int]) -> dict[int, set[int]]:
    """pupil → its records."""
    return {pupil: {record for record, other in pupil_of.items() if other == pupil} for pupil in set(pupil_of.values())}


def answer(before: Partition, clusters: Iterable[int | None]) -> tuple[Partition, dict[int, int]]:
    """What the linking would say of these clusters: ids go to where most of their records are, of several the smallest stays; drafts are negative.

    Returns (record → id or draft, merged id → where it leads).
    """
    cluster_of = {record: cluster for record, cluster in zip(RECORDS, clusters, strict=True) if cluster is not None}
    owner = {}
    for pupil, records in parts(before).items():
        claims = Counter(cluster_of[record] for record in sorted(records) if record in cluster_of)
        if claims:
            owner[pupil] = claims.most_common(1)[0][0]
    kept: dict[int, int] = {}
    for pupil, cluster in sorted(owner.items()):
        kept.setdefault(cluster, pupil)
    for number, cluster in enumerate(sorted(set(cluster_of.values()) - kept.keys()), 1):
        kept[cluster] = -number
    return {record: kept[cluster] for record, cluster in cluster_of.items()}, {
        pupil: kept[cluster] for pupil, cluster in owner.items() if kept[cluster] != pupil}


def events(before: Partition, after: Partition, given: set[int]) -> set[Event]:
    """What must be told of ids (kind, from, to), without `merged`'s target and `redirected`, which are the linking's choice."""
    old, new = parts(before), parts(after)
    told: set[Event] = {("created" if pupil not in given else "revived", None, pupil) for pupil in new.keys() - old.keys()}
    for pupil, records in old.items():
        holders = {after[record] for record in records if record in after}
        if len(holders) > 1:
            told |= {("split", pupil, holder) for holder in holders - {pupil}}
        if pupil not in new:
            told.add(("merged" if holders else "emptied", pupil, None))
    return told
