"""Municipalities and organisations as the pages know them: who they are, how many places they have, how many children they hold now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from warehouse.reports.reader import frame
from warehouse.reports.wording import is_missing

KINDS = {"school": "школа", "kindergarten": "детский сад", "college": "колледж", "university": "вуз"}
LOAD = """
    SELECT enrolment.organisation_key, count(DISTINCT enrolment.pupil_id)::integer AS pupil_count
    FROM (SELECT core.report_date() AS report_date) AS moment
    INNER JOIN marts.enrolment
        ON enrolment.valid_from <= moment.report_date AND (enrolment.valid_to IS NULL OR enrolment.valid_to > moment.report_date)
    INNER JOIN marts.pupil ON pupil.pupil_id = enrolment.pupil_id AND (pupil.death_date IS NULL OR pupil.death_date > moment.report_date)
    GROUP BY enrolment.organisation_key
"""
"""Children an organisation holds on the report date; one who attends two is counted in both, for both give a place."""
_ORGANISATIONS = f"""
    SELECT DISTINCT ON (organisation.organisation_key)
        organisation.organisation_key, organisation.organisation_name, organisation.organisation_kind, municipality.oktmo, municipality.name AS municipality,
        organisation.settlement, organisation.is_rural, organisation.place_count, organisation.shift_count, load.pupil_count
    FROM marts.organisation
    LEFT JOIN marts.municipality ON municipality.oktmo = organisation.oktmo
    LEFT JOIN ({LOAD}) AS load ON load.organisation_key = organisation.organisation_key
    WHERE organisation.organisation_key IS NOT NULL
    ORDER BY organisation.organisation_key, organisation.source
"""  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """One organisation of the register; `place_count` and `shift_count` are None where the register does not tell."""

    key: str
    name: str
    kind: str
    oktmo: str | None
    municipality: str | None
    settlement: str | None
    is_rural: bool | None
    place_count: int | None
    shift_count: int | None
    pupil_count: int

    @property
    def kind_title(self) -> str:
        """What it is, in Russian."""
        return KINDS.get(self.kind, self.kind)

    @property
    def href(self) -> str:
        """Its page, seen from the folder of the portal."""
        return f"places/o-{self.key}.html"

    @property
    def short(self) -> int | None:
        """Children above its places when all of them come in one shift."""
        return None if self.place_count is None else max(self.pupil_count - self.place_count, 0)


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """One municipality with the children of school age who live there and the organisations that stand there."""

    oktmo: str
    name: str
    tile_row: int | None
    tile_column: int | None
    child_count: int
    not_enrolled_count: int
    organisations: tuple[Organisation, ...]

    @property
    def href(self) -> str:
        """Its page, seen from the folder of the portal."""
        return f"places/m-{self.oktmo}.html"


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Places and children of several organisations of one kind; those that tell no places are left out, and counted."""

    place_count: int
    pupil_count: int
    short: int
    crowded: int
    untold: int

    @property
    def per_hundred(self) -> float | None:
        """Children to a hundred places."""
        return 100 * self.pupil_count / self.place_count if self.place_count else None


def balance(organisations: Iterable[Organisation], kind: str) -> Balance:
    """The sum over the organisations of `kind`."""
    own = [one for one in organisations if one.kind == kind]
    told = [one for one in own if one.place_count is not None]
    return Balance(place_count=sum(one.place_count or 0 for one in told), pupil_count=sum(one.pupil_count for one in told),
                   short=sum(one.short or 0 for one in told), crowded=sum(bool(one.short) for one in told), untold=len(own) - len(told))


def organisations(connection: Connection) -> list[Organisation]:
    """Every organisation of the register, by name."""
    made = [Organisation(
        key=row["organisation_key"], name=row["organisation_name"] or row["organisation_key"], kind=row["organisation_kind"] or "–", oktmo=_or_none(row["oktmo"]),
        municipality=_or_none(row["municipality"]), settlement=_or_none(row["settlement"]), is_rural=_or_none(row["is_rural"]),
        place_count=_count(row["place_count"]), shift_count=_count(row["shift_count"]), pupil_count=_count(row["pupil_count"]) or 0)
        for row in frame(connection, _ORGANISATIONS).to_dict("records")]
    return sorted(made, key=lambda one: (one.name, one.key))


def municipalities(connection: Connection, every: Iterable[Organisation]) -> list[Municipality]:
    """Every municipality, by name, towns among districts."""
    own: dict[str | None, list[Organisation]] = {}
    for one in every:
        own.setdefault(one.oktmo, []).append(one)
    rows = frame(connection, "SELECT * FROM marts.coverage WHERE municipality IS NOT NULL").to_dict("records")
    made = [Municipality(
        oktmo=row["oktmo"], name=row["municipality"], tile_row=_count(row["tile_row"]), tile_column=_count(row["tile_column"]),
        child_count=int(row["child_count"]), not_enrolled_count=int(row["not_enrolled_count"]), organisations=tuple(own.get(row["oktmo"], ()))) for row in rows]
    return sorted(made, key=lambda one: one.name.removeprefix("г. "))


def _or_none(value: Any) -> Any:
    return None if is_missing(value) else value


def _count(value: object) -> int | None:
    return None if is_missing(value) else int(str(value))
