"""Identity numbers and phones as they are compared, and names as they are searched."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

from foundation.encryption.sealing import blind_index


def identity_index(kind: str, number: str) -> str:
    """The blind index of an identity number of a kind."""
    return blind_index(f"identity:{kind}", number)


def phone_index(phone: str) -> str:
    """The blind index of a mobile phone, without country code, blanks and dashes."""
    return blind_index("phone", plain_phone(phone))


def plain_phone(phone: str) -> str:
    """The digits of a phone; +86 and 0086 fall away."""
    digits = "".join(c for c in phone if c.isdigit())
    return digits[-11:] if len(digits) in (13, 15) and digits.startswith(("86", "0086")) else digits


def pinyin_of(name: str) -> str:
    """`张伟` → `zhangwei zw`: what a search in letters is compared with."""
    syllables = lazy_pinyin(name, style=Style.NORMAL, errors="ignore")
    return f"{''.join(syllables)} {''.join(s[:1] for s in syllables)}".strip()[:200]
