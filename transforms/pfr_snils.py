"""СФР: accounts as persons, and the verdicts on numbers we asked about."""

from __future__ import annotations

import pandas as pd

from transforms import columns
from transforms.check import broken, settle
from transforms.cleaned import Cleaned


def clean(entity: str, raw: pd.DataFrame) -> Cleaned:
    """One batch of what `connectors.pfr_snils` reads; KeyError for an entity it does not."""
    return _CLEANERS[entity](raw)


def _person(raw: pd.DataFrame) -> Cleaned:
    """An account; several for one question are numbered. A verdict has a person too, of whom it says nothing but who was asked about."""
    names = columns.person_names(raw["family_name"], raw["given_name"], raw["patronymic"])
    born = columns.iso_date(raw["birth_date"])
    return settle("person", names.assign(
        position=raw["position"], source_key=_key(raw["question_id"], raw["account"]), asked_source=raw["asked_source"], asked_key=raw["asked_key"],
        snils=columns.snils(raw["snils"]), sex=columns.sex(raw["sex"]), birth_date=born.values,
        birth_date_absence=pd.Series("silent", index=raw.index, dtype="str").where(born.values.isna()), record_status="active",
    ), broken("person", raw["position"], {"birth_date.calendar": born.broken}))


def _validation(raw: pd.DataFrame) -> Cleaned:
    validation = pd.Series("validation", index=raw.index, dtype="str")
    return settle("snils_validation", pd.DataFrame({
        "position": raw["position"], "source_key": _key(raw["question_id"], validation), "person_key": _key(raw["question_id"], validation),
        "asked_source": raw["asked_source"], "asked_key": raw["asked_key"], "snils": columns.snils(raw["snils"]),
        "is_confirmed": columns.flag(raw["result"]).values}))


def _key(question: pd.Series, account: pd.Series) -> pd.Series:
    return question.where(account.isna(), question.str.cat(account, sep=":"))


_CLEANERS = {"person": _person, "snils_validation": _validation}
