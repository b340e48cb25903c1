"""Small pieces the mock products share: JSON answers, parameters, dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

EXPIRE = "mock.expire"
"""Key of the ASGI scope: the fault injector wants this request's session to have expired."""


def answer(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS), status_code=status, media_type="application/json")


def iso_date(text: str | None) -> date | None:
    """`2025-09-01`, with or without a time after it; None when it is no date."""
    try:
        return datetime.fromisoformat(text or "").date()
    except ValueError:
        return None


def number_or_text(local_id: str) -> int | str:
    """Ids that are numbers go out as numbers; the text form must survive (`007` stays text)."""
    return int(local_id) if local_id.isdecimal() and str(int(local_id)) == local_id else local_id


async def parameters(request: Request) -> Mapping[str, str]:
    """Query, form and JSON body in one mapping of text; the body wins."""
    values = dict(request.query_params)
    if request.method == "POST":
        body = await request.body()
        if request.headers.get("content-type", "").startswith("application/json"):
            parsed = orjson.loads(body) if body else {}
            values |= {name: str(value) for name, value in parsed.items()}
        else:
            values |= {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    return values


def russian(day: date | None) -> str | None:
    """`14.05.2012`."""
    return None if day is None else day.strftime("%d.%m.%Y")
