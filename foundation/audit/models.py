"""The audit log: who did what to which subject, chained so that a change anywhere is found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.clock import new_id
from foundation.db import Base, UtcDateTime


class AuditEntry(Base):
    """One act. Holds ids, codes and figures alone: nothing that names a person can ever be erased from a chain."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        Index(None, "subject_type", "subject_id"),  # an object's page lists what was done to it
        Index(None, "actor_id"),  # what did this person do
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    chain: Mapped[str] = mapped_column(String(60))
    sequence: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UUID | None]
    via: Mapped[str] = mapped_column(String(10))
    verb: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(60))
    facts: Mapped[str] = mapped_column(Text)
    hash_version: Mapped[int] = mapped_column(Integer)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The last link of each chain; locked while entries are added. Can be rebuilt from the entries."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(String(60), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class EvidenceSeal(Base):
    """A seal over every row of the append-only tables that none before it held; each stands on the hash of the last."""

    __tablename__ = "evidence_seal"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    rows: Mapped[int] = mapped_column(Integer)
    root: Mapped[str] = mapped_column(String(64))  # SHA-256 over its leaves, in the order of table and key
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class EvidenceLeaf(Base):
    """The digest of one sealed row: table, primary key, SHA-256 over every column as it is stored."""

    __tablename__ = "evidence_leaf"
    __table_args__ = (Index(None, "seal_number"),)

    table_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_key: Mapped[str] = mapped_column(String(120), primary_key=True)
    seal_number: Mapped[int] = mapped_column(ForeignKey("evidence_seal.number"))
    digest: Mapped[str] = mapped_column(String(64))
