"""The custody of codes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from competitions.codes.models import CodeSeal
from foundation.db import transaction
from foundation.permission import Actor


def release_codes(event_id: UUID, *, actor: Actor, at: datetime) -> None:  # noqa: ARG001
    """Marking is confirmed: unblinding may be asked for. Repeating it does nothing."""
    with transaction() as writing:
        row = writing.get(CodeSeal, event_id, with_for_update=True)
        if row is not None and row.released_at is None:
            row.released_at = at
