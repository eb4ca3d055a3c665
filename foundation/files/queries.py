"""Reading stored files."""

from __future__ import annotations

import hashlib
from uuid import UUID

from foundation.db import session
from foundation.files.models import StoredFile
from foundation.files.store import store
from foundation.refusal import Missing


def file_row(file_id: UUID) -> StoredFile:
    """What is known of a file. Raises Missing."""
    row = session().get(StoredFile, file_id)
    if row is None or row.erased_at is not None:
        raise Missing("file_missing")
    return row


def file_bytes(file_id: UUID) -> bytes:
    """The plain bytes, checked against the stored hash. Raises Missing; RuntimeError when they were changed."""
    row = file_row(file_id)
    data = store().read(file_id)
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise RuntimeError(f"stored file {file_id} is not what was stored")
    return data
