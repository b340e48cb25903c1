"""Errors named by what to do next; DAGs map each to retry or stop in one place."""

from __future__ import annotations


class KontingentError(Exception):
    """Base: `code` is a stable machine name, the message carries counts and keys, never personal values."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[KontingentError], tuple[str, str]]:
        """Errors cross process borders as what they are."""
        return type(self), (self.code, self.message)


class SourceUnavailable(KontingentError):
    """The sender is silent, slow or answers 5xx: try again later."""


class ContractBroken(KontingentError):
    """What came is not what was agreed (XSD, columns, encoding, totals): the delivery is held whole."""


class ConfigurationError(KontingentError):
    """The installation is wrong (URL, rights, port, missing program): a person must mend it."""


class GateFailed(KontingentError):
    """A validation gate said no: what is published stays as it was."""
