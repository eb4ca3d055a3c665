"""Codes on paper: how they look, how they are stored, how guessing is stopped. The actions around them are in `actions`."""

from __future__ import annotations

from foundation.clock import random_bytes
from foundation.encryption.sealing import blind_index

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: read aloud and typed from paper


def fresh_code(length: int = 10) -> str:
    """A code such as `7KQMD-W3XPA`."""
    picked: list[str] = []
    while len(picked) < length:
        # Bytes beyond the last whole multiple of the alphabet are thrown away: every character is equally likely.
        picked += [ALPHABET[byte % 31] for byte in random_bytes(length) if byte < 248]
    code = "".join(picked[:length])
    return f"{code[: length // 2]}-{code[length // 2 :]}"


def code_hash(kind: str, code: str) -> str:
    """What is stored of a code: a keyed hash, so that the database alone gives no code away."""
    plain = code.replace("-", "").replace("—", "").translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    return blind_index(f"access_code:{kind}", plain)
