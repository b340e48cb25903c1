"""ГИС СЦОС v2, the reading side: pages of nested objects, one university a key."""

# ruff: noqa: S608 - the only names put into the queries are constants of this module
from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.mocks import scos_shapes as shapes
from connectors.mocks.journals.bounded import Bounded
from connectors.mocks.journals.wire import answer
from connectors.mocks.journals.world import Organisation, World

Rows = list[dict[str, Any]]
HEADER = "X-CN-UUID"
PAGE_SIZE, LARGEST_PAGE = 100, 500


class Scos:
    """The routes; each entity of each university is read once and kept for the next pages."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._keys = {key: school for school in world.of_product("scos") for key in (uuid_key(school), school.organisation_key)}
        self._pages: Bounded[tuple[int, str, str], Rows] = Bounded(16)

    def routes(self) -> list[Route]:
        return [Route("/v1/connection/check", self.check), Route("/v2/{entity}", self.entity)]

    async def check(self, request: Request) -> Response:
        return _refused() if self._owner(request) is None else answer({"status": "ok"})

    async def entity(self, request: Request) -> Response:
        university, name = self._owner(request), request.path_params["entity"]
        if university is None:
            return _refused()
        if name not in ENTITIES:
            return answer({"detail": "Not found."}, 404)
        try:
            page, size = (int(request.query_params.get(key, default)) for key, default in (("page", 1), ("page_size", PAGE_SIZE)))
        except ValueError:
            return answer({"detail": "Invalid page."}, 400)
        rows = await anyio.to_thread.run_sync(self._rows, university, name)
        return _page(rows, page, min(max(size, 1), LARGEST_PAGE))

    def _rows(self, university: Organisation, name: str) -> Rows:
        key = (self.world.day, university.organisation_key, name)
        rows = self._pages.get(key)
        if rows is None:
            sql, shape = ENTITIES[name]
            rows = [shape(row) for row in self.world.records(sql, university.organisation_key, self.world.day)]
            self._pages.put(key, rows)
        return rows

    def _owner(self, request: Request) -> Organisation | None:
        return self._keys.get(request.headers.get(HEADER, ""))


def uuid_key(university: Organisation) -> str:
    """What the university sends as X-CN-UUID: its password, or a UUID made of its ОГРН when the region gave none."""
    return university.password or str(uuid.uuid5(uuid.NAMESPACE_OID, university.organisation_key))


def _page(rows: Sequence[dict[str, Any]], page: int, size: int) -> Response:
    last = max(1, -(-len(rows) // size))
    if not 1 <= page <= last:
        return answer({"detail": "Invalid page."}, 404)
    return answer({"page": page, "last_page": last, "results": rows[(page - 1) * size:page * size]})


def _refused() -> Response:
    return answer({"detail": "X-CN-UUID is missing or unknown"}, 403)


def _latest(table: str, key: str) -> str:
    """The state of one table of a university on a day: the last version of each key."""
    return (f"(SELECT * FROM seen.{table} WHERE organisation_key = $1 AND day <= $2 "
            f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY day DESC) = 1)")


_STUDENTS = _latest("student", "wire_key")
_PLANS = "(SELECT * FROM seen.study_plan WHERE organisation_key = $1 AND $2 >= 0)"
_DISCIPLINES = "(SELECT * FROM seen.discipline WHERE organisation_key = $1 AND $2 >= 0)"
_PLAN_OF_STUDENT = f"""(SELECT wire_key, external_id, unnest([plan_id, second_plan_id]) AS plan_id FROM {_STUDENTS})"""

ENTITIES: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "students": (
        f"""SELECT student.*,
        list({{'id': plan.plan_id, 'external_id': plan.external_id, 'title': plan.title}} ORDER BY plan.plan_id) FILTER (plan.plan_id IS NOT NULL) AS study_plans
        FROM {_STUDENTS} AS student LEFT JOIN {_PLANS} AS plan ON plan.plan_id IN (student.plan_id, student.second_plan_id)
        GROUP BY ALL ORDER BY student.wire_key""",
        shapes.student,
    ),
    "study_plans": (f"SELECT * FROM {_PLANS} ORDER BY plan_id", shapes.study_plan),
    "disciplines": (f"SELECT * FROM {_DISCIPLINES} ORDER BY discipline_id", shapes.discipline),
    "study_plan_disciplines": (
        f"""SELECT link.*, plan.title AS plan_title, discipline.title AS discipline_title
        FROM seen.plan_discipline AS link JOIN {_PLANS} AS plan USING (plan_id) JOIN {_DISCIPLINES} AS discipline USING (discipline_id)
        WHERE link.organisation_key = $1 ORDER BY plan_id, semester, discipline_id""",
        shapes.plan_discipline,
    ),
    "study_plan_students": (
        f"""SELECT link.*, plan.title AS plan_title
        FROM {_PLAN_OF_STUDENT} AS link JOIN {_PLANS} AS plan USING (plan_id)
        ORDER BY link.wire_key, plan_id""",
        shapes.plan_student,
    ),
    "contingent_flows": (
        f"""SELECT flow.*, student.external_id AS student_external_id FROM {_latest("contingent_flow", "wire_key")} AS flow
        LEFT JOIN {_STUDENTS} AS student ON student.wire_key = flow.student_id ORDER BY flow.wire_key""",
        shapes.flow,
    ),
    "marks": (
        f"""SELECT mark.*, plan.title AS plan_title, discipline.title AS discipline_title, student.external_id AS student_external_id
        FROM {_latest("student_mark", "wire_key")} AS mark LEFT JOIN {_PLANS} AS plan USING (plan_id)
        LEFT JOIN {_DISCIPLINES} AS discipline USING (discipline_id)
        LEFT JOIN {_STUDENTS} AS student ON student.wire_key = mark.student_id ORDER BY mark.wire_key""",
        shapes.mark,
    ),
}
"""Entity in the address -> its rows ($1 = university, $2 = day), and the shape of one of them."""
