"""The mistakes of a bad day: what the sender did, in words an official would use; nothing here knows who will notice."""

from __future__ import annotations

from dataclasses import dataclass

MISTAKES: dict[str, str] = {
    "keys_renumbered": "учётные номера детей выданы заново: те же номера теперь у других детей",
    "column_renamed": "в файле другое название столбца",
    "list_halved": "выгружена только часть списка",
    "file_cut_off": "файл оборван на середине",
    "snils_wrong_digit": "в СНИЛС неверная цифра",
    "birth_after_enrolment": "дата рождения позже даты зачисления",
    "name_missing": "не указаны ни фамилия, ни имя",
    "municipality_unknown": "в реестре код муниципального образования, которого нет",
    "mark_in_future": "отметка стоит за урок, которого ещё не было",
    "mark_unknown": "вместо отметки записано слово",
    "act_before_birth": "запись акта составлена раньше, чем родился ребёнок",
    "act_breaks_schema": "в сообщении код органа ЗАГС не по схеме",
    "journal_silent": "журнал не отвечает весь день",
}
"""Name → Russian, as the sender's side would put it."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """One mistake as it was made: by which sender, how often (records, or 1 for a file or a silence)."""

    mistake: str
    sender: str
    """ОГРН of the organisation, kind of act, or product of the journal."""
    count: int
    keys: tuple[str, ...] = ()
    """The sender's own keys of the records, where there are any."""
