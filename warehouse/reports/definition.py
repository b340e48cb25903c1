"""What a report is made from: its number, its name, the marts it reads and the function that builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from warehouse.reports.model import Provenance, Report

Build = Callable[..., Report]
"""`build(connection, provenance, with_names=…)`; a report that names nobody leaves `with_names` aside."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One report of the catalogue; the same definition, version and date always give the same bytes."""

    code: str
    """Number in the ministry's list of reports: `R1`."""
    name: str
    """Name of its files, pages and tables: `contingent`."""
    title: str
    """Russian title, for lists of reports."""
    build: Build
    marts: tuple[str, ...]
    """Every view of `marts` it reads: it is built again only when one of them, or the date, has changed."""
    form: str | None = None
    """The map in `schemas/forms` whose version provenance names."""
    sections: tuple[str, ...] = ()
    """Forms or sections it fills, as people call them."""
    names_children: bool = False
    """`build` takes `with_names`: a restricted file lists children by name."""

    def make(self, connection: Connection, provenance: Provenance, *, with_names: bool = False) -> Report:
        """The report over the snapshot that `connection` looks at."""
        return self.build(connection, provenance, with_names=with_names) if self.names_children else self.build(connection, provenance)
