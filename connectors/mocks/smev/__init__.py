"""The mock СМЭВ 3 exchange and the departments behind it: ЗАГС, МВД, СФР."""

from connectors.mocks.smev.application import app
from connectors.mocks.smev.misbehaviour import Misbehaviour

__all__ = ["Misbehaviour", "app"]
