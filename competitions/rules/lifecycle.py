"""What may follow what. One table a noun: it decides, offers the buttons, draws the diagrams and generates the tests."""

from __future__ import annotations

from enum import StrEnum

from catalogue.rules.lifecycle import Lifecycle


class CompetitionState(StrEnum):
    """Where a competition stands, from the first draft to the archive."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    REGISTRATION_OPEN = "registration_open"
    REGISTRATION_CLOSED = "registration_closed"
    IN_PROGRESS = "in_progress"
    CONCLUDED = "concluded"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


_C = CompetitionState
_RUNNING = (_C.DRAFT, _C.ANNOUNCED, _C.REGISTRATION_OPEN, _C.REGISTRATION_CLOSED, _C.IN_PROGRESS)

COMPETITION = Lifecycle(
    noun="competition",
    start=_C.DRAFT,
    moves={
        (_C.DRAFT, "announce"): _C.ANNOUNCED,
        (_C.ANNOUNCED, "open_registration"): _C.REGISTRATION_OPEN,
        (_C.REGISTRATION_OPEN, "close_registration"): _C.REGISTRATION_CLOSED,
        (_C.REGISTRATION_CLOSED, "reopen_registration"): _C.REGISTRATION_OPEN,
        (_C.REGISTRATION_CLOSED, "start"): _C.IN_PROGRESS,
        (_C.IN_PROGRESS, "conclude"): _C.CONCLUDED,
        (_C.CONCLUDED, "archive"): _C.ARCHIVED,
        **{(state, "cancel"): _C.CANCELLED for state in _RUNNING},
    },
)


class SheetState(StrEnum):
    """Where a sheet of marks (评分表) stands."""

    OPEN = "open"
    COMPLETE = "complete"
    SIGNED = "signed"
    CONFIRMED = "confirmed"
    RECHECKED = "rechecked"


_S = SheetState

SHEET = Lifecycle(
    noun="sheet",
    start=_S.OPEN,
    moves={
        (_S.OPEN, "complete"): _S.COMPLETE,
        (_S.COMPLETE, "reopen"): _S.OPEN,
        (_S.COMPLETE, "sign"): _S.SIGNED,
        (_S.SIGNED, "return"): _S.COMPLETE,
        (_S.SIGNED, "confirm"): _S.CONFIRMED,
        (_S.SIGNED, "correct"): _S.COMPLETE,
        (_S.CONFIRMED, "correct"): _S.COMPLETE,
        (_S.CONFIRMED, "recheck"): _S.RECHECKED,
        (_S.RECHECKED, "correct"): _S.COMPLETE,
    },
)

SHEET_FINAL = (_S.CONFIRMED, _S.RECHECKED)
"""A sheet in one of these counts in a standing."""
SHEET_LOCKED = (_S.SIGNED, *SHEET_FINAL)
"""In one of these a value changes by a correction alone."""

CORRECTION = Lifecycle(
    noun="correction",
    start="asked",
    moves={("asked", "agree"): "agreed", ("asked", "refuse"): "refused"},
)

VOID = Lifecycle(
    noun="void",
    start="asked",
    moves={("asked", "agree"): "agreed", ("asked", "refuse"): "refused"},
)

SCORE_IMPORT = Lifecycle(
    noun="score_import",
    start="entered",
    moves={("entered", "confirm"): "confirmed", ("entered", "withdraw"): "withdrawn"},
)

OBJECTION = Lifecycle(
    noun="objection",
    start="open",
    moves={("open", "uphold"): "upheld", ("open", "dismiss"): "dismissed"},
)

SCHEME = Lifecycle(
    noun="scheme",
    start="in_force",
    moves={("in_force", "freeze"): "frozen", ("in_force", "supersede"): "superseded"},
)


class EntryState(StrEnum):
    """Where an entry stands, from a draft on a phone to the list of those who take part."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WAITING = "waiting"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"


_E = EntryState

ENTRY = Lifecycle(
    noun="entry",
    start=_E.DRAFT,
    moves={
        (_E.DRAFT, "submit"): _E.SUBMITTED,
        (_E.RETURNED, "submit"): _E.SUBMITTED,
        (_E.SUBMITTED, "accept"): _E.ACCEPTED,
        (_E.SUBMITTED, "return"): _E.RETURNED,
        (_E.SUBMITTED, "refuse"): _E.REFUSED,
        (_E.ACCEPTED, "return"): _E.RETURNED,
        (_E.ACCEPTED, "change"): _E.SUBMITTED,
        (_E.REFUSED, "return"): _E.RETURNED,
        (_E.DRAFT, "wait"): _E.WAITING,
        (_E.WAITING, "offer"): _E.OFFERED,
        (_E.OFFERED, "take"): _E.SUBMITTED,
        (_E.OFFERED, "lapse"): _E.WAITING,
        **{
            (state, "withdraw"): _E.WITHDRAWN
            for state in (_E.DRAFT, _E.SUBMITTED, _E.RETURNED, _E.ACCEPTED, _E.WAITING, _E.OFFERED)
        },
    },
)


class DutyState(StrEnum):
    """Where a judge's duty in an event stands."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RELIEVED = "relieved"


_D = DutyState

DUTY = Lifecycle(
    noun="duty",
    start=_D.INVITED,
    moves={
        (_D.INVITED, "accept"): _D.ACCEPTED,
        (_D.INVITED, "decline"): _D.DECLINED,
        (_D.INVITED, "relieve"): _D.RELIEVED,
        (_D.ACCEPTED, "relieve"): _D.RELIEVED,
        (_D.DECLINED, "invite_again"): _D.INVITED,
        (_D.RELIEVED, "invite_again"): _D.INVITED,
    },
)

NOMINATION = Lifecycle(
    noun="nomination",
    start="nominated",
    moves={
        ("nominated", "confirm"): "confirmed",
        ("nominated", "decline"): "declined",
        ("nominated", "withdraw"): "withdrawn",
        ("waiting", "move_up"): "nominated",
        ("waiting", "withdraw"): "withdrawn",
    },
)

LIFECYCLES = (COMPETITION, SHEET, CORRECTION, VOID, SCORE_IMPORT, OBJECTION, SCHEME, ENTRY, DUTY, NOMINATION)
