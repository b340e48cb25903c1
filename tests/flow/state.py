"""What the warehouse holds, without the numbers and times that differ from run to run."""

from __future__ import annotations

from sqlalchemy import text

from schemas.tables import FACTS, STAGING
from schemas.warehouse import OPEN, TARGETS
from tests.conftest import Warehouse
from warehouse import day

_OURS = {"delivery_id", "record_id", "version_from", "version_to", "position"}
State = dict[str, list[tuple[object, ...]]]


def state(warehouse: Warehouse) -> State:
    """Open rows of every target table by the senders' keys, sorted; facts carry the key of their person."""
    found: State = {}
    with warehouse.engine("owner").connect() as connection:
        for name in STAGING:
            target = TARGETS[name]
            columns = ", ".join(f't."{column}"' for column in target.columns if column not in _OURS)
            person = ", r.source_key" if name in {fact for fact in FACTS} else ""
            join = "JOIN identity.source_record r USING (record_id)" if person else ""
            rows = connection.execute(text(f"SELECT {columns}{person} FROM {target.full_name} t {join} WHERE t.version_to = {OPEN}"))
            found[name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def keys(warehouse: Warehouse, entity: str = "person") -> list[str]:
    """Source keys of the open rows."""
    return [str(row[0]) for row in warehouse.rows(f"SELECT source_key FROM {TARGETS[entity].full_name} WHERE version_to = {OPEN} ORDER BY 1")]


def deliveries(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """(origin, state, held_code) in order of receipt."""
    return warehouse.rows("SELECT origin, state, held_code FROM quality.delivery ORDER BY received_at")


def refusals(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """(position, source_key, rule), sorted."""
    return warehouse.rows("SELECT position, source_key, rule FROM quality.refused_record WHERE entity = 'person' ORDER BY 1")


def adds_up() -> None:
    """Nothing lost: the ledger's difference is 0 and nothing waits."""
    total = day.status()
    assert total["conservation_difference"] == 0
    assert total["total"]["waiting"] == 0
