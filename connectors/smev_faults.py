"""What each SOAP fault of СМЭВ 3 asks the caller to do."""

from __future__ import annotations

from enum import Enum

from lxml import etree

from connectors.smev_envelope import SOAP


class Action(Enum):
    """What to do next."""

    RETRY = "retry"
    DONE = "done"
    NEW_ID = "new_id"
    STOP = "stop"


_ACTIONS = {
    "SMEVFailure": Action.RETRY, "DestinationOverflow": Action.RETRY,
    "MessageIsAlreadySent": Action.DONE, "TargetMessageIsNotFound": Action.DONE,
    "StaleMessageId": Action.NEW_ID, "EndOfLifeReached": Action.NEW_ID,
}


def action(fault: str) -> Action:
    """By the name of the fault's element; what is not named here needs a person."""
    return _ACTIONS.get(fault, Action.STOP)


def fault_name(body: bytes) -> str | None:
    """Local name of the fault's detail element; `Fault` when there is no detail; None when the body is no SOAP fault."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    except etree.XMLSyntaxError:
        return None
    fault = root.find(f".//{{{SOAP}}}Fault")
    if fault is None:
        return None
    detail = fault.find("detail")
    return etree.QName(detail[0]).localname if detail is not None and len(detail) else "Fault"
