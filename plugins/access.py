"""What pages about persons share: who is logged in and as whom, the headers that keep a page from being stored or framed, templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from airflow.api_fastapi.core_api.security import get_user
from fastapi import Depends, HTTPException
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.access import role_of

HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex",
           "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
                                      "frame-ancestors 'self'"}
"""No script, no form, no copy kept: a page about a person is looked at, each time anew."""
_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
                     trim_blocks=True, lstrip_blocks=True)


class Person:
    """Who asks, and what they are in the warehouse."""

    def __init__(self, name: str, role: str) -> None:
        self.name, self.role = name, role


def only(*roles: str) -> Callable[..., Person]:
    """A dependency: the logged-in person with one of these warehouse roles; anonymous 401, others 403."""
    def person(user: Annotated[Any, Depends(get_user)]) -> Person:
        name = str(user.get_name())
        given = role_of(name, getattr(user, "role", None))
        if given not in roles:
            raise HTTPException(403, "нет права видеть эти сведения", headers=HEADERS)
        return Person(name, given)

    return person


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of `plugins/templates`, every value escaped."""
    return HTMLResponse(_PAGES.get_template(template).render(**values), status_code=status, headers=HEADERS)
