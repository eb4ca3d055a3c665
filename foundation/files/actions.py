"""Keeping and erasing files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.files.models import StoredFile
from foundation.files.store import store
from foundation.permission import Actor


def keep_file(data: bytes, *, media_type: str, name: str, actor: Actor, at: datetime) -> UUID:
    """Store `data` and return its id. The bytes are written before the row: call it before opening a transaction.

    A file whose transaction fails stays in the store without a row and is found by `flask files sweep`.
    """
    key = new_id()
    store().put(key, data)
    with transaction() as writing:
        writing.add(
            StoredFile(
                id=key,
                sha256=hashlib.sha256(data).hexdigest(),
                size=len(data),
                media_type=media_type,
                name=Personal(name),
                created_at=at,
                created_by=actor.person,
            )
        )
    return key


def erase_file(file_id: UUID, *, at: datetime) -> None:
    """Erase the bytes; the row stays and says when. Repeating it does nothing."""
    with transaction() as writing:
        row = writing.get(StoredFile, file_id)
        if row is not None and row.erased_at is None:
            row.erased_at = at
            row.name = Personal("")
    store().erase(file_id)
