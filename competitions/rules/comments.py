"""Which marks need a written reason, as the notice fixes it: by kind of aspect, and for a mark changed after all were in.

Default: a judgement of 0, and a changed mark. Sources: scoring rules 5.3 (dressage: a reason for every low mark) and 7 (0 needs a
tap and a comment). A decision of the chief judge and a correction always need one; that is asked where they are made.
"""

from __future__ import annotations

from collections.abc import Mapping

from competitions.rules.scoring.method import NO_JUDGE, NOT_ATTEMPTED, number_of


def reason_owed(limits: Mapping[str, str], kind: str, value: str | None, note: str) -> bool:
    """Is a reason for this mark missing? `limits`: kind of aspect → the greatest mark that needs one. NA and NJ speak for themselves."""
    if value in (None, NOT_ATTEMPTED, NO_JUDGE) or note.strip() or kind not in limits:
        return False
    given, limit = number_of(value), number_of(limits[kind])
    return given is not None and limit is not None and given <= limit
