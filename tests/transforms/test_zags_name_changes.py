"""Changes of name: the new name is the name, the old one is the previous, the act of birth joins them."""

from __future__ import annotations

import pandas as pd

from tests.transforms.kept_smev import push
from transforms.zags_name_changes import clean


def test_names_and_the_act_of_birth_go_to_their_columns() -> None:
    cleaned = clean("person", push("zags_name_changes"))
    joined, alone = cleaned.rows.iloc[0], cleaned.rows.iloc[1]
    assert (joined["family_name"], joined["previous_family_name"], joined["patronymic"]) == ("БАДМАЕВ", "КОРОЛЁВ", "ДАМБАЕВИЧ")
    assert (joined["birth_act_number"], joined["birth_act_authority"]) == ("1" + "0" * 19 + "1", "R0300002")
    assert pd.isna(alone["birth_act_number"])
    assert joined["source_key"] != joined["birth_act_number"]


def test_an_act_that_is_not_of_birth_joins_nothing() -> None:
    other = push("zags_name_changes").assign(base_act_kind="06")
    assert clean("person", other).rows["birth_act_number"].isna().all()
