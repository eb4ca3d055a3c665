"""Reading accounts and sessions."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select

from accounts.people.identity import phone_index
from accounts.sign_in.models import AccessCode, Account, Device, SignInSession
from foundation.db import session


def normal_user_name(text: str) -> str:
    """User names are compared without case, width and blanks, so that no two look alike."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def account_by_login(login: str) -> Account | None:
    """The account of a user name or a phone."""
    wanted = select(Account).where(
        or_(Account.user_name == normal_user_name(login), Account.phone_index == phone_index(login)),
        Account.closed_at.is_(None),
    )
    return session().scalars(wanted).first()


def account_of(person_id: UUID) -> Account | None:
    """A person's account."""
    return session().scalars(select(Account).where(Account.person_id == person_id)).first()


def any_account() -> bool:
    """Has this installation anybody who can sign in?"""
    return bool(session().scalar(select(exists().where(Account.closed_at.is_(None)))))


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def live_session(token: str, at: datetime, idle: timedelta) -> SignInSession | None:
    """The session of a token, unless revoked, over or idle for too long."""
    row = session().scalars(select(SignInSession).where(SignInSession.token_hash == token_hash(token))).first()
    if row is None or row.revoked_at is not None or row.ends_at <= at or row.seen_at + idle <= at:
        return None
    return row


def live_sessions(person_id: UUID, at: datetime) -> Sequence[SignInSession]:
    """Where a person is signed in, latest first."""
    wanted = select(SignInSession).where(
        SignInSession.person_id == person_id, SignInSession.revoked_at.is_(None), SignInSession.ends_at > at
    )
    return session().scalars(wanted.order_by(SignInSession.seen_at.desc())).all()


def access_code(code_hash: str) -> AccessCode | None:
    """The row of a code on paper, by its hash."""
    return session().scalars(select(AccessCode).where(AccessCode.code_hash == code_hash)).first()


def code_of_subject(kind: str, subject_id: UUID) -> AccessCode | None:
    """The latest code of a kind that opens `subject_id` and was not withdrawn."""
    wanted = select(AccessCode).where(
        AccessCode.kind == kind, AccessCode.subject_id == subject_id, AccessCode.withdrawn_at.is_(None)
    )
    return (
        session()
        .scalars(wanted.order_by(AccessCode.created_at.desc()).execution_options(populate_existing=True))
        .first()
    )


def device_of_token(token: str) -> Device | None:
    """The tablet of a token, revoked or over as well: `is_live` says."""
    return session().scalars(select(Device).where(Device.token_hash == token_hash(token))).first()


def is_live(device: Device, at: datetime) -> bool:
    """Does the tablet's token still open anything?"""
    return device.revoked_at is None and (device.ends_at is None or device.ends_at > at)


def live_device(token: str, at: datetime) -> Device | None:
    """The tablet of a token, unless revoked or over."""
    row = device_of_token(token)
    return row if row is not None and is_live(row, at) else None


def device(device_id: UUID) -> Device | None:
    """One tablet."""
    return session().get(Device, device_id, populate_existing=True)


def devices_in(scope_id: UUID) -> Sequence[Device]:
    """The tablets of an event, oldest first."""
    return (
        session()
        .scalars(select(Device).where(Device.scope_id == scope_id).order_by(Device.created_at, Device.id))
        .all()
    )


def is_own_device(device_id: UUID, person_id: UUID) -> bool:
    """Was this tablet paired for this person?"""
    row = session().get(Device, device_id)
    return row is not None and row.person_id == person_id
