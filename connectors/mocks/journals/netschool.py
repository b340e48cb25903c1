"""NetSchool `/webapi`: login by salted md5, one session a school, diaries pupil by pupil."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.mocks.journals.bounded import Bounded
from connectors.mocks.journals.diary import TYPES, week_days
from connectors.mocks.journals.sessions import Sessions
from connectors.mocks.journals.terms import period_title, school_year
from connectors.mocks.journals.wire import EXPIRE, answer, iso_date, number_or_text
from connectors.mocks.journals.world import Organisation, World, class_name

VERSION = "5.30.76543.21"
COOKIE = "NSSESSIONID"
Handler = Callable[[Request, Organisation], Awaitable[Response]]


class NetSchool:
    """The routes of one installation that serves every NetSchool school of the region."""

    def __init__(self, world: World, sessions: Sessions) -> None:
        self.world, self.sessions = world, sessions
        self._schools = {school.local_id or school.organisation_key: school for school in world.of_product("netschool")}
        self._salts: Bounded[str, str] = Bounded(1_000)

    def routes(self) -> list[Route]:
        private = {"student/diary/init": self.initial, "years/current": self.year, "grade/assignment/types": self.types,
                   "student/diary": self.diary, "student/finalmarks": self.finals, "schools/{school_id}/card": self.card}
        return [
            Route("/logindata", self.login_data),
            Route("/auth/getdata", self.get_data, methods=["POST"]),
            Route("/login", self.login, methods=["POST"]),
            Route("/auth/logout", self.logout, methods=["POST"]),
            *(Route(f"/{path}", self._private(handler)) for path, handler in private.items()),
        ]

    async def login_data(self, request: Request) -> Response:
        return answer({"version": VERSION, "productName": "Сетевой город. Образование", "emailEnabled": False})

    async def get_data(self, request: Request) -> Response:
        ticket, salt = str(secrets.randbelow(10**9)), str(secrets.randbelow(10**11))
        self._salts.put(ticket, salt)
        return answer({"lt": ticket, "ver": secrets.token_hex(4), "salt": salt})

    async def login(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        salt = self._salts.pop(form.get("lt", ""))
        school = self._schools.get(form.get("scid", ""))
        if salt is None or school is None or form.get("loginType") != "1" or not _knows_password(school, salt, form):
            return answer({"message": "Неправильный пароль или имя пользователя"}, 409)
        token = self.sessions.open(school)
        response = answer({"at": token, "code": None, "timeOut": int(self.sessions.seconds * 1000), "entryPoint": "/app/school/studentdiary"})
        response.set_cookie(COOKIE, token, httponly=True)
        return response

    async def logout(self, request: Request) -> Response:
        self.sessions.close(request.headers.get("at"))
        return answer({})

    async def initial(self, request: Request, school: Organisation) -> Response:
        roll = await self.world.roll(school.organisation_key)
        students = [{"studentId": number_or_text(local_id), "nickName": pupil["given_name"], "className": class_name(pupil)}
                    for local_id, pupil in roll.items()]
        return answer({"students": students, "currentStudentId": students[0]["studentId"] if students else None})

    async def year(self, request: Request, school: Organisation) -> Response:
        year = school_year(self.world.today)
        return answer({"id": year, "name": f"{year}/{year + 1}", "startDate": f"{year}-09-01T00:00:00", "endDate": f"{year + 1}-08-31T00:00:00"})

    async def types(self, request: Request, school: Organisation) -> Response:
        return answer(TYPES)

    async def diary(self, request: Request, school: Organisation) -> Response:
        asked = request.query_params
        first, last = iso_date(asked.get("weekStart")), iso_date(asked.get("weekEnd"))
        if first is None or last is None or last < first:
            return answer({"message": "Неверный период"}, 400)
        local_id = asked.get("studentId", "")
        if local_id not in await self.world.roll(school.organisation_key):
            return answer({"message": "Ученик не найден"}, 404)
        book = await self.world.book(school.organisation_key, first, last)
        days = week_days(book.entries(local_id, first, last), number_or_text(local_id), is_numbered=school.dialect("assignment", 3) != 0)
        return answer({"weekStart": _midnight(first), "weekEnd": _midnight(last), "weekDays": days, "termName": None, "className": None})

    async def finals(self, request: Request, school: Organisation) -> Response:
        local_id = request.query_params.get("studentId", "")
        if local_id not in await self.world.roll(school.organisation_key):
            return answer({"message": "Ученик не найден"}, 404)
        report = await self.world.report(school.organisation_key)
        subjects: dict[str, list[dict[str, str]]] = {}
        for subject, period, value in report.get(local_id, ()):
            subjects.setdefault(subject, []).append({"periodName": period_title(period), "mark": value})
        return answer({"studentId": number_or_text(local_id),
                       "subjects": [{"subjectName": subject, "marks": marks} for subject, marks in subjects.items()]})

    async def card(self, request: Request, school: Organisation) -> Response:
        if request.path_params["school_id"] != (school.local_id or school.organisation_key):
            return answer({"message": "Нет доступа"}, 403)
        return answer({"commonInfo": {"schoolName": school.name, "fullSchoolName": school.name},
                       "contactInfo": {"postAddress": school.settlement}, "managementInfo": {"inn": school.inn, "ogrn": school.organisation_key}})

    def _private(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            token = request.headers.get("at")
            school = self.sessions.owner(token, expire=bool(request.scope.get(EXPIRE))) if token == request.cookies.get(COOKIE) else None
            if school is None:
                return answer({"message": "Сессия завершена"}, 401)
            return await handler(request, school)
        return guarded


def password_digest(password: str, salt: str) -> str:
    """`pw2` of the login form."""
    inner = hashlib.md5(password.encode("windows-1251")).hexdigest()
    return hashlib.md5(f"{salt}{inner}".encode()).hexdigest()


def _knows_password(school: Organisation, salt: str, form: dict[str, Any]) -> bool:
    password = school.password or ""
    digest = password_digest(password, salt)
    return form.get("un") == school.login and form.get("pw2") == digest and form.get("pw") == digest[:len(password)]


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"
