"""The reports portal inside the Airflow UI, for those who are logged in."""

from __future__ import annotations

from airflow.api_fastapi.core_api.security import get_user
from airflow.plugins_manager import AirflowPlugin
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse, RedirectResponse, Response

from pipeline.settings import settings

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, dependencies=[Depends(get_user)])
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "private, no-cache",
           "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; "
                                      "img-src 'self' data:; connect-src 'self'; frame-ancestors 'self'"}


@app.get("/")
def start() -> RedirectResponse:
    return RedirectResponse("index.html")


@app.get("/{name:path}")
def page(name: str) -> Response:
    """One file of the current portal; it holds no names, so every role that logs in may read it.

    A source that never sent anything has no page: the button of its task leads to the overview.
    """
    root = (settings().portal / "current").resolve()
    file = (root / name).resolve()
    if file.parent == root / "checks" and file.name.startswith("source-") and not file.exists() and (root / "checks" / "index.html").is_file():
        return RedirectResponse("/portal/checks/index.html")
    if not file.is_relative_to(root) or not file.is_file():
        raise HTTPException(404)
    return FileResponse(file, headers=HEADERS)


class Portal(AirflowPlugin):
    """Menu entry «Отчёты» and the route behind it."""

    name = "kontingent_portal"
    fastapi_apps = [{"app": app, "url_prefix": "/portal", "name": "portal"}]  # noqa: RUF012
    external_views = [{"name": "Отчёты", "href": "/portal/index.html", "destination": "nav", "url_route": "portal"}]  # noqa: RUF012
