"""Drift rules: how a delivery may differ from what the same sender sent before; every threshold is data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.fields import FIELDS, Field
from schemas.rule import Rule, Scope
from schemas.tables import META, STAGING

Bounds = Literal["factor", "binomial", "mean", "stability", "vanished", "appeared", "halved"]
"""How the bounds of a measure follow from its history (`transforms.profile_bounds`)."""

HISTORY = 30
"""Deliveries of the same sender and kind that are looked back at."""
LEAST_HISTORY = 8
"""With fewer nothing is judged."""
LEAST_DAYS = 5
"""Business dates the history must span: eight packages of one morning are one day."""
DISCLOSED_FROM = 20
"""Rows (or known values) from which a profile keeps more than their number: of fewer an average is somebody's value."""

RARE_BELOW = 5
"""Rows below which a code of a quasi-identifying column is not told by name."""


@dataclass(frozen=True, kw_only=True)
class DriftRule(Rule):
    """One rule over one or more measures of a profile."""

    scope: Scope = "drift"
    measures: tuple[str, ...]
    bounds: Bounds
    spreads: float = 6.0
    """Robust standard deviations (1.4826 · MAD) of the history that are still usual."""
    floor: float
    """The least distance from the usual that counts: a factor, a share, standard deviations of the values, or a stability index."""
    is_upper: bool = False
    """Only more than usual is odd."""
    rows_from: int = 50
    """Rows (known values, for a column) below which a delivery is too small to judge."""


SENDER = "Спросить отправителя, что изменилось. Если так и должно быть, выпустить поставку (`kontingent release`): с неё начнётся новая история; иначе вернуть."
LOOK = "Посмотреть поставку; если изменение неожиданно, спросить отправителя."

DRIFT: dict[str, DriftRule] = {rule.id: rule for rule in (
    DriftRule(id="drift.rows", title="Записей во много раз меньше или больше, чем обычно присылает этот отправитель", advice=SENDER, severity="hold",
              measures=("rate",), bounds="factor", floor=3.0),
    DriftRule(id="drift.refused_share", title="Доля отказов много выше обычной для этого отправителя", advice=SENDER, severity="hold",
              measures=("refused",), bounds="binomial", floor=0.10, is_upper=True),
    DriftRule(id="drift.columns", title="Столбец, который этот отправитель всегда заполнял, пуст", advice=SENDER, severity="hold",
              measures=("missing",), bounds="vanished", floor=0.5),
    DriftRule(id="drift.columns_new", title="Заполнен столбец, который этот отправитель никогда не заполнял", advice=LOOK, severity="warn",
              measures=("missing",), bounds="appeared", floor=0.5),
    DriftRule(id="drift.missing", title="Доля пустых значений столбца отличается от обычной для этого отправителя", advice=SENDER, severity="hold",
              measures=("missing",), bounds="binomial", floor=0.25),
    DriftRule(id="drift.distinct", title="Значения столбца стали повторяться: похоже на значение по умолчанию", advice=SENDER, severity="hold",
              measures=("distinct",), bounds="halved", floor=0.5),
    DriftRule(id="drift.codes", title="Доли кодов отличаются от обычных для этого отправителя", advice=SENDER, severity="hold",
              measures=("stability",), bounds="stability", floor=0.5),
    DriftRule(id="drift.distribution", title="Среднее значение, дата или длина отличается от обычных для этого отправителя", advice=LOOK, severity="warn",
              measures=("mean", "length"), bounds="mean", floor=0.75),
    DriftRule(id="drift.letters", title="Доля значений с латинскими буквами, цифрами или знаком «?» отличается от обычной", advice=LOOK, severity="warn",
              measures=("latin", "digits", "lost"), bounds="binomial", floor=0.10),
)}
"""Every drift rule by id."""

SEASONAL = frozenset(("valid_from", "valid_to", "exit_reason", "grade", "period", "lesson_date", "is_debt", "absence_reason", "shift"))
"""Columns that move with the school year: what is odd of them is shown, and holds nothing."""
SEASONAL_ENTITIES = frozenset(("attendance",))
"""Relations of which the same holds: in an epidemic a school is not wrong."""
UNITS = {"mark": "lesson_date", "attendance": "lesson_date", "final_mark": "period"}
"""What rows of an entity are counted by: a delivery after the holidays holds fewer lessons, not fewer rows a lesson day."""


def severity(rule: DriftRule, entity: str, column: str | None) -> str:
    """What comes of a measure out of its bounds."""
    return "warn" if column in SEASONAL or entity in SEASONAL_ENTITIES else rule.severity


def measured(entity: str) -> tuple[str, ...]:
    """Columns of one staging relation that a profile looks at."""
    return tuple(column for column in STAGING[entity].columns if column not in META and column not in ("person_key", "asked_key"))


def is_coded(column: str) -> bool:
    """Whether the share of each value is kept: few values, each of a list, and none of them a person's own."""
    declared = FIELDS[column]
    return declared.sensitivity != "direct" and bool(declared.values or declared.codes or declared.type == "boolean" or _is_short(declared))


def _is_short(declared: Field) -> bool:
    """A whole number between two near bounds, as marks and grades are."""
    low, high = declared.minimum, declared.maximum
    return declared.type == "integer" and isinstance(low, (int, float)) and isinstance(high, (int, float)) and high - low <= 20
