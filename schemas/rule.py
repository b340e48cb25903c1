"""What a rule is: one sentence of what is wrong, one of what to do, how much it stops, and the SQL that finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["refuse", "hold", "block", "warn"]
"""refuse: the record stays out · hold: the delivery waits · block: the version is not published · warn: it goes on, and is counted."""
Scope = Literal["field", "cross_field", "set", "door", "drift", "warehouse", "form"]
"""What a rule looks at: one value · one record · records together · a delivery · its history · a version · a form."""

AT_SOURCE = "Исправить значение у отправителя и прислать запись заново."
FOR_ENGINEER = "Сообщить инженеру министерства; поставку присылать заново не нужно."
SEND_ANEW = "Прислать файл заново в согласованном виде."


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule; `id` is `<subject>.<column>.<kind>` or `<subject>.<kind>` and never changes its meaning within a version."""

    id: str
    title: str
    """Russian: what was found."""
    advice: str
    """Russian: what the sender or the operator should do."""
    severity: Severity = "refuse"
    version: int = 1
    scope: Scope = "field"
    ground: str | None = None
    """Russian: the law or agreement it follows from; None when it is ours."""
    sql: str | None = None
    """True for a bad row. cross_field: over the row's columns, in words that DuckDB and PostgreSQL share; set: over `one`, the row with
    the `source` and `as_of` of its delivery. warehouse: a query of the bad keys, `{version}` stands for the number of the version."""
    keeps_value: bool = False
    """A warning that only counts: nothing is left out of the record."""
    judged: str | None = None
    """warehouse: what stands after FROM when the rows the rule looks at are counted."""

    @property
    def kind(self) -> str:
        return self.id.rsplit(".", 1)[-1]

    @property
    def subject(self) -> str:
        """The staging relation, or the group of rules."""
        return self.id.split(".", 1)[0]

    @property
    def column(self) -> str | None:
        parts = self.id.split(".")
        return parts[1] if len(parts) == 3 else None

    @property
    def is_row_local(self) -> bool:
        """Judged at cleaning, over one record alone."""
        return self.scope in ("field", "cross_field") and not self.keeps_value
