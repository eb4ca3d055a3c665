"""The keys of an installation: files in LAUREL_DATA/keys, never in the database, never in a back-up of it."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("data", "index", "secret")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`data` encrypts values and files, `index` makes blind indexes, `secret` signs cookies. 32 bytes each."""

    data: bytes
    index: bytes
    secret: bytes

    def __repr__(self) -> str:
        return "KeyRing(…)"


def load(folder: Path) -> KeyRing:
    """The keys in `folder`; missing ones are made (mode 0600). Raises ValueError for a key of another length."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    keys = {}
    for name in _NAMES:
        path = folder / f"{name}.key"
        try:
            # O_EXCL: two processes starting together must not each keep a key of their own.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(32))
        keys[name] = path.read_bytes()
        if len(keys[name]) != 32:
            raise ValueError(f"{path} does not hold 32 bytes")
    return KeyRing(**keys)


_installed: list[KeyRing] = []


def install(ring: KeyRing) -> None:
    """Make `ring` the keys of this process."""
    _installed[:] = [ring]


def ring() -> KeyRing:
    """The keys of this process. Raises RuntimeError before `install`."""
    if not _installed:
        raise RuntimeError("no keys installed: create_app() does it")
    return _installed[0]
