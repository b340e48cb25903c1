"""Small deliveries in the senders' formats, drawn by the tests."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

PUSH = "urn://x-artefacts-zags-rogdzp/root/112-23/4.0.1"
ANSWER = "urn://x-artefacts-zags-rogdinf/root/112-51/4.0.1"
TYPES = "urn://x-artefacts-zags-rogdinf/types/4.0.1"
DIRECTIVE = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/directive/1.3"
SCHOOL = "1020300000004"
DATA = Path(__file__).resolve().parents[1] / "data"
HEADER = "Код;ФИО;Д.р.;Пол;Параллель;Литера;СНИЛС;Документ;Гражданство;Форма;Смена;Принят;Выбыл;Причина"
MARKS = "Дата;Код;Предмет;№ урока;Оценка;Вес;Тип работы;ID записи"


def act(number: int, *, version: int = 1, family_name: str = "Доржиев", born: str = "2014-03-09", snils: str = "", key: str | None = None) -> str:
    """The content of one record of act: `СведРегРожд`, in the push's namespace."""
    code = f' СНИЛС="{snils}"' if snils else ""
    return f"""<z:СведРегРожд РазделЕГР="1" НомерЗаписЕГР="{key if key is not None else f'1{number:020}'}"
  НомерВерс="{version}" ДатаВерс="2014-03-20" КодСостСтат="0101">
  <z:ДатаЗапис>2014-03-20</z:ДатаЗапис><z:ОрганЗАГС НаимЗАГС="Отдел ЗАГС" КодЗАГС="R0300001"/>
  <z:СвидетРожд ТипСвидет="1"><f:СерияСвидет>I-АЖ</f:СерияСвидет>
  <f:НомерСвидет>{600000 + number}</f:НомерСвидет><f:ДатаВыдСвидет>2014-03-20</f:ДатаВыдСвидет></z:СвидетРожд>
  <z:ПрдСведРег><z:ПрСчетМатер>1</z:ПрСчетМатер><z:СведРоды><z:ЧислоРодДетей>1</z:ЧислоРодДетей><z:Счет>1</z:Счет></z:СведРоды>
  <z:СведРодившемся{code}><z:ЖивМертв>1</z:ЖивМертв><z:Пол>1</z:Пол>
  <z:ФИОРожд><f:Фамилия>{family_name}</f:Фамилия><f:Имя>Баир</f:Имя><f:Отчество>Батоевич</f:Отчество></z:ФИОРожд>
  <z:ДатаРождКаленд>{born}</z:ДатаРождКаленд>
  <z:МестоРожден ПризнМесто="1" МестоТекст="Улан-Удэ" Регион="03" НаселПункт="Улан-Удэ" ОКТМО="81701000001"/></z:СведРодившемся>
  <z:СведМать><f:ПрГражданство>1</f:ПрГражданство><f:ФИО><f:Фамилия>Доржиева</f:Фамилия><f:Имя>Оюна</f:Имя><f:ПрОтчество>1</f:ПрОтчество></f:ФИО>
  <f:ДатаРождКаленд>1988-01-01</f:ДатаРождКаленд><f:ПрМестоРожден>1</f:ПрМестоРожден><f:ПрУдЛичнФЛ>1</f:ПрУдЛичнФЛ><f:ПрАдрМЖ>1</f:ПрАдрМЖ></z:СведМать>
  <z:ПрОтец>1</z:ПрОтец><z:ПрСведДокОснОтец>1</z:ПрСведДокОснОтец><z:ПрСведДокРод>1</z:ПрСведДокРод></z:ПрдСведРег></z:СведРегРожд>"""


def push(*acts: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>', namespace: str = PUSH) -> str:
    """A bare `Request` with a registry of these acts."""
    records = "".join(f'<d:RegistryRecord><d:RecordId>{number}</d:RecordId><d:Record Id="record-{number}"><d:RecordContent>{one}</d:RecordContent>'
                      "</d:Record></d:RegistryRecord>" for number, one in enumerate(acts, 1))
    return (f'{declaration}<z:Request xmlns:z="{namespace}" xmlns:f="{TYPES}" xmlns:d="{DIRECTIVE}" ИдСвед="push-1" ДатаСвед="2025-10-24">'
            f"<d:Registry>{records}</d:Registry></z:Request>")


def answer(*acts: str) -> str:
    """A bare answer to a question about births, 112-51."""
    return (f'<z:ROGDINFResponse xmlns:z="{ANSWER}" xmlns:f="{TYPES}" ИдЗапрос="1" ДатаСвед="2025-10-24" КолДок="1" ТипАГСЗапрос="01">'
            f'<z:СведОтветАГС ИдДок="1" РезОбраб="1">{"".join(acts)}</z:СведОтветАГС></z:ROGDINFResponse>')


def announcement(parts: int) -> str:
    """The `Request` of a bulk package."""
    return f'<z:Request xmlns:z="{PUSH}" ИдСвед="push-2" ДатаСвед="2025-10-24" КолФайлов="{parts}"/>'


def envelope(business: str) -> str:
    """The SOAP message in which a push comes."""
    from tests.connectors.exchange import message, primary

    body = message(primary(business.partition("?>")[2] or business))[2]
    return body.decode()


def archive(*documents: str) -> bytes:
    """A package: `part-000001.xml` and so on."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for number, document in enumerate(documents, 1):
            file.writestr(f"part-{number:06}.xml", document)
    return target.getvalue()


def multipart(soap: str, attachment: bytes, *, headers: bool) -> bytes:
    """An answer as it is on the wire: root part and one attachment."""
    head = ('HTTP/1.1 200 OK\r\nContent-Type: multipart/related; type="application/xop+xml"; start="<root@smev>"; boundary="uuid:1"\r\n\r\n' if headers else "")
    return (head.encode() + b"--uuid:1\r\nContent-ID: <root@smev>\r\nContent-Type: application/xop+xml\r\n\r\n" + soap.encode()
            + b"\r\n--uuid:1\r\nContent-ID: <a@smev>\r\nContent-Type: application/zip\r\n\r\n" + attachment + b"\r\n--uuid:1--\r\n")


def pupil(local_id: int, *, name: str = "Доржиев Баир Батоевич", born: str = "2014-03-09", snils: str = "", citizenship: str = "РФ", key: str | None = None) -> str:
    """A line of a school's contingent (layout `school_utf8_joined_pupils`)."""
    return f"{local_id if key is None else key};{name};{born};М;5;А;{snils};;{citizenship};очная;1;2021-09-01;;"


def mark(number: int, local_id: int, value: str = "5", day: str = "2025-10-01") -> str:
    """A line of a school's marks."""
    return f"{day};{local_id};Алгебра;1;{value};1;Ответ на уроке;{number}"


def table(header: str, *lines: str) -> bytes:
    return ("\ufeff" + "\r\n".join((header, *lines)) + "\r\n").encode()


def write(folder: Path, name: str, content: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
