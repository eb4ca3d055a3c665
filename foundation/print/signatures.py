"""Signing finished PDFs (PAdES baseline B), and checking what was signed here.

A signer is made once per key and process, then signs file after file: the private key is loaded once and the room for the
signature is fixed, otherwise pyHanko loads it for every file and signs each twice. Files of attachments go into the same
increment, before the signature, so that the signature covers them. The seal on the page belongs to the design; the signature
itself is invisible.

Checking does not read the file as a PDF: the range of bytes, the signature and the rest of the file are compared as our
signer writes them. A hostile file costs no more than its hash, and nothing can be appended, re-parsed or hidden.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Signature1"
_BYTE_RANGE = re.compile(rb"/ByteRange ?\[ ?0 +(\d{1,10}) +(\d{1,10}) +(\d{1,10}) *\]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the PDF. `relationship` as PDF/A-3 wants it (Data, Source, Supplement …)."""

    name: str
    media_type: str
    data: bytes
    description: str
    relationship: str = "Data"


class PdfSigner:
    """Signs PDFs with one key. Safe to use in one thread at a time; make one per worker."""

    def __init__(self, signer: signers.Signer, certificates: Sequence[x509.Certificate], reason: str = "") -> None:
        self._reason = reason
        self._signer = signer
        # Twice, because the signature is written in hexadecimal; room for certificates, attributes and an RSA-4096 value.
        size = sum(len(one.public_bytes(serialization.Encoding.DER)) for one in certificates)
        self._reserved = 2 * (size + 2048)

    def sign(self, pdf: bytes, *, at: datetime, name: str, attachments: Sequence[Attachment] = ()) -> bytes:
        """The PDF with its attachments and the signature as one increment; `name` is the signer's, shown by readers."""
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        for attachment in attachments:
            _attach(writer, attachment)
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES, name=name, reason=self._reason or None,
        )  # fmt: skip
        signing = _At(metadata, self._signer, at)
        target = io.BytesIO()
        # pyHanko starts an event loop for each signature, which no thread may that runs one already: a thread of its own.
        with ThreadPoolExecutor(max_workers=1) as apart:
            apart.submit(signing.sign_pdf, writer, bytes_reserved=self._reserved, output=target).result()
        return target.getvalue()


class _At(signers.PdfSigner):
    """pyHanko's signer with the time given: it reads the machine's clock otherwise."""

    def __init__(self, metadata: signers.PdfSignatureMetadata, signer: signers.Signer, at: datetime) -> None:
        super().__init__(metadata, signer)
        self._at = at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


