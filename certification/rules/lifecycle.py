"""What may follow what for award lists and award cases. Certification keeps its own tables: it knows nothing of competitions' rules."""

from __future__ import annotations

from enum import StrEnum

from catalogue.rules.lifecycle import Lifecycle


class ListState(StrEnum):
    """Where a list of award cases stands."""

    PROPOSED = "proposed"
    CHECKED = "checked"
    ON_NOTICE = "on_notice"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class CaseState(StrEnum):
    """Where one person's case stands. From `approved` on the certificate has its own course."""

    PROPOSED = "proposed"
    NOT_AWARDED = "not_awarded"
    CHECKED = "checked"
    ON_NOTICE = "on_notice"
    APPROVED = "approved"
    HELD = "held"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


_L, _C = ListState, CaseState
OPEN_LIST = (_L.PROPOSED, _L.CHECKED, _L.ON_NOTICE)
OPEN_CASE = (_C.PROPOSED, _C.CHECKED, _C.ON_NOTICE)

AWARD_LIST = Lifecycle(
    noun="award_list",
    start=_L.PROPOSED,
    moves={
        (_L.PROPOSED, "check"): _L.CHECKED,
        (_L.CHECKED, "reassess"): _L.PROPOSED,
        (_L.CHECKED, "post"): _L.ON_NOTICE,
        (_L.ON_NOTICE, "approve"): _L.APPROVED,
        **{(state, "supersede"): _L.SUPERSEDED for state in OPEN_LIST},
    },
)

AWARD_CASE = Lifecycle(
    noun="award_case",
    start=_C.PROPOSED,
    moves={
        (_C.PROPOSED, "check"): _C.CHECKED,
        (_C.PROPOSED, "drop"): _C.NOT_AWARDED,
        (_C.NOT_AWARDED, "take_up"): _C.PROPOSED,
        (_C.CHECKED, "reassess"): _C.PROPOSED,
        (_C.CHECKED, "post"): _C.ON_NOTICE,
        (_C.ON_NOTICE, "approve"): _C.APPROVED,
        **{(state, "hold"): _C.HELD for state in OPEN_CASE},
        (_C.HELD, "release"): _C.PROPOSED,
        (_C.HELD, "resume"): _C.ON_NOTICE,
        **{(state, "refuse"): _C.REFUSED for state in (*OPEN_CASE, _C.HELD)},
        **{(state, "supersede"): _C.SUPERSEDED for state in (*OPEN_CASE, _C.NOT_AWARDED, _C.HELD)},
        (_C.APPROVED, "revoke"): _C.REVOKED,
    },
)


class BatchState(StrEnum):
    """Where a batch of certificates stands. `stopped`: a look at a finished page found a flaw, nothing more was issued."""

    CHECKING = "checking"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


_B = BatchState
CERTIFICATE_BATCH = Lifecycle(
    noun="certificate_batch",
    start=_B.CHECKING,
    moves={
        (_B.CHECKING, "pass"): _B.READY,
        **{(state, "check"): _B.CHECKING for state in (_B.READY, _B.PAUSED, _B.STOPPED, _B.DONE)},
        (_B.READY, "start"): _B.RUNNING,
        (_B.RUNNING, "pause"): _B.PAUSED,
        (_B.RUNNING, "stop"): _B.STOPPED,
        (_B.RUNNING, "finish"): _B.DONE,
        (_B.PAUSED, "resume"): _B.RUNNING,
        (_B.STOPPED, "resume"): _B.RUNNING,
    },
)

COURSES = (AWARD_LIST, AWARD_CASE, CERTIFICATE_BATCH)
