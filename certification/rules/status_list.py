"""Bitstring status lists (W3C) and Merkle roots, as plain arithmetic.

A list has 131,072 places, the first bit from the left is place 0; it travels gzipped in multibase (`u` + base64url). Places are
given in an order that only the key's owner can foresee, so that neighbours in a list tell nothing of a batch.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
from collections.abc import Iterable, Sequence

PLACES = 131_072  # 16 kB: the least the recommendation allows, so that no reader learns which place was asked for
_HALF = 9  # bits: two halves make 18, and what falls outside the 17 walks on


def scattered(position: int, key: bytes) -> int:
    """The place of the n-th entry of a list: a permutation of all places (a keyed Feistel network, cycle-walking)."""
    if not 0 <= position < PLACES:
        raise ValueError("a list has 131,072 places")
    found = position
    while True:
        left, right = found >> _HALF, found & (1 << _HALF) - 1
        for turn in range(4):
            mixed = hmac.new(key, b"%d:%d" % (turn, right), hashlib.sha256).digest()
            left, right = right, left ^ (int.from_bytes(mixed[:2], "big") & (1 << _HALF) - 1)
        found = left << _HALF | right
        if found < PLACES:
            return found


def encoded(places: Iterable[int]) -> str:
    """The list with these places set."""
    bits = bytearray(PLACES // 8)
    for place in places:
        bits[place // 8] |= 128 >> place % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def is_set(text: str, place: int) -> bool:
    """Is a place set? Raises ValueError for what is no list."""
    if not text.startswith("u") or not 0 <= place < PLACES:
        raise ValueError("not a status list")
    packed = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    try:
        bits = gzip.decompress(packed)
    except (OSError, EOFError) as wrong:
        raise ValueError("not a status list") from wrong
    if len(bits) != PLACES // 8:
        raise ValueError("not a status list")
    return bool(bits[place // 8] & 128 >> place % 8)


def leaf(file_sha256: str) -> str:
    """The leaf of a file: SHA-256 over a zero byte and the file's SHA-256."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(file_sha256)).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """The root over the sorted leaves: SHA-256 over a one byte and two below; who has no neighbour goes up as it is."""
    level = [bytes.fromhex(one) for one in sorted(leaves)]
    if not level:
        raise ValueError("a root needs leaves")
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0].hex()
