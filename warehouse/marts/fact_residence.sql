-- One row per registration of one child at one place, from its first day up to its last (not included); a place outside the republic has no municipality.
SELECT
    residence.record_id,
    residence.pupil_id,
    residence.residence_kind,
    residence.oktmo,
    residence.settlement,
    residence.is_rural,
    residence.is_outside_region,
    residence.valid_from,
    residence.valid_to
FROM marts.residence
