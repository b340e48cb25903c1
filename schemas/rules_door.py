"""Rules over a delivery as a whole: its bytes and form as agreed, its size, its keys. A broken one holds the delivery."""

from __future__ import annotations

from schemas.rule import FOR_ENGINEER, SEND_ANEW, Rule

_LOOK = "Спросить отправителя; если так и есть, отпустить поставку решением, иначе вернуть."


def _held(id: str, title: str, advice: str) -> Rule:
    return Rule(id=id, title=title, advice=advice, severity="hold", scope="door")


SUITE: tuple[Rule, ...] = (
    _held("identity.keys_swapped", "Ключи отправителя обозначают других детей, чем прежде", "Решить командами `kontingent release` или `kontingent return`."),
    _held("delivery.rows.range", "Число записей вне пределов обычного для источника", _LOOK),
    _held("delivery.refused.share", "Отказано более чем трети записей", "Исправить записи у отправителя по списку отказов и прислать заново."),
    _held("delivery.rows.shrink", "Список сократился более чем вдвое против прошлой поставки", _LOOK),
)
"""What the door asks of every delivery."""

_HELD: tuple[tuple[str, str, str], ...] = (
    ("identity.keys_waiting", "Пришло вместе с поставкой, ключи которой под сомнением", "Ждать решения о поставке со списком учеников."),
    ("identity.keys_returned", "Возвращено отправителю: ключи обозначают других детей", SEND_ANEW),
    ("delivery.media", "Вид файла не тот, что согласован для источника", SEND_ANEW),
    ("staging.incomplete", "Разложенные записи не сходятся с их счётом", FOR_ENGINEER),
    ("reading.crashed", "Чтение поставки обрывает программу", FOR_ENGINEER),
    ("reading.defect", "Чтение поставки встретило непредвиденное", FOR_ENGINEER),
    ("conversation.no_scope", "В записи обмена не сказано, о чём спрашивали", FOR_ENGINEER),
    ("conversation.scope", "Сведения о том, о чём спрашивали, не по форме", FOR_ENGINEER),
    ("http.status", "Сервис отправителя ответил отказом", "Проверить адрес и доступ к сервису отправителя."),
    ("http.too_large", "Ответ сервиса больше допустимого", FOR_ENGINEER),
    ("http.not_json", "Вместо данных сервис прислал другое", "Спросить отправителя о состоянии сервиса."),
    ("json.shape", "Ответ сервиса не той формы, что согласована", "Спросить отправителя, не изменился ли сервис."),
    ("mime.malformed", "Сообщение СМЭВ составлено не по форме", FOR_ENGINEER),
    ("mime.too_large", "Сообщение СМЭВ больше допустимого", FOR_ENGINEER),
    ("mime.truncated", "Сообщение СМЭВ оборвано", "Запросить сообщение заново."),
    ("package.parts", "Частей пакета пришло не столько, сколько объявлено", "Запросить пакет заново."),
    ("smev.rejected", "СМЭВ или ведомство отклонили запрос", "Прочитать код отказа и исправить запрос."),
    ("smev.unasked", "Ответ на запрос, которого не было", FOR_ENGINEER),
    ("smev.unreadable", "Сообщение СМЭВ не понято", FOR_ENGINEER),
    ("smev.StaleMessageId", "СМЭВ считает номер сообщения устаревшим: неверны часы", "Проверить время на сервере."),
    ("table.columns", "Столбцы таблицы не те, что согласованы", SEND_ANEW),
    ("table.encoding", "Кодировка файла не та, что согласована", "Выгрузить файл в согласованной кодировке (UTF-8 или windows-1251)."),
    ("table.file_name", "Из имени файла отметок не ясен учебный год", "Назвать файл с учебным годом, как согласовано."),
    ("table.formula", "В ячейке формула вместо значения", "Заменить формулы значениями и прислать заново."),
    ("table.header_place", "Заголовок таблицы не на своём месте", SEND_ANEW),
    ("table.malformed", "В файле нарушены кавычки или концы строк", SEND_ANEW),
    ("table.merged_cells", "В таблице объединены ячейки", "Разъединить ячейки и прислать заново."),
    ("table.not_a_workbook", "Файл не открывается как книга XLSX (повреждён, зашифрован или другого вида)", SEND_ANEW),
    ("table.row_width", "В строке больше или меньше ячеек, чем столбцов", SEND_ANEW),
    ("table.second_header", "Заголовок таблицы повторяется", SEND_ANEW),
    ("table.too_large", "Файл больше допустимого", "Разделить файл на части."),
    ("table.zip_bomb", "Файл распаковывается в недопустимо большой", "Проверить, откуда файл; прислать обычную выгрузку."),
    ("workbook.too_large", "В листе книги слишком много ячеек", "Удалить лишние строки и столбцы."),
    ("tar.damaged", "Сохранённый обмен не читается", FOR_ENGINEER),
    ("tar.member_name", "В сохранённом обмене часть без номера", FOR_ENGINEER),
    ("tar.too_large", "Часть сохранённого обмена больше допустимого", FOR_ENGINEER),
    ("zip.bomb", "Архив распаковывается в недопустимо большой", "Проверить, откуда архив."),
    ("zip.damaged", "Архив повреждён", SEND_ANEW),
    ("zip.encrypted", "Архив закрыт паролем", "Прислать архив без пароля."),
    ("zip.entry_name", "Файл в архиве назван не так, как согласовано", SEND_ANEW),
)

_XML = {
    "no_content": "В сообщении нет согласованных сведений", "no_message_id": "У сообщения нет номера", "not_well_formed": "Сообщение — не XML",
    "too_large": "Сообщение больше допустимого", "unmapped_element": "В сообщении элемент, которого не ждали: отправитель изменил форму",
    "wrong_namespace": "Сообщение другого вида или другой версии схемы", "xsd_invalid": "Сообщение не отвечает схеме (XSD)",
    "not_soap": "Вместо сообщения СМЭВ пришло другое",
    "nul": "В сообщении нулевой байт", "encoding": "Кодировка сообщения не та, что объявлена", "version": "Сообщение не XML 1.0",
    "truncated": "Сообщение оборвано", "text_too_long": "Текст между тегами длиннее допустимого", "too_deep": "Элементы вложены слишком глубоко",
    "entity": "В сообщении объявлены сущности: так прячут чужие данные", "doctype": "В сообщении объявлен тип документа: так прячут чужие данные",
}

CONTRACT: tuple[Rule, ...] = (*(_held(*one) for one in _HELD), *(_held(f"xml.{kind}", title, "Сообщить ведомству, что сообщение не принято.")
                                                                  for kind, title in _XML.items()))
"""What is not as agreed: found while the delivery is fetched, read or laid out."""

DOOR: tuple[Rule, ...] = (*SUITE, *CONTRACT)
