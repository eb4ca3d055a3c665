"""Signing the finished file of a certificate with its issuer's key. Signed bytes are stored and never made again.

For whoever produces files: `signer_of` once per issuer and worker, `IssuerSigner.sign` once per file (no database), and
`note_signed` in the transaction that issues. An issuer without a key issues unsigned files, which its pages say.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography import x509
from sqlalchemy.orm import Session

from certification.certificates.models.keys import CertificateSignature, SigningKey
from certification.certificates.queries import keys as queries
from foundation.encryption.private_keys import private_key
from foundation.encryption.sealing import SealBroken
from foundation.print.press import SigningTool
from foundation.print.signatures import Attachment, PdfSigner, file_signer, token_signer
from foundation.refusal import Refusal

PDF_USE = "pdf"
_pins: list[str] = [""]
_ready: dict[tuple[Any, ...], IssuerSigner] = {}
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file, its SHA-256, and the key that signed it."""

    data: bytes
    sha256: str
    signing_key_id: UUID


class IssuerSigner:
    """The key of one issuer, ready to sign file after file; one thread at a time passes."""

    def __init__(self, key_id: UUID, name: str, signer: PdfSigner) -> None:
        self.key_id, self._name, self._signer = key_id, name, signer
        self._turn = threading.Lock()

    def sign(self, pdf: bytes, *, at: datetime, attachments: Sequence[Attachment] = ()) -> Signed:
        """The signed file (PAdES B-B, one invisible signature that allows no change)."""
        with self._turn:
            data = self._signer.sign(pdf, at=at, name=self._name, attachments=attachments)
        return Signed(data, hashlib.sha256(data).hexdigest(), self.key_id)


def install_pin(pin: str) -> None:
    """The PIN of the signing devices (PKCS#11), from the settings."""
    _pins[:] = [pin]


def signer_of(evaluation_organization_id: UUID, *, at: datetime) -> IssuerSigner | None:
    """What signs for an issuer at this moment; None when it has no key in force.

    Raises Refusal signing_key_unreadable when there is a key and it does not open here.
    """
    key = queries.key_in_force(evaluation_organization_id, PDF_USE, at)
    if key is None:
        return None
    with _making:
        place = (key.id, key.fingerprint, tuple(sorted((key.token or {}).items())))
        if place not in _ready:
            _ready[place] = IssuerSigner(key.id, key.issuer.name, _signer(key))
        return _ready[place]


def tool_of(evaluation_organization_id: UUID, *, at: datetime) -> tuple[UUID, SigningTool] | None:
    """The key in force as the hands of the press want it, with its id; None when the issuer has none.

    Raises Refusal signing_key_unreadable.
    """
    key = queries.key_in_force(evaluation_organization_id, PDF_USE, at)
    if key is None:
        return None
    if key.holder == "token":
        return key.id, SigningTool("token", key.issuer.name, key.public_key, token=key.token, pin=_pins[0])
    try:
        return key.id, SigningTool("file", key.issuer.name, key.public_key, private_key=private_key(key.fingerprint))
    except (OSError, SealBroken) as broken:
        raise Refusal("signing_key_unreadable", issuer=key.issuer.name) from broken


def sign(
    evaluation_organization_id: UUID, pdf: bytes, *, at: datetime, attachments: Sequence[Attachment] = ()
) -> Signed | None:
    """One file signed for an issuer, with what it carries; None when the issuer has no key in force.

    Raises Refusal signing_key_unreadable.
    """
    signer = signer_of(evaluation_organization_id, at=at)
    return signer.sign(pdf, at=at, attachments=attachments) if signer else None


def note_signed(writing: Session, certificate_id: UUID, signing_key_id: UUID, *, at: datetime) -> None:
    """Keep which key signed a certificate's file, in the transaction that issues it; a corrected file replaces the note."""
    writing.merge(CertificateSignature(certificate_id=certificate_id, signing_key_id=signing_key_id, signed_at=at))


def _signer(key: SigningKey) -> PdfSigner:
    chain = x509.load_pem_x509_certificates(key.public_key.encode())
    try:
        if key.holder == "token":
            return token_signer(
                module=key.token["module"], token=key.token["token"], label=key.token["label"], pin=_pins[0],
                certificates=chain,
            )  # fmt: skip
        return file_signer(private_key(key.fingerprint), chain)
    except (OSError, ValueError, ImportError, SealBroken) as broken:
        raise Refusal("signing_key_unreadable", issuer=key.issuer.name) from broken
