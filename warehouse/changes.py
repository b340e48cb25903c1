"""The change feed of identity: read since a version, and the two replays by which a consumer's copy follows the registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import text

from schemas.errors import ConfigurationError
from warehouse.engine import engine, without_values


@dataclass(frozen=True, kw_only=True)
class Change:
    """One row of `marts.identity_change`."""

    change_id: int
    version: int
    kind: str
    record_id: int | None = None
    from_pupil_id: int | None = None
    to_pupil_id: int | None = None

    def as_row(self) -> dict[str, int | str | None]:
        return asdict(self)


def feed(since: int) -> Iterator[Change]:
    """Changes after version `since` up to the published one, in order, as analysts may read them.

    Raises ConfigurationError when `since` is not published any more: then the copy must be taken anew.
    """
    with without_values(), engine("analyst").connect() as connection:
        published = connection.execute(text("SELECT core.visible_version()")).scalar_one()
        if since > published:
            raise ConfigurationError("changes.ahead", f"version {since} is not published any more (published: {published}): take the copy anew")
        rows = connection.execution_options(stream_results=True, yield_per=10_000).execute(text(
            "SELECT change_id, version, kind, record_id, from_pupil_id, to_pupil_id FROM marts.identity_change WHERE version > :since "
            "ORDER BY version, change_id"), {"since": since})
        for row in rows.mappings():
            yield Change(**row)


def replay(pupil_of: Mapping[int, int], changes: Iterable[Change]) -> dict[int, int]:
    """record → pupil of the later version, from that of the earlier one: what a consumer does who keeps links."""
    held = dict(pupil_of)
    for change in changes:
        if change.record_id is not None and change.to_pupil_id is not None:
            held[change.record_id] = change.to_pupil_id
        elif change.record_id is not None:
            del held[change.record_id]
    return held


def replay_ids(living: Iterable[int], changes: Iterable[Change]) -> set[int]:
    """The ids that live in the later version, from those of the earlier one: what a consumer does who keeps pupils only.

    What else must be read anew of an id: when it is named by created, revived, split (both sides), merged (the second) or key_changed.
    """
    held = set(living)
    for change in changes:
        if change.kind in ("created", "revived") and change.to_pupil_id is not None:
            held.add(change.to_pupil_id)
        elif change.kind in ("merged", "emptied") and change.from_pupil_id is not None:
            held.remove(change.from_pupil_id)
    return held
