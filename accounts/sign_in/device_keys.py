"""The keys tablets sign with: ECDSA on P-256 with SHA-256, made by the browser, the private half never leaves it.

The public half comes as a JWK (RFC 7517, RFC 7518 6.2). Signatures are what WebCrypto gives: r and s, 32 bytes each, base64url.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID, uuid5

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from foundation.refusal import Refusal

_HALF = 32


def canonical_key(jwk: object) -> str:
    """The public key as text with nothing but its four members, in the order of RFC 7638. Raises Refusal device_key_wrong.

    A private key (member `d`) is refused: it should never have left the tablet.
    """
    if not isinstance(jwk, Mapping) or "d" in jwk or (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise Refusal("device_key_wrong")
    text = json.dumps({name: jwk.get(name) for name in ("crv", "kty", "x", "y")}, separators=(",", ":"), sort_keys=True)
    try:
        _public_key(text)
    except (ValueError, TypeError) as wrong:
        raise Refusal("device_key_wrong") from wrong
    return text


def device_id_of(person_id: UUID, scope_id: UUID, key: str) -> UUID:
    """The id of the tablet that holds `key`, for one person and one event: the same key registers as the same tablet again."""
    return uuid5(scope_id, f"laurel.device|{person_id}|{hashlib.sha256(key.encode()).hexdigest()}")


def signature_holds(key: str, signature: str, message: str) -> bool:
    """Is `signature` that of `key` over the UTF-8 bytes of `message`?"""
    raw = _bytes(signature)
    if len(raw) != 2 * _HALF:
        return False
    halves = (int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))
    try:
        _public_key(key).verify(encode_dss_signature(*halves), message.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=2048)
def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    members = json.loads(text)
    x, y = _bytes(members["x"]), _bytes(members["y"])
    if len(x) != _HALF or len(y) != _HALF:
        raise ValueError("a coordinate of P-256 has 32 bytes")
    return ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), ec.SECP256R1()).public_key()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
