"""The tables of the warehouse: what one row is, its columns, key, checks and indexes; DDL, grants and dictionary derive from it."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.fields import Field
from schemas.tables import FACTS, META, STAGING
from schemas.warehouse_fields import WAREHOUSE_FIELDS

OPEN = 9223372036854775807
"""`version_to` of a row that is current."""

SCHEMAS = {"quality": "Журнал поставок и проверок", "identity": "Отождествление", "core": "Эталонные записи и факты",
           "staging": "Разложенные записи, ещё не загруженные", "marts": "Витрины", "audit": "Журнал доступа и действий", "codes": "Справочники",
           "built": "Построенные витрины"}
VERSIONS = ("version_from", "version_to")
LEDGER_COUNTS = ("received", "loaded", "unchanged", "superseded", "refused", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class Relation:
    """One table: `required` columns are NOT NULL; `current` columns are unique among rows that are current."""

    schema: str
    name: str
    title: str
    row: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    generated: str | None = None
    """The column PostgreSQL numbers."""
    stamped: str | None = None
    """The column PostgreSQL fills with the time of insertion."""
    current: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    current_indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    """(column, `schema.table.column` it must be found in)."""
    checks: tuple[tuple[str, str], ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    def field(self, column: str) -> Field:
        """The declaration of one column; KeyError if it was never declared."""
        return WAREHOUSE_FIELDS[column]

LINKED_FACTS = ("snils_validation", "residence", "citizenship")
"""Facts that linking reads: each linking asks which of them changed since the last one."""


def _fact(name: str) -> Relation:
    staging = STAGING[name]
    content = tuple("record_id" if column == "person_key" else column for column in staging.content)
    return Relation(
        schema="core", name=name, title=staging.title, row=staging.row,
        columns=("source", *META, "delivery_id", *content, *VERSIONS),
        required=("source", *META[:3], "delivery_id", "record_id", *(c for c in staging.required if c != "person_key"), *VERSIONS),
        current=("source", "source_key"), indexes=(("record_id",), *((("version_from",), ("version_to",)) if name in LINKED_FACTS else ())),
        current_indexes=(*((("source", "organisation_key"),) if "organisation_key" in content else ()),
                         *((("asked_source", "asked_key"),) if "asked_key" in content else ())))


_PERSON = STAGING["person"]
_ORGANISATION = STAGING["organisation"]
_PAST = STAGING["past_contingent"]

_LEDGER = (
    Relation(schema="quality", name="delivery", title="Поставка", row="One receipt of bytes from one source and what became of it.",
             columns=("delivery_id", "source", "origin", "media", "sha256", "size_bytes", "received_at", "as_of", "state", "held_code",
                      "held_message", *LEDGER_COUNTS, "version", "attempts", "replay_of"),
             key=("delivery_id",),
             required=("source", "origin", "media", "sha256", "size_bytes", "received_at", "as_of", "state", *LEDGER_COUNTS, "attempts"),
             indexes=(("source", "origin", "received_at"), ("source", "state"), ("replay_of",)),
             checks=(("adds_up", "state NOT IN ('loaded', 'duplicate') OR received = loaded + unchanged + superseded + refused"),
                     ("held_is_explained", "state <> 'held' OR held_code IS NOT NULL"))),
    Relation(schema="quality", name="delivery_entity", title="Поставка по видам записей", row="What became of the records of one entity of one delivery.",
             columns=("delivery_id", "entity", "received", "loaded", "created", "updated", "unchanged", "superseded", "refused", "withdrawn"),
             key=("delivery_id", "entity"), required=(*LEDGER_COUNTS, "created", "updated"),
             checks=(("adds_up", "received = loaded + unchanged + superseded + refused"), ("loaded_adds_up", "loaded = created + updated"))),
    Relation(schema="quality", name="delivery_scope", title="Полнота поставки", row="One scope a loaded delivery was complete for.",
             columns=("delivery_id", "entity", "organisation_key", "date_from", "date_to"),
             required=("delivery_id", "entity", "organisation_key"), indexes=(("entity", "organisation_key"), ("delivery_id",))),
    Relation(schema="quality", name="delivery_event", title="События поставки", row="One thing that happened to one delivery, in the order of time.",
             columns=("event_id", "delivery_id", "at", "state", "held_code", "version", "decided_by", "reason"), key=("event_id",), generated="event_id",
             required=("delivery_id", "at", "state"), stamped="at", indexes=(("delivery_id",), ("at",))),
    Relation(schema="quality", name="refused_record", title="Отвергнутая запись", row="One record that was not loaded, and the rule that said so.",
             columns=("delivery_id", "entity", "position", "source_key", "rule", "rule_version", "refused_at_version", "replayed_by"),
             required=("delivery_id", "entity", "rule", "rule_version", "refused_at_version"), indexes=(("delivery_id",), ("rule",), ("replayed_by",))),
    Relation(schema="quality", name="left_out_value", title="Не принятое значение",
             row="One value that was left out of a record which was loaded, and the rule that said so.",
             columns=("delivery_id", "entity", "position", "source_key", "rule", "rule_version"),
             required=("delivery_id", "entity", "rule", "rule_version"), indexes=(("delivery_id",), ("rule",))),
    Relation(schema="quality", name="validation_result", title="Результат проверки", row="One expectation checked once; counts only, never values.",
             columns=("run_id", "as_of", "gate", "source", "entity", "delivery_id", "version", "subject_checked", "suite", "expectation", "rule_version", "severity",
                      "column_name", "kwargs", "success", "evaluated", "unexpected", "at"),
             required=("run_id", "gate", "subject_checked", "suite", "expectation", "success", "at"), stamped="at",
             indexes=(("run_id",), ("at",), ("as_of",), ("delivery_id",))),
    Relation(schema="quality", name="profile", title="Портрет поставки", row="One measure of one column of one delivery: from these is learnt what is normal.",
             columns=("delivery_id", "source", "entity", "column_name", "measure", "code", "value", "at"),
             required=("delivery_id", "source", "entity", "measure", "value", "at"), stamped="at", indexes=(("delivery_id",), ("source", "entity"))),
    Relation(schema="quality", name="version", title="Версия хранилища", row="One state of the warehouse.",
             columns=("version", "kind", "as_of", "base_version", "created_at", "note"), key=("version",), required=("kind", "created_at"), stamped="created_at"),
    Relation(schema="quality", name="publication", title="Публикация", row="One time a version was made the published one.",
             columns=("published_at", "version", "published_by"), required=("version", "published_at", "published_by"), stamped="published_at",
             indexes=(("version",),), references=(("version", "quality.version.version"),)),
    Relation(schema="quality", name="run_step", title="Шаг запуска", row="One step of one run: how long and how much.",
             columns=("run_id", "step", "source", "seconds", "records_read", "pairs_scored", "rows_written", "peak_memory_mb", "as_of",
                      "at"),
             required=("step", "at"), stamped="at", indexes=(("at",), ("step", "source", "as_of"))),
    Relation(schema="quality", name="linkage_measure", title="Качество отождествления",
             row="One measure of one linked version, for all records or one group of them.",
             columns=("version", "basis", "subgroup", "measure", "value", "low", "high", "at"), key=("version", "basis", "subgroup", "measure"),
             required=("at",), stamped="at"),
    Relation(schema="quality", name="swapped_key", title="Ключ другого ребёнка", row="One key of a held delivery that denoted another child before.",
             columns=("delivery_id", "source_key", "matches_source_key", "rule"), key=("delivery_id", "source_key"), required=("rule",)),
    Relation(schema="quality", name="question", title="Заданный вопрос", row="One question asked of one department, with the content it was last asked for.",
             columns=("source", "question_id", "content_hash", "asked_version", "asked_as_of"), key=("source", "question_id"),
             required=("content_hash", "asked_version", "asked_as_of")),
)

_IDENTITY = (
    Relation(schema="identity", name="source_record", title="Запись источника", row="One person record of one source, known for ever by its key.",
             columns=("record_id", "source", "source_key"), key=("record_id",), generated="record_id", required=("source", "source_key"),
             unique=("source", "source_key")),
    Relation(schema="identity", name="person_record", title="Сведения записи о лице", row="What one source says of one person, in one span of versions.",
             columns=("record_id", "source", *META, "delivery_id", *_PERSON.content, *VERSIONS), key=("record_id", "version_from"),
             required=("source", *META[:3], "delivery_id", *_PERSON.required, *VERSIONS), current=("source", "source_key"),
             indexes=(("version_from",), ("version_to",)),
             current_indexes=(("snils",), ("birth_act_number",), ("birth_certificate",), ("document",), ("birth_date", "family_name", "given_name"),
                              ("asked_source", "asked_key"), ("source", "organisation_key"))),
    Relation(schema="identity", name="pupil", title="Ребёнок", row="One identifier ever given; a merged one redirects for ever.",
             columns=("pupil_id", "redirect_to", "created_version", "redirect_version"), key=("pupil_id",), generated="pupil_id",
             required=("created_version",), indexes=(("redirect_to",),)),
    Relation(schema="identity", name="link", title="Связь записи с ребёнком", row="One source record belongs to one pupil, with the rule that says so.",
             columns=("record_id", "pupil_id", "rule", "weight", "evidence_record_id", "link_status", *VERSIONS), key=("record_id", "version_from"),
             required=("pupil_id", "link_status", "version_to"), current=("record_id",), indexes=(("pupil_id",),)),
    Relation(schema="identity", name="link_key", title="Ключ связывания", row="One key one current record shares with those it may be linked with.",
             columns=("record_id", "key_hash", "is_block"), required=("record_id", "key_hash", "is_block"), indexes=(("key_hash", "record_id"), ("record_id",))),
    Relation(schema="identity", name="review", title="Спорный случай", row="One record that may belong to one more pupil: a person decides.",
             columns=("review_id", "record_id", "candidate_pupil_id", "candidate_record_id", "weight", "reasons", *VERSIONS), key=("review_id",),
             generated="review_id", required=("record_id", "reasons", *VERSIONS), indexes=(("record_id",), ("candidate_record_id",))),
    Relation(schema="identity", name="opinion", title="Мнение о тождестве", row="What one person thought of two records; enough agreeing opinions make a decision.",
             columns=("opinion_id", "record_id", "other_record_id", "opinion", "reason", "decided_by", "decided_at", "batch", "is_blind"),
             key=("opinion_id",), generated="opinion_id", required=("record_id", "other_record_id", "opinion", "reason", "decided_by", "decided_at", "is_blind"),
             stamped="decided_at", checks=(("ordered_pair", "record_id < other_record_id"),), indexes=(("record_id", "other_record_id"), ("batch",))),
    Relation(schema="identity", name="sample", title="Выборка для проверки связей",
             row="One pair of records drawn for clerical review, and the stratum it stands for.",
             columns=("version", "stratum", "record_id", "other_record_id", "stratum_size", "is_linked"), key=("version", "record_id", "other_record_id"),
             required=("stratum", "stratum_size", "is_linked"), checks=(("ordered_pair", "record_id < other_record_id"),)),
    Relation(schema="identity", name="seal", title="Тайна усыновления",
             row="One source record that belongs to the time before an adoption: nobody but the officer sees it; holds in versions after `created_version`.",
             columns=("record_id", "successor_record_id", "ground", "sealed_by", "sealed_at", "created_version", "lifted_version", "lifted_by"),
             key=("record_id", "created_version"), required=("ground", "sealed_by", "sealed_at"), stamped="sealed_at"),
    Relation(schema="identity", name="sealed_pupil", title="Закрытый идентификатор ребёнка", row="One identifier that only sealed records bear.",
             columns=("pupil_id", "created_version", "lifted_version"), key=("pupil_id", "created_version")),
    Relation(schema="identity", name="decision", title="Решение о тождестве", row="One person's word on two records; the latest word on a pair holds.",
             columns=("decision_id", "record_id", "other_record_id", "verdict", "reason", "decided_by", "decided_at", "created_version", "opinion_id"),
             key=("decision_id",),
             generated="decision_id", required=("record_id", "other_record_id", "verdict", "reason", "decided_by", "decided_at", "created_version"),
             stamped="decided_at", checks=(("ordered_pair", "record_id < other_record_id"),), indexes=(("record_id",), ("other_record_id",))),
    Relation(schema="identity", name="change", title="Изменение тождества", row="One thing that happened to one pupil id in one version.",
             columns=("change_id", "version", "kind", "record_id", "from_pupil_id", "to_pupil_id"), key=("change_id",), generated="change_id",
             required=("version", "kind"), indexes=(("version",), ("from_pupil_id",), ("to_pupil_id",))),
)

_CORE = (
    Relation(schema="core", name="organisation", title=_ORGANISATION.title, row=_ORGANISATION.row,
             columns=("source", *META, "delivery_id", *_ORGANISATION.content, *VERSIONS),
             required=("source", *META[:3], "delivery_id", *_ORGANISATION.required, *VERSIONS), current=("source", "source_key"),
             current_indexes=(("organisation_key",),)),
    Relation(schema="core", name="past_contingent", title=_PAST.title, row=_PAST.row,
             columns=("source", *META, "delivery_id", *_PAST.content, *VERSIONS),
             required=("source", *META[:3], "delivery_id", *_PAST.required, *VERSIONS), current=("source", "source_key"),
             current_indexes=(("school_year",),)),
    *map(_fact, FACTS),
    Relation(schema="core", name="pupil", title="Эталонная запись ребёнка", row="What is believed of one pupil, in one span of versions.",
             columns=("pupil_id", "family_name", "given_name", "patronymic", "birth_date", "sex", "snils", "citizenship", "death_date", "oktmo",
                      "is_rural", "is_resident", *VERSIONS),
             key=("pupil_id", "version_from"), required=("version_to",), current=("pupil_id",), current_indexes=(("snils",), ("birth_date",))),
    Relation(schema="core", name="pupil_cell", title="Происхождение поля", row="Which record and rule gave one golden cell, and how many disagreed.",
             columns=("pupil_id", "field", "record_id", "source", "rule", "disagreement", "sources", *VERSIONS),
             key=("pupil_id", "field", "version_from"), required=("rule", "disagreement", "sources", "version_to"), current=("pupil_id", "field")),
    Relation(schema="core", name="municipality", title="Муниципальное образование", row="One of the 23 municipalities.",
             columns=("oktmo", "name", "kind", "oktmo_is_confirmed", "tile_row", "tile_column"), key=("oktmo",), required=("name",)),
    *(Relation(schema="core", name=name, title=title, row=row, columns=("code", "name", "attributes"), key=("code",), required=("name",))
      for name, title, row in (("subject", "Предмет", "One school subject."), ("period", "Учебный период", "One period of a school year."),
                               ("programme", "Вид программы", "One level of education."))),
    Relation(schema="core", name="consent", title="Согласие на обработку", row="One consent once given; it is never changed, only withdrawn.",
             columns=("consent_id", "pupil_id", "representative", "consent_purpose", "consent_scope", "given_date", "valid_to", "consent_form",
                      "document_reference", "recorded_at", "recorded_by"),
             key=("consent_id",), generated="consent_id", stamped="recorded_at", indexes=(("pupil_id",),),
             required=("pupil_id", "representative", "consent_purpose", "consent_scope", "given_date", "consent_form", "document_reference", "recorded_at",
                       "recorded_by"),
             checks=(("term", "valid_to > given_date"),)),
    Relation(schema="core", name="consent_withdrawal", title="Отзыв согласия", row="One consent taken back.",
             columns=("consent_id", "withdrawn_date", "document_reference", "recorded_at", "recorded_by"), key=("consent_id",), stamped="recorded_at",
             required=("withdrawn_date", "document_reference", "recorded_at", "recorded_by"), references=(("consent_id", "core.consent.consent_id"),)),
    Relation(schema="core", name="published_version", title="Опубликованная версия", row="The one version that analysts see.",
             columns=("only", "version", "as_of", "published_at", "published_by"), key=("only",), required=("version",), checks=(("one_row", '"only"'),)),
)

_OTHER = (
    Relation(schema="built", name="mart", title="Построенные витрины", row="One mart whose rows of one version are stored: what they were made from.",
             columns=("mart", "version", "as_of", "definition", "seal_state", "rows_written", "at"), key=("mart", "version"),
             required=("as_of", "definition", "seal_state", "rows_written", "at"), stamped="at"),
    Relation(schema="codes", name="code_list", title="Справочник", row="One code list and the fingerprint of the file it was loaded from.",
             columns=("code_list", "sha256", "version"), key=("code_list",), required=("sha256",)),
    Relation(schema="codes", name="code", title="Код справочника", row="One code of one list.",
             columns=("code_list", "code", "name", "attributes"), key=("code_list", "code", "name")),
    Relation(schema="audit", name="chain", title="Цепочка журнала", row="The one chain of this warehouse: its id, made once, and what it seals of before.",
             columns=("only", "chain_id", "created_at", "form", "sealed_number", "sealed_hash", "row_hash"), key=("only",),
             required=("chain_id", "created_at", "form", "sealed_number", "row_hash"), stamped="created_at", checks=(("one_row", '"only"'),)),
    Relation(schema="audit", name="access", title="Журнал доступа и действий", row="One thing a person or the pipeline answers for; each row seals the one before.",
             columns=("access_id", "at", "role", "person_in_charge", "purpose", "ground", "action", "pupil_id", "subject_named", "previous_hash", "row_hash"),
             key=("access_id",), generated="access_id", stamped="at", required=("at", "role", "person_in_charge", "purpose", "ground", "action", "row_hash"),
             indexes=(("pupil_id",), ("action",))),
    Relation(schema="audit", name="receipt", title="Опись поставок", row="One delivery as it came, sealed when the ledger got it; each row seals the one before.",
             columns=("receipt_id", "delivery_id", "source", "sha256", "size_bytes", "received_at", "previous_hash", "row_hash"), key=("receipt_id",),
             required=("delivery_id", "source", "sha256", "size_bytes", "received_at", "previous_hash", "row_hash"), unique=("delivery_id",)),
)

_STAGING = (
    Relation(schema="staging", name="delivery", title="Разложенная поставка", row="One delivery whose rows lie in this schema.",
             columns=("delivery_id", "source", "as_of", "is_judged"), key=("delivery_id",), required=("source", "as_of", "is_judged"), indexes=(("source",),)),
    Relation(schema="staging", name="refused", title="Отказы разложенной поставки", row="One record that will not be loaded, and the rule that said so.",
             columns=("delivery_id", "entity", "position", "source_key", "rule", "rule_version"), required=("delivery_id", "entity", "rule", "rule_version"),
             indexes=(("delivery_id",),)),
    *(Relation(schema="staging", name=name, title=f"{table.title}: разложенные записи", row=table.row, columns=("delivery_id", "row", *table.columns),
               required=("delivery_id", "row"), indexes=(("delivery_id",),)) for name, table in STAGING.items()),
)
"""Where records lie while they are judged: nothing here is ever the only copy."""

RELATIONS: dict[str, Relation] = {relation.full_name: relation for relation in (*_LEDGER, *_IDENTITY, *_CORE, *_STAGING, *_OTHER)}
"""Every table of the warehouse by its full name."""

TARGETS: dict[str, Relation] = {"person": RELATIONS["identity.person_record"]} | {
    name: RELATIONS[f"core.{name}"] for name in STAGING if name != "person"}
"""Where the rows of each staging relation are kept."""
