"""The pages on checks: what each department sent, what was refused and why, what changed; a function of definitions, version and date."""

from warehouse.portal.validation.site import write

__all__ = ["write"]
