"""A day on which departments make the mistakes departments make: each is known by name, sender and count, for those who must find it."""

from connectors.mocks.bad_day.acts import SEEN, acts_with_mistakes
from connectors.mocks.bad_day.clerks import CAREFUL, Clerks
from connectors.mocks.bad_day.demo import Demo
from connectors.mocks.bad_day.mistakes import MISTAKES, Made

__all__ = ["CAREFUL", "MISTAKES", "SEEN", "Clerks", "Demo", "Made", "acts_with_mistakes"]
