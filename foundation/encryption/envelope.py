"""What a browser seals so that this installation alone can open it: a PIN typed while there is no network must not lie open on a tablet.

ECIES on P-256: an ephemeral key pair in the browser, HKDF-SHA-256 over the shared secret, AES-256-GCM. Our private key follows from the
installation's data key, so it needs no file of its own and survives a restore.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from foundation.encryption.keys import ring

INFO = b"laurel envelope"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_POINT, _NONCE = 65, 12


class EnvelopeBroken(ValueError):
    """The bytes were not sealed for this installation, or were changed."""


def _private() -> ec.EllipticCurvePrivateKey:
    drawn = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=INFO + b" private").derive(ring().data)
    return ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, ec.SECP256R1())


def public_jwk() -> dict[str, str]:
    """The key a browser seals for, as a JSON Web Key."""
    numbers = _private().public_key().public_numbers()
    x, y = (base64.urlsafe_b64encode(one.to_bytes(32)).decode().rstrip("=") for one in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def open_envelope(sealed: str) -> bytes:
    """The plain bytes of base64 text: ephemeral point, nonce, ciphertext. Raises EnvelopeBroken."""
    try:
        data = base64.b64decode(sealed, validate=True)
        point, nonce, rest = data[:_POINT], data[_POINT : _POINT + _NONCE], data[_POINT + _NONCE :]
        peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = _private().exchange(ec.ECDH(), peer)
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=INFO).derive(shared)
        return AESGCM(key).decrypt(nonce, rest, None)
    except (binascii.Error, ValueError, InvalidTag) as broken:
        raise EnvelopeBroken("not sealed for this installation") from broken
