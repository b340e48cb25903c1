"""Russian titles of the sources as reports print them; a test holds them equal to the catalogue, which this layer may not import."""

from __future__ import annotations

SOURCE_TITLES: dict[str, str] = {
    "education_organisations": "Реестр образовательных организаций",
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
