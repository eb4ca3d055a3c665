"""What is done with competitions, their events, rules and staff."""

from competitions.programme.actions.competitions import (
    CompetitionFacts,
    correct_competition,
    move_competition,
    set_up_competition,
)
from competitions.programme.actions.events import (
    DivisionFacts,
    EventFacts,
    PartFacts,
    add_event,
    cancel_event,
    correct_event,
)
from competitions.programme.actions.rules import set_rules
from competitions.programme.actions.staff import STAFF_ROLES, appoint, appoint_new, dismiss

__all__ = [
    "STAFF_ROLES",
    "CompetitionFacts",
    "DivisionFacts",
    "EventFacts",
    "PartFacts",
    "add_event",
    "appoint",
    "appoint_new",
    "cancel_event",
    "correct_competition",
    "correct_event",
    "dismiss",
    "move_competition",
    "set_rules",
    "set_up_competition",
]
