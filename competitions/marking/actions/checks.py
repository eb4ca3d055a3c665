"""Keeping what a tablet's self-test found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.sign_in.models import Device
from competitions.marking.models.tablets import TabletCheck
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

CHECKS = ("secure", "worker", "keys", "database", "persisted", "space", "clock", "camera", "browser")


def note_check(
    failed: Sequence[str], warned: Sequence[str], *, clock_offset: int, browser: str, actor: Actor, at: datetime
) -> None:
    """Keep the latest self-test of the tablet that sends it. Raises Missing without a tablet, Refusal check_unknown."""
    if not {*failed, *warned} <= set(CHECKS):
        raise Refusal("check_unknown")
    with transaction() as writing:
        device = writing.get(Device, actor.device) if actor.device else None
        if device is None:
            raise Missing
        row = writing.get(TabletCheck, device.id) or TabletCheck(device_id=device.id, event_id=device.scope_id)
        row.checked_at, row.failed, row.warned = at, sorted(set(failed)), sorted(set(warned))
        row.clock_offset, row.browser = clock_offset, browser[:120]
        writing.add(row)
