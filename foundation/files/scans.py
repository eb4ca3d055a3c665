"""Scans of documents and evidence: only what a browser shows safely, kept sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from foundation.files.actions import keep_file
from foundation.permission import Actor
from foundation.refusal import Refusal

_KINDS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class Upload(Protocol):
    """An uploaded file."""

    filename: str | None

    def read(self) -> bytes:
        """Its bytes."""


def keep(upload: Upload | None, *, actor: Actor, at: datetime, field: str = "scan") -> UUID | None:
    """Keep a scan; None when none was sent. Raises Refusal scan_kind."""
    data = upload.read() if upload is not None else b""
    if not data:
        return None
    media = next((media for head, media in _KINDS if data.startswith(head)), None)
    if media is None:
        raise Refusal("scan_kind", field=field)
    return keep_file(data, media_type=media, name=(upload.filename if upload else "") or "scan", actor=actor, at=at)
