"""Changing panels."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from competitions.judges.models import Panel
from foundation.db import transaction
from foundation.permission import Actor


def freeze_panel(panel_id: UUID, *, actor: Actor, at: datetime) -> None:  # noqa: ARG001
    """The first mark was given: the panel's judges no longer change. Repeating it does nothing."""
    with transaction() as writing:
        row = writing.get_one(Panel, panel_id, with_for_update=True)
        if row.frozen_at is None:
            row.frozen_at = at
