"""A steward's word on whole pupils, at once obeyed: decisions, linking, and when asked the gate and publishing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline import link, publish, quality_of_links
from warehouse import identity_decide, identity_ids


def split(pupil_id: int, apart: Sequence[int], *, reason: str, by: str, to_publish: bool = False) -> dict[str, Any]:
    """Part the named records from their pupil; returns pairs decided, version, the ids of both parts, and the published version when asked.

    Raises ConfigurationError as `identity_decide.split`. What came since the merge follows its record.
    """
    decided, records = identity_decide.split(pupil_id, apart, reason, by)
    return _obey(decided, by, to_publish) | {"pupils": identity_ids.pupils_of(records)}


def merge(pupil_id: int, other_pupil_id: int, *, reason: str, by: str, to_publish: bool = False) -> dict[str, Any]:
    """Make one pupil of two; returns pairs decided, version, the id that stays, and the published version when asked."""
    decided, records = identity_decide.merge(pupil_id, other_pupil_id, reason, by)
    return _obey(decided, by, to_publish) | {"pupils": identity_ids.pupils_of(records)}


def _obey(decided: int, by: str, to_publish: bool) -> dict[str, Any]:
    figures: dict[str, Any] = {"pairs_decided": decided} | link.link()
    quality_of_links.measure()
    return figures | ({"published_version": publish.publish(publish.gate(), by=by)} if to_publish else {})
