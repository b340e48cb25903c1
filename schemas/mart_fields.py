"""Columns that only marts have, and what each mart is in Russian: what `create_views` writes as comments of the database."""

from __future__ import annotations

from schemas import mart_areas
from schemas.fields import Field
from schemas.fields import technical as _technical
from schemas.mart_areas.fields import open_field, quasi
from schemas.warehouse_fields import WAREHOUSE_FIELDS

MART_FIELDS: dict[str, Field] = WAREHOUSE_FIELDS | mart_areas.FIELDS | {
    # --- dates ----------------------------------------------------------------------------------------------------
    "report_date": open_field("date", "Отчётная дата"),
    "counting_date": open_field("date", "Дата учёта контингента (последнее 20 сентября)"),
    "age_date": open_field("date", "Дата, на которую считается возраст (1 января)"),
    "left_date": quasi("date", "Дата выбытия из последней организации"),
    "last_load_at": _technical("timestamp", "Время последней загрузки"),
    "checked_at": _technical("timestamp", "Время проверки"),
    # --- children -------------------------------------------------------------------------------------------------
    "municipality": open_field("text", "Муниципальное образование"),
    "age_years": quasi("integer", "Возраст, полных лет"),
    "place": _technical("integer", "Место зачисления среди зачислений ребёнка (учитывается первое)"),
    "is_enrolled": quasi("boolean", "Обучается (детский сад не считается)"),
    "is_family_form": quasi("boolean", "Обучается в семейной форме"),
    "is_in_kindergarten": quasi("boolean", "Только посещает детский сад"),
    "is_residence_known": quasi("boolean", "Регистрация МВД подтверждена"),
    "is_reason_known": quasi("boolean", "Причина, по которой не обучается, известна"),
    "may_be_enrolled": quasi("boolean", "Возможно обучается: связь записей с обучающимся ребёнком на рассмотрении"),
    "last_organisation_key": quasi("text", "Последняя организация (ОГРН)"),
    "last_organisation_name": quasi("text", "Последняя организация"),
    "last_grade": quasi("integer", "Последний класс (параллель)"),
    "conflict": quasi("text", "Вид двойного учёта: две школы или два класса"),
    "counted_organisation_key": quasi("text", "Учтён: организация (ОГРН)"),
    "counted_grade": quasi("integer", "Учтён: класс (параллель)"),
    "counted_class_letter": quasi("text", "Учтён: литера класса"),
    "counted_valid_from": quasi("date", "Учтён: с даты"),
    "counted_source": _technical("text", "Учтён: источник"),
    # --- counts of children ---------------------------------------------------------------------------------------
    "child_count": open_field("integer", "Детей"),
    "pupil_count": open_field("integer", "Обучающихся"),
    "enrolled_count": open_field("integer", "Обучаются"),
    "family_form_count": open_field("integer", "Обучаются в семейной форме"),
    "not_enrolled_count": open_field("integer", "Нигде не обучаются"),
    "may_be_enrolled_count": open_field("integer", "Из не обучающихся возможно обучаются: связь на рассмотрении"),
    "later_shift_count": open_field("integer", "Обучаются во вторую и третью смену"),
    "kindergarten_count": open_field("integer", "В детских садах"),
    "student_count": open_field("integer", "Студентов колледжей и вузов"),
    # --- counts of records ----------------------------------------------------------------------------------------
    "total": _technical("integer", "Получено записей"),
    "processed": _technical("integer", "Обработано записей"),
    "is_replay": _technical("boolean", "Повторная загрузка отвергнутых записей"),
    "replayed": _technical("integer", "Из отвергнутых загружено повторно"),
    "open_count": _technical("integer", "Из них не загружено до сих пор"),
    "is_repeat": _technical("boolean", "Повтор уже загруженной поставки"),
    "delivery_count": _technical("integer", "Поставок"),
    "record_count": _technical("integer", "Записей о лицах"),
    "refused_count": _technical("integer", "Отвергнуто записей"),
    "review_count": _technical("integer", "Спорных случаев на рассмотрении"),
    "latest_version": _technical("integer", "Последняя версия, в которой правило отвергло запись"),
    "missing_count": _technical("integer", "Записей без СНИЛС"),
    "invalid_count": _technical("integer", "Записей, принятых без СНИЛС, потому что присланный номер неверен"),
    "shared_record_count": _technical("integer", "Записей, чей СНИЛС стоит и в другой записи источника"),
    "shared_pupil_count": _technical("integer", "Записей, чей СНИЛС стоит у нескольких детей"),
    "unconfirmed_count": _technical("integer", "Записей, чей СНИЛС не подтверждён СФР"),
    "is_invalid": _technical("boolean", "Запись принята без СНИЛС: присланный номер неверен"),
    "is_missing": _technical("boolean", "СНИЛС в записи нет"),
    "is_shared_record": _technical("boolean", "СНИЛС записи стоит и в другой записи источника"),
    "is_shared_pupil": _technical("boolean", "СНИЛС записи стоит у нескольких детей"),
    "is_unconfirmed": _technical("boolean", "СНИЛС записи не подтверждён СФР"),
    "source_count": _technical("integer", "Сколько источников назвали значение"),
    "cell_count": _technical("integer", "Ячеек эталонных записей"),
    "disagreement_count": _technical("integer", "Ячеек, о которых хотя бы один источник говорит иначе"),
    "cell_change": _technical("integer", "На сколько больше ячеек, чем в предыдущей версии"),
    "disagreement_change": _technical("integer", "На сколько больше ячеек с разногласием, чем в предыдущей версии"),
    "other_source": _technical("text", "Другой источник (golden – эталонная запись)"),
    "pair_count": _technical("integer", "Пар записей одного ребёнка, где оба назвали значение"),
    "agreed_count": _technical("integer", "Пар, где значения совпали"),
    # --- counts of checks -----------------------------------------------------------------------------------------
    "passed_count": _technical("integer", "Проверок пройдено"),
    "failed_count": _technical("integer", "Проверок не пройдено"),
    "refusing_count": _technical("integer", "Правил, по которым отклонены записи"),
    "warned_count": _technical("integer", "Предупреждений"),
    "unexpected_count": _technical("integer", "Строк с отклонением"),
    # --- explanation of one pupil ---------------------------------------------------------------------------------
    "is_sealed": _technical("boolean", "Тайна усыновления: видит только уполномоченное лицо"),
    "is_overruled": _technical("boolean", "Отменено более поздним решением о той же паре"),
}
"""Every column a view of `marts` may have."""

