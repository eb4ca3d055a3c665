"""Opening accounts, signing in and out."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from accounts.access.actions import grant_role
from accounts.access.roles import Role
from accounts.people.actions import PersonFacts, note_person
from accounts.people.identity import phone_index
from accounts.sign_in import access_codes, device_keys, passwords, queries
from accounts.sign_in.models import AccessCode, Account, Device, SignInSession
from foundation.audit.chain import record
from foundation.clock import new_id, random_bytes
from foundation.db import transaction
from foundation.permission import MACHINE, PLATFORM, Actor
from foundation.refusal import Conflict, Missing, Refusal

TRIES = 5
LOCK = timedelta(minutes=10)


def open_account(
    person_id: UUID,
    password: str,
    *,
    user_name: str = "",
    phone: str = "",
    must_change: bool = False,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Give a person an account. Raises Refusal login_missing, login_taken, account_exists and those of passwords."""
    stored = passwords.hashed(password)
    if not user_name and not phone:
        raise Refusal("login_missing", field="user_name")
    with transaction() as writing:
        if queries.account_of(person_id) is not None:
            raise Conflict("account_exists")
        row = Account(
            id=new_id(), person_id=person_id, user_name=queries.normal_user_name(user_name) or None,
            phone_index=phone_index(phone) if phone else None, password_hash=stored, password_set_at=at,
            must_change=must_change, failures=0, created_at=at,
        )  # fmt: skip
        try:
            with writing.begin_nested():
                writing.add(row)
        except IntegrityError as taken:
            raise Refusal("login_taken", field="user_name" if user_name else "phone") from taken
        record(actor, "account:opened", "person", person_id, at=at)
        return row.id


def make_first_administrator(name: str, user_name: str, password: str, *, at: datetime) -> UUID:
    """On an installation without accounts: make the administrator. Raises Conflict already_set_up afterwards."""
    with transaction():
        if queries.any_account():
            raise Conflict("already_set_up")
        person_id = note_person(PersonFacts(name_zh=name), actor=MACHINE, at=at)
        open_account(person_id, password, user_name=user_name, actor=MACHINE, at=at)
        for role in (Role.PLATFORM_ADMINISTRATOR, Role.ORGANIZER):
            grant_role(person_id, role, PLATFORM, actor=MACHINE, at=at)
        return person_id


def sign_in(login: str, password: str, *, browser: str, hours: int, at: datetime) -> tuple[str, UUID]:
    """Check who it is and start a session: (token for the cookie, person).

    Unknown names and wrong passwords are answered alike and take the same time. Five failures lock the account for ten minutes.
    Raises Refusal sign_in_wrong, sign_in_locked.
    """
    account = queries.account_by_login(login)
    fits = passwords.fits(password, account.password_hash if account else None)
    if account is None:
        raise Refusal("sign_in_wrong")
    if account.locked_until is not None and account.locked_until > at:
        raise Refusal("sign_in_locked", until=account.locked_until)
    if not fits:
        _note_failure(account.id, at)
        raise Refusal("sign_in_wrong")
    return start_session(account.id, browser=browser, hours=hours, at=at), account.person_id


def start_session(account_id: UUID, *, browser: str, hours: int, at: datetime) -> str:
    """Start a session for an account and return the token for its cookie."""
    with transaction() as writing:
        row = writing.get_one(Account, account_id)
        row.failures, row.locked_until = 0, None
        return _begin(row.person_id, account_id, browser=browser, hours=hours, at=at)


def sign_in_by_card(code: str, pin: str, *, browser: str, hours: int, at: datetime) -> tuple[str, AccessCode]:
    """Start a session for the holder of a judge's card, who may have no account: (token for the cookie, the card's row).

    Whether the card's duty still holds is the caller's question, asked before. Raises Refusal code_wrong, code_locked.
    """
    card = code_in_force("card", code, pin=pin, at=at)
    with transaction() as writing:
        held = writing.get_one(AccessCode, card.id)
        held.failures, held.locked_until = 0, None
        token = _begin(card.person_id, None, browser=browser, hours=hours, at=at)
    return token, card


def _begin(person_id: UUID, account_id: UUID | None, *, browser: str, hours: int, at: datetime) -> str:
    token = base64.urlsafe_b64encode(random_bytes(32)).decode().rstrip("=")
    with transaction() as writing:
        writing.add(
            SignInSession(
                id=new_id(), token_hash=queries.token_hash(token), account_id=account_id, person_id=person_id,
                browser=browser[:120], created_at=at, seen_at=at, ends_at=at + timedelta(hours=hours),
            )
        )  # fmt: skip
        record(Actor(person_id), "session:started", "person", person_id, at=at)
    return token


