"""Making, importing and retiring the keys of an issuer. A named person does it, and stands on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from certification.certificates.actions.credentials import make_credential_key
from certification.certificates.credentials import USE as CREDENTIAL_USE
from certification.certificates.models.keys import SigningKey
from certification.certificates.queries.keys import key_in_force
from certification.certificates.signing import PDF_USE
from certification.filings.models import EvaluationOrganization
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.private_keys import keep_private_key
from foundation.permission import Actor
from foundation.print.signatures import fingerprint_of
from foundation.refusal import Missing, Refusal

YEARS = 10
_DER = serialization.Encoding.DER


def make_key(evaluation_organization_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """Make a key (P-256) with a certificate that the issuer signs itself; readers show it as unknown until they are told.

    The key in force before stays valid for what it signed; the new one signs from now on. Raises Missing, Refusal
    signing_key_needs_person.
    """
    _named(actor)
    with transaction() as writing:
        issuer = writing.get(EvaluationOrganization, evaluation_organization_id)
        if issuer is None:
            raise Missing
        private = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, issuer.name[:64]),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, issuer.name[:64]),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, issuer.prefix),
            ]
        )
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - timedelta(minutes=5))
            .not_valid_after(at + timedelta(days=365 * YEARS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(private, hashes.SHA256())
        )
        key_id = new_id()
        keep_private_key(fingerprint_of(certificate), _pkcs8(private))
        return _note(key_id, issuer.id, [certificate], "file", "p256", "made", {}, actor=actor, at=at)


def import_key(evaluation_organization_id: UUID, data: bytes, passphrase: str, *, actor: Actor, at: datetime) -> UUID:
    """Take in a key that an authority certified (PKCS#12 with its chain).

    Raises Missing, Refusal signing_key_needs_person, signing_file_wrong, signing_key_kind, signing_key_expired.
    """
    _named(actor)
    try:
        private, certificate, above = pkcs12.load_key_and_certificates(data, passphrase.encode() or None)
    except ValueError as wrong:
        raise Refusal("signing_file_wrong", field="file") from wrong
    if private is None or certificate is None:
        raise Refusal("signing_file_wrong", field="file")
    algorithm = _algorithm(private.public_key())
    _still_valid(certificate, at)
    with transaction() as writing:
        if writing.get(EvaluationOrganization, evaluation_organization_id) is None:
            raise Missing
        key_id = new_id()
        keep_private_key(fingerprint_of(certificate), _pkcs8(private))
        return _note(key_id, evaluation_organization_id, [certificate, *above], "file", algorithm, "imported", {},
                     actor=actor, at=at)  # fmt: skip


def register_token(
    evaluation_organization_id: UUID, certificates: bytes, *, module: str, token: str, label: str, actor: Actor, at: datetime
) -> UUID:  # fmt: skip
    """Use a key that stays in a device (PKCS#11): its certificate with the chain (PEM), module, token and label of the key.

    Raises Missing, Refusal signing_key_needs_person, signing_file_wrong, signing_key_kind, signing_key_expired.
    """
    _named(actor)
    try:
        chain = x509.load_pem_x509_certificates(certificates)
    except ValueError as wrong:
        raise Refusal("signing_file_wrong", field="file") from wrong
    algorithm = _algorithm(chain[0].public_key())
    _still_valid(chain[0], at)
    with transaction() as writing:
        if writing.get(EvaluationOrganization, evaluation_organization_id) is None:
            raise Missing
        where = {"module": module, "token": token, "label": label}
        return _note(
            new_id(), evaluation_organization_id, chain, "token", algorithm, "imported", where, actor=actor, at=at
        )


def retire_key(signing_key_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Let a key sign no more; what it signed stays valid. Repeating it changes nothing.

    Raises Missing, Refusal signing_key_needs_person, signing_key_reason_missing.
    """
    _named(actor)
    if not reason.strip():
        raise Refusal("signing_key_reason_missing", field="reason")
    with transaction() as writing:
        row = writing.get(SigningKey, signing_key_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.retired_at is not None:
            return
        row.retired_at, row.retired_by, row.retire_reason = at, actor.person, reason.strip()[:300]
        record(
            actor, "signing_key:retired", "evaluation_organization", row.evaluation_organization_id, at=at, key=row.id
        )


def _named(actor: Actor) -> None:
    if actor.person is None:
        raise Refusal("signing_key_needs_person")


def _note(
    key_id: UUID, issuer_id: UUID, chain: Sequence[x509.Certificate], holder: str, algorithm: str, origin: str,
    token: dict[str, Any], *, actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    with transaction() as writing:
        writing.add(
            SigningKey(
                id=key_id, evaluation_organization_id=issuer_id, use=PDF_USE, holder=holder, algorithm=algorithm,
                origin=origin, token=token, fingerprint=fingerprint_of(chain[0]),
                public_key="".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in chain),
                valid_from=chain[0].not_valid_before_utc, valid_until=chain[0].not_valid_after_utc,
                made_by=actor.person, made_at=at,
            )
        )  # fmt: skip
        writing.flush()
        if key_in_force(issuer_id, CREDENTIAL_USE, at) is None:  # what the files carry is signed too
            make_credential_key(issuer_id, actor=actor, at=at)
        record(
            actor, f"signing_key:{origin}", "evaluation_organization", issuer_id, at=at, key=key_id,
            fingerprint=fingerprint_of(chain[0]), holder=holder,
        )  # fmt: skip
    return key_id


def _algorithm(public: Any) -> str:
    if isinstance(public, rsa.RSAPublicKey) and public.key_size >= 2048:
        return "rsa"
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return "p256"
    raise Refusal("signing_key_kind", field="file")


def _still_valid(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc:
        raise Refusal("signing_key_expired", field="file", until=certificate.not_valid_after_utc)


def _pkcs8(private: Any) -> bytes:
    data: bytes = private.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return data
