"""The page on the quality of links: what the latest linking did, how good it is where that is known, and how both moved over versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from warehouse.reports.model import Provenance, Table
from warehouse.reports.page import render
from warehouse.reports.reader import frame
from warehouse.reports.shape import integer, text
from warehouse.reports.wording import MISSING, NO_BREAK, counted, number

KEPT = 60
"""Versions the history goes back."""
MEASURES = f"""
    SELECT version, basis, subgroup, measure, value::float8 AS value, low::float8 AS low, high::float8 AS high
    FROM quality.linkage_measure
    WHERE version <= core.visible_version() AND version > (
        SELECT COALESCE(MIN(kept.version), 1) - 1 FROM (
            SELECT DISTINCT version FROM quality.linkage_measure WHERE version <= core.visible_version() ORDER BY version DESC LIMIT {KEPT}) AS kept)
    ORDER BY version, basis, subgroup, measure
"""  # noqa: S608
RULES = {"snils": "СНИЛС без противоречий", "act": "Запись акта о рождении", "certificate": "Свидетельство о рождении", "document": "Документ",
         "answer": "Ответ ведомства на вопрос об этой записи", "decision": "Решение человека", "name": "ФИО и дата рождения, единственные",
         "name_certificate_reissued": "ФИО и дата рождения, свидетельство выдано вновь", "score": "Сумма весов признаков", "-": "Новый ребёнок, не с чем связать"}
GROUPS = {"sex=F": "Девочки", "sex=M": "Мальчики", "sex=-": "Пол не указан", "citizenship=643": "Гражданство России", "citizenship=-": "Гражданство не указано",
          "has_patronymic=true": "Отчество есть", "has_patronymic=false": "Отчества нет", "is_transliterated=true": "Имя передано с другого языка",
          "is_transliterated=false": "Имя не передано с другого языка", "is_twin=true": "Близнецы", "is_twin=false": "Не близнецы",
          "snils_is_wrong=true": "Записан чужой СНИЛС", "snils_is_wrong=false": "СНИЛС свой или не записан"}
FOREIGN = "Другое гражданство"
WORDS = {"truth": "по известным лицам", "sample": "по ответам о выборке"}
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 720, 260, 74, 14, 34


def per_cent(value: Any, digits: int = 3) -> str:
    """A share with as many digits as links need: 99,997 %."""
    return MISSING if value is None or pd.isna(value) else f"{100 * float(value):.{digits}f}".replace(".", ",") + f"{NO_BREAK}%"


def bounds(row: Mapping[str, Any]) -> str:
    """An estimate with its interval; exact figures have none."""
    middle = per_cent(row["value"], 2)
    return middle if pd.isna(row["low"]) else f"{middle} (от {per_cent(row['low'], 2)} до {per_cent(row['high'], 2)})"


def latest(measures: pd.DataFrame, basis: str) -> pd.DataFrame:
    """The figures of the last version that has some on this basis."""
    part: pd.DataFrame = measures[measures["basis"] == basis]
    newest: pd.DataFrame = part[part["version"] == part["version"].max()]
    return newest


def figures(measures: pd.DataFrame) -> list[tuple[str, str]]:
    """Titles and values of the first look."""
    run, known = (latest(measures, basis).query("subgroup == ''").set_index("measure")["value"] for basis in ("run", "truth"))
    made = [("Записей", number(run.get("records"))), ("Детей", number(run.get("pupils"))),
            ("На рассмотрении", per_cent(run.get("review_share"), 2)), ("Прочитано при последнем связывании", number(run.get("records_read")))]
    if len(known):
        made += [("Точность пар", per_cent(known.get("precision"))), ("Полнота пар", per_cent(known.get("recall"))),
                 ("Соединены разные дети", number(known.get("over_merged_pupils"))), ("Соединены близнецы", number(known.get("twins_merged_pupils")))]
    return made


def rule_table(measures: pd.DataFrame) -> Table:
    """Links of the latest version by the rule that made them."""
    rows = latest(measures, "run")
    rows = rows[rows["subgroup"].str.startswith("rule=").fillna(False)]
    code = rows["subgroup"].str.removeprefix("rule=")
    share = rows["value"] / (rows["value"].sum() or 1.0)
    shown = pd.DataFrame({"title": code.map(RULES).fillna(code), "links": rows["value"].astype("Int64"), "share": [per_cent(value, 2) for value in share]})
    return Table(name="rules", sheet="Правила", title="Чем связаны записи", rows=shown.sort_values("links", ascending=False),
                 columns=(text("title", "Основание", 44), integer("links", "Записей"), text("share", "Доля", 10)))


def group_table(measures: pd.DataFrame) -> Table:
    """Quality by group against known persons."""
    rows = latest(measures, "truth")
    wide = rows[rows["subgroup"] != ""].pivot(index="subgroup", columns="measure", values="value") if len(rows) else pd.DataFrame()
    keys = [key for key in GROUPS if key in wide.index] + [key for key in wide.index if key.startswith("citizenship=") and key not in GROUPS]
    known: dict[str, dict[str, Any]] = {str(row["subgroup"]): {str(name): value for name, value in row.items()} for row in wide.reset_index().to_dict("records")}
    listed = [{"title": GROUPS.get(key, f"{FOREIGN} ({key.partition('=')[2]})"), "records": int(known[key]["records"]),
               "precision": per_cent(known[key]["precision"]), "recall": per_cent(known[key]["recall"]), "b3": per_cent(known[key]["b3_f1"]),
               "false": int(known[key]["false_links"]), "review": per_cent(known[key]["review_share"], 2)} for key in keys]
    columns = (text("title", "Группа записей", 34), integer("records", "Записей"), text("precision", "Точность", 10), text("recall", "Полнота", 10),
               text("b3", "B³ F1", 10), integer("false", "Ложных связей"), text("review", "На рассмотрении", 10))
    return Table(name="groups", sheet="Группы", title="Качество по группам, по известным лицам", columns=columns,
                 rows=pd.DataFrame(listed, columns=[column.name for column in columns]),
                 note="Пара относится к группе, если к ней относится хотя бы одна из двух записей. Точность – доля верных среди соединённых пар, "
                      "полнота – доля соединённых среди верных.")


def sample_table(measures: pd.DataFrame) -> Table:
    """Estimates from answers of people, with intervals."""
    rows: dict[str, dict[str, Any]] = {str(row["measure"]): {str(name): value for name, value in row.items()}
                                       for row in latest(measures, "sample").to_dict("records")}
    named = (("precision", "Точность соединённых пар"), ("recall", "Полнота среди сравнённых пар"))
    listed = [{"title": title, "estimate": bounds(rows[name])} for name, title in named if name in rows]
    if listed:
        listed.append({"title": "Пар, о которых ответили", "estimate": number(rows["pairs_answered"]["value"])})
        listed.append({"title": "Доля пар, за которые говорит выборка", "estimate": per_cent(rows["sampled_share"]["value"], 1)})
    return Table(name="sample", sheet="Выборка", title="Оценка по ответам людей о выборке пар", rows=pd.DataFrame(listed, columns=["title", "estimate"]),
                 columns=(text("title", "Показатель", 44), text("estimate", "Оценка (интервал 95 %)", 34)),
                 note="Без известных лиц: пары отобраны по правилам и весу, люди ответили, об одном ли ребёнке обе записи.")


def history_table(measures: pd.DataFrame) -> Table:
    """The main figures of each version, the latest first."""
    whole = measures[measures["subgroup"] == ""]
    wide = whole.pivot(index="version", columns=["basis", "measure"], values="value") if len(whole) else pd.DataFrame(index=pd.Index([], name="version"))

    def column(basis: str, measure: str) -> pd.Series[Any]:
        found: pd.Series[Any] = wide[(basis, measure)] if (basis, measure) in wide.columns else pd.Series(float("nan"), index=wide.index)
        return found

    shown = pd.DataFrame({
        "version": [str(version) for version in wide.index], "records": column("run", "records").astype("Int64").array,
        "read": column("run", "records_read").astype("Int64").array, "reviews": column("run", "reviews").astype("Int64").array,
        "share": [per_cent(value, 2) for value in column("run", "review_share")],
        **{name: [per_cent(value) for value in column(basis, measure)] for name, basis, measure in (
            ("precision", "truth", "precision"), ("recall", "truth", "recall"), ("sampled", "sample", "precision"))}})
    columns = (text("version", "Версия", 8), integer("records", "Записей"), integer("read", "Прочитано"), integer("reviews", "Спорных случаев"),
               text("share", "Записей на рассмотрении", 12), text("precision", "Точность", 10), text("recall", "Полнота", 10),
               text("sampled", "Точность по выборке", 12))
    return Table(name="history", sheet="История", title="История по версиям", columns=columns, rows=shown.iloc[::-1],
                 note=f"Не больше {KEPT} последних версий. Точность и полнота – {WORDS['truth']}.")


def chart(measures: pd.DataFrame) -> dict[str, Any] | None:
    """Precision and recall over versions as line shapes; None with fewer than two versions."""
    known = measures[(measures["subgroup"] == "") & (measures["basis"] == "truth") & measures["measure"].isin(("precision", "recall"))]
    lines = {str(name): part.sort_values("version") for name, part in known.groupby("measure")}
    if len(known["version"].unique()) < 2:
        return None
    versions = sorted(int(version) for version in known["version"].unique())
    low = float(known["value"].min())
    floor = next(edge for edge in (0.999, 0.995, 0.99, 0.95, 0.9, 0.75, 0.5, 0.0) if edge <= low)

    def x(version: int) -> float:
        return round(_LEFT + (version - versions[0]) / (versions[-1] - versions[0]) * (_WIDTH - _LEFT - 14), 1)

    def y(share: float) -> float:
        return round(_HEIGHT - _BOTTOM - (share - floor) / (1 - floor) * (_HEIGHT - _BOTTOM - _TOP), 1)

    ticks = versions if len(versions) <= 12 else versions[::-(-len(versions) // -12)]
    return {"width": _WIDTH, "height": _HEIGHT, "left": _LEFT, "right": _WIDTH - 14, "bottom": _HEIGHT - _BOTTOM,
            "rows": [{"y": y(floor + (1 - floor) * part / 4), "title": per_cent(floor + (1 - floor) * part / 4, 2)} for part in range(5)],
            "ticks": [{"x": x(version), "title": version} for version in ticks],
            "lines": [{"name": name, "points": " ".join(
                f"{x(int(version))},{y(float(value))}" for version, value in zip(part["version"], part["value"], strict=True))}
                      for name, part in sorted(lines.items())]}


def lead(measures: pd.DataFrame) -> str:
    """One sentence with the main figure."""
    run = latest(measures, "run").query("subgroup == ''").set_index("measure")["value"]
    if run.empty:
        return "Связи этой версии ещё не измерены."
    known = latest(measures, "truth").query("subgroup == ''").set_index("measure")["value"]
    asked = f"На рассмотрении {counted(int(run['records_in_review']), 'запись', 'записи', 'записей')} из {number(run['records'])}"
    if known.empty:
        return f"{asked}; с известными лицами связи не сравнивались."
    return f"{asked}; {WORDS['truth']} точность пар {per_cent(known['precision'])}, полнота {per_cent(known['recall'])}."


def page(connection: Connection, made: Provenance, *, site: tuple[tuple[str, str], ...]) -> str:
    """`linkage.html`: figures of the versions up to this one; nobody is named."""
    measures = frame(connection, MEASURES)
    measures = measures.astype({"value": float, "low": float, "high": float})
    tables = [rule_table(measures), history_table(measures)]
    tables[1:1] = [table for table in (group_table(measures), sample_table(measures)) if len(table.rows)]
    return render("linkage.html", title="Качество отождествления", lead=lead(measures), figures=figures(measures), chart=chart(measures), tables=tables,
                  version=made.version, as_of=made.as_of, site=site, here="linkage.html")
