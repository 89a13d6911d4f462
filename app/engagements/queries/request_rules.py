"""The rules that hold for requests by the startups of an incubator, and for their times."""

from app.engagements.incubator_rules import Rules as Rules
from app.engagements.incubator_rules import get_rules as get_rules
