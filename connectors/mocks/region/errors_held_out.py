"""Another table of errors, for testing only: nobody tunes linking with it. Rates and mechanisms differ from those of `errors`.

The kinds that `errors` has too are made by the same code at other rates (0: not made); the others are made by `held_out`.
"""

from __future__ import annotations

from connectors.mocks.region import errors
from connectors.mocks.region.errors import Error

_SAME_KIND: dict[str, dict[str, float]] = {
    "typo": {}, "latin_look_alike": {}, "doubled_letter": {}, "foreign_transliteration": {}, "name_and_patronymic_swapped": {},
    "yo_as_ye": {"zags": 0.02, "pfr": 0.9, "fms": 0.3, "journal": 0.4, "vuz": 0.5}, "hyphen_dropped": {"pfr": 0.02, "fms": 0.15, "journal": 0.2, "vuz": 0.1},
    "spelling_variant": {"zags": 0.01, "pfr": 0.03, "fms": 0.1, "journal": 0.12, "vuz": 0.05}, "feminine_ending_lost": {"journal": 0.001, "fms": 0.004},
    "extra_space_or_case": {"journal": 0.03}, "stale_name": {"pfr": 0.35, "fms": 0.15, "journal": 0.45}, "patronymic_left_out": {"journal": 0.02, "fms": 0.001},
    "day_month_swapped": {"journal": 0.001, "fms": 0.002}, "birth_date_partial": {"zags": 0.002},
    "snils_missing": {"journal": 0.12, "vuz": 0.03}, "snils_mistyped": {"journal": 0.009, "vuz": 0.003}, "snils_mistyped_valid": {"journal": 0.0004, "vuz": 0.0005},
    "snils_of_parent": {"journal": 0.001}, "snils_of_sibling": {"journal": 0.007}, "snils_of_other_child": {"journal": 0.0015},
    "account_late": {"pfr": 0.02}, "account_twice": {"pfr": 0.004}, "old_certificate": {"journal": 0.6, "pfr": 0.5, "fms": 0.2},
    "certificate_missing": {"journal": 0.25}, "listed_in_two_schools": {"journal": 0.012}, "district_misplaced": {"fms": 0.01}, "base_act_missing": {"zags": 0.3},
}

