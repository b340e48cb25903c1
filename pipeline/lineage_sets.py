"""What goes into each step and comes out of it, as OpenLineage datasets named like our tables and landing files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from connectors.sources import BY_NAME
from schemas.warehouse import RELATIONS, TARGETS
from warehouse import lineage
from warehouse.reports.catalogue import DEFINITIONS

Facet = dict[str, Any]
Sets = tuple[list[Facet], list[Facet]]
NAMESPACE = "kontingent"
PRODUCER = "https://kontingent.buryatia.invalid/pipeline"
FILES = 200
"""Files of one step that are named one by one; beyond it, the folder."""
_GOLDEN = {**{name: (("identity.person_record", name),) for name in ("family_name", "given_name", "patronymic", "birth_date", "sex", "snils", "death_date")},
           "citizenship": (("identity.person_record", "citizenship"), ("core.citizenship", "citizenship")),
           "oktmo": (("core.residence", "oktmo"), ("identity.person_record", "oktmo")), "is_rural": (("core.residence", "is_rural"),),
           "is_resident": (("core.residence", "is_outside_region"),)}
"""Golden field → columns it may be taken from, by the rules that `core.pupil_cell` names cell by cell."""


def facet(name: str, version: str, **content: Any) -> Facet:
    return {"_producer": PRODUCER, "_schemaURL": f"https://openlineage.io/spec/facets/{version}/{name}.json", **content}


def of_step(step: str, source: str, deliveries: list[str], written: int, since: datetime | None) -> Sets:
    """(inputs, outputs) of a step; with `since` (it is over) also counts and what the gates said."""
    is_over = since is not None
    files = _files(source, deliveries) if is_over else [_folder(source)] if source else []
    if step == "receive":
        return [dataset(f"sender/{source}")], files
    if step == "gate":
        checked = dataset(f"staging/{source}")
        return [_asserted(checked, source, since)], []
    if step == "load":
        counts = lineage.loaded(deliveries) if is_over and deliveries else {}
        tables = {entity: table(TARGETS[entity].full_name) for entity in BY_NAME[source].entities}
        read = [{name: told for name, told in file.items() if name != "outputFacets"} for file in files]
        return read, [_counted(one, counts.get(entity) if is_over else None) for entity, one in tables.items()]
    if step == "link":
        return [table(name) for name in _LINKED], [table("identity.link"), _golden(written if is_over else None), table("core.pupil_cell")]
    if step == "warehouse gate":
        return [_asserted(table("core.pupil"), "version", since)], []
    if step == "publish":
        return [table("core.pupil")], [table("core.published_version")]
    if step == "report":
        return [table("core.pupil"), *(table(TARGETS[entity].full_name) for entity in TARGETS if entity != "person")], \
            [dataset(f"reports/{one.name}") for one in DEFINITIONS]
    return [], []


def dataset(name: str) -> Facet:
    return {"namespace": NAMESPACE, "name": name, "facets": {}}


def table(name: str) -> Facet:
    """A table with its columns, as declared."""
    relation = RELATIONS[name]
    fields = [{"name": column, "type": relation.field(column).type, "description": relation.field(column).title} for column in relation.columns]
    return dataset(name) | {"facets": {"schema": facet("SchemaDatasetFacet", "1-1-1", fields=fields)}}


_LINKED = ("identity.person_record", "core.residence", "core.citizenship", "core.snils_validation")


def _golden(written: int | None) -> Facet:
    fields = {name: {"inputFields": [{"namespace": NAMESPACE, "name": held, "field": column} for held, column in origins]} for name, origins in _GOLDEN.items()}
    made = table("core.pupil")
    made["facets"]["columnLineage"] = facet("ColumnLineageDatasetFacet", "1-0-1", fields=fields)
    return _counted(made, written)


def _counted(made: Facet, rows: int | None, size: int | None = None) -> Facet:
    if rows is None:
        return made
    more = {} if size is None else {"size": size}
    return made | {"outputFacets": {"outputStatistics": facet("OutputStatisticsOutputDatasetFacet", "1-0-1", rowCount=rows, **more)}}


def _files(source: str, deliveries: list[str]) -> list[Facet]:
    found = lineage.files(deliveries) if deliveries else []
    if len(found) > FILES:
        return [_folder(source)]
    return [dataset(f"landing/{one['source']}/{one['sha256'][:2]}/{one['sha256']}.gz")
            | {"outputFacets": {"outputStatistics": facet("OutputStatisticsOutputDatasetFacet", "1-0-1", rowCount=1, size=int(one["size_bytes"]))}} for one in found]


def _folder(source: str) -> Facet:
    return dataset(f"landing/{source}")


def _asserted(checked: Facet, subject: str, since: datetime | None) -> Facet:
    if since is None:
        return checked
    told = [{"assertion": one["expectation"], "success": bool(one["success"]), **({"column": one["column_name"]} if one["column_name"] else {})}
            for one in lineage.assertions(subject, since)]
    return checked | {"inputFacets": {"dataQualityAssertions": facet("DataQualityAssertionsDatasetFacet", "1-0-1", assertions=told)}}


