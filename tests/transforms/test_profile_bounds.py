"""Each drift rule has a delivery that breaks it and a near one that does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from schemas.drift import DRIFT, LEAST_DAYS, LEAST_HISTORY
from tests.transforms.profiled import broken, laid, marks, of_sender, persons, told
from tests.warehouse.staged import Row

ROWS = 200


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(11)


def spoilt(rows: list[Row], share: float, **values: object) -> list[Row]:
    """The first `share` of the rows changed."""
    cut = round(len(rows) * share)
    return [row | values for row in rows[:cut]] + rows[cut:]


CASES = {
    "drift.rows": (lambda rows: rows[:60], lambda rows: rows[:80]),
    "drift.missing": (lambda rows: spoilt(rows, 0.45, snils=None), lambda rows: spoilt(rows, 0.15, snils=None)),
    "drift.columns": (lambda rows: spoilt(rows, 1, snils=None), lambda rows: spoilt(rows, 0.15, snils=None)),
    "drift.columns_new": (lambda rows: spoilt(rows, 0.6, document_date=date(2024, 1, 1)),
                          lambda rows: spoilt(rows, 0.2, document_date=date(2024, 1, 1))),
    "drift.distinct": (lambda rows: spoilt(rows, 0.7, birth_date=date(2012, 1, 1)), lambda rows: spoilt(rows, 0.2, birth_date=date(2012, 1, 1))),
    "drift.codes": (lambda rows: spoilt(rows, 1, sex="M"), lambda rows: spoilt(rows, 0.3, sex="M")),
    "drift.distribution": (lambda rows: spoilt(rows, 0.9, birth_date=date(1999, 1, 1)), lambda rows: spoilt(rows, 0.02, birth_date=date(2005, 1, 1))),
    "drift.letters": (lambda rows: spoilt(rows, 0.4, birth_certificate_issuer="ЗА?С"), lambda rows: spoilt(rows, 0.03, birth_certificate_issuer="ЗА?С")),
}
COLUMNS = {"drift.rows": None, "drift.missing": "snils", "drift.columns": "snils", "drift.columns_new": "document_date", "drift.distinct": "birth_date",
           "drift.codes": "sex", "drift.distribution": "birth_date", "drift.letters": "birth_certificate_issuer"}


def drawn(chance: np.random.Generator, rule: str) -> list[Row]:
    return persons(chance, ROWS, **({"birth_certificate_issuer": "ОТДЕЛ ЗАГС"} if rule == "drift.letters" else {}))


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_what_it_is_for_and_lets_the_near_case_pass(tmp_path: Path, chance: np.random.Generator, rule: str) -> None:
    history = of_sender([laid(tmp_path, f"h{n}", {"person": drawn(chance, rule)}) for n in range(10)], "person")
    far, near = (told(tmp_path, name, {"person": case(drawn(chance, rule))}) for name, case in zip(("far", "near"), CASES[rule], strict=True))
    assert (rule, COLUMNS[rule]) in broken(far, history)
    assert broken(near, history) == set()


def test_a_share_of_refusals_is_judged_upwards_only(tmp_path: Path, chance: np.random.Generator) -> None:
    history = of_sender([laid(tmp_path, f"h{n}", {"person": persons(chance, ROWS)}, refused=20) for n in range(10)], "person")
    assert ("drift.refused_share", None) in broken(told(tmp_path, "far", {"person": persons(chance, ROWS)}, refused=80), history)
    assert broken(told(tmp_path, "near", {"person": persons(chance, ROWS)}, refused=30), history) == set()
    assert broken(told(tmp_path, "none", {"person": persons(chance, ROWS)}), history) == set()


def test_every_rule_has_a_case() -> None:
    assert CASES.keys() | {"drift.refused_share"} == DRIFT.keys()


def test_a_young_history_judges_nothing(tmp_path: Path, chance: np.random.Generator) -> None:
    profiles = [laid(tmp_path, f"h{n}", {"person": persons(chance, ROWS)}) for n in range(LEAST_HISTORY)]
    far = told(tmp_path, "far", {"person": persons(chance, 20)})
    assert broken(far, of_sender(profiles[1:], "person")) == set()
    assert broken(far, of_sender(profiles, "person", days=LEAST_DAYS - 1)) == set()
    assert broken(far, of_sender(profiles, "person", days=LEAST_DAYS)) == {("drift.rows", None)}


def test_small_deliveries_break_nothing(tmp_path: Path, chance: np.random.Generator) -> None:
    history = of_sender([laid(tmp_path, f"h{n}", {"person": persons(chance, int(chance.integers(1, 40)))}) for n in range(12)], "person")
    assert broken(told(tmp_path, "one", {"person": persons(chance, 1, sex="M", snils=None)}), history) == set()
    assert broken(told(tmp_path, "none", {"person": []}), history) == set()


def test_marks_are_counted_by_the_lesson_day(tmp_path: Path, chance: np.random.Generator) -> None:
    """After the holidays a delivery holds few days; a day with a third of the marks is odd."""
    history = of_sender([laid(tmp_path, f"h{n}", {"mark": marks(chance, 1000, days=10)}) for n in range(10)], "mark")
    assert broken(told(tmp_path, "after", {"mark": marks(chance, 110, days=1)}), history) == set()
    assert ("drift.rows", None) in broken(told(tmp_path, "thin", {"mark": marks(chance, 250, days=10)}), history)


def test_no_value_of_a_few_persons_stands_in_a_profile(tmp_path: Path, chance: np.random.Generator) -> None:
    few = told(tmp_path, "few", {"person": persons(chance, 19)}).to_pandas()
    assert set(few["measure"]) == {"received", "refused", "rate"}
    many = told(tmp_path, "many", {"person": [*persons(chance, 100, citizenship="643"), *persons(chance, 2, citizenship="156")]}).to_pandas()
    codes = many[many["column_name"] == "citizenship"].set_index("code")["value"]
    assert set(codes.index.dropna()) == {"643", "*"}
    assert codes["*"] == pytest.approx(2 / 102)
    assert not many["code"].isin(["ДОРЖИЕВ", "БАИР"]).any()
