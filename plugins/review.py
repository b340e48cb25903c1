"""Disputed cases inside the Airflow UI: the work list, and two records side by side for those who decide; each look is recorded.

Every Airflow process loads this file, so the pipeline is imported where a page needs it.
"""

from __future__ import annotations

from typing import Annotated

from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse

from plugins.access import Person, only, page
from schemas.errors import KontingentError
from schemas.review import OPINIONS, ReviewRefused

MOST = 500
"""Cases on one page: nobody reads further."""
app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
Reviewer = Annotated[Person, Depends(only("steward", "auditor"))]


@app.get("/")
def work_list(person: Reviewer) -> HTMLResponse:
    """What is open for this person: numbers and reasons, nothing of a person."""
    from pipeline import review
    from transforms import review_words as words
    entries = review.work_list(person.name if person.role == "steward" else None)
    return page("review_list.html", person=person, entries=entries[:MOST], total=len(entries), opinions=OPINIONS, reason=words.reason)


@app.get("/case/{key}")
def case(key: str, person: Reviewer) -> HTMLResponse:
    """One case: the steward sees both records in full, the auditor which fields agree."""
    from pipeline import review
    return page("review_case.html", person=person, view=review.look(key, person.role, person.name), opinions=OPINIONS)


@app.exception_handler(KontingentError)
def refused(_: object, error: KontingentError) -> HTMLResponse:
    """One clear line; ours never carry a value of a person."""
    return page("review_error.html", 404 if isinstance(error, ReviewRefused) else 503, code=error.code, message=error.message)


class Review(AirflowPlugin):
    """Menu entry «Спорные случаи» and the routes behind it."""

    name = "kontingent_review"
    fastapi_apps = [{"app": app, "url_prefix": "/review", "name": "review"}]  # noqa: RUF012
    external_views = [{"name": "Спорные случаи", "href": "/review/", "destination": "nav", "url_route": "review"}]  # noqa: RUF012
