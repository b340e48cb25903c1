from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from connectors.mocks.region import names, snils
from tests.mocks.region_made import ask, district


def is_valid(number: str) -> bool:
    """The rule written again, digit by digit."""
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(number[:9]))
    control = total if total < 100 else 0 if total in (100, 101) else total % 101 % 100
    return len(number) == 11 and control == int(number[9:])


def test_control_numbers_of_known_vectors() -> None:
    bodies = np.array([112_233_445, 100_009_999, 100_018_999, 100_019_899, 123_456_789, 87_654_302, 87_654_303])
    assert snils.control(bodies).tolist() == [95, 99, 0, 0, 64, 0, 0]


@given(st.lists(st.integers(0, 99_999_999), min_size=1, max_size=50, unique=True))
def test_every_serial_has_its_own_valid_number_of_the_invented_range(serials: list[int]) -> None:
    numbers = snils.numbers(np.array(serials))
    assert len(set(numbers)) == len(serials)
    assert all(is_valid(number) and number.startswith("9") for number in numbers)


@given(st.lists(st.integers(0, 99_999_999), min_size=1, max_size=50))
def test_mistyped_numbers_break_the_control_number_or_stay_valid_and_differ(serials: list[int]) -> None:
    numbers = snils.numbers(np.array(serials))
    assert not any(is_valid(number) for number in snils.mistyped(numbers))
    other = snils.mistyped_valid(numbers)
    assert all(is_valid(number) for number in other)
    assert np.mean(other != numbers) > 0.5 or len(serials) < 10


def test_all_accounts_have_valid_numbers_of_the_invented_range() -> None:
    accounts = ask(district(), "SELECT wire_key, snils FROM seen.pfr_account")
    assert all(is_valid(number) and number.startswith("9") for number in accounts.snils)
    assert (accounts.wire_key == accounts.snils).all()


def test_patronymics_follow_the_father_and_the_sex() -> None:
    made = names.patronymics(np.array(["Баир", "Доржи", "Бадма", "Иван", "Илья", "Бато"], dtype=object), np.array(list("MFMFMF"), dtype=object))
    assert made.tolist() == ["Баирович", "Доржиевна", "Бадмаевич", "Ивановна", "Ильич", "Батоевна"]


def test_surnames_take_the_form_of_the_bearer() -> None:
    made = names.by_sex(np.array(["Доржиев", "Гурский", "Кравченко", "Кузьмин"], dtype=object), np.array(list("FFFF"), dtype=object))
    assert made.tolist() == ["Доржиева", "Гурская", "Кравченко", "Кузьмина"]
