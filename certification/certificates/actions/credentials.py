"""Credential keys, places in status lists, what a finished file carries, and roots over what was issued together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from certification.certificates import credentials
from certification.certificates.models.certificates import Certificate
from certification.certificates.models.credentials import (
    CertificateCredential,
    CertificateRoot,
    CertificateRootEntry,
    CredentialSlot,
)
from certification.certificates.models.keys import SigningKey
from certification.certificates.queries import credentials as queries
from certification.filings.models import EvaluationOrganization
from certification.rules import status_list
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.encryption.private_keys import keep_private_key
from foundation.encryption.sealing import blind_index
from foundation.permission import Actor


def make_credential_key(evaluation_organization_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """Make an Ed25519 key for an issuer's credentials, beside the key for its files. The last one made signs."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    fingerprint = hashlib.sha256(der).hexdigest()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    keep_private_key(
        fingerprint,
        private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    with transaction() as writing:
        key_id = new_id()
        writing.add(
            SigningKey(
                id=key_id, evaluation_organization_id=evaluation_organization_id, use=credentials.USE, holder="file",
                algorithm="ed25519", origin="made", token={}, public_key=pem, fingerprint=fingerprint, valid_from=at,
                valid_until=None, made_by=actor.person, made_at=at,
            )
        )  # fmt: skip
        writing.flush()
        record(
            actor, "signing_key:made", "evaluation_organization", evaluation_organization_id, at=at, key=key_id,
            fingerprint=fingerprint, holder="file",
        )  # fmt: skip
    return key_id


def reserve_slots(rows: Sequence[Certificate], *, at: datetime, further: int = 0) -> None:
    """Give each certificate's edition (or the one `further` on) its place in the issuer's status lists; what has one keeps it.

    Issuers without a credential key get none.
    """
    for issuer_id in sorted({row.evaluation_organization_id for row in rows}):
        if credentials.key_for(issuer_id, at) is None:
            continue
        wanted = [(row.id, row.edition + further) for row in rows if row.evaluation_organization_id == issuer_id]
        if not set(wanted) - queries.slots(key for key, _ in wanted).keys():
            continue
        with transaction() as writing:
            held = select(EvaluationOrganization.id).where(EvaluationOrganization.id == issuer_id)
            writing.execute(held.with_for_update()).one()
            new = [one for one in dict.fromkeys(wanted) if one not in queries.slots(key for key, _ in wanted)]
            given, lines = queries.given_slots(issuer_id), []
            for number, (certificate_id, edition) in enumerate(new, start=given):
                listed, position = divmod(number, status_list.PLACES)
                key = bytes.fromhex(blind_index("status_list", f"{issuer_id}/{listed}"))
                lines.append({
                    "certificate_id": certificate_id, "edition": edition, "evaluation_organization_id": issuer_id,
                    "list_number": listed, "place": status_list.scattered(position, key),
                })  # fmt: skip
            if lines:
                writing.execute(insert(CredentialSlot), lines)


def place_of(row: Certificate, *, at: datetime, further: int = 0) -> tuple[CredentialSlot | None, SigningKey | None]:
    """The place of one certificate's edition (or the one `further` on) and the key that signs; None, None without a key."""
    reserve_slots([row], at=at, further=further)
    slot = queries.slots([row.id]).get((row.id, row.edition + further))
    return slot, credentials.key_for(row.evaluation_organization_id, at)


def note_credential(
    writing: Session, certificate_id: UUID, edition: int, made: credentials.Credential, *, at: datetime
) -> None:
    """Keep the credential a file carries, in the transaction that puts the file in force."""
    writing.merge(
        CertificateCredential(
            certificate_id=certificate_id, edition=edition, signing_key_id=made.signing_key_id,
            token=Personal(made.token, keep=0), sha256=made.sha256, issued_at=at,
        )
    )  # fmt: skip


def sign_root(evaluation_organization_id: UUID, *, public_url: str, actor: Actor, at: datetime) -> UUID | None:
    """Sign one root over everything the issuer issued or corrected since the last; None without a key or anything new.

    Raises Refusal signing_key_unreadable.
    """
    key = credentials.key_for(evaluation_organization_id, at)
    if key is None:
        return None
    with transaction() as writing:
        held = select(EvaluationOrganization.id).where(EvaluationOrganization.id == evaluation_organization_id)
        writing.execute(held.with_for_update()).one()
        rows = [row for row in queries.without_root(evaluation_organization_id) if row.file_sha256]
        if not rows:
            return None
        leaves = sorted(status_list.leaf(row.file_sha256) for row in rows)
        number, root = queries.last_root_number(evaluation_organization_id) + 1, status_list.merkle_root(leaves)
        token = credentials.root_token(
            evaluation_organization_id, number, root, len(leaves), key, public_url=public_url, at=at
        )
        made = new_id()
        writing.add(
            CertificateRoot(
                id=made, evaluation_organization_id=evaluation_organization_id, number=number, signing_key_id=key.id,
                root=root, leaves=leaves, token=token, at=at,
            )
        )  # fmt: skip
        writing.flush()
        writing.execute(
            insert(CertificateRootEntry),
            [{"certificate_id": row.id, "edition": row.edition, "certificate_root_id": made} for row in rows],
        )
        record(
            actor, "certificate:root_signed", "evaluation_organization", evaluation_organization_id, at=at, root=root,
            size=len(leaves),
        )  # fmt: skip
        return made
