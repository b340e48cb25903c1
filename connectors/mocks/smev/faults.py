"""SOAP faults of message-exchange 1.3, each with the details its type asks for."""

from __future__ import annotations

from connectors.mocks.smev.markup import attribute, element, text
from connectors.mocks.smev.namespaces import FAULTS, SOAP

_CALLER = {"SMEVFailure": "Server", "DestinationOverflow": "Server"}


class Fault(Exception):
    """One refusal of the exchange; `details` are (element, value) inside the fault's own element."""

    def __init__(self, name: str, *details: tuple[str, str | int]) -> None:
        super().__init__(name)
        self.name = name
        self.details = details


def invalid(position: int | object, reason: str) -> Fault:
    """InvalidContent: the envelope itself is wrong at this line."""
    return Fault("InvalidContent", (f"ValidationError{attribute('errorPosition', position if isinstance(position, int) else 0)}", reason))


def render(fault: Fault) -> str:
    """The whole SOAP envelope."""
    inner = "".join(f"<f:{tag}>{text(value)}</f:{tag.split()[0]}>" for tag, value in fault.details)
    code = _CALLER.get(fault.name, "Client")
    return (f'<S:Envelope xmlns:S="{SOAP}"><S:Body><S:Fault><faultcode>S:{code}</faultcode>{element("faultstring", fault.name)}'
            f'<detail><f:{fault.name} xmlns:f="{FAULTS}">{inner}</f:{fault.name}></detail></S:Fault></S:Body></S:Envelope>')
