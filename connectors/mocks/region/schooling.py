"""Who goes where on day 0: school, class and shift, or kindergarten and group, or nowhere."""

from __future__ import annotations

import numpy as np

from connectors.mocks.region.chance import Array, Columns, generator, where
from connectors.mocks.region.days import DAY_ZERO, YEAR_START
from connectors.mocks.region.organisations import LETTERS, Network

ENROLLED, WITH_REASON, FAMILY_FORM = 0.987, 0.4, 0.006
"""Of children 7-17: enrolled; of the rest: the reason is known (health); of pupils: taught in the family."""
KINDERGARTEN = np.array([0.0, 0.17, 0.46, 0.70, 0.77, 0.80, 0.80])
"""Share in a kindergarten by age in years, of those not at school (about 62 % of ages 1-6)."""
GROUPS = np.array(["Ясли", "Первая младшая", "Вторая младшая", "Средняя", "Старшая", "Подготовительная", "Подготовительная"], dtype=object)
_STARTS, _EARLY = 6.85, 0.4
"""Age on 1 September at which everyone begins, and the share of the half-year younger who begin too."""


def ages(born: Array) -> Array:
    """Age on day 0 in days."""
    return (np.datetime64(DAY_ZERO) - born).astype(int)


def make(seed: int, chunk: int, children: Columns, network: Network) -> Columns:
    """Enrolment of each child; `organisation` is -1 for those enrolled nowhere."""
    rng = generator(seed, "schooling", chunk)
    born, count = children["birth_date"], len(children["serial"])
    grade = grades(rng, born)
    alive = np.isnat(children["death_date"])
    years = (ages(born) / 365.25).astype(int).clip(0, 6)
    at_school = alive & (grade > 0) & (rng.random(count) < ENROLLED)
    in_garden = alive & (grade == 0) & (rng.random(count) < KINDERGARTEN[years])
    luck = rng.random(count)
    organisation = np.where(at_school, network.choose("school", children["place"], luck),
                            np.where(in_garden, network.choose("kindergarten", children["place"], luck), -1))
    parallel = (rng.random(count) * network.class_count[organisation]).astype(int)
    groups = rng.random(count)
    return {"organisation": organisation, "grade": np.where(at_school, grade, 0), "letter": where(at_school, LETTERS[parallel], None),
            "group_name": where(in_garden, group_names(years, parallel), None), "shift": shifts(network, organisation, grade, parallel),
            "study_form": where(at_school & (groups < FAMILY_FORM), "семейная", where(organisation >= 0, "очная", None)),
            "entry_date": _entries(rng, born, grade, at_school, organisation),
            "absence_reason": where((grade > 0) & alive & ~at_school & (rng.random(count) < WITH_REASON), "по состоянию здоровья", None)}


def grades(rng: np.random.Generator, born: Array) -> Array:
    """Grade by age on 1 September: everyone who is seven by day 0, and some from six and a half; 0 = too young."""
    years = (np.datetime64(YEAR_START) - born).astype(int) / 365.25 - _STARTS
    early = (years % 1 > 1 - (_STARTS - 6.5)) & (rng.random(len(born)) < _EARLY)
    return (np.floor(years) + 1 + early).clip(0, 11).astype(int)


def group_names(years: Array, parallel: Array) -> Array:
    """Kindergarten groups by age in whole years."""
    named: Array = GROUPS[years] + np.char.add(" № ", (parallel + 1).astype("U3")).astype(object)
    return named


def shifts(network: Network, organisation: Array, grade: Array, parallel: Array) -> Array:
    """Second shift where the school has one: never grades 1, 5, 9 and 11."""
    two = network.register["shift_count"][organisation] == 2
    return np.where(two & ~np.isin(grade, (1, 5, 9, 11)) & ((parallel + grade) % 3 == 0), 2, 1)


def _entries(rng: np.random.Generator, born: Array, grade: Array, at_school: Array, organisation: Array) -> Array:
    """Most pupils came on a 1 September; a few during this autumn."""
    since = np.minimum(grade - 1, (rng.random(len(born)) * grade * 1.5).astype(int)).clip(0, 10)
    september = np.array([np.datetime64(f"{YEAR_START.year - n}-09-01") for n in range(11)])
    entry = np.where(at_school, september[since], np.maximum(september[0] - 365, born + 400 - 35))
    autumn = at_school & (rng.random(len(born)) < 0.01)
    entry = np.where(autumn, np.datetime64("2025-09-01") + rng.integers(3, 40, len(born)), entry)
    return np.where(organisation >= 0, entry, np.datetime64("NaT"))
