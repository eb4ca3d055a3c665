"""Private keys that sign for an issuer: sealed files in LAUREL_DATA/keys/signing, apart from every back-up."""

from __future__ import annotations

import os
from pathlib import Path

from foundation.encryption import sealing

_installed: list[Path] = []


def install(folder: Path) -> None:
    """Keep the private keys of this process in `folder`."""
    _installed[:] = [folder]


def keep_private_key(fingerprint: str, data: bytes) -> None:
    """Store a private key (PKCS#8) sealed, mode 0600, under its certificate's fingerprint; the same key again changes nothing."""
    folder = _installed[0]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(_path(fingerprint), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # one certificate, one key: what lies there is this key
    with os.fdopen(handle, "wb") as file:
        file.write(sealing.seal_bytes(data, _context(fingerprint)))


def private_key(fingerprint: str) -> bytes:
    """The private key. Raises FileNotFoundError, SealBroken."""
    return sealing.open_bytes(_path(fingerprint).read_bytes(), _context(fingerprint))


def _context(fingerprint: str) -> str:
    return f"signing_key:{fingerprint}"


def _path(fingerprint: str) -> Path:
    if not (len(fingerprint) == 64 and fingerprint.isalnum()):
        raise FileNotFoundError(fingerprint)
    return _installed[0] / f"{fingerprint}.key"
