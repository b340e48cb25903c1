"""Every kind of information the exchange carries: who answers, under which roots, and the queue its messages wait in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from connectors.mocks.smev import mvd, namespaces, pfr, zags_answers
from connectors.mocks.smev.contents import Department, Rejected
from connectors.mocks.smev.zags_kinds import KINDS


def _never(question: etree._Element) -> Rejected | None:
    return None


@dataclass(frozen=True)
class QuestionKind:
    """A question and its answer; both roots choose the same queue, which is named by the namespace."""

    namespace: str
    request: str
    response: str
    sender: tuple[str, str]
    department: Department
    refusal: Callable[[etree._Element], Rejected | None] = _never
    """What the department refuses by its own rule, before the schema is asked."""


_QUESTIONS = (
    QuestionKind(namespaces.ROGDINF, "ROGDINFRequest", "ROGDINFResponse", namespaces.ZAGS, zags_answers.births),
    QuestionKind(namespaces.LIVING, "livingPlaceRegistrationRequest", "livingPlaceRegistrationResponse", namespaces.MVD, mvd.living),
    QuestionKind(namespaces.STAYING, "stayingPlaceRegistrationRequest", "stayingPlaceRegistrationResponse", namespaces.MVD, mvd.staying),
    QuestionKind(namespaces.SNILS_BY_DATA, "SnilsByAdditionalDataRequest", "SnilsByAdditionalDataResponse", namespaces.PFR,
                 pfr.by_additional_data, pfr.refusal),
    QuestionKind(namespaces.SNILS_VALIDATION, "SnilsValidationRequest", "SnilsValidationResponse", namespaces.PFR, pfr.validation, pfr.refusal),
)
QUESTIONS = {(kind.namespace, kind.request): kind for kind in _QUESTIONS}
RECEIPTS = {(kind.namespace, kind.receipt): name for name, kind in KINDS.items()}
SELECTORS = ({(kind.namespace, root) for kind in _QUESTIONS for root in (kind.request, kind.response)}
             | {(kind.namespace, "Request") for kind in KINDS.values()})
PUSH_QUEUES = {kind.namespace for kind in KINDS.values()}