def _note_failure(account_id: UUID, at: datetime) -> None:
    with transaction() as writing:
        row = writing.get_one(Account, account_id, with_for_update=True)
        row.failures += 1
        if row.failures >= TRIES:
            row.failures, row.locked_until = 0, at + LOCK
        record(MACHINE, "session:refused", "person", row.person_id, at=at)


def note_seen(session_id: UUID, *, at: datetime) -> None:
    """Keep a session awake."""
    with transaction() as writing:
        writing.get_one(SignInSession, session_id).seen_at = at


def sign_out(token: str, *, actor: Actor, at: datetime) -> None:
    """End the session of a token. Repeating it does nothing."""
    with transaction() as writing:
        row = writing.query(SignInSession).filter_by(token_hash=queries.token_hash(token), revoked_at=None).first()
        if row is not None:
            row.revoked_at = at
            record(actor, "session:ended", "person", row.person_id, at=at)


def sign_out_elsewhere(person_id: UUID, *, keep: UUID | None, actor: Actor, at: datetime) -> int:
    """End a person's sessions but `keep`; says how many."""
    with transaction() as writing:
        rows = [row for row in queries.live_sessions(person_id, at) if row.id != keep]
        for row in rows:
            row.revoked_at = at
        if rows:
            writing.flush()
            record(actor, "session:ended", "person", person_id, at=at, count=len(rows))
        return len(rows)


def change_password(person_id: UUID, current: str, new: str, *, keep: UUID | None, actor: Actor, at: datetime) -> None:
    """Set a new password and end every other session. Raises Refusal current_password_wrong and those of passwords."""
    account = queries.account_of(person_id)
    if account is None:
        raise Missing
    if not passwords.fits(current, account.password_hash):
        raise Refusal("current_password_wrong", field="current_password")
    stored = passwords.hashed(new)
    with transaction() as writing:
        row = writing.get_one(Account, account.id)
        row.password_hash, row.password_set_at, row.must_change = stored, at, False
        sign_out_elsewhere(person_id, keep=keep, actor=actor, at=at)
        record(actor, "account:password_changed", "person", person_id, at=at)


def reset_password(person_id: UUID, *, actor: Actor, at: datetime) -> str:
    """A fresh first password for a slip, to be changed at the next sign-in; every session ends and a lock is lifted. Raises Missing."""
    password = passwords.fresh_password()
    stored = passwords.hashed(password)
    with transaction() as writing:
        found = queries.account_of(person_id)
        if found is None:
            raise Missing
        row = writing.get_one(Account, found.id, with_for_update=True)
        row.password_hash, row.password_set_at, row.must_change = stored, at, True
        row.failures, row.locked_until = 0, None
        sign_out_elsewhere(person_id, keep=None, actor=actor, at=at)
        record(actor, "account:password_reset", "person", person_id, at=at)
    return password


def issue_code(
    kind: str,
    person_id: UUID,
    subject_id: UUID,
    *,
    actor: Actor,
    at: datetime,
    ends_at: datetime | None = None,
    pin: str = "",
) -> str:
    """Make a code on paper (`claim`, `invitation`, `card`) and return it; earlier ones of the kind and subject end.

    It is shown once: the database keeps a keyed hash. `pin` is asked for with a card.
    """
    code = access_codes.fresh_code()
    pin_hash = passwords.hashed_pin(pin) if pin else ""
    with transaction() as writing:
        for row in writing.query(AccessCode).filter_by(kind=kind, subject_id=subject_id, withdrawn_at=None):
            row.withdrawn_at = at
        writing.add(
            AccessCode(
                id=new_id(), kind=kind, code_hash=access_codes.code_hash(kind, code), person_id=person_id, subject_id=subject_id,
                pin_hash=pin_hash, failures=0, created_by=actor.person, created_at=at, ends_at=ends_at,
            )
        )  # fmt: skip
        record(actor, "access_code:issued", "person", person_id, at=at, kind=kind)
    return code


def code_in_force(kind: str, code: str, *, pin: str = "", at: datetime) -> AccessCode:
    """The row of a code that holds now. Raises Refusal code_wrong (unknown, over, withdrawn, wrong PIN: all alike), code_locked.

    Five wrong PINs lock a card for ten minutes. Marking a claim or invitation as used is the caller's act: `use_code`.
    """
    return _held_now(queries.access_code(access_codes.code_hash(kind, code)), pin, at)


def require_pin(kind: str, subject_id: UUID, pin: str, *, at: datetime) -> None:
    """The holder of the code that opens `subject_id` proves themselves by PIN alone; the code is known to be theirs.

    Raises what `code_in_force` raises. Call it outside a transaction: a wrong PIN must stay counted.
    """
    row = _held_now(queries.code_of_subject(kind, subject_id), pin, at)
    if row.failures:
        with transaction() as writing:
            held = writing.get_one(AccessCode, row.id)
            held.failures, held.locked_until = 0, None


