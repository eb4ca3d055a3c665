"""The chain: canonical bodies, hashes, recording and checking.

A body is the length-prefixed UTF-8 of its fields in fixed order, beginning with schema and version; each hash is SHA-256 over
the previous hash and the body. Changing, removing, inserting or reordering an entry breaks every hash after it. Whoever can
rewrite the whole database can rewrite the chain too: only a head that somebody else keeps (a printed checkpoint, a tablet)
shows that, and the documents say so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation.audit.models import AuditEntry, AuditHead
from foundation.clock import new_id
from foundation.db import before_commit, session, transaction
from foundation.permission import Actor

PLATFORM_CHAIN = "platform"
GENESIS = "0" * 64
SCHEMA = "laurel.audit"
HASH_VERSION = 1


def canonical(fields: Iterable[str]) -> bytes:
    """The fields as bytes that cannot be read in two ways: each preceded by its length in bytes and a colon."""
    parts = []
    for text in fields:
        data = text.encode()
        parts.append(b"%d:" % len(data) + data)
    return b"".join(parts)


def linked(previous: str, body: bytes) -> str:
    """The hash of a link: SHA-256 over a zero byte, the previous hash and the body, in hex."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(previous) + body).hexdigest()


def facts_text(facts: Mapping[str, Any]) -> str:
    """Facts in canonical text: sorted, each name and value length-prefixed. Values are ids, codes, numbers, moments."""
    flat: list[str] = []
    for name in sorted(facts):
        value = facts[name]
        flat += [name, value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)]
    return canonical(flat).decode()


def facts_read(text: str) -> dict[str, str]:
    """The facts that `facts_text` wrote, as text."""
    fields, rest = [], text.encode()
    while rest:
        length, _, rest = rest.partition(b":")
        fields.append(rest[: int(length)].decode())
        rest = rest[int(length) :]
    return dict(zip(fields[::2], fields[1::2], strict=True))


def body_of(entry: AuditEntry) -> bytes:
    """What an entry's hash covers: everything but the hashes themselves."""
    return canonical(
        (
            SCHEMA,
            str(entry.hash_version),
            entry.chain,
            str(entry.sequence),
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(entry.actor_id or ""),
            entry.via,
            entry.verb,
            entry.subject_type,
            entry.subject_id,
            entry.facts,
        )
    )


def record(
    actor: Actor,
    verb: str,
    subject_type: str,
    subject_id: UUID | str,
    *,
    at: datetime,
    chain: str = PLATFORM_CHAIN,
    **facts: Any,
) -> None:
    """Note an act in the open transaction; it is chained as the last statements before COMMIT.

    `verb` is `resource:past_tense`. Facts hold ids, codes and figures, never personal data.
    """
    with transaction() as writing:
        writing.info.setdefault("audit", []).append(
            AuditEntry(
                id=new_id(),
                chain=chain,
                at=at,
                actor_id=actor.person,
                via=actor.via.value,
                verb=verb,
                subject_type=subject_type,
                subject_id=str(subject_id),
                facts=facts_text(facts),
                hash_version=HASH_VERSION,
            )
        )


def _locked_head(writing: Session, name: str) -> AuditHead:
    insert = sqlite.insert if writing.get_bind().dialect.name == "sqlite" else postgresql.insert
    # Two first entries of a chain at the same moment: one makes the head, the other waits for it.
    writing.execute(insert(AuditHead).values(chain=name, sequence=0, hash=GENESIS).on_conflict_do_nothing())
    return writing.get_one(AuditHead, name, with_for_update=True, populate_existing=True)


def _chain_entries(writing: Session) -> None:
    waiting: list[AuditEntry] = writing.info.pop("audit", [])
    # Heads are locked in one order by everybody: two transactions over two chains cannot wait for each other.
    for name in sorted({entry.chain for entry in waiting}):
        head = _locked_head(writing, name)
        for entry in (entry for entry in waiting if entry.chain == name):
            entry.sequence = head.sequence + 1
            entry.previous_hash = head.hash
            entry.hash = linked(head.hash, body_of(entry))
            head.sequence, head.hash = entry.sequence, entry.hash
            writing.add(entry)
    writing.flush()


before_commit(_chain_entries)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What checking one chain found. `broken_at` is the first sequence that does not hold."""

    chain: str
    entries: int
    head: str
    broken_at: int | None = None


def verify() -> list[ChainReport]:
    """Check every chain against its entries and its head, one entry in memory at a time."""
    reports: dict[str, ChainReport] = {}
    ordered = select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.sequence).execution_options(yield_per=500)
    for entry in session().scalars(ordered):
        before = reports.get(entry.chain, ChainReport(entry.chain, 0, GENESIS))
        holds = (
            before.broken_at is None
            and entry.sequence == before.entries + 1
            and entry.previous_hash == before.head
            and entry.hash == linked(before.head, body_of(entry))
        )
        broken = before.broken_at or (None if holds else entry.sequence)
        reports[entry.chain] = ChainReport(entry.chain, entry.sequence, entry.hash, broken)
    for head in session().scalars(select(AuditHead)):
        found = reports.get(head.chain, ChainReport(head.chain, 0, GENESIS))
        if found.broken_at is None and (found.entries, found.head) != (head.sequence, head.hash):
            reports[head.chain] = ChainReport(head.chain, found.entries, found.head, found.entries + 1)
    return sorted(reports.values(), key=lambda report: report.chain)
