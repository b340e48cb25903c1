"""Russian titles of sources, entities, fields, code lists and subjects of checks, as reports print them."""

from __future__ import annotations

import pandas as pd

from schemas.mart_fields import MART_FIELDS
from schemas.tables import STAGING

SOURCE_TITLES: dict[str, str] = {
    "education_organisations": "Реестр образовательных организаций",
    "oo1_archive": "Архив форм ОО-1",
    "zags_births": "ЗАГС: рождения",
    "zags_name_changes": "ЗАГС: перемена имени",
    "zags_paternity": "ЗАГС: установление отцовства",
    "zags_deaths": "ЗАГС: смерти",
    "journal_netschool": "Журнал «Сетевой город»",
    "journal_eljur": "Журнал «ЭлЖур»",
    "journal_bars": "Журнал «БАРС. Электронная школа»",
    "journal_file": "Файлы школ и детских садов",
    "vuz_scos": "Вузы: ГИС СЦОС",
    "fms_residence": "МВД: регистрация и гражданство",
    "pfr_snils": "СФР: СНИЛС",
}
SOURCE_OWNERS: dict[str, str] = {
    **dict.fromkeys(("education_organisations", "oo1_archive"), "Минобрнауки Бурятии"),
    **dict.fromkeys(("zags_births", "zags_name_changes", "zags_paternity", "zags_deaths"), "ФНС, ФГИС «ЕГР ЗАГС»"),
    **dict.fromkeys(("journal_netschool", "journal_eljur", "journal_bars"), "школы"),
    "journal_file": "школы и детские сады",
    "vuz_scos": "вузы",
    "fms_residence": "МВД России (бывш. ФМС)",
    "pfr_snils": "СФР (бывш. ПФР)",
}
"""A test holds both equal to the catalogue, which this layer may not import."""
ENTITY_TITLES: dict[str, str] = {name: table.title for name, table in STAGING.items()}
FIELD_TITLES: dict[str, str] = {name: field.title for name, field in MART_FIELDS.items()}
CODE_LIST_TITLES: dict[str, str] = {
    "benefits": "правила льгот", "consent_purposes": "цели обработки",
    "countries": "страны (ОКСМ)", "days_off": "выходные и каникулы", "document_kinds": "виды документов", "lesson_load": "нагрузка классов",
    "link_reasons": "причины споров о тождестве", "municipalities": "муниципалитеты (ОКТМО)", "period_kinds": "виды периодов", "periods": "учебные периоды",
    "programmes": "программы", "review_grounds": "основания решений о тождестве", "settlements": "населённые пункты", "subjects": "предметы"}


def titled(names: pd.Series[str], titles: dict[str, str]) -> pd.Series[str]:
    """Each name's Russian title; a name that has none stays as it is."""
    return names.map(titles).fillna(names)


def subject_title(subject: str) -> str:
    """What a gate checked: `version 7`, `source` or `source/entity` in Russian."""
    kind, _, number = subject.partition(" ")
    if kind == "version" and number:
        return f"Хранилище, версия {number}"
    source, _, entity = subject.partition("/")
    title = SOURCE_TITLES.get(source, source)
    return f"{title} – {ENTITY_TITLES.get(entity, entity).lower()}" if entity else title
