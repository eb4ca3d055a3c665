"""Keeping and erasing files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.files.models import StoredFile
from foundation.files.store import store
from foundation.permission import Actor


@dataclass(frozen=True, slots=True)
class Put:
    """Bytes that lie in the store and are nobody's yet."""

    id: UUID
    sha256: str
    size: int


def put_bytes(data: bytes) -> Put:
    """Store `data`, sealed, without a row: needs no database, so that it may run in any thread, before the lock is taken.

    Without a row it is found by `flask files sweep`; `note_file` gives it one, `drop_bytes` removes it.
    """
    key = new_id()
    store().put(key, data)
    return Put(key, hashlib.sha256(data).hexdigest(), len(data))


def drop_bytes(put: Put) -> None:
    """Remove bytes that nobody needs after all."""
    store().erase(put.id)


def note_file(put: Put, *, media_type: str, name: str, actor: Actor, at: datetime) -> UUID:
    """Give stored bytes their row, in the open transaction."""
    with transaction() as writing:
        writing.add(
            StoredFile(
                id=put.id, sha256=put.sha256, size=put.size, media_type=media_type, name=Personal(name), created_at=at,
                created_by=actor.person,
            )
        )  # fmt: skip
    return put.id


def keep_file(data: bytes, *, media_type: str, name: str, actor: Actor, at: datetime) -> UUID:
    """Store `data` and return its id. The bytes are written before the row: call it before opening a transaction.

    A file whose transaction fails stays in the store without a row and is found by `flask files sweep`.
    """
    return note_file(put_bytes(data), media_type=media_type, name=name, actor=actor, at=at)


def erase_file(file_id: UUID, *, at: datetime) -> None:
    """Erase the bytes; the row stays and says when. Repeating it does nothing."""
    with transaction() as writing:
        row = writing.get(StoredFile, file_id)
        if row is not None and row.erased_at is None:
            row.erased_at = at
            row.name = Personal("")
    store().erase(file_id)