class _KeptKey(signers.SimpleSigner):
    """A signer that holds its private key ready."""

    def hold(self, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> _KeptKey:
        self._held = key
        return self

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(digest_algorithm)
        algorithm = hashes.SHA256()
        if isinstance(self._held, rsa.RSAPrivateKey):
            return self._held.sign(data, padding.PKCS1v15(), algorithm)
        return self._held.sign(data, ec.ECDSA(algorithm))


def file_signer(private_key: bytes, certificates: Sequence[x509.Certificate], reason: str = "") -> PdfSigner:
    """A signer with a private key (PKCS#8) of ours; its certificate first, then the authorities above it.

    Raises ValueError for a key that is neither RSA nor on a curve.
    """
    key = serialization.load_der_private_key(private_key, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError("a key of this kind does not sign PDFs")  # noqa: TRY004
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    own, *above = [translate_pyca_cryptography_cert_to_asn1(one) for one in certificates]
    store.register_multiple(above)
    signer = _KeptKey(
        signing_cert=own, signing_key=translate_pyca_cryptography_key_to_asn1(key), cert_registry=store
    ).hold(key)
    return PdfSigner(signer, certificates, reason)


def token_signer(
    *, module: str, token: str, label: str, pin: str, certificates: Sequence[x509.Certificate], reason: str = ""
) -> PdfSigner:
    """A signer whose key stays in a device (PKCS#11); the session stays open. Needs the package `python-pkcs11`.

    Raises ImportError without it; ValueError with what the device says, never with the PIN.
    """
    from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415
    from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415

    if not Path(module).is_file():  # a library opened before would answer in its place
        raise ValueError("the device's library is not there")
    try:
        session = open_pkcs11_session(module, token_criteria=TokenCriteria(label=token), user_pin=pin)
    except PKCS11Error as said:
        raise ValueError(f"the device does not open: {type(said).__name__}") from said
    own, *above = [translate_pyca_cryptography_cert_to_asn1(one) for one in certificates]
    return PdfSigner(
        # Hashing stays here: many devices sign only what was hashed for them.
        PKCS11Signer(session, signing_cert=own, key_label=label, ca_chain=tuple(above), use_raw_mechanism=True),
        certificates,
        reason,
    )


def _attach(writer: IncrementalPdfFileWriter, attachment: Attachment) -> None:
    # Left uncompressed: whoever checks the file without a PDF reader finds it as it is.
    stream = embed.EmbeddedFileObject.from_file_data(
        writer, attachment.data, compress=False, mime_type=attachment.media_type,
        params=embed.EmbeddedFileParams(embed_size=True, embed_checksum=False),
    )  # fmt: skip
    spec = embed.FileSpec(
        file_spec_string=attachment.name, file_name=attachment.name, embedded_data=stream,
        description=attachment.description,
    )  # fmt: skip
    embed.embed_file(writer, spec)
    # pyHanko would raise the file to PDF 2.0 for the association; PDF/A-3 stands on 1.7.
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    reference = names.raw_get(len(names) - 1)
    writer_spec = reference.get_object()
    writer_spec["/AFRelationship"] = generic.pdf_name(f"/{attachment.relationship}")
    writer.mark_update(reference)
    if "/AF" not in writer.root:
        writer.root["/AF"] = writer.add_object(generic.ArrayObject())
        writer.update_root()  # type: ignore[no-untyped-call]
    writer.root["/AF"].append(reference)
    writer.update_container(writer.root["/AF"])


# --- checking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """What stands at the end of a signed file. `fingerprint` is SHA-256 of the certificate the signature names.

    `whole`: the signature covers every byte but its own place, and that place holds nothing else.
    """

    fingerprint: str
    whole: bool
    der: bytes
    digest: bytes


def signature_in(pdf: bytes) -> SignatureFound | None:
    """The signature of a file, None when there is none that could be read."""
    ranges = list(_BYTE_RANGE.finditer(pdf))
    if not ranges:
        return None
    first, second, length = (int(part) for part in ranges[-1].groups())
    if not 0 < first < second <= len(pdf):
        return None
    hexadecimal = pdf[first + 1 : second - 1]
    try:
        padded = bytes.fromhex(hexadecimal.decode("ascii"))
        content = cms.ContentInfo.load(padded)
        der = content.dump()
        signed = content["content"]
        own = _own_certificate(signed)
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        return None
    whole = (
        len(ranges) == 1
        and second + length == len(pdf)
        and (pdf[first : first + 1], pdf[second - 1 : second]) == (b"<", b">")
        and hexadecimal == padded.hex().upper().encode()
        and padded == der + bytes(len(padded) - len(der))
    )
    digest = hashlib.sha256(pdf[:first] + pdf[second : second + length]).digest()
    return SignatureFound(hashlib.sha256(own).hexdigest() if own else "", whole, der, digest)


def signature_holds(found: SignatureFound, certificate: x509.Certificate) -> bool:
    """Was exactly this file signed by the key of `certificate`? Every field of the signature must be as our signer writes it."""
    try:
        return found.whole and _holds(found, certificate)
    except (ValueError, KeyError, TypeError, IndexError, InvalidSignature):
        return False


def _holds(found: SignatureFound, certificate: x509.Certificate) -> bool:
    content = cms.ContentInfo.load(found.der, strict=True)
    signed = content["content"]
    if content["content_type"].native != "signed_data" or len(signed["signer_infos"]) != 1:
        return False
    (info,) = signed["signer_infos"]
    own = certificate.public_bytes(serialization.Encoding.DER)
    attributes = {one["type"].native: one["values"] for one in info["signed_attrs"]}
    named = attributes["signing_certificate_v2"][0]["certs"][0]["cert_hash"].native
    plain = (
        signed["version"].native == "v1"
        and [one["algorithm"].native for one in signed["digest_algorithms"]] == ["sha256"]
        and signed["encap_content_info"]["content_type"].native == "data"
        and signed["encap_content_info"]["content"].native is None
        and own == signed["certificates"][0].chosen.dump()
        and info["version"].native == "v1"
        and info["sid"].chosen["issuer"].dump() == certificate.issuer.public_bytes()
        and info["sid"].chosen["serial_number"].native == certificate.serial_number
        and info["signature_algorithm"]["algorithm"].native in ("sha256_ecdsa", "sha256_rsa")
        and info["signature_algorithm"]["parameters"].native is None
        and info["digest_algorithm"]["algorithm"].native == "sha256"
        and info["unsigned_attrs"].native is None
        and attributes["content_type"][0].native == "data"
        and named == hashlib.sha256(own).digest()
        and attributes["message_digest"][0].native == found.digest
    )
    if not plain:
        return False
    body = info["signed_attrs"].untag().dump()
    value = info["signature"].native
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(value, body, padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, body, ec.ECDSA(hashes.SHA256()))
    else:
        return False
    return True


def _own_certificate(signed: Any) -> bytes | None:
    (info,) = signed["signer_infos"]
    for one in signed["certificates"]:
        chosen = one.chosen
        if (
            isinstance(chosen, asn1_x509.Certificate)
            and chosen.serial_number == info["sid"].chosen["serial_number"].native
        ):
            return bytes(chosen.dump())
    return None


def fingerprint_of(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate, in hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()
