"""Checking a file somebody holds: is it the one that was issued, and is it in force?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from cryptography import x509
from sqlalchemy import select

from certification.certificates import credentials
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries.credentials import credential_keys, credential_with
from certification.certificates.queries.keys import with_fingerprint
from certification.certificates.queries.life import edition_with_file, editions
from certification.certificates.queries.register import certificate
from certification.rules.certificate_states import CertificateState
from foundation.clock import china_day
from foundation.db import session
from foundation.print.signatures import signature_holds, signature_in

ENDED = {CertificateState.REVOKED: "revoked", CertificateState.WITHDRAWN: "withdrawn"}


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What a file is: a code of this room's sentences, the certificate it belongs to where one does, and facts.

    genuine | sample | revoked | withdrawn | replaced (an edition before a correction) | altered | unregistered (signed by a key of ours, in no register) |
    key_unknown | foreign (nothing of ours in it).
    """

    code: str
    certificate_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def check_file(data: bytes) -> FileVerdict:
    """The verdict on these bytes. Two look-ups; a file of ours changed in a single bit is never called genuine."""
    sha256 = hashlib.sha256(data).hexdigest()
    row = session().scalars(select(Certificate).where(Certificate.file_sha256 == sha256)).first()
    if row is not None:
        return _registered(row, data)
    edition = edition_with_file(sha256)
    if edition is not None:
        return _replaced(certificate(edition.certificate_id), china_day(edition.replaced_at))
    token = credentials.token_in(data) if not data.startswith(b"%PDF") else None
    if token is not None:
        return _check_credential(token)
    found = signature_in(data)
    if found is None:
        return FileVerdict("foreign")
    key = with_fingerprint(found.fingerprint) if found.fingerprint else None
    if key is None:
        return FileVerdict("key_unknown", None, {"fingerprint": found.fingerprint})
    holds = signature_holds(found, x509.load_pem_x509_certificates(key.public_key.encode())[0])
    return FileVerdict("unregistered" if holds else "altered", None, {"issuer": key.issuer.name})


def _registered(row: Certificate, data: bytes) -> FileVerdict:
    ended = ENDED.get(CertificateState(row.state))
    if ended:
        return FileVerdict(
            ended, row.id, {"number": row.number, "since": row.ended_on, "replaced_by": row.replaced_by or None}
        )
    if row.sample:
        return FileVerdict("sample", row.id, {"number": row.number})
    found = signature_in(data)
    facts = {"number": row.number, "issuer": row.issuer.name, "issued_on": row.issued_on, "signed": found is not None}
    return FileVerdict("genuine", row.id, facts)


def _replaced(row: Certificate, since: date) -> FileVerdict:
    """An earlier edition: where the certificate itself has ended, that is the answer."""
    ended = ENDED.get(CertificateState(row.state))
    if ended:
        return FileVerdict(ended, row.id, {"number": row.number, "since": row.ended_on})
    return FileVerdict("replaced", row.id, {"number": row.number, "issuer": row.issuer.name, "since": since})


def _check_credential(token: str) -> FileVerdict:
    """A credential on its own: registered, then what the register says; else what its signature says."""
    kept = credential_with(hashlib.sha256(token.encode()).hexdigest())
    if kept is not None:
        row = certificate(kept.certificate_id)
        if kept.edition < row.edition:
            change = editions(row.id)[kept.edition - 1]
            return _replaced(row, china_day(change.replaced_at))
        return _registered(row, b"")
    keys = credential_keys()
    known = {credentials.kid(key): credentials.jwk(key) for key in keys}
    try:
        said = credentials.opened(token, known, credentials.CREDENTIAL)
    except LookupError as unknown:
        return FileVerdict("key_unknown", None, {"fingerprint": str(unknown)})
    except credentials.TokenWrong:
        return FileVerdict("altered")
    return FileVerdict("unregistered", None, {"issuer": said["issuer"]["name"]})