OWN: dict[str, Error] = {
    # --- names -----------------------------------------------------------------------------------------------------
    "neighbour_key": Error({"zags": 0.0004, "pfr": 0.0008, "fms": 0.003, "journal": 0.008}, "The key beside the wanted one is hit (ЙЦУКЕН)."),
    "first_letter_lost": Error({"fms": 0.0008, "journal": 0.0015}, "The first key is struck before the box has the cursor."),
    "syllables_transposed": Error({"fms": 0.0005, "journal": 0.001}, "A long unfamiliar name is copied by syllables."),
    "word_doubled": Error({"journal": 0.0006}, "A name is pasted into its box twice."),
    "short_i": Error({"pfr": 0.002, "fms": 0.004, "journal": 0.006}, "Of names with й or ъ/ь: и is typed for й, one sign for the other."),
    "cut_at_20": Error({"pfr": 0.3, "fms": 0.6, "journal": 0.3}, "Of words over 20 letters: the old system's column ends there."),
    "cut_at_12": Error({"fms": 0.004, "journal": 0.01}, "Of words over 12 letters: a form printed with twelve boxes."),
    "initials": Error({"fms": 0.0008, "journal": 0.002}, "Given name and patronymic are typed as initials."),
    "patronymic_in_given_box": Error({"fms": 0.0005, "journal": 0.004}, "The form has one box for «имя, отчество»."),
    "whole_name_in_family_box": Error({"journal": 0.001}, "A spreadsheet with one name column is loaded into a form with three."),
    "ogly_kyzy": Error({"zags": 0.9, "pfr": 0.6, "fms": 0.5, "journal": 0.5},
                       "Of persons from Central Asia and the Caucasus: a patronymic by their custom, written each time anew."),
    "double_surname": Error({"zags": 0.006, "pfr": 0.006, "fms": 0.006, "journal": 0.006}, "A person's two surnames; registries keep both, others often one half."),
    "half_of_double_surname": Error({"pfr": 0.05, "fms": 0.3, "journal": 0.45}, "Of double surnames: only one half is written."),
    "surname_of_mother": Error({"fms": 0.004, "journal": 0.012}, "Of children whose mother has another surname: hers is written."),
    "other_transliteration": Error({"pfr": 0.25, "fms": 0.35, "journal": 0.35}, "Of foreign names: rules of another office (кх, дж, е for э, one vowel for two)."),
    "latin_name": Error({"fms": 0.04, "journal": 0.05}, "Of foreign names: copied from the passport in Latin letters."),
    "buryat_letters": Error({"zags": 0.04, "pfr": 0.04, "fms": 0.04, "journal": 0.04}, "Of Buryat families: the given name has ү, ө or һ; ЗАГС alone can write it."),
    "letter_lost_in_cp1251": Error({"pfr": 0.02, "fms": 0.1, "journal": 0.25}, "Of names with such letters: a question mark instead of у, о, х."),
    "digit_look_alike": Error({"fms": 0.0003, "journal": 0.0015}, "0 for О, 3 for З, 6 for б, 4 for Ч: scanned lists."),
    "wrong_layout": Error({"journal": 0.0004}, "The keyboard was switched to English."),
    # --- dates and sex ---------------------------------------------------------------------------------------------
    "year_off_by_one": Error({"pfr": 0.0003, "fms": 0.0005, "journal": 0.0015}, "The year of school age is reckoned, not copied."),
    "month_off_by_one": Error({"pfr": 0.0002, "fms": 0.0004, "journal": 0.0012}, "A month is picked from a list one line off."),
    "first_of_january": Error({"fms": 0.0004, "journal": 0.0008}, "Only the year was at hand: the form fills 01.01."),
    "date_digits_transposed": Error({"pfr": 0.0001, "fms": 0.0005, "journal": 0.001}, "12 is typed for 21."),
    "sex_wrong": Error({"journal": 0.0008}, "The list of choices stood on the other sex."),
    # --- numbers ---------------------------------------------------------------------------------------------------
    "snils_transposed": Error({"journal": 0.0012}, "Two digits are exchanged and the form computes the control number anew: it is valid."),
    "snils_of_father": Error({"journal": 0.0015}, "The father brought his own card."),
    "snils_of_twin": Error({"journal": 0.03}, "Of twins: the cards lie in one folder."),
    "snils_zero_lost": Error({"journal": 0.05}, "Of numbers with a control number below 10: the spreadsheet drops the zero."),
    "snils_letter": Error({"journal": 0.001}, "О is typed for 0."),
    "snils_filled_down": Error({"journal": 0.0006}, "A column is dragged down: one number stands on a dozen pupils."),
    "snils_placeholder": Error({"journal": 0.002}, "A box that must be filled gets 111-111-111 11 or a number from the handbook."),
    "certificate_digit": Error({"pfr": 0.0005, "fms": 0.001, "journal": 0.006}, "One digit of the number is wrong."),
    "certificate_cyrillic": Error({"pfr": 0.005, "fms": 0.02, "journal": 0.08}, "The Roman numeral is typed with Cyrillic letters or digits."),
    "certificate_of_twin": Error({"journal": 0.03}, "Of twins: the certificates lie in one folder."),
    "passport_of_mother": Error({"journal": 0.0015}, "The mother's passport is noted as the child's document."),
    "base_act_digit": Error({"zags": 0.002}, "Of acts that name another: one digit of its number is wrong."),
}

ERRORS: dict[str, Error] = {name: Error(_SAME_KIND.get(name, error.rate), error.reason) for name, error in errors.ERRORS.items()} | OWN
