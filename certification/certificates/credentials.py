"""Open Badges 3.0 credentials (W3C VC 2.0) as signed tokens, status lists and roots: making them and checking them.

A token is a VC-JWT signed with Ed25519 (RFC 8037): the payload is the credential itself. Its key is named by a `did:web` address
of the issuer, whose document this platform publishes; the same keys stand in one file that can be kept, so that everything
can be checked when the platform is gone. No identity number is in a credential.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from certification.certificates.models.certificates import Certificate
from certification.certificates.models.keys import SigningKey
from certification.certificates.queries import keys as queries
from certification.rules import status_list
from foundation.encryption.private_keys import private_key
from foundation.encryption.sealing import SealBroken
from foundation.print.signatures import Attachment
from foundation.refusal import Refusal

USE = "credential"
NAME = "credential.jwt"
CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")
CREDENTIAL, STATUS, ROOT = "vc+jwt", "statuslist+jwt", "laurel-root+jwt"
TTL = 300_000  # milliseconds a status list may be kept
_ready: dict[str, Ed25519PrivateKey] = {}
_making = threading.Lock()


class TokenWrong(ValueError):
    """A token that is none, was changed, or is signed by nobody known."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in an issuer's status lists."""

    list_number: int
    place: int


@dataclass(frozen=True, slots=True)
class Credential:
    """A signed credential and the key that signed it."""

    token: str
    signing_key_id: UUID

    @property
    def sha256(self) -> str:
        """Of the token's bytes."""
        return hashlib.sha256(self.token.encode()).hexdigest()

    @property
    def attachment(self) -> Attachment:
        """As it lies in the PDF (PDF/A-3, AFRelationship Data)."""
        return Attachment(
            NAME, "application/vc+jwt", self.token.encode(), "Open Badges 3.0 credential (VC-JWT)", "Data"
        )


# --- names ------------------------------------------------------------------------------------------------------------


def did(public_url: str, issuer_id: UUID) -> str:
    """The issuer's `did:web`; its document lies at `/issuers/<id>/did.json`."""
    host = urlsplit(public_url)
    parts = [quote(host.netloc, safe="."), *filter(None, host.path.split("/")), "issuers", str(issuer_id)]
    return "did:web:" + ":".join(parts)


def jwk(key: SigningKey) -> dict[str, str]:
    """The public key as JSON Web Key, named by its fingerprint."""
    public = serialization.load_pem_public_key(key.public_key.encode())
    if not isinstance(public, Ed25519PublicKey):
        raise TypeError("a credential key is Ed25519")
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).decode().rstrip("="), "kid": kid(key)}


def kid(key: SigningKey) -> str:
    """How a key is named inside its issuer's document."""
    return key.fingerprint[:16]


