"""Deleting what is past its period: functions with the owner's rights, which refuse what is young; no role may delete by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text

from schemas.retention import LEAST
from warehouse.engine import engine, without_values

_FUNCTION = """
CREATE OR REPLACE FUNCTION {function}(before timestamptz, most integer, is_dry boolean) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    done bigint;
BEGIN
    IF before > now() - interval '{days} days' THEN
        RAISE EXCEPTION '{function}: younger than {days} days' USING ERRCODE = '22023';
    END IF;
    IF is_dry THEN
        RETURN (SELECT count(*) FROM {table} AS old WHERE {condition});
    END IF;
    DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT old.ctid FROM {table} AS old WHERE {condition} LIMIT most));
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION {function}(timestamptz, integer, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {function}(timestamptz, integer, boolean) TO loader;
COMMENT ON FUNCTION {function}(timestamptz, integer, boolean) IS '{title}';
"""
_UNPUBLISHED = "(old.version IS NULL OR old.version < (SELECT version FROM core.published_version))"
_UNANSWERED = """old.version IN (SELECT version FROM quality.version WHERE created_at < before) AND NOT EXISTS (
    SELECT FROM identity.sample AS beside JOIN identity.opinion AS given USING (record_id, other_record_id)
    WHERE beside.version = old.version AND beside.stratum = old.stratum)"""
_OF_OLD_DELIVERY = "old.delivery_id IN (SELECT delivery_id FROM quality.delivery WHERE received_at < before)"
FUNCTIONS = {
    "quality.forget_results": ("checks", "quality.validation_result", f"old.at < before AND {_UNPUBLISHED}", "Удалить старые результаты проверок"),
    "quality.forget_steps": ("checks", "quality.run_step", "old.at < before", "Удалить старые замеры шагов"),
    "quality.forget_left_out": ("checks", "quality.left_out_value", _OF_OLD_DELIVERY, "Удалить старые перечни не принятых значений"),
    "quality.forget_profiles": ("checks", "quality.profile", "old.at < before", "Удалить старые портреты поставок"),
    "identity.forget_samples": ("samples", "identity.sample", _UNANSWERED, "Удалить старые выборки, на которые никто не ответил"),
}
"""Function → class of `config/retention.yaml`, table, what may go, Russian title."""


def create(connection: Connection) -> None:
    """Make the functions anew; run as the owner."""
    for function, (name, table, condition, title) in FUNCTIONS.items():
        connection.exec_driver_sql(_FUNCTION.format(function=function, days=LEAST[name], table=table, condition=condition, title=title))


def forget(function: str, before: datetime, most: int) -> int:
    """Delete at most so many rows of one table in one transaction; returns how many went."""
    return _call(function, before, most, is_dry=False)


def count(function: str, before: datetime) -> int:
    """How many rows would go."""
    return _call(function, before, 0, is_dry=True)


def _call(function: str, before: datetime, most: int, *, is_dry: bool) -> int:
    with without_values(), engine().begin() as connection:
        return int(connection.execute(text(f"SELECT {function}(:before, :most, :is_dry)"),
                                      {"before": before, "most": most, "is_dry": is_dry}).scalar_one())
