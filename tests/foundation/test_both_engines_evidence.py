"""Seals over the append-only tables: the same hashes on both engines, and a checkpoint that shows a rewritten past."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from foundation.audit import evidence
from foundation.audit.actions import seal_evidence
from foundation.audit.chain import GENESIS, record
from foundation.audit.evidence import Checkpoint, broken
from foundation.audit.models import AuditEntry
from foundation.clock import new_id
from foundation.db import session, transaction
from foundation.permission import MACHINE


def act(at: datetime) -> None:
    with transaction():
        record(MACHINE, "person:noted", "person", new_id(), at=at)
    session().rollback()


def test_a_seal_covers_what_is_new_and_stands_on_the_last(app: Flask, at: datetime) -> None:
    assert seal_evidence(at).number in (0, 1)  # what the reference data left behind, or nothing
    session().rollback()
    act(at)
    first = seal_evidence(at)
    assert (first.rows, first.hash != GENESIS) == (1, True)
    session().rollback()
    assert seal_evidence(at + timedelta(days=1)) == Checkpoint(first.number, first.hash, 0)
    act(at)
    second = seal_evidence(at)
    session().rollback()
    assert (second.number, second.rows) == (first.number + 1, 1)
    assert broken(first) == []
    assert [one.what for one in broken(Checkpoint(first.number, "f" * 64, 0))] == ["checkpoint"]


def test_a_digest_is_the_same_on_both_engines(app: Flask, at: datetime) -> None:
    with transaction() as writing:
        entry = AuditEntry(
            id=new_id(), chain="x", sequence=1, at=at, actor_id=None, via="command", verb="person:noted", subject_type="person",
            subject_id="1", facts="", hash_version=1, previous_hash=GENESIS, hash="a" * 64,
        )  # fmt: skip
        writing.add(entry)
        key = entry.id.hex
    session().rollback()
    found = dict(evidence.rows_of("audit_entry"))
    assert found[key] == DIGEST(key)


def DIGEST(key: str) -> str:  # noqa: N802
    import hashlib

    from foundation.audit.chain import canonical

    stored = {
        "actor_id": "\x00", "at": "1795312800000000", "chain": "x", "facts": "", "hash": "a" * 64, "hash_version": "1", "id": key,
        "previous_hash": GENESIS, "sequence": "1", "subject_id": "1", "subject_type": "person", "verb": "person:noted", "via": "command",
    }  # fmt: skip
    pairs = [text for name in sorted(stored) for text in (name, stored[name])]
    return hashlib.sha256(canonical(("audit_entry", *pairs))).hexdigest()