def _held_now(row: AccessCode | None, pin: str, at: datetime) -> AccessCode:
    if row is None or row.withdrawn_at is not None or (row.ends_at is not None and row.ends_at <= at):
        raise Refusal("code_wrong", field="code")
    if row.locked_until is not None and row.locked_until > at:
        raise Refusal("code_locked", field="code", until=row.locked_until)
    if row.pin_hash and not passwords.fits(pin, row.pin_hash):
        with transaction() as writing:
            held = writing.get_one(AccessCode, row.id, with_for_update=True)
            held.failures += 1
            if held.failures >= TRIES:
                held.failures, held.locked_until = 0, at + LOCK
        raise Refusal("code_wrong", field="code")
    return row


def withdraw_codes(kind: str, subject_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End the codes of a kind that open `subject_id`. Repeating it does nothing."""
    with transaction() as writing:
        for row in writing.query(AccessCode).filter_by(kind=kind, subject_id=subject_id, withdrawn_at=None):
            row.withdrawn_at = at
            record(actor, "access_code:withdrawn", "person", row.person_id, at=at, kind=kind)


def use_code(code_id: UUID, *, at: datetime) -> bool:
    """Mark a code as used; False when it already was. Two at the same time: one gets True."""
    with transaction() as writing:
        row = writing.get_one(AccessCode, code_id, with_for_update=True)
        if row.used_at is not None:
            return False
        row.used_at, row.failures = at, 0
        return True


def pair_device(
    person_id: UUID,
    scope_id: UUID,
    *,
    label: str,
    ends_at: datetime,
    actor: Actor,
    at: datetime,
    public_key: str = "",
    paired_by: UUID | None = None,
) -> tuple[str, UUID]:
    """Register a tablet for a person within a scope (an event): (token for its requests, device id).

    `public_key` is what `device_keys.canonical_key` gives; the same key again is the same tablet with a new token. Raises Conflict
    device_revoked for a tablet that was reported lost.
    """
    token = base64.urlsafe_b64encode(random_bytes(32)).decode().rstrip("=")
    with transaction() as writing:
        device_id = device_keys.device_id_of(person_id, scope_id, public_key) if public_key else new_id()
        row = writing.get(Device, device_id, with_for_update=True) if public_key else None
        if row is not None and row.revoked_at is not None:
            raise Conflict("device_revoked", at=row.revoked_at)
        if row is None:
            row = Device(
                id=device_id, token_hash=queries.token_hash(token), person_id=person_id, scope_id=scope_id, label=label[:60],
                public_key=public_key, paired_by=paired_by, created_at=at, last_sequence=0, waiting=0, clock_offset=0,
                ends_at=ends_at, revoked_reason="",
            )  # fmt: skip
            writing.add(row)
        else:
            row.token_hash, row.ends_at, row.paired_by = queries.token_hash(token), ends_at, paired_by or row.paired_by
        writing.flush()
        record(actor, "device:paired", "device", row.id, at=at, scope=scope_id, signs=bool(public_key))
        return token, row.id


def forget_devices(scope_id: UUID) -> None:
    """Remove the tablets of a scope that leaves nothing behind (a rehearsal): their tokens end with it."""
    with transaction() as writing:
        writing.execute(delete(Device).where(Device.scope_id == scope_id))


def revoke_device(device_id: UUID, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """A tablet is lost or handed on: its token ends now. Repeating it does nothing. Raises Missing."""
    with transaction() as writing:
        row = writing.get(Device, device_id)
        if row is None:
            raise Missing
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by, row.revoked_reason = at, actor.person, reason[:300]
            record(actor, "device:revoked", "device", device_id, at=at)


def revoke_devices(person_id: UUID, scope_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End every tablet a person has paired within a scope."""
    with transaction() as writing:
        for row in writing.query(Device).filter_by(person_id=person_id, scope_id=scope_id, revoked_at=None):
            revoke_device(row.id, actor=actor, at=at)


def note_device(device_id: UUID, *, last_sequence: int, waiting: int, clock_offset: int, at: datetime) -> None:
    """Keep what a tablet says of itself: its highest number, how many marks wait on it, its clock against ours (milliseconds).

    A number never falls: an older answer that comes late does not hide a gap.
    """
    with transaction() as writing:
        row = writing.get(Device, device_id)
        if row is not None:
            row.seen_at, row.waiting, row.clock_offset = at, waiting, clock_offset
            row.last_sequence = max(row.last_sequence, last_sequence)