def did_document(public_url: str, issuer_id: UUID, keys: Iterable[SigningKey]) -> dict[str, Any]:
    """The `did:web` document: every credential key the issuer has or had; what a retired one signed stays checkable."""
    own = did(public_url, issuer_id)
    methods = [
        {"id": f"{own}#{kid(key)}", "type": "JsonWebKey", "controller": own, "publicKeyJwk": jwk(key)} for key in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": own,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


# --- making -----------------------------------------------------------------------------------------------------------


def credential(
    row: Certificate, values: Mapping[str, str], slot: Slot, key: SigningKey, *, public_url: str, edition: int, at: datetime
) -> Credential:  # fmt: skip
    """The credential of a certificate that prints `values`, signed. Raises Refusal signing_key_unreadable."""
    issuer = did(public_url, row.evaluation_organization_id)
    listed = f"{public_url}/credentials/status/{row.evaluation_organization_id}/{slot.list_number}"
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    named = [
        {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": values.get("name", "")},
        {"type": "IdentityObject", "identityType": "ext:certificateNumber", "hashed": False, "identityHash": row.number or ""},
    ]  # fmt: skip
    title = " ".join(
        filter(None, (values.get("occupation") or row.occupation_name, values.get("grade_text"), values.get("prize")))
    )
    payload = {
        "@context": list(CONTEXTS),
        "id": f"urn:uuid:{row.id}" if edition == 1 else f"urn:uuid:{row.id}#{edition}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "样本 SAMPLE" if row.issuer.switched_on_at is None else title,
        "issuer": {"id": issuer, "type": ["Profile"], "name": values.get("issuer") or row.issuer.name, "url": public_url},
        "validFrom": moment,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": named,
            "achievement": {
                "id": f"urn:laurel:{row.kind}:{row.occupation_code or '-'}:{row.grade or '-'}",
                "type": ["Achievement"],
                "achievementType": "Certification" if row.kind == "grade" else "Award",
                "name": title,
                "description": f"{title}（{row.occupation_code}）" if row.occupation_code else title,
                "criteria": {"narrative": "Decided by a published award policy from published results; see the chain of evidence."},
            },
        },
        "evidence": [{"id": f"urn:sha256:{row.previous_hash}", "type": ["Evidence"], "name": "award case"}],
        "credentialStatus": {
            "id": f"{listed}#{slot.place}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(slot.place), "statusListCredential": listed,
        },
    }  # fmt: skip
    claims = {"iss": issuer, "nbf": int(at.timestamp()), "jti": payload["id"]}
    return Credential(_signed(payload | claims, key, issuer, CREDENTIAL), key.id)


def status_list_token(
    issuer_id: UUID, number: int, ended: Iterable[int], key: SigningKey, *, public_url: str, at: datetime
) -> str:
    """A status list as signed credential. Raises Refusal signing_key_unreadable."""
    issuer = did(public_url, issuer_id)
    own = f"{public_url}/credentials/status/{issuer_id}/{number}"
    moment = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    payload = {
        "@context": [CONTEXTS[0]], "id": own, "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer, "validFrom": moment,
        "credentialSubject": {
            "id": f"{own}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
            "encodedList": status_list.encoded(ended), "ttl": TTL,
        },
        "iss": issuer, "iat": int(at.timestamp()),
    }  # fmt: skip
    return _signed(payload, key, issuer, STATUS)


def root_token(
    issuer_id: UUID, number: int, root: str, size: int, key: SigningKey, *, public_url: str, at: datetime
) -> str:
    """A signed Merkle root. Raises Refusal signing_key_unreadable."""
    issuer = did(public_url, issuer_id)
    payload = {"iss": issuer, "iat": int(at.timestamp()), "number": number, "size": size, "root": root}
    return _signed(payload, key, issuer, ROOT)


def _signed(payload: Mapping[str, Any], key: SigningKey, issuer: str, kind: str) -> str:
    with _making:
        if key.fingerprint not in _ready:
            try:
                private = serialization.load_der_private_key(private_key(key.fingerprint), password=None)
            except (OSError, ValueError, SealBroken) as broken:
                raise Refusal("signing_key_unreadable", issuer=key.issuer.name) from broken
            if not isinstance(private, Ed25519PrivateKey):
                raise Refusal("signing_key_unreadable", issuer=key.issuer.name)
            _ready[key.fingerprint] = private
    headers = {"kid": f"{issuer}#{kid(key)}", "typ": kind}
    return jwt.encode(dict(payload), _ready[key.fingerprint], algorithm="EdDSA", headers=headers)


# --- checking ---------------------------------------------------------------------------------------------------------


def opened(token: str, keys: Mapping[str, Mapping[str, str]], kind: str) -> dict[str, Any]:
    """The payload of a token signed by one of `keys` (name of the key → JWK). Raises TokenWrong; LookupError for an unknown key."""
    try:
        head = jwt.get_unverified_header(token)
    except jwt.PyJWTError as wrong:
        raise TokenWrong("not a token") from wrong
    if head.get("typ") != kind or head.get("alg") != "EdDSA":
        raise TokenWrong("another kind of token")
    name = str(head.get("kid", ""))
    known = keys.get(name.rpartition("#")[2])
    if known is None:
        raise LookupError(name)
    try:
        raw = base64.urlsafe_b64decode(known["x"] + "=" * (-len(known["x"]) % 4))
        payload: dict[str, Any] = jwt.decode(
            token, Ed25519PublicKey.from_public_bytes(raw), algorithms=["EdDSA"], options={"verify_aud": False, "verify_nbf": False, "verify_iat": False}
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError) as wrong:
        raise TokenWrong("changed") from wrong
    if payload.get("iss") != name.rpartition("#")[0]:
        raise TokenWrong("signed in another's name")
    return payload


def token_in(data: bytes) -> str | None:
    """The token a file is, or carries: a VC-JWT on its own, or the attachment of a PDF of ours."""
    if data.startswith(b"eyJ") and len(data) < 20_000:
        text = data.decode("ascii", "ignore").strip()
        return text if text.count(".") == 2 else None
    start = data.rfind(b"stream\neyJ")
    if start < 0:
        start = data.rfind(b"stream\r\neyJ")
    if start < 0:
        return None
    start = data.index(b"eyJ", start)
    end = start
    while end < len(data) and end - start < 20_000 and data[end : end + 1] not in b"\r\n \t":
        end += 1
    text = data[start:end].decode("ascii", "ignore")
    return text if text.count(".") == 2 else None


def key_for(issuer_id: UUID, at: datetime) -> SigningKey | None:
    """The credential key an issuer signs with now."""
    return queries.key_in_force(issuer_id, USE, at)
