"""The explanation of one pupil inside the Airflow UI, for those who may see it; each look is recorded, an officer names the ground first.

Every Airflow process loads this file, so the pipeline is imported where the page needs it.
"""

from __future__ import annotations

from typing import Annotated

from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI, Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from plugins.access import Person, only, page
from schemas.errors import KontingentError

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Reader = Annotated[Person, Depends(only("officer", "steward", "auditor"))]


@app.get("/")
def start(person: Reader) -> HTMLResponse:
    """Where an id is asked for; nothing of a person."""
    return _asking(person, None)


@app.get("/find")
def find(pupil_id: Annotated[int, Query(ge=1, le=2**63 - 1)], person: Reader) -> RedirectResponse:
    """From the form to the page."""
    return RedirectResponse(f"/pupil/{pupil_id}", 303)


@app.get("/{pupil_id}")
def pupil(pupil_id: Id, person: Reader) -> HTMLResponse:
    """One pupil; an officer is asked for the ground before anything is read."""
    return _asking(person, pupil_id) if person.role == "officer" else _explained(pupil_id, person, None)


@app.post("/{pupil_id}")
def pupil_on_ground(pupil_id: Id, person: Reader, ground: Annotated[str, Form(max_length=500)] = "") -> HTMLResponse:
    """One pupil, on the ground named: it comes in the body, not in an address that logs keep."""
    return _explained(pupil_id, person, ground)


def _asking(person: Person, pupil_id: int | None) -> HTMLResponse:
    answer = page("pupil_ask.html", person=person, pupil_id=pupil_id)
    answer.headers["Content-Security-Policy"] = answer.headers["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")
    return answer


def _explained(pupil_id: int, person: Person, ground: str | None) -> HTMLResponse:
    from pipeline.explain import explain
    from warehouse.explanation import Look
    return page("pupil.html", person=person, view=explain(pupil_id, Look(role=person.role, person=person.name, ground=ground)))


@app.exception_handler(KontingentError)
def refused(_: object, error: KontingentError) -> HTMLResponse:
    """One clear line; ours never carry a value of a person."""
    return page("pupil_error.html", {"pupil.unknown": 404, "look.ground": 422}.get(error.code, 503), code=error.code, message=error.message)


class Pupil(AirflowPlugin):
    """Menu entry «Ребёнок» and the routes behind it."""

    name = "kontingent_pupil"
    fastapi_apps = [{"app": app, "url_prefix": "/pupil", "name": "pupil"}]  # noqa: RUF012
    external_views = [{"name": "Ребёнок", "href": "/pupil/", "destination": "nav", "url_route": "pupil"}]  # noqa: RUF012
