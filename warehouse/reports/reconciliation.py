"""R12: what became of every record received, what was refused and why, СНИЛС quality and disagreement between sources."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection

from schemas.rules import RULES
from warehouse.reports.definition import Definition
from warehouse.reports.model import Check, Column, Provenance, Report, Table
from warehouse.reports.reader import frame, mart
from warehouse.reports.shape import integer, text, with_total
from warehouse.reports.titles import ENTITY_TITLES, FIELD_TITLES, SOURCE_TITLES, titled
from warehouse.reports.wording import number

COUNTS = ["total", "refused", "processed", "created", "updated", "unchanged", "superseded", "withdrawn"]
COUNT_COLUMNS = (
    integer("total", "Получено"), integer("refused", "Отвергнуто"), integer("processed", "Обработано"), integer("created", "Создано"),
    integer("updated", "Изменено"), integer("unchanged", "Без изменений"), integer("superseded", "Вытеснено"), integer("withdrawn", "Отозвано"))
LATEST = """
    SELECT reconciliation.*, (received_at AT TIME ZONE 'Asia/Irkutsk')::date AS received_date
    FROM marts.reconciliation
    WHERE as_of > core.report_date() - 7 AND as_of <= core.report_date()
"""
NOT_LOADED = "SELECT not_loaded.*, (received_at AT TIME ZONE 'Asia/Irkutsk')::date AS received_date FROM marts.not_loaded"
NOTES = (
    "Получено = создано + изменено + без изменений + вытеснено + отвергнуто – до записи, по каждой поставке и виду записей. «Вытеснено» – "
    "в той же или более ранней поставке есть более новая версия записи.",
    "Повтор уже загруженной поставки (те же байты) засчитан целиком как «без изменений».",
    "Отвергнутая запись хранит место в присланном файле, правило и версию правила; после исправления она загружается повторно. Каждая запись сосчитана один раз, "
    "по первой загрузке; «загружено повторно» – сколько из отвергнутых принято потом. Повторная загрузка в списке поставок стоит отдельной строкой.",
    "Поставка целиком не входит в версию, если её задержала проверка на входе или она ещё разбирается; такие поставки перечислены отдельно.",
    "Разногласие – ячейка эталонной записи, о которой хотя бы один источник говорит иначе, чем победивший.",
    "Значений персональных полей в этом отчёте нет: только количества и ключи.",
)


def _entity(names: pd.Series[str]) -> pd.Series[str]:
    return titled(names, ENTITY_TITLES)


def by_entity(rows: pd.DataFrame, titles: dict[str, str], deliveries: int) -> Table:
    """All deliveries of the version by source and entity; the total has `deliveries`, for one delivery brings records of several entities."""
    shown = rows.assign(source=titled(rows["source"], titles), entity=_entity(rows["entity"])).sort_values(["source", "entity"])
    counts = ["delivery_count", *COUNTS, "replayed"]
    body = with_total(shown[["source", "entity", *counts]], label="Всего", counts=counts)
    body.loc[body.index[-1], "delivery_count"] = deliveries
    return Table(name="by_entity", sheet="По источникам", title="Сверка по источникам и видам записей, за всё время", is_filtered=True, is_total_last=True,
                 rows=body, note="В строке «Всего» каждая поставка сосчитана один раз, хотя несёт записи нескольких видов; повторы входят и в поставки, и в записи.",
                 columns=(text("source", "Источник", 40), text("entity", "Вид записей", 36), integer("delivery_count", "Поставок"), *COUNT_COLUMNS,
                          integer("replayed", "Загружено повторно")))


def latest(rows: pd.DataFrame, titles: dict[str, str]) -> Table:
    """Deliveries of the last seven days, each with the fingerprint of its bytes."""
    shown = rows.assign(source=titled(rows["source"], titles), entity=_entity(rows["entity"]), sha256=rows["sha256"].str[:16],
                        delivery_id=rows["delivery_id"].astype("string"))
    columns = (Column(name="as_of", title="Дата", kind="date"), text("source", "Источник", 34), text("origin", "Отправитель", 26),
               text("entity", "Вид записей", 30), integer("version", "Версия"), *COUNT_COLUMNS, text("sha256", "SHA-256 (начало)", 18),
               text("delivery_id", "Поставка", 38))
    return Table(name="deliveries", sheet="Поставки за 7 дней", title="Поставки за семь дней до отчётной даты", is_filtered=True, columns=columns,
                 rows=shown.sort_values(["as_of", "version", "source", "origin", "delivery_id", "entity"])[[column.name for column in columns]])


def not_loaded(rows: pd.DataFrame, titles: dict[str, str]) -> Table:
    """Deliveries that are not in the version."""
    shown = rows.assign(source=titled(rows["source"], titles), delivery_id=rows["delivery_id"].astype("string"),
                        sha256=rows["sha256"].str[:16])
    columns = (Column(name="received_date", title="Получена", kind="date"), text("source", "Источник", 34), text("origin", "Отправитель", 26),
               integer("size_bytes", "Байт"), text("sha256", "SHA-256 (начало)", 18), text("delivery_id", "Поставка", 38))
    return Table(name="not_loaded", sheet="Не вошли в версию", title="Поставки, которые не вошли в версию", is_filtered=True, columns=columns,
                 rows=shown.sort_values(["received_date", "source", "delivery_id"])[[column.name for column in columns]])


def by_rule(rows: pd.DataFrame, titles: dict[str, str]) -> Table:
    """Refused records by rule, with what the sender should do."""
    known = {name: (rule.title, rule.advice) for name, rule in RULES.items()}
    shown = rows.assign(source_title=titled(rows["source"], titles), entity=_entity(rows["entity"]),
                        meaning=[known.get(rule, ("", ""))[0] for rule in rows["rule"]], advice=[known.get(rule, ("", ""))[1] for rule in rows["rule"]])
    columns = (text("source_title", "Источник", 34), text("entity", "Вид записей", 26), text("meaning", "Что не так", 50), integer("refused_count", "Отвергнуто"),
               integer("open_count", "Не загружено до сих пор"), integer("delivery_count", "Поставок"),
               text("advice", "Что сделать", 50), text("rule", "Код правила", 34), text("rule_version", "Версия правила", 10))
    return Table(name="refused", sheet="Отвергнуто по правилам", title="Отвергнутые записи по правилам, за всё время", is_filtered=True, columns=columns,
                 rows=shown.sort_values(["refused_count", "source", "rule"], ascending=[False, True, True])[[column.name for column in columns]])


def snils(rows: pd.DataFrame, titles: dict[str, str]) -> Table:
    """СНИЛС by source: missing, refused, shared, not confirmed."""
    counts = ["record_count", "missing_count", "invalid_count", "shared_record_count", "shared_pupil_count", "unconfirmed_count"]
    shown = rows.assign(source=titled(rows["source"], titles)).sort_values("source")
    return Table(name="snils", sheet="СНИЛС", title="СНИЛС в записях источников", is_total_last=True,
                 rows=with_total(shown[["source", *counts]], label="Всего", counts=counts),
                 columns=(text("source", "Источник", 40), integer("record_count", "Записей"), integer("missing_count", "Без СНИЛС"),
                          integer("invalid_count", "Из них номер неверен"), integer("shared_record_count", "Один номер у нескольких записей"),
                          integer("shared_pupil_count", "Один номер у нескольких детей"), integer("unconfirmed_count", "Не подтверждён СФР")))


def disagreement(rows: pd.DataFrame, titles: dict[str, str]) -> Table:
    """Golden cells by field, winner and number of sources, with the share on which some source disagrees."""
    shown = rows.assign(
        field_title=titled(rows["field"], FIELD_TITLES),
        source=titled(rows["source"], titles), share=rows["disagreement_count"].astype(float) / rows["cell_count"].astype(float))
    columns = (text("field_title", "Поле", 34), text("source", "Победивший источник", 36), integer("source_count", "Источников"),
               integer("cell_count", "Ячеек"), integer("disagreement_count", "С разногласием"), Column(name="share", title="Доля", kind="share"))
    return Table(name="disagreement", sheet="Разногласия", title="Разногласия источников по полям", is_filtered=True, columns=columns,
                 rows=shown.sort_values(["field_title", "source", "source_count"])[[column.name for column in columns]])


def checks(rows: pd.DataFrame) -> tuple[Check, ...]:
    """One ledger equality a source: received equals what became of it, to the record."""
    became = rows["created"] + rows["updated"] + rows["unchanged"] + rows["superseded"] + rows["refused"]
    sides = pd.DataFrame({"source": rows["source_title"], "left": rows["total"], "right": became}).groupby("source").sum()
    return tuple(Check(name="ledger", title=f"{source}: получено = создано + изменено + без изменений + вытеснено + отвергнуто",
                       left=int(left), right=int(right)) for source, left, right in sides.itertuples())


def build(connection: Connection, provenance: Provenance) -> Report:
    """The report from marts reconciliation, not_loaded, refused_by_rule, snils_quality and disagreement."""
    rows = mart(connection, "delivery_total")
    rows = rows.assign(source_title=titled(rows["source"], SOURCE_TITLES))
    absent = not_loaded(frame(connection, NOT_LOADED), SOURCE_TITLES)
    sums = rows[COUNTS].sum()
    return Report(
        name="reconciliation", title="Сверка поставок и качество данных", form="Отчёт аудитора о загрузке", provenance=provenance, notes=NOTES,
        lead=f"За всё время получено записей: {number(sums['total'])}, обработано {number(sums['processed'])}, отвергнуто {number(sums['refused'])}; "
             f"поставок вне версии: {number(len(absent.rows))}.",
        tables=(by_entity(rows, SOURCE_TITLES, int(provenance.sources["delivery_count"].sum())), latest(frame(connection, LATEST), SOURCE_TITLES), absent,
                by_rule(mart(connection, "refused_by_rule"), SOURCE_TITLES), snils(mart(connection, "snils_quality"), SOURCE_TITLES),
                disagreement(mart(connection, "disagreement"), SOURCE_TITLES)),
        checks=checks(rows))


DEFINITION = Definition(
    code="R12", name="reconciliation", title="Сверка поставок и качество данных", build=build,
    marts=("delivery_total", "not_loaded", "reconciliation", "refused_by_rule", "snils_quality", "disagreement"), sections=("отчёт аудитора о загрузке",))
