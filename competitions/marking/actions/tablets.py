"""Tablets: the one-time code on a screen, registering a key, what a tablet says of itself, the lost one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.sign_in import actions as sign_in
from accounts.sign_in import queries as accounts
from accounts.sign_in.device_keys import canonical_key
from competitions.judges import queries as judges
from competitions.judges.actions import token_ends
from competitions.judges.permissions import SEATED
from competitions.marking.queries import marks as queries
from competitions.programme.queries import audit_chain
from competitions.rules.lifecycle import DutyState
from foundation.audit.chain import record
from foundation.db import transaction
from foundation.permission import Actor, Via
from foundation.refusal import Missing, Refusal

CODE_HOLDS = timedelta(minutes=10)
LATEST_CLOCK = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Pairing:
    """A one-time code as it is shown, once, and until when it holds."""

    duty_id: UUID
    code: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """A registered tablet. The token is answered once; `last_sequence` is the highest number the server knows of it."""

    device_id: UUID
    token: str
    event_id: UUID
    person_id: UUID
    signs: bool
    last_sequence: int
    ends_at: datetime


def offer_pairing(duty_id: UUID, *, actor: Actor, at: datetime) -> Pairing:
    """Make the one-time code that pairs one tablet for a judge: ten minutes, single use; an earlier one ends.

    Raises Missing, Refusal duty_not_active.
    """
    duty = judges.duty(duty_id)
    if duty.state != DutyState.ACCEPTED or duty.role not in SEATED:
        raise Refusal("duty_not_active")
    ends = at + CODE_HOLDS
    code = sign_in.issue_code("pairing", duty.person_id, duty_id, actor=actor, at=at, ends_at=ends)
    return Pairing(duty_id, code, ends)


def pair_with_code(code: str, public_key: object, *, label: str, at: datetime) -> Paired:
    """Register the tablet that scanned a one-time code, with the public key it made. The code is used up with it.

    Raises Refusal device_key_wrong, code_wrong (unknown, over, used), duty_not_active, Conflict device_revoked.
    """
    key = canonical_key(public_key)
    row = sign_in.code_in_force("pairing", code, at=at)
    duty = judges.duty(row.subject_id)
    if duty.state != DutyState.ACCEPTED or duty.person_id != row.person_id:
        raise Refusal("duty_not_active", field="code")
    with transaction():
        if not sign_in.use_code(row.id, at=at):
            raise Refusal("code_wrong", field="code")
        actor = Actor(duty.person_id, Via.DEVICE)
        return _register(duty.person_id, duty.event_id, key, label, actor=actor, at=at, paired_by=row.created_by)


def register_tablet(event_id: UUID, public_key: object | None, *, label: str, actor: Actor, at: datetime) -> Paired:
    """Register the tablet on which a judge signed in with card and PIN, in an event where they sit.

    Without a key (a browser that has none) its marks carry no signature. Raises Missing, Refusal device_key_wrong, Conflict
    device_revoked.
    """
    person = actor.person
    if person is None or event_id not in {seat.panel.event_id for seat in queries.seats_of_person(person)}:
        raise Missing
    key = "" if public_key is None else canonical_key(public_key)
    return _register(person, event_id, key, label, actor=actor, at=at, paired_by=None)


def _register(
    person: UUID, event_id: UUID, key: str, label: str, *, actor: Actor, at: datetime, paired_by: UUID | None
) -> Paired:
    ends = token_ends(event_id, at)
    with transaction():
        token, device_id = sign_in.pair_device(
            person, event_id, label=label, ends_at=ends, actor=actor, at=at, public_key=key, paired_by=paired_by,
        )  # fmt: skip
        known = max(queries.last_sequence(device_id), getattr(accounts.device(device_id), "last_sequence", 0))
        return Paired(device_id, token, event_id, person, bool(key), known, ends)


def report_tablet(
    device_id: UUID, *, last_sequence: int, waiting: int, client_at: datetime | None, at: datetime
) -> None:
    """Keep what a tablet says of itself; gaps in its numbers are judged by it. Nothing happens for an unknown tablet."""
    offset = 0 if client_at is None else round((client_at - at) / timedelta(milliseconds=1))
    sign_in.note_device(
        device_id, last_sequence=last_sequence, waiting=waiting,
        clock_offset=max(-LATEST_CLOCK, min(LATEST_CLOCK, offset)), at=at,
    )  # fmt: skip


def revoke_tablet(event_id: UUID, device_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """A tablet is lost: its token opens nothing from now on, and marks of it that arrive later are held.

    Repeating it does nothing. Raises Missing, Refusal reason_missing.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    device = accounts.device(device_id)
    if device is None or device.scope_id != event_id:
        raise Missing
    with transaction():
        if device.revoked_at is None:
            sign_in.revoke_device(device_id, actor=actor, at=at, reason=reason.strip())
            chain = audit_chain(queries.competition_of(event_id))
            record(actor, "tablet:lost", "device", device_id, at=at, chain=chain)
