"""A tablet is lost with marks on it: the chief judge declares it, a supervisor approves, and the list says what to mark again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.sign_in.models import Device
from competitions.marking.actions.tablets import revoke_tablet
from competitions.marking.models.gaps import DeclaredGap
from competitions.marking.queries import marks as queries
from competitions.marking.queries import tablets as tablet_queries
from competitions.programme.queries import audit_chain
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal


def declare_gap(device_id: UUID, reason: str, *, actor: Actor, at: datetime) -> UUID:
    """The chief judge declares a tablet lost with what it held: it is revoked, and what arrives of it later goes to review.

    Keeps the missing numbers and the cells that must be marked again. Holds once a supervisor approves. Repeating it while the first
    one waits answers that one. Raises Missing, Refusal reason_missing, no_gap.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        device = writing.get(Device, device_id, with_for_update=True)
        if device is None:
            raise Missing
        row = next(row for row in tablet_queries.tablets_of(device.scope_id) if row.device.id == device_id)
        if row.declared is not None and row.declared.approved_at is None:
            return row.declared.id
        if not row.missing:
            raise Refusal("no_gap")
        revoke_tablet(device.scope_id, device_id, reason, actor=actor, at=at)
        again = tablet_queries.empty_cells(device.scope_id, device.person_id)
        gap = DeclaredGap(
            id=new_id(), event_id=device.scope_id, device_id=device_id, missing=list(row.missing),
            again=[[str(work), str(aspect)] for work, aspect in again], reason=reason.strip(), declared_by=actor.person, declared_at=at,
        )  # fmt: skip
        writing.add(gap)
        writing.flush()
        chain = audit_chain(queries.competition_of(device.scope_id))
        record(
            actor,
            "gap:declared",
            "declared_gap",
            gap.id,
            at=at,
            chain=chain,
            device=device_id,
            numbers=len(gap.missing),
        )
        return gap.id


def approve_gap(gap_id: UUID, *, actor: Actor, at: datetime) -> None:
    """A supervisor approves: the numbers are no gap any longer. Raises Missing, Refusal second_person, Conflict gap_approved."""
    with transaction() as writing:
        gap = writing.get(DeclaredGap, gap_id, with_for_update=True, populate_existing=True)
        if gap is None:
            raise Missing
        if gap.approved_at is not None:
            raise Conflict("gap_approved", at=gap.approved_at)
        if actor.person is None or actor.person == gap.declared_by:
            raise Refusal("second_person")
        gap.approved_by, gap.approved_at = actor.person, at
        chain = audit_chain(queries.competition_of(gap.event_id))
        record(actor, "gap:approved", "declared_gap", gap.id, at=at, chain=chain, device=gap.device_id)
