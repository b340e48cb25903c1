"""What the access trail can tell: every action a person or the pipeline is answerable for."""

from __future__ import annotations

ACTIONS: dict[str, str] = {
    "look": "просмотр записи ребёнка",
    "list": "просмотр перечня",
    "decide": "решение о тождестве",
    "release": "поставка выпущена",
    "return": "поставка возвращена отправителю",
    "replay": "повторная загрузка отвергнутого",
    "publish": "публикация версии",
    "rollback": "возврат к прежней версии",
    "export": "выгрузка",
    "consent": "запись или отзыв согласия",
    "trace": "прослеживание до присланных байтов",
    "rule": "изменение правила, справочника или соответствия",
    "role": "изменение роли или доступа",
    "seal": "закрытие записи (тайна усыновления)",
    "unseal": "открытие закрытой записи",
    "retention": "удаление по сроку хранения",
}
"""Word stored in `audit.access.action` → Russian."""
