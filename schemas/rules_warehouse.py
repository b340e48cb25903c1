"""Rules over one version of the warehouse, asked before it is published: keys, references, control totals against the ledger."""

from __future__ import annotations

from typing import Literal

from schemas.rule import Rule

_ADVICE = "Не публиковать: сообщить инженеру, опубликованная версия остаётся прежней."
_NOTICE = "Публикуется; проверить записи у источников."


def _of(*, id: str, title: str, judged: str, sql: str, severity: Literal["block", "warn"] = "block") -> Rule:
    return Rule(id=id, title=title, judged=judged, sql=sql, severity=severity, scope="warehouse", advice=_NOTICE if severity == "warn" else _ADVICE)


def _at(alias: str = "") -> str:
    """SQL: the row is of the version that is judged."""
    row = f"{alias}." if alias else ""
    return f"{row}version_from <= {{version}} AND {row}version_to > {{version}}"


_DELIVERIES = "quality.delivery d WHERE d.state = 'loaded' AND d.version <= {version}"
_RECORDS, _LINKS, _PUPILS, _ENROLMENTS = (f"{table} WHERE {_at()}" for table in ("identity.person_record", "identity.link", "core.pupil", "core.enrolment"))

WAREHOUSE: tuple[Rule, ...] = (
    _of(id="ledger.conservation", title="получено = загружено + без изменений + заменено + отказано", judged=_DELIVERIES,
        sql=f"SELECT d.delivery_id FROM {_DELIVERIES} AND received <> loaded + unchanged + superseded + refused"),  # noqa: S608
    _of(id="ledger.refused_rows", title="отказов в журнале столько же, сколько в учёте поставок", judged=_DELIVERIES,
        sql=f"SELECT d.delivery_id FROM {_DELIVERIES} AND d.refused <> "  # noqa: S608
            "(SELECT count(*) FROM quality.refused_record r WHERE r.delivery_id = d.delivery_id)"),
    _of(id="ledger.replayed_rows", title="повторно загруженных записей столько же, сколько отказов с ними закончилось", judged=_DELIVERIES,
        sql=f"SELECT d.delivery_id FROM {_DELIVERIES} AND d.replay_of IS NOT NULL AND d.received <> "  # noqa: S608
            "(SELECT count(*) FROM quality.refused_record r WHERE r.replayed_by = d.delivery_id)"),
    _of(id="person_record.key", title="одна действующая запись на ключ источника", judged=_RECORDS,
        sql=f"SELECT record_id FROM identity.person_record WHERE {_at()} GROUP BY record_id HAVING count(*) > 1"),  # noqa: S608
    _of(id="link.every_record", title="каждая запись отнесена к ребёнку", judged=_RECORDS,
        sql=f"SELECT p.record_id FROM identity.person_record p WHERE {_at('p')} AND NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM identity.link l WHERE l.record_id = p.record_id AND {_at('l')})"),
    _of(id="link.one_pupil", title="запись отнесена только к одному ребёнку", judged=_LINKS,
        sql=f"SELECT record_id FROM identity.link WHERE {_at()} GROUP BY record_id HAVING count(*) > 1"),  # noqa: S608
    _of(id="pupil.one_golden", title="одна эталонная запись на ребёнка", judged=_PUPILS,
        sql=f"SELECT pupil_id FROM core.pupil WHERE {_at()} GROUP BY pupil_id HAVING count(*) > 1"),  # noqa: S608
    _of(id="pupil.linked", title="у каждого ребёнка есть записи, и эталонная запись у каждого, у кого они есть",
        judged=f"(SELECT pupil_id FROM {_PUPILS} UNION SELECT pupil_id FROM {_LINKS}) AS known",  # noqa: S608
        sql="SELECT coalesce(g.pupil_id, l.pupil_id) AS pupil_id FROM "  # noqa: S608
            f"(SELECT pupil_id FROM core.pupil WHERE {_at()}) g FULL JOIN "
            f"(SELECT DISTINCT pupil_id FROM identity.link WHERE {_at()}) l USING (pupil_id) "
            "WHERE g.pupil_id IS NULL OR l.pupil_id IS NULL"),
    _of(id="enrolment.organisation", title="организация зачисления есть в реестре", judged=_ENROLMENTS,
        sql=f"SELECT e.record_id FROM core.enrolment e WHERE {_at('e')} AND NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM core.organisation o WHERE o.organisation_key = e.organisation_key AND {_at('o')})"),
    _of(id="enrolment.interval", title="зачисление не позже выбытия", judged=_ENROLMENTS,
        sql=f"SELECT record_id FROM core.enrolment WHERE {_at()} AND valid_to < valid_from", severity="warn"),  # noqa: S608
    _of(id="pupil.snils.unique", title="один СНИЛС не стоит в двух эталонных записях", judged=_PUPILS,
        sql=f"SELECT min(pupil_id) AS pupil_id FROM core.pupil WHERE {_at()} AND snils IS NOT NULL "  # noqa: S608
            "AND pupil_id NOT IN (SELECT pupil_id FROM identity.sealed_pupil WHERE lifted_version IS NULL) "
            "GROUP BY snils HAVING count(*) > 1", severity="warn"),
    _of(id="pupil.birth_before_act", title="дата рождения не позже даты смерти", judged=_PUPILS,
        sql=f"SELECT pupil_id FROM core.pupil WHERE {_at()} AND death_date < birth_date", severity="warn"),  # noqa: S608
)
