"""Passwords: Argon2id at 19 MiB, two at a time, so that a morning's three hundred sign-ins do not starve the marks."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from foundation.clock import random_bytes
from foundation.refusal import Refusal

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_two_at_a_time = threading.Semaphore(2)
MIN_LENGTH = 8
# Hashed once so that an unknown user name costs as much time as a wrong password.
_NOBODY = _hasher.hash("nobody")
_COMMON = {"12345678", "123456789", "1234567890", "password", "password1", "88888888", "66666666", "11111111", "a1234567",
           "qwertyui", "abcd1234", "admin123", "laurel123"}  # fmt: skip
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def hashed(password: str) -> str:
    """The stored form of a password. Raises Refusal password_too_short, password_too_common."""
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < MIN_LENGTH:
        raise Refusal("password_too_short", field="new_password", least=MIN_LENGTH)
    if plain.lower() in _COMMON or len(set(plain)) < 3:
        raise Refusal("password_too_common", field="new_password")
    with _two_at_a_time:
        return _hasher.hash(plain)


def hashed_pin(pin: str) -> str:
    """The stored form of a PIN. Raises Refusal pin_form for anything but four to eight digits."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise Refusal("pin_form", field="pin")
    with _two_at_a_time:
        return _hasher.hash(pin)


def fits(password: str, stored: str | None) -> bool:
    """Is it the password? Takes the same time when there is no account."""
    plain = unicodedata.normalize("NFKC", password)
    with _two_at_a_time:
        try:
            return _hasher.verify(stored or _NOBODY, plain) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def fresh_password() -> str:
    """A first password for a slip: ten characters that cannot be mistaken for one another."""
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in random_bytes(10))
