"""What the sources get wrong: how often, where, and why. One table, read by the region and by its tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

EVERYWHERE = ("zags", "pfr", "fms", "journal", "vuz")


@dataclass(frozen=True)
class Error:
    """One kind of error: its share of the rows of each source named."""

    rate: dict[str, float]
    reason: str


def _all(rate: float, *without: str) -> dict[str, float]:
    return {source: rate for source in EVERYWHERE if source not in without}


ERRORS: dict[str, Error] = {
    # --- names -----------------------------------------------------------------------------------------------------
    "typo": Error({"zags": 0.0005, "pfr": 0.001, "fms": 0.004, "journal": 0.012, "vuz": 0.006}, "Clerks exchange, lose or replace one letter."),
    "yo_as_ye": Error({"zags": 0.1, "pfr": 0.5, "fms": 0.5, "journal": 0.6, "vuz": 0.5}, "Of names with ё: many systems write е instead."),
    "hyphen_dropped": Error(_all(0.08, "zags"), "Of names with a hyphen: written together or with a space."),
    "latin_look_alike": Error({"journal": 0.004, "fms": 0.001}, "A Latin letter that looks the same is typed inside a Cyrillic word."),
    "doubled_letter": Error({"journal": 0.003, "fms": 0.001, "vuz": 0.002}, "A key is held too long."),
    "name_and_patronymic_swapped": Error({"journal": 0.002, "fms": 0.0005, "vuz": 0.001}, "Two boxes of a form are filled the wrong way round."),
    "spelling_variant": Error(_all(0.05), "Of names with two spellings: Эржена and Эржэна, Наталья and Наталия."),
    "feminine_ending_lost": Error({"journal": 0.003, "fms": 0.002}, "Of girls: the surname is copied from the father's document."),
    "foreign_transliteration": Error({"pfr": 0.3, "fms": 0.4, "journal": 0.4, "vuz": 0.3}, "Of foreign names: each office spells them by its own rule."),
    "extra_space_or_case": Error({"journal": 0.01}, "Names typed in capitals or with a stray space."),
    "stale_name": Error({"pfr": 0.2, "fms": 0.25, "journal": 0.3}, "Of persons with a changed name: the office was not told."),
    "patronymic_left_out": Error({"journal": 0.008, "fms": 0.002}, "The box is not obligatory in the form."),
    # --- dates -----------------------------------------------------------------------------------------------------
    "day_month_swapped": Error({"journal": 0.003, "fms": 0.001, "vuz": 0.002}, "Of dates where it is possible: a spreadsheet reads 03.04 as 4 March."),
    "birth_date_partial": Error({"zags": 0.001}, "Restored acts know only the year, or the year and the month."),
    # --- numbers ---------------------------------------------------------------------------------------------------
    "snils_missing": Error({"journal": 0.06, "vuz": 0.03}, "Parents did not bring the card."),
    "snils_mistyped": Error({"journal": 0.006, "vuz": 0.003}, "One digit is wrong, the control number shows it."),
    "snils_mistyped_valid": Error({"journal": 0.001, "vuz": 0.0005}, "Two digits are wrong and the control number cannot show it."),
    "snils_of_parent": Error({"journal": 0.002}, "The mother's card was copied instead of the child's."),
    "snils_of_sibling": Error({"journal": 0.004}, "Of children with a sibling in the family: the cards are exchanged."),
    "snils_of_other_child": Error({"journal": 0.001}, "The number of the neighbouring line is pasted on two children."),
    "account_late": Error({"pfr": 0.01}, "The pension fund opens the account some days after the first load."),
    "account_twice": Error({"pfr": 0.002}, "Two offices opened an account for one person."),
    "account_merged": Error({"pfr": 0.001}, "Twin accounts were found and joined; the older answers for both."),
    # --- documents and lists -----------------------------------------------------------------------------------------
    "old_certificate": Error({"journal": 0.4, "pfr": 0.3, "fms": 0.4}, "Of re-issued certificates: the first one stays in the file."),
    "certificate_missing": Error({"journal": 0.15}, "The class teacher never filled the column."),
    "listed_in_two_schools": Error({"journal": 0.006}, "After a transfer the old school keeps the pupil on its list."),
    "test_pupil": Error({"journal": 0.002}, "The vendor's training pupil was never deleted; a share of classes, at least one."),
    "district_misplaced": Error({"fms": 0.004}, "A settlement of the same name in another district is chosen."),
    "address_in_one_line": Error({"fms": 0.04}, "Old registrations were keyed as one line."),
    # --- acts ------------------------------------------------------------------------------------------------------
    "act_corrected": Error({"zags": 0.02}, "A mistake in the act was corrected: a second version, state 'changed'."),
    "act_annulled": Error({"zags": 0.002}, "The birth was registered twice; one of the acts is annulled."),
    "base_act_missing": Error({"zags": 0.15}, "Of acts that change another: the birth act is not named."),
    "snils_in_act": Error({"zags": 0.0}, "Acts before 2021 record no number at all; later ones hold it for the share in ACT_HAS_SNILS."),
}

ACT_HAS_SNILS_SINCE, ACT_HAS_SNILS = 2021, 0.7
"""ЗАГС holds the number only for births registered since the account is opened by the act itself (synthetic)."""


_IN_FORCE: ContextVar[Mapping[str, Error]] = ContextVar("errors in force", default=ERRORS)


@contextmanager
def in_force(table: Mapping[str, Error]) -> Iterator[None]:
    """Another table of errors while the block lasts."""
    token = _IN_FORCE.set(table)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def rate(name: str, source: str) -> float:
    """How often this source makes this error; KeyError if it never does."""
    return _IN_FORCE.get()[name].rate[source]


def makes(name: str, source: str) -> bool:
    """Whether this source makes this error at all."""
    return source in _IN_FORCE.get()[name].rate
