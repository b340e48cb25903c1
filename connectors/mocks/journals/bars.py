"""БАРС «Электронная школа»: services and methods, a cookie, and strings with dirt in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.mocks.journals.bars_shapes import Dirt, person, summary, totals
from connectors.mocks.journals.sessions import Sessions
from connectors.mocks.journals.wire import EXPIRE, answer, iso_date, parameters, russian
from connectors.mocks.journals.world import Organisation, Pupil, World, class_name, full_name

COOKIE = "sessionid"
Handler = Callable[[Request, Organisation], Awaitable[Response]]


class Bars:
    """The routes of one installation; the session names the school."""

    def __init__(self, world: World, sessions: Sessions) -> None:
        self.world, self.sessions = world, sessions
        self._logins = {school.login: school for school in world.of_product("bars") if school.login}

    def routes(self) -> list[Route]:
        private = {"SchoolService/getSchoolInfo": self.school, "SchoolService/getClassYearInfo": self.class_year, "ProfileService/GetPersonData": self.person,
                   "MarkService/GetSummaryMarks": self.summary, "MarkService/GetTotalMarks": self.totals}
        return [Route("/AuthService/login", self.login, methods=["POST"]), *(Route(f"/{path}", self._private(handler)) for path, handler in private.items())]

    async def login(self, request: Request) -> Response:
        asked = await parameters(request)
        school = self._logins.get(asked.get("login", ""))
        if school is None or asked.get("password") != school.password:
            return answer({"success": False, "error": "Неверный логин или пароль"}, 403)
        response = answer({"success": True})
        response.set_cookie(COOKIE, self.sessions.open(school), httponly=True)
        return response

    async def school(self, request: Request, school: Organisation) -> Response:
        roll = await self.world.roll(school.organisation_key)
        dirt = Dirt(school)
        classes = {class_name(pupil): {"class_year_id": class_name(pupil), "study_level": dirt(_text(pupil["grade"])), "letter": dirt(pupil["letter"])}
                   for pupil in roll.values()}
        return answer({"name": dirt(school.name), "inn": school.inn, "address": school.settlement, "class_years": list(classes.values())})

    async def class_year(self, request: Request, school: Organisation) -> Response:
        roll = await self.world.roll(school.organisation_key)
        asked = request.query_params.get("class_year_id", "")
        pupils = {local_id: pupil for local_id, pupil in roll.items() if class_name(pupil) == asked}
        if not pupils:
            return answer({"error": "Класс не найден"}, 404)
        dirt, first = Dirt(school), next(iter(pupils.values()))
        return answer({"study_level": dirt(_text(first["grade"])), "letter": dirt(first["letter"]), "form_master": None,
                       "pupils": [_member(local_id, pupil, dirt) for local_id, pupil in pupils.items()]})

    async def person(self, request: Request, school: Organisation) -> Response:
        found = await self._pupil(request, school)
        return _unknown() if found is None else answer(person(*found, Dirt(school)))

    async def summary(self, request: Request, school: Organisation) -> Response:
        found = await self._pupil(request, school)
        first, last = iso_date(request.query_params.get("date_from")), iso_date(request.query_params.get("date_to"))
        if first is None or last is None or last < first:
            return answer({"error": "Неверный период"}, 400)
        if found is None:
            return _unknown()
        book = await self.world.book(school.organisation_key, first, last)
        return answer({"summary_marks_data": summary(book.entries(found[0], first, last), Dirt(school))})

    async def totals(self, request: Request, school: Organisation) -> Response:
        found = await self._pupil(request, school)
        if found is None:
            return _unknown()
        report = await self.world.report(school.organisation_key)
        return answer(totals(report.get(found[0], []), Dirt(school)))

    async def _pupil(self, request: Request, school: Organisation) -> tuple[str, Pupil] | None:
        local_id = request.query_params.get("pupil_id", "")
        pupil = (await self.world.roll(school.organisation_key)).get(local_id)
        return None if pupil is None else (local_id, pupil)

    def _private(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            school = self.sessions.owner(request.cookies.get(COOKIE), expire=bool(request.scope.get(EXPIRE)))
            return answer({"error": "Требуется вход"}, 401) if school is None else await handler(request, school)
        return guarded


def _member(local_id: str, pupil: Pupil, dirt: Dirt) -> dict[str, Any]:
    return {"id": local_id, "fullname": dirt(full_name(pupil)), "study_form": pupil["study_form"], "shift": pupil["shift"],
            "entry_date": russian(pupil["entry_date"]), "exit_date": russian(pupil["exit_date"]), "exit_reason": pupil["exit_reason"]}


def _unknown() -> Response:
    return answer({"error": "Ученик не найден"}, 404)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
