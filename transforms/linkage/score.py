"""Fellegi–Sunter scores of pairs, by Splink over the engine's own relations and the pinned weights."""

from __future__ import annotations

from transforms.engine import Engine
from transforms.linkage import weights


def score(engine: Engine, rows: str, pairs: str, into: str, at_least: float | None = None) -> None:
    """Score the pairs of a relation (match_key, join_key_l, join_key_r) between rows of another (unique_id and what `weights.json` compares).

    Makes relation `into`: unique_id_l, unique_id_r, match_weight and `mw_<part>` in bits; only pairs of at least `at_least` bits.
    """
    from splink import DuckDBAPI, Linker  # half a second to import, and only here needed

    api = DuckDBAPI(connection=engine.connection)
    linker = Linker(api.register(rows), weights.splink_settings(), log_level=None, validate_settings=False)
    linker.table_management.register_blocked_pairs_for_predict(api.register(pairs))
    scored = linker.inference.predict(threshold_match_weight=at_least, warning_mode="never")
    engine.rename(scored.physical_name, into)
