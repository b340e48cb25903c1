"""Columns only the warehouse has: the ledger, versions, identity and publication."""

from __future__ import annotations

from schemas.fields import FIELDS, Field, Type


def _technical(type_: Type, title: str, **more: object) -> Field:
    return Field(type=type_, title=title, **more)  # type: ignore[arg-type]


def _open(type_: Type, title: str) -> Field:
    return Field(type=type_, title=title, sensitivity="open", purpose="отчётность", ground="273-ФЗ, ст. 97")


WAREHOUSE_FIELDS: dict[str, Field] = FIELDS | {
    # --- ledger ---------------------------------------------------------------------------------------------------
    "origin": _technical("text", "Ключ отправителя: организация, очередь, имя файла"),
    "media": _technical("text", "Вид файла", values=("xml", "tar", "csv", "xlsx", "zip", "json")),
    "sha256": _technical("text", "SHA-256 присланных байтов"),
    "size_bytes": _technical("integer", "Размер, байт"),
    "received_at": _technical("timestamp", "Получено"),
    "as_of": _technical("date", "Рабочая дата загрузки"),
    "state": _technical("text", "Состояние", values=("received", "staged", "passed", "loaded", "held", "duplicate", "failed")),
    "attempts": _technical("integer", "Начатых и не завершённых чтений", minimum=0),
    "held_code": _technical("text", "Код причины задержания"),
    "held_message": _technical("text", "Причина задержания"),
    "received": _technical("integer", "Получено записей", minimum=0),
    "loaded": _technical("integer", "Загружено записей", minimum=0),
    "created": _technical("integer", "Из загруженных новых", minimum=0),
    "updated": _technical("integer", "Из загруженных изменённых", minimum=0),
    "unchanged": _technical("integer", "Без изменений", minimum=0),
    "superseded": _technical("integer", "Вытеснено более поздними версиями", minimum=0),
    "refused": _technical("integer", "Отвергнуто", minimum=0),
    "withdrawn": _technical("integer", "Отозвано отправителем", minimum=0),
    "version": _technical("integer", "Версия хранилища"),
    "entity": _technical("text", "Вид записи"),
    "date_from": _technical("date", "Полнота с даты"),
    "date_to": _technical("date", "Полнота по дату"),
    "rule": _technical("text", "Правило"),
    "rule_version": _technical("integer", "Версия правила"),
    "refused_at_version": _technical("integer", "Версия хранилища при отказе"),
    "question_id": _technical("text", "Вопрос"),
    "content_hash": _technical("text", "Отпечаток содержания вопроса"),
    "asked_version": _technical("integer", "Версия хранилища при вопросе"),
    "asked_as_of": _technical("date", "Рабочая дата последнего вопроса"),
    # --- validation, steps, versions ------------------------------------------------------------------------------
    "run_id": _technical("text", "Запуск"),
    "gate": _technical("text", "Ступень проверки", values=("door", "record", "warehouse")),
    "subject_checked": _technical("text", "Что проверено"),
    "suite": _technical("text", "Набор проверок"),
    "expectation": _technical("text", "Проверка"),
    "column_name": _technical("text", "Столбец"),
    "kwargs": _technical("json", "Параметры проверки, без значений"),
    "success": _technical("boolean", "Пройдена"),
    "evaluated": _technical("integer", "Проверено строк"),
    "unexpected": _technical("integer", "Не прошло строк"),
    "at": _technical("timestamp", "Когда"),
    "kind": _technical("text", "Вид"),
    "base_version": _technical("integer", "Версия, прочитанная при связывании"),
    "created_at": _technical("timestamp", "Создано"),
    "note": _technical("text", "Примечание"),
    "step": _technical("text", "Шаг"),
    "seconds": _technical("decimal", "Длительность, с"),
    "records_read": _technical("integer", "Прочитано записей"),
    "pairs_scored": _technical("integer", "Оценено пар"),
    "rows_written": _technical("integer", "Записано строк"),
    "peak_memory_mb": _technical("decimal", "Пик памяти, МБ"),
    # --- identity -------------------------------------------------------------------------------------------------
    "redirect_to": _technical("integer", "Идентификатор, которым заменён"),
    "created_version": _technical("integer", "Версия создания"),
    "redirect_version": _technical("integer", "Версия замены"),
    "weight": _technical("decimal", "Вес совпадения"),
    "evidence_record_id": _technical("integer", "Запись, с которой совпало"),
    "key_hash": _technical("integer", "Свёртка ключа, общего у похожих записей"),
    "link_status": _technical("text", "Состояние связи", values=("auto", "new", "review", "decided")),
    "review_id": _technical("integer", "Номер спорного случая"),
    "candidate_pupil_id": _technical("integer", "Возможный ребёнок"),
    "reasons": _technical("json", "Коды причин спора"),
    "decision_id": _technical("integer", "Номер решения"),
    "other_record_id": _technical("integer", "Другая запись"),
    "verdict": _technical("text", "Решение", values=("same", "different")),
    "reason": _technical("text", "Основание решения"),
    "decided_by": _technical("text", "Кто решил"),
    "decided_at": _technical("timestamp", "Когда решено"),
    "change_id": _technical("integer", "Номер изменения"),
    "from_pupil_id": _technical("integer", "Прежний идентификатор"),
    "to_pupil_id": _technical("integer", "Новый идентификатор"),
    "is_resident": Field(type="boolean", title="Живёт в республике", sensitivity="quasi", purpose="учёт контингента и отчётность",
                         ground="273-ФЗ, ст. 98"),
    "field": _technical("text", "Поле эталонной записи"),
    "disagreement": _technical("integer", "Сколько источников не согласны", minimum=0),
    "sources": _technical("integer", "Сколько источников назвали значение", minimum=0),
    # --- publication, codes, audit --------------------------------------------------------------------------------
    "only": _technical("boolean", "Единственная строка"),
    "published_at": _technical("timestamp", "Опубликовано"),
    "published_by": _technical("text", "Кем опубликовано"),
    "name": _open("text", "Наименование"),
    "oktmo_is_confirmed": _open("boolean", "Код ОКТМО подтверждён"),
    "tile_row": _open("integer", "Строка плиточной карты"),
    "tile_column": _open("integer", "Столбец плиточной карты"),
    "code": _open("text", "Код"),
    "code_list": _open("text", "Перечень"),
    "attributes": _open("json", "Прочие столбцы перечня"),
    "access_id": _technical("integer", "Номер обращения"),
    "role": _technical("text", "Роль"),
    "person_in_charge": _technical("text", "Кто обратился"),
    "purpose": _technical("text", "Цель"),
    "ground": _technical("text", "Правовое основание"),
    "action": _technical("text", "Действие"),
    "previous_hash": _technical("text", "Отпечаток предыдущей строки"),
    "row_hash": _technical("text", "Отпечаток строки"),
}
"""Every column of every warehouse table, the staging columns included."""
