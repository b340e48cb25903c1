"""What ЗАГС sends on a bad day beside its acts: corrections that are wrong themselves."""

from __future__ import annotations

SEEN = "world.seen.zags_act"
WRONG_DATES = 3
"""Acts of birth sent again as dated before the birth."""
_AGAIN = f"""
    SELECT * REPLACE ({{day}} AS day, version + 50 AS version, {{wrong}})
    FROM (SELECT * FROM {SEEN} WHERE day = 0 AND act_kind = '{{kind}}' AND birth_date IS NOT NULL ORDER BY wire_key LIMIT {{count}})"""  # noqa: S608 - names and numbers of ours
"""The number of the version leaves room for true corrections."""


def acts_with_mistakes(day: int) -> str:
    """The relation of acts as ЗАГС pushes them when `day` is a bad one: all that is true, and on that day what is not."""
    too_early = _AGAIN.format(day=day, kind="birth", count=WRONG_DATES, wrong="(birth_date - INTERVAL 40 DAY)::DATE AS act_date")
    no_office = _AGAIN.format(day=day, kind="paternity", count=1, wrong="'нет' AS authority_code")
    return f"(SELECT * FROM {SEEN} UNION ALL {too_early} UNION ALL {no_office})"  # noqa: S608 - names and numbers of ours
