"""The catalogue: one declaration per source; light, because DAG files read it at parse time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Literal

Wire = Literal["smev", "http_json", "file"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One sender: who it is, when it is asked, what it sends and how far it is believed."""

    name: str
    title: str
    """Russian, as the Airflow UI and the reports show it."""
    owner: str
    wire: Wire
    entities: tuple[str, ...]
    """Staging relations its records become."""
    rows: range
    """Records one delivery normally holds; outside of it the delivery is held."""
    authority: dict[str, int] = field(default_factory=dict)
    """Golden-record rank by field (or `*` for the rest): the smaller wins; a field not named here is not believed."""
    per_organisation: str | None = None
    """Mapped over the organisations whose register row names this journal product."""
    asks: bool = False
    """Answers only questions about persons the warehouse already knows; runs after the sources it asks about."""
    one_record_per_person: bool = False
    schedule: str | None = None
    """Cron, local time of the region (Asia/Irkutsk); none when the source runs `after` others."""
    after: tuple[str, ...] = ()
    """Runs when these sources have settled their day; a source has either this or a schedule."""
    due: time
    """By when its day must be settled, local time of the region, each day."""


_NAMES_AND_BIRTH = {"family_name": 1, "given_name": 1, "patronymic": 1, "birth_date": 1, "sex": 1, "death_date": 1}
_JOURNAL = {"family_name": 5, "given_name": 5, "patronymic": 5, "birth_date": 5, "sex": 5, "snils": 4, "citizenship": 4}
_REGISTER = ("education_organisations",)
_KNOWN = ("zags_births", "journal_netschool", "journal_eljur", "journal_bars", "journal_file", "vuz_scos")

SOURCES: tuple[Source, ...] = (
    Source(name="education_organisations", title="Реестр образовательных организаций", owner="Минобрнауки Бурятии", due=time(2),
           schedule="0 1 * * *", wire="file", entities=("organisation",), rows=range(1, 5_000)),
    Source(name="oo1_archive", title="Архив форм ОО-1", owner="Минобрнауки Бурятии", due=time(2), schedule="0 1 * * *", wire="file",
           entities=("past_contingent",), rows=range(1, 10_000)),
    Source(name="zags_births", title="ЗАГС: рождения", owner="ФНС, ФГИС «ЕГР ЗАГС»", due=time(4), schedule="0 2 * * *", wire="smev",
           entities=("person",), rows=range(0, 2_000_000), authority=_NAMES_AND_BIRTH | {"snils": 3}, one_record_per_person=True),
    Source(name="zags_name_changes", title="ЗАГС: перемена имени", owner="ФНС, ФГИС «ЕГР ЗАГС»", due=time(4), schedule="0 2 * * *", wire="smev",
           entities=("person",), rows=range(0, 1_000_000), authority={"family_name": 0, "given_name": 0, "patronymic": 0}),
    Source(name="zags_paternity", title="ЗАГС: установление отцовства", owner="ФНС, ФГИС «ЕГР ЗАГС»", due=time(4), schedule="0 2 * * *", wire="smev",
           entities=("person",), rows=range(0, 1_000_000), authority={"family_name": 0, "given_name": 0, "patronymic": 0}),
    Source(name="zags_deaths", title="ЗАГС: смерти", owner="ФНС, ФГИС «ЕГР ЗАГС»", due=time(4), schedule="0 2 * * *", wire="smev",
           entities=("person",), rows=range(0, 1_000_000), authority={"death_date": 0}),
    Source(name="journal_netschool", title="Журнал «Сетевой город»", owner="школы", due=time(6), wire="http_json",
           entities=("person", "enrolment", "mark", "attendance", "final_mark"), rows=range(1, 5_000_000),
           authority=_JOURNAL, per_organisation="netschool", after=_REGISTER),
    Source(name="journal_eljur", title="Журнал «ЭлЖур»", owner="школы", due=time(6), wire="http_json",
           entities=("person", "enrolment", "mark", "attendance", "final_mark"), rows=range(1, 5_000_000),
           authority=_JOURNAL, per_organisation="eljur", after=_REGISTER),
    Source(name="journal_bars", title="Журнал «БАРС. Электронная школа»", owner="школы", due=time(6), wire="http_json",
           entities=("person", "enrolment", "mark", "attendance", "final_mark"), rows=range(1, 5_000_000),
           authority=_JOURNAL, per_organisation="bars", after=_REGISTER),
    Source(name="journal_file", title="Файлы школ и детских садов", owner="школы и детские сады", due=time(6), wire="file",
           entities=("person", "enrolment", "mark", "attendance", "final_mark"), rows=range(1, 5_000_000),
           authority=_JOURNAL, per_organisation="file", after=_REGISTER),
    Source(name="vuz_scos", title="Вузы: ГИС СЦОС", owner="вузы", due=time(6), wire="http_json",
           entities=("person", "enrolment", "exam", "course"), rows=range(1, 5_000_000),
           authority={"family_name": 6, "given_name": 6, "patronymic": 6, "birth_date": 6, "snils": 5}, per_organisation="scos", after=_REGISTER),
    Source(name="fms_residence", title="МВД: регистрация и гражданство", owner="МВД России (бывш. ФМС)", due=time(7), wire="smev",
           entities=("person", "residence", "citizenship"), rows=range(0, 5_000_000), authority={"citizenship": 1}, asks=True, after=_KNOWN),
    Source(name="pfr_snils", title="СФР: СНИЛС", owner="СФР (бывш. ПФР)", due=time(7), wire="smev",
           entities=("person", "snils_validation"), rows=range(0, 5_000_000),
           authority={"snils": 1, "family_name": 4, "given_name": 4, "patronymic": 4, "birth_date": 4, "sex": 4}, asks=True, after=_KNOWN),
)

BY_NAME: dict[str, Source] = {source.name: source for source in SOURCES}


def starts_at(source: Source) -> time:
    """When its run may begin at the earliest: its own schedule, or the latest of those it waits for."""
    if source.schedule is None:
        return max(starts_at(BY_NAME[name]) for name in source.after)
    minute, hour = source.schedule.split()[:2]
    return time(int(hour), int(minute))


def patience(source: Source) -> timedelta:
    """How long its run may take before it is late: from the earliest start until it is due, the same day."""
    start = starts_at(source)
    return timedelta(hours=source.due.hour - start.hour, minutes=source.due.minute - start.minute)
