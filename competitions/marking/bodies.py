"""What a tablet says, what is hashed and signed of it, and what the chain of marks hashes of what was stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from accounts.sign_in.device_keys import signature_holds
from competitions.marking.batch import load_devices
from foundation.audit.chain import canonical
from foundation.db import session

SCHEMA = "laurel.mark"
HASH_VERSION = 1


@dataclass(frozen=True, slots=True)
class MarkBody:
    """What a tablet says: the client's own id, the cell, the value as text, and what the judge saw (`base_id`)."""

    id: UUID
    work_id: UUID
    aspect_id: UUID
    seat_id: UUID | None
    kind: str
    value: str | None
    base_id: UUID | None
    scheme_id: UUID
    device_id: UUID
    device_sequence: int
    client_at: datetime
    reason: str = ""
    device_signature: str | None = None


def _optional(value: object | None) -> str:
    return "" if value is None else f"={value}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def body_hash(body: MarkBody | Any) -> str:
    """SHA-256 over the canonical body: what a tablet signs, and what makes two sendings the same mark."""
    fields = (
        f"{SCHEMA}.body", "1", str(body.id), str(body.work_id), str(body.aspect_id), _optional(body.seat_id), body.kind,
        _optional(body.value), _optional(body.base_id), str(body.scheme_id), str(body.device_id), str(body.device_sequence),
        _moment(body.client_at), body.reason,
    )  # fmt: skip
    return hashlib.sha256(canonical(fields)).hexdigest()


def link_body(row: Any) -> bytes:
    """What the hash of a stored mark covers: the whole envelope but the hashes of the chain. `row` is a mapping."""
    return canonical(
        (
            SCHEMA, str(row["hash_version"]), row["stream"], str(row["sequence"]), str(row["id"]), str(row["work_id"]),
            str(row["aspect_id"]), _optional(row["panel_id"]), _optional(row["seat_id"]), str(row["judge_id"]), row["kind"],
            _optional(row["value"]), _optional(row["base_id"]), str(row["scheme_id"]), str(row["device_id"]),
            str(row["device_sequence"]), _moment(row["client_at"]), _moment(row["server_at"]), row["status"], row["held_code"],
            _optional(row["refers_to"]), row["reason"], row["body_hash"], _optional(row["device_signature"]),
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sealed:
    """A mark with the hash of its body and, checked before the lock, the key its signature holds for."""

    body: MarkBody
    digest: str
    checked: str = ""
    holds: bool = False

    def signed_by(self, key: str) -> bool:
        """Does the signature hold for this key?"""
        return (
            self.holds if self.checked == key else signature_holds(key, self.body.device_signature or "", self.digest)
        )


def sealed_bodies(batch: Sequence[MarkBody]) -> list[Sealed]:
    """Hash every body and check its signature: all that needs no lock."""
    devices = load_devices(session(), {body.device_id for body in batch})
    sealed = []
    for body in batch:
        digest, device = body_hash(body), devices.get(body.device_id)
        key = device.key if device is not None and body.device_signature is not None else ""
        holds = bool(key) and signature_holds(key, body.device_signature or "", digest)
        sealed.append(Sealed(body, digest, key, holds))
    return sealed
