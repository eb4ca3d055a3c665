"""What may follow what in a certificate's life: 赋码, 数据上传, 发证; 撤销 (wrong from the start) and 注销 (from a day on)."""

from __future__ import annotations

from enum import StrEnum

from foundation.refusal import Conflict


class CertificateState(StrEnum):
    """Where a certificate stands."""

    APPROVED = "approved"
    NUMBERED = "numbered"
    REPORTED = "reported"
    ISSUED = "issued"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


_S = CertificateState
START = _S.APPROVED
MOVES: dict[tuple[str, str], str] = {
    (_S.APPROVED, "number"): _S.NUMBERED,
    (_S.NUMBERED, "report"): _S.REPORTED,
    (_S.REPORTED, "issue"): _S.ISSUED,
    (_S.APPROVED, "revoke"): _S.REVOKED,
    (_S.NUMBERED, "revoke"): _S.REVOKED,
    (_S.REPORTED, "revoke"): _S.REVOKED,
    (_S.ISSUED, "revoke"): _S.REVOKED,
    (_S.ISSUED, "withdraw"): _S.WITHDRAWN,
}
COURSE = (_S.APPROVED, _S.NUMBERED, _S.REPORTED, _S.ISSUED)


def advance(state: str, move: str) -> str:
    """The state after `move`. Raises Conflict move_not_allowed with both named."""
    following = MOVES.get((state, move))
    if following is None:
        raise Conflict("move_not_allowed", state=f"@certificate_state:{state}", move=f"@certificate_move:{move}")
    return following


def moves_from(state: str) -> tuple[str, ...]:
    """What may be done in `state`."""
    return tuple(move for (at, move) in MOVES if at == state)