MART_TITLES: dict[str, str] = mart_areas.TITLES | {
    "age_at_1_january": "Возраст обучающихся на 1 января по классам, полу и форме обучения (раздел ОО-1)",
    "contingent": "Обучающиеся на последнее 20 сентября по организациям, классам, форме обучения и полу (ОО-1)",
    "contingent_conflict": "Зачисления, не учтённые на 20 сентября из-за более позднего зачисления того же ребёнка",
    "coverage": "Дети 7–17 лет по муниципалитетам: обучаются, в семейной форме, не обучаются",
    "delivery_total": "Сверка по источникам и видам записей, нарастающим итогом до версии",
    "disagreement": "Разногласия источников по полям эталонной записи",
    "disagreement_change": "Изменение числа разногласий по версиям",
    "field_agreement": "Согласие источников друг с другом и с эталонной записью по полям",
    "gate": "Последний запуск проверок до публикации версии",
    "glance": "Состояние на отчётную дату: показатели главной страницы",
    "identity_change": "Изменения тождества по версиям: лента для тех, кто держит копию реестра",
    "not_enrolled": "Дети 7–17 лет, которые нигде не обучаются (форма-преемница 1-НД)",
    "not_loaded": "Поставки, которые не вошли в версию",
    "reconciliation": "Сверка: что стало с каждой записью каждой поставки",
    "refused_by_rule": "Отвергнутые записи по правилам, нарастающим итогом до версии",
    "refused_now": "Отвергнутые записи последней поставки каждого отправителя",
    "school_age_child": "Дети 7–17 лет: обучаются ли на отчётную дату",
    "school_roll": "Зачисления в школы, действующие на последнее 20 сентября",
    "snils_quality": "СНИЛС в записях источников: нет, неверен, повторяется, не подтверждён",
    "snils_record": "СНИЛС каждой записи о лице: есть ли, повторяется ли, подтверждён ли (без номеров)",
}
"""Each file of `warehouse/marts`, as analysts see it described."""
