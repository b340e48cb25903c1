"""From every figure and cell of a lived day back to the bytes, as each role may see them."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator

import pandas as pd
import pytest

from pipeline import trace as step
from pipeline.trace import Asked, Traced
from schemas.errors import ConfigurationError, KontingentError
from schemas.tables import STAGING
from schemas.warehouse import TARGETS
from tests.flow.lived import Lived
from tests.flow.test_privacy import leaks, personal
from warehouse import trace_figures
from warehouse.drills import drill_of
from warehouse.explanation import Look
from warehouse.reports import make
from warehouse.trace import TraceRefused, finder

NOW = "version_to = 9223372036854775807"
GROUND = "запрос прокуратуры № 1"
DIRECT = ("family_name_raw", "given_name_raw", "family_name", "given_name", "patronymic", "snils", "birth_certificate", "document", "mother_family_name")


@pytest.fixture
def day(lived: Lived) -> Iterator[Lived]:
    with lived.environment():
        yield lived


def asked(table: str, key: object, column: str | None = None, *, role: str = "auditor", version: int | None = None, record: int | None = None) -> Traced:
    look = Look(role=role, person="test", ground=GROUND if role == "officer" else None)
    return step.trace(Asked(table=table, key=str(key), column=column, version=version, record=record, look=look, purpose=None))


def stored(day: Lived, entity: str) -> list[tuple[object, ...]]:
    """A row of each source that has this entity."""
    return day.warehouse.rows(f"SELECT DISTINCT ON (source) source, source_key FROM {TARGETS[entity].full_name} "
                              "WHERE version_to = 9223372036854775807 ORDER BY source, source_key")


@pytest.mark.parametrize("entity", STAGING)
def test_a_row_of_each_source_leads_to_its_bytes_which_are_in_the_landing(day: Lived, entity: str) -> None:
    found = stored(day, entity)
    assert found
    for source, key in found:
        traced = asked(TARGETS[entity].full_name, f"{source}:{key}")
        assert traced.origin is not None
        assert traced.fragments, (source, traced.note)
        assert (traced.origin.source, traced.origin.source_key) == (source, key)
        first = traced.fragments[0]
        if first.delivery_offset is not None:
            path = day.warehouse.folder / "landing" / str(source) / traced.origin.sha256[:2] / f"{traced.origin.sha256}.gz"
            assert len(gzip.decompress(path.read_bytes())) >= first.delivery_offset + first.length


def test_the_auditor_sees_no_direct_identifier_in_any_fragment(day: Lived) -> None:
    for source, key in stored(day, "person"):
        traced = asked("identity.person_record", f"{source}:{key}", "family_name")
        told = " ".join(part.text for part in traced.fragments).upper()
        columns = ", ".join(DIRECT)
        values = day.warehouse.rows(f"SELECT {columns} FROM identity.person_record WHERE source = :source AND source_key = :key", source=source, key=key)
        for value in filter(None, values[0]):
            assert str(value).upper() not in told, source
        assert not re.search(r"\d{3}-\d{3}-\d{3} \d\d", told)
        assert {one.value for one in traced.values} <= {"•••"}


def test_an_officer_and_a_steward_see_the_value_after_their_look_is_committed(day: Lived) -> None:
    pupil, name = day.warehouse.rows(f"SELECT pupil_id, upper(family_name) FROM core.pupil WHERE family_name IS NOT NULL AND {NOW} LIMIT 1")[0]
    for role in ("officer", "steward"):
        traced = asked("core.pupil", pupil, "family_name", role=role)
        assert str(name) in " ".join(one.value for one in traced.values).upper()
    looks = day.warehouse.rows("SELECT role, pupil_id, purpose, ground FROM audit.access WHERE action = 'trace' AND pupil_id = :pupil "
                               "AND role IN ('officer', 'steward') ORDER BY access_id DESC LIMIT 2", pupil=pupil)
    assert [(role, one) for role, one, _, _ in looks] == [("steward", pupil), ("officer", pupil)]
    assert looks[1][3] == GROUND


def test_every_golden_cell_of_a_pupil_leads_to_a_fragment(day: Lived) -> None:
    pupil = day.warehouse.scalar(f"SELECT pupil_id FROM core.pupil_cell WHERE {NOW} GROUP BY pupil_id ORDER BY count(*) DESC, pupil_id LIMIT 1")
    cells = asked("core.pupil", pupil).choices
    assert len(cells) > 5
    for cell in cells:
        traced = asked("core.pupil", pupil, cell["field"])
        assert traced.origin is not None
        assert traced.origin.record_id == cell["record_id"]
        assert traced.fragments


def test_every_count_of_every_report_is_the_number_of_what_it_lists(day: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = 0
    with finder("auditor", None) as found:
        as_of = found.rows("SELECT max(as_of) AS as_of FROM quality.version")[0]["as_of"]
        reports = make(found.connection, version=found.version, as_of=as_of)
        read = trace_figures.frame
        units: dict[str, pd.DataFrame] = {}
        monkeypatch.setattr(trace_figures, "make", lambda *_, **__: reports)  # made once: it is what the figures are compared with
        monkeypatch.setattr(trace_figures, "frame", lambda connection, query: units[query] if query in units else units.setdefault(query, read(connection, query)))
        for report in reports:
            for table in report.tables:
                named = drill_of(report.name, table.name).named
                for row in pd.concat([table.rows.head(8), table.rows.tail(2)]).drop_duplicates().to_dict("records"):
                    key = " / ".join(str(row[name]) for name in named if not pd.isna(row[name]))
                    for column in table.rows.columns:
                        figure = trace_figures.figure(found, f"{report.name}/{table.name}", key, str(column))
                        assert figure.is_equal, (report.name, table.name, key, column, figure.value, figure.counted)
                        checked += figure.counted is not None
    assert checked > 500


@pytest.mark.parametrize(("table", "key", "column"), [
    ("report/contingent/classes_and_pupils_full_time", "pupils", "total"), ("report/contingent/municipalities", "Всего", "pupil_count"),
    ("report/not_enrolled/by_age", "total", "total"), ("report/reconciliation/by_entity", "Всего", "total"),
    ("report/reconciliation/snils", "Всего", "missing_count"),
    ("report/reconciliation/disagreement", "Фамилия / ЗАГС: рождения / 2", "cell_count")])
def test_a_figure_of_a_report_leads_through_one_of_its_rows_to_the_bytes(day: Lived, table: str, key: str, column: str) -> None:
    listed = asked(table, key, column)
    assert listed.figure is not None
    assert listed.figure.is_equal
    traced = asked(table, key, column, record=1)
    assert traced.origin is not None
    assert traced.fragments or traced.origin.position is None


def test_a_refused_record_leads_to_its_bytes(day: Lived) -> None:
    refused = day.warehouse.rows("SELECT DISTINCT ON (rule) CAST(delivery_id AS text), entity, position FROM quality.refused_record")
    assert refused
    for delivery, entity, position in refused:
        assert asked("quality.refused_record", f"{delivery}:{entity}:{position}").fragments


def test_a_link_leads_to_its_record_and_names_its_rule(day: Lived) -> None:
    record = day.warehouse.scalar("SELECT record_id FROM identity.link WHERE rule IS NOT NULL AND version_to = 9223372036854775807 LIMIT 1")
    traced = asked("identity.link", record)
    assert traced.origin is not None
    assert (traced.origin.rule or "").startswith("identity.link: ")


@pytest.mark.parametrize(("table", "key", "column", "code"), [
    ("core.nothing", "1", None, "trace.table"), ("report/nothing/x", "1", "x", "trace.table"), ("report/contingent/nothing", "1", "x", "trace.table"),
    ("core.pupil", "99999999", None, "trace.key"), ("core.pupil", "x", None, "trace.key"), ("core.pupil", "1", "nothing", "trace.column"),
    ("core.mark", "journal_bars:nothing", None, "trace.key"), ("core.mark", "journal_bars:nothing", "nothing", "trace.column"),
    ("report/contingent/municipalities", "Всего", "nothing", "trace.column"), ("report/contingent/municipalities", "нет такого", "pupil_count", "trace.key"),
    ("marts.nothing", "a=1", None, "trace.table"), ("marts.pupil_identified", "sex=M", None, "trace.table"),
    ("marts.school_roll", "a=1", None, "trace.column"), ("quality.refused_record", "x", None, "trace.key"),
    ("identity.seal", "1", None, "trace.table")])
def test_what_does_not_exist_is_one_clear_error(day: Lived, table: str, key: str, column: str | None, code: str) -> None:
    subject = " ".join(filter(None, (table, key if key.isdigit() else None, column))) + f": {code}"
    lines = "SELECT count(*) FROM audit.access WHERE action = 'trace' AND subject_named = :subject"
    before = day.warehouse.scalar(lines, subject=subject)
    with pytest.raises(TraceRefused) as refused:
        asked(table, key, column)
    assert refused.value.code == code
    assert day.warehouse.scalar(lines, subject=subject) > before, "who tries which child is there leaves a line"


def test_a_version_that_was_never_written_is_an_error(day: Lived) -> None:
    with pytest.raises(TraceRefused, match=r"trace\.version"):
        asked("core.pupil", 1, version=9999)


def test_a_tampered_landing_file_shows_nothing(day: Lived) -> None:
    source, key = stored(day, "exam")[0]
    traced = asked("core.exam", f"{source}:{key}")
    assert traced.origin is not None
    path = day.warehouse.folder / "landing" / str(source) / traced.origin.sha256[:2] / f"{traced.origin.sha256}.gz"
    kept, mode = path.read_bytes(), path.stat().st_mode
    path.chmod(0o600)
    try:
        for changed in (gzip.compress(gzip.decompress(kept) + b" "), kept[:-40], kept[:200] + b"\0" * 8 + kept[208:], b""):
            path.write_bytes(changed)
            with pytest.raises(ConfigurationError, match=r"landing\.tampered"):
                asked("core.exam", f"{source}:{key}")
        path.unlink()
        with pytest.raises(ConfigurationError, match=r"landing\.missing"):
            asked("core.exam", f"{source}:{key}")
    finally:
        path.write_bytes(kept)
        path.chmod(mode)


def test_a_sealed_record_is_unknown_to_all_but_the_officer(day: Lived) -> None:
    record, key = day.warehouse.rows("SELECT record_id, source_key FROM identity.person_record WHERE source = 'zags_births' AND version_to = 9223372036854775807 "
                                     "ORDER BY record_id DESC LIMIT 1")[0]
    day.warehouse.execute("INSERT INTO identity.seal (record_id, ground, sealed_by, created_version) VALUES (:record, 'test', 'test', 0)", record=record)
    try:
        for role in ("auditor", "steward"):
            for named in (record, f"zags_births:{key}"):
                with pytest.raises(KontingentError, match=r"trace\.key"):
                    asked("identity.person_record", named, role=role)
        assert asked("identity.person_record", record, role="officer").fragments
    finally:
        day.warehouse.execute("DELETE FROM identity.seal WHERE record_id = :record", record=record)


def test_the_officer_is_not_given_the_mart_with_names(day: Lived) -> None:
    with pytest.raises(TraceRefused, match=r"trace\.table"):
        asked("marts.pupil_identified", "sex=M", role="officer")


def test_no_lineage_event_of_the_day_names_anyone(day: Lived) -> None:
    told = "".join(path.read_text("utf-8") for path in (day.warehouse.folder / "lineage").glob("*.ndjson"))
    events = [json.loads(line) for line in told.splitlines()]
    assert {"receive.zags_births", "gate.zags_births", "load.zags_births", "link", "warehouse_gate", "publish", "report"} <= {one["job"]["name"] for one in events}
    assert leaks(re.sub(r"[0-9a-f]{64}|[0-9a-f-]{36}|\.\d{6}", "", told), personal(day)) == {}


def test_a_trace_for_machines_holds_no_clear_value_for_the_auditor(day: Lived) -> None:
    from dataclasses import asdict
    source, key = stored(day, "person")[0]
    names = day.warehouse.rows("SELECT family_name FROM identity.person_record WHERE source = :source AND source_key = :key", source=source, key=key)[0]
    assert str(names[0]) not in json.dumps(asdict(asked("identity.person_record", f"{source}:{key}")), ensure_ascii=False, default=str).upper()
