"""What may follow what in a certificate's life: 赋码, 数据上传, 发证, and the four acts afterwards.

撤销 revoke: it was wrong from the start. 注销 withdraw: it holds no longer, from a day on. 更正换发 correct: a new file with the
same number. 补发 reissue: the same file on new paper, with a new print serial. Each act is asked for by one person and decided
by another (`CHANGE`); the certificate moves when the decision agrees.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from catalogue.rules.lifecycle import Lifecycle
from foundation.refusal import Refusal


class CertificateState(StrEnum):
    """Where a certificate stands."""

    APPROVED = "approved"
    NUMBERED = "numbered"
    REPORTED = "reported"
    ISSUED = "issued"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What can be done to a certificate on request."""

    REVOKE = "revoke"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    REISSUE = "reissue"


class ChangeState(StrEnum):
    """Where a request for an act stands."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


_S, _C = CertificateState, ChangeState
START = _S.APPROVED
COURSE = (_S.APPROVED, _S.NUMBERED, _S.REPORTED, _S.ISSUED)
HOLDERS_ACTS = (Act.CORRECT, Act.REISSUE)  # what a holder may ask for

CERTIFICATE = Lifecycle(
    noun="certificate",
    start=START,
    moves={
        (_S.APPROVED, "number"): _S.NUMBERED,
        (_S.NUMBERED, "report"): _S.REPORTED,
        (_S.REPORTED, "issue"): _S.ISSUED,
        (_S.NUMBERED, "award"): _S.ISSUED,  # prizes, honours, participation: nothing is reported to an authority
        **{(state, Act.REVOKE.value): _S.REVOKED for state in COURSE},
        (_S.ISSUED, Act.WITHDRAW.value): _S.WITHDRAWN,
        (_S.ISSUED, Act.CORRECT.value): _S.ISSUED,
        (_S.ISSUED, Act.REISSUE.value): _S.ISSUED,
    },
)

CHANGE = Lifecycle(
    noun="certificate_change",
    start=_C.ASKED,
    moves={
        (_C.ASKED, "agree"): _C.AGREED,
        (_C.ASKED, "refuse"): _C.REFUSED,
        (_C.ASKED, "take_back"): _C.TAKEN_BACK,
    },
)

COURSES = (CERTIFICATE, CHANGE)
advance = CERTIFICATE.advance
moves_from = CERTIFICATE.moves_from


def acts_from(state: str) -> tuple[Act, ...]:
    """The acts that may be asked for in `state`."""
    return tuple(Act(move) for move in moves_from(state) if move in tuple(Act))


def ended_on(act: Act, *, issued_on: date | None, wanted: date | None, today: date) -> date:
    """The day an act ends the certificate, and the grade with it.

    Revoked: it never held, so the day it was issued. Withdrawn: the day asked for, today without one; it lies between the day
    of issue and today. Raises Refusal change_date_wrong.
    """
    if act is Act.REVOKE:
        return issued_on or today
    day = wanted or today
    first = issued_on or today
    if not first <= day <= today:
        raise Refusal("change_date_wrong", field="effective_on", first=first, last=today)
    return day
