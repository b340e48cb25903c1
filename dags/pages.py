"""From a task to the page of the portal that tells the rest."""

from __future__ import annotations

from typing import Any

import attrs
from airflow.sdk import BaseOperatorLink


@attrs.define()
class Page(BaseOperatorLink):
    """The button «Страница проверки» of a task: a page of the portal, behind the same login."""

    page: str

    @property
    def name(self) -> str:
        return "Страница проверки"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        return f"/portal/{self.page}"


def with_page(result: Any, page: str) -> Any:
    """The same task, whose button and note lead to a page of the portal."""
    result.operator.operator_extra_links = (Page(page),)
    result.operator.doc_md = f"[Страница проверки](/portal/{page})"
    return result
