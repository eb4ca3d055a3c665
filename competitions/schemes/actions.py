"""Changing marking schemes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from competitions.schemes.models import MarkingScheme, SchemeState
from foundation.db import transaction
from foundation.permission import Actor


def freeze_scheme(scheme_id: UUID, *, actor: Actor, at: datetime) -> None:  # noqa: ARG001
    """The first mark was given: the scheme no longer changes. Repeating it does nothing."""
    with transaction() as writing:
        row = writing.get_one(MarkingScheme, scheme_id, with_for_update=True)
        if row.state == SchemeState.IN_FORCE:
            row.state, row.frozen_at = SchemeState.FROZEN, at
