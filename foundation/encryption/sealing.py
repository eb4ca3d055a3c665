"""Sealing values and looking them up without opening them.

A sealed value is `1.` + base64url(nonce + AES-256-GCM ciphertext). The context (table.column) is authenticated with it, so
a value copied into another column does not open. A value copied into another *row* is found by its blind index, which
`opened_matching` compares.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from foundation.encryption.keys import ring

_VERSION = "1."


class SealBroken(Exception):
    """A sealed value does not open here: changed, moved, or sealed with another key."""


def seal_bytes(plain: bytes, context: str) -> bytes:
    """`plain` encrypted for `context`."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(ring().data).encrypt(nonce, plain, context.encode())


def open_bytes(sealed: bytes, context: str) -> bytes:
    """What `seal_bytes` sealed for the same context. Raises SealBroken."""
    try:
        return AESGCM(ring().data).decrypt(sealed[:12], sealed[12:], context.encode())
    except (InvalidTag, ValueError) as broken:
        raise SealBroken(context) from broken


def seal_text(plain: str, context: str) -> str:
    """`plain` as a sealed value."""
    return _VERSION + base64.urlsafe_b64encode(seal_bytes(plain.encode(), context)).decode()


def open_text(sealed: str, context: str) -> str:
    """What `seal_text` sealed for the same context. Raises SealBroken."""
    if not sealed.startswith(_VERSION):
        raise SealBroken(context)
    return open_bytes(base64.urlsafe_b64decode(sealed[len(_VERSION) :]), context).decode()


def normalised(value: str) -> str:
    """The form in which values are compared: NFKC, no white space, upper case."""
    return "".join(unicodedata.normalize("NFKC", value).split()).upper()


def blind_index(kind: str, value: str) -> str:
    """What a column stores to find `value` again without holding it: HMAC-SHA-256 of kind and normalised value."""
    body = f"{kind}\x00{normalised(value)}".encode()
    return hmac.new(ring().index, body, hashlib.sha256).hexdigest()


def opened_matching(sealed: str, context: str, kind: str, index: str) -> str:
    """The value, after checking that `index` belongs to it. Raises SealBroken for a value of another row."""
    plain = open_text(sealed, context)
    if not hmac.compare_digest(blind_index(kind, plain), index):
        raise SealBroken(context)
    return plain
