"""Pieces that acts of all kinds share: dates, names, places, parents, certificates, references to a birth act.

`z` is the prefix of the message's own namespace, `f` that of its types.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from connectors.mocks.smev.markup import Value, absent, attribute, either, element

Act = dict[str, Any]
"""One row of `seen.zags_act`."""


def partial_date(value: str) -> str:
    """Content of ДатаДокТип from `2012` or `2012-05`: each absent part says so."""
    year, _, month = value.partition("-")
    month_part = element("f:Месяц", int(month)) if month else absent("f", "Месяц")
    return f"{absent('f', 'День')}{month_part}{element('f:Год', year)}"


def dated(prefix: str, stem: str, value: date | None, partial: str | None = None) -> str:
    """`<stem>Календ`, or `<stem>Док` for a partial date, or the sign of absence."""
    if partial is not None:
        return f"<{prefix}:{stem}Док>{partial_date(partial)}</{prefix}:{stem}Док>"
    return absent(prefix, stem) if value is None else element(f"{prefix}:{stem}Календ", value)


def person_name(tag: str, family: Value, given: Value, patronymic: Value) -> str:
    """ФИОПрТип under the given tag."""
    return f"<{tag}>{either('f', 'Фамилия', family)}{either('f', 'Имя', given)}{either('f', 'Отчество', patronymic)}</{tag}>"


def snils(number: str | None, key: str) -> str:
    """The attribute СНИЛС of 14 characters: `-` or a space before the check digits, by turns."""
    if number is None:
        return ""
    gap = "- "[sum(map(ord, key)) % 2]
    return attribute("СНИЛС", f"{number[:3]}-{number[3:6]}-{number[6:9]}{gap}{number[9:]}")


def authority(tag: str, name: str | None, code: str) -> str:
    return f"<{tag}{attribute('НаимЗАГС', name or 'Орган ЗАГС')}{attribute('КодЗАГС', code)}/>"


def record_date(prefix: str, act_date: date | None, fallback: date) -> str:
    """When the act was written: a calendar date, or the year of its version when only that is known."""
    if act_date is not None:
        return element(f"{prefix}:ДатаЗапис", act_date)
    return f"<{prefix}:ДатаЗаписДок>{partial_date(str(fallback.year))}</{prefix}:ДатаЗаписДок>"


def place(tag: str, act: Act) -> str:
    """МестоТип of the birth; empty when the act says nothing of it."""
    oktmo, district, settlement = act["birth_oktmo"], act["birth_district"], act["birth_settlement"]
    words = ", ".join(word for word in (district, settlement) if word)
    if not words and not oktmo:
        return ""
    region = "03" if oktmo and oktmo.startswith("81") else None
    return (f'<{tag} ПризнМесто="1"{attribute("МестоТекст", words or "Российская Федерация")}{attribute("Регион", region)}'
            f'{attribute("Район", district)}{attribute("НаселПункт", settlement)}{attribute("ОКТМО", oktmo)}/>')


def birth_place(prefix: str, act: Act) -> str:
    return place(f"{prefix}:МестоРожден", act) or absent(prefix, "МестоРожден")


def citizenship(prefix: str, code: str | None) -> str:
    return absent(prefix, "Гражданство") if code is None else element(f"{prefix}:ГраждОКСМ", code)


def parent(tag: str, act: Act, who: str) -> str:
    """СведРодитТип of `mother` or `father`, whatever is known of them; what is not known says so.

    The types of 112-56 put the place of birth before its date, those of 112-51 after it.
    """
    address = act.get(f"{who}_address")
    home = f"<f:АдрМЖ><f:АдрМЖРФ>{element('f:АдрТекст', address)}</f:АдрМЖРФ></f:АдрМЖ>" if address else absent("f", "АдрМЖ")
    names = person_name("f:ФИО", act[f"{who}_family_name"], act[f"{who}_given_name"], act[f"{who}_patronymic"])
    born = (dated("f", "ДатаРожд", act[f"{who}_birth_date"]), absent("f", "МестоРожден"))
    return (f"<{tag}{snils(act.get(f'{who}_snils'), act['wire_key'])}>{citizenship('f', act[f'{who}_citizenship'])}{names}"
            f"{''.join(reversed(born) if act['act_kind'] == 'paternity' else born)}{absent('f', 'УдЛичнФЛ')}{home}</{tag}>")


def is_known(act: Act, who: str) -> bool:
    return any(act[f"{who}_{name}"] is not None for name in ("family_name", "given_name", "patronymic", "birth_date"))


def certificates(tag: str, act: Act) -> str:
    """The first certificate and, if there is one, the repeated one."""
    return "".join(_certificate(tag, number, act[f"{which}_series"], act[f"{which}_number"], act[f"{which}_date"])
                   for number, which in (("1", "certificate"), ("2", "repeat")))


def _certificate(tag: str, kind: str, series: str | None, number: str | None, issued: date | None) -> str:
    if number is None and series is None:
        return ""
    day = absent("f", "ДатаВыдСвидет") if issued is None else element("f:ДатаВыдСвидет", issued)
    return f'<{tag} ТипСвидет="{kind}">{either("f", "СерияСвидет", series)}{either("f", "НомерСвидет", number)}{day}</{tag}>'


def birth_record(prefix: str, act: Act) -> str:
    """The birth act a change refers to, or the sign that it names none."""
    if act["base_act_number"] is None:
        return absent(prefix, "СведРегРожд")
    day = absent("f", "ДатаЗапис") if act["base_act_date"] is None else element("f:ДатаЗапис", act["base_act_date"])
    office = authority("f:ОрганЗАГС", act["base_authority_name"] or act["authority_name"], act["base_authority_code"] or act["authority_code"])
    return (f'<{prefix}:СведРегРожд><f:ЗапАктОсн ТипАГС="01"{attribute("НомерЗапис", act["base_act_number"])}>{day}{office}'
            f"</f:ЗапАктОсн></{prefix}:СведРегРожд>")
