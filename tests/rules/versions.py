"""For each rule over a version: what to do to a loaded and linked warehouse, as its owner, so that the rule is broken once."""

from __future__ import annotations

from schemas.warehouse import OPEN

_LAST = f"record_id = (SELECT max(record_id) FROM identity.link) AND version_to = {OPEN}"
_PUPIL = f"pupil_id = (SELECT max(pupil_id) FROM core.pupil) AND version_to = {OPEN}"
_ENROLMENT = ("INSERT INTO core.enrolment (source, source_key, sequence, record_hash, delivery_id, record_id, organisation_key, programme, study_form, valid_from, "
              f"valid_to, version_from, version_to) SELECT 'x', 'e', 0, 'h', gen_random_uuid(), 1, '{{organisation}}', 'basic', 'full_time', DATE '2025-09-01', "
              f"{{valid_to}}, 1, {OPEN}")

BROKEN: dict[str, tuple[str, ...]] = {
    "ledger.conservation": ("ALTER TABLE quality.delivery DROP CONSTRAINT delivery_adds_up", "UPDATE quality.delivery SET received = received + 1"),
    "ledger.refused_rows": ("INSERT INTO quality.refused_record (delivery_id, entity, rule, rule_version, refused_at_version) "
                            "SELECT delivery_id, 'person', 'person.nul', 1, 1 FROM quality.delivery",),
    "ledger.replayed_rows": ("UPDATE quality.delivery SET replay_of = delivery_id",),
    "person_record.key": ("ALTER TABLE identity.person_record DROP CONSTRAINT person_record_pkey", "DROP INDEX identity.person_record_current",
                          "INSERT INTO identity.person_record SELECT * FROM identity.person_record WHERE record_id = 1"),
    "link.every_record": (f"DELETE FROM identity.link WHERE {_LAST}",),
    "link.one_pupil": ("ALTER TABLE identity.link DROP CONSTRAINT link_pkey", "DROP INDEX identity.link_current",
                       f"INSERT INTO identity.link SELECT * FROM identity.link WHERE {_LAST}"),
    "pupil.one_golden": ("ALTER TABLE core.pupil DROP CONSTRAINT pupil_pkey", "DROP INDEX core.pupil_current",
                         f"INSERT INTO core.pupil SELECT * FROM core.pupil WHERE {_PUPIL}"),
    "pupil.linked": (f"DELETE FROM core.pupil WHERE {_PUPIL}",),
    "enrolment.organisation": (_ENROLMENT.format(organisation="9999999999999", valid_to="NULL"),),
    "enrolment.interval": (_ENROLMENT.format(organisation="9999999999999", valid_to="DATE '2025-08-31'"),),
    "pupil.snils.unique": (f"UPDATE core.pupil SET snils = '11223344595' WHERE version_to = {OPEN}",),
    "pupil.birth_before_act": (f"UPDATE core.pupil SET death_date = birth_date - 1 WHERE {_PUPIL}",),
}
