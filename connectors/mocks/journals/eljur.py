"""ЭлЖур `apiv3`: every answer is HTTP 200 and its true state is inside the envelope."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.mocks.journals import eljur_shapes as shapes
from connectors.mocks.journals.sessions import Sessions
from connectors.mocks.journals.terms import quarters, school_year
from connectors.mocks.journals.wire import EXPIRE, answer, parameters
from connectors.mocks.journals.world import Organisation, Pupil, World, class_name

Asked = Mapping[str, str]
Method = Callable[[Organisation, Asked], Awaitable[Response]]


class Eljur:
    """The routes of every ЭлЖур school; the vendor in the path names the school."""

    def __init__(self, world: World, sessions: Sessions) -> None:
        self.world, self.sessions = world, sessions
        self._vendors = {vendor(school): school for school in world.of_product("eljur")}
        self._methods: dict[str, Method] = {"getrules": self.rules, "getprofileuserinfo": self.profile, "getperiods": self.periods,
                                            "getmarks": self.marks, "getfinalassessments": self.finals}

    def routes(self) -> list[Route]:
        return [Route("/{vendor}/apiv3/auth", self.auth, methods=["POST"]), Route("/{vendor}/apiv3/{method}", self.call)]

    async def auth(self, request: Request) -> Response:
        asked = await parameters(request)
        school = self._vendors.get(request.path_params["vendor"])
        if school is None or not asked.get("devkey"):
            return failure(400, "Unknown vendor or devkey")
        if (asked.get("login"), asked.get("password")) != (school.login, school.password):
            return failure(403, "Неправильный логин или пароль")
        ends = datetime.now(UTC) + timedelta(seconds=self.sessions.seconds)
        return success({"token": self.sessions.open(school), "expires": ends.strftime("%Y-%m-%d %H:%M:%S")})

    async def call(self, request: Request) -> Response:
        asked, school = request.query_params, self._vendors.get(request.path_params["vendor"])
        method = self._methods.get(request.path_params["method"])
        if method is None or school is None:
            return failure(404, "Unknown method or vendor")
        if not asked.get("devkey") or asked.get("out_format") != "json":
            return failure(400, "devkey and out_format=json are required")
        if self.sessions.owner(asked.get("auth_token"), expire=bool(request.scope.get(EXPIRE))) is not school:
            return failure(401, "Invalid auth token")
        return await method(school, asked)

    async def rules(self, school: Organisation, asked: Asked) -> Response:
        return success(shapes.rules(school, vendor(school), await self.world.roll(school.organisation_key)))

    async def profile(self, school: Organisation, asked: Asked) -> Response:
        pupils = await self._pupils(school, asked)
        if pupils is None:
            return failure(404, "Student not found")
        profiles = {local_id: shapes.profile(school, local_id, pupil) for local_id, pupil in pupils.items()}
        is_single = "class" not in asked and "," not in asked["student"]
        return success(next(iter(profiles.values())) if is_single else {"students": profiles or []})

    async def periods(self, school: Organisation, asked: Asked) -> Response:
        return success({"periods": [shapes.period(quarter, school_year(self.world.today)) for quarter in quarters(school_year(self.world.today))]})

    async def marks(self, school: Organisation, asked: Asked) -> Response:
        days = _days(asked.get("days", ""))
        if days is None:
            return failure(400, "days=YYYYMMDD-YYYYMMDD is required")
        pupils = await self._pupils(school, asked)
        if pupils is None:
            return failure(404, "Student not found")
        book = await self.world.book(school.organisation_key, *days)
        students = {local_id: shapes.journal(local_id, pupil, book.entries(local_id, *days)) for local_id, pupil in pupils.items()}
        return success({"students": shapes.keyed(students, is_list=school.dialect("marks", 2) == 0)})

    async def finals(self, school: Organisation, asked: Asked) -> Response:
        pupils = await self._pupils(school, asked)
        if pupils is None:
            return failure(404, "Student not found")
        report = await self.world.report(school.organisation_key)
        students = {local_id: shapes.finals(local_id, pupil, report.get(local_id, [])) for local_id, pupil in pupils.items()}
        return success({"students": shapes.keyed(students, is_list=school.dialect("finals", 2) == 0)})

    async def _pupils(self, school: Organisation, asked: Asked) -> dict[str, Pupil] | None:
        """The pupils a question names, None if one of them is unknown."""
        roll = await self.world.roll(school.organisation_key)
        if "class" in asked:
            return {local_id: pupil for local_id, pupil in roll.items() if class_name(pupil) == asked["class"]}
        ids = asked.get("student", "").split(",")
        return {local_id: roll[local_id] for local_id in ids} if all(local_id in roll for local_id in ids) else None


def vendor(school: Organisation) -> str:
    """The school's name in the address."""
    return f"school-{school.local_id or school.organisation_key}"


def success(result: Any) -> Response:
    return answer({"response": {"state": 200, "error": None, "result": result}})


def failure(state: int, error: str) -> Response:
    return answer({"response": {"state": state, "error": error, "result": None}})


def _days(text: str) -> tuple[date, date] | None:
    try:
        first, last = (datetime.strptime(part, "%Y%m%d").replace(tzinfo=UTC).date() for part in text.split("-"))
    except ValueError:
        return None
    return (first, last) if first <= last else None
