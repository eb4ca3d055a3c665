"""The keys of an installation in one file that a passphrase seals: scrypt, then AES-256-GCM. It lies apart from every backup."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from foundation.encryption import keys
from foundation.refusal import Refusal

FORMAT = "laurel.keys.1"
LEAST = 12
_COST = {"n": 2**16, "r": 8, "p": 1}


def key_check() -> str:
    """What tells whether two installations hold the same keys, and nothing of the keys."""
    ring = keys.ring()
    return hashlib.sha256(b"laurel.key_check\x00" + ring.data + ring.index).hexdigest()


def export(folder: Path, target: Path, passphrase: str) -> int:
    """Seal every file of `folder` (the keys of LAUREL_DATA) into `target`, mode 0600. Returns how many files.

    Raises Refusal keys_passphrase_short, keys_file_there.
    """
    if len(passphrase) < LEAST:
        raise Refusal("keys_passphrase_short", least=LEAST)
    files = {
        str(path.relative_to(folder)): base64.b64encode(path.read_bytes()).decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, json.dumps(files).encode(), FORMAT.encode())
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    written = json.dumps({"format": FORMAT, **{name: base64.b64encode(part).decode() for name, part in parts.items()}})
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as there:
        raise Refusal("keys_file_there", file=str(target)) from there
    with os.fdopen(handle, "w") as file:
        file.write(written + "\n")
    return len(files)


def opened(source: Path, passphrase: str) -> dict[str, bytes]:
    """The files of a sealed key file by name. Raises Refusal keys_unreadable, keys_wrong_passphrase."""
    try:
        found = json.loads(source.read_text())
        salt, nonce, sealed = (base64.b64decode(found[name]) for name in ("salt", "nonce", "sealed"))
        right = found["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise Refusal("keys_unreadable", file=str(source)) from wrong
    if not right:
        raise Refusal("keys_unreadable", file=str(source))
    try:
        files = json.loads(AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, FORMAT.encode()))
    except InvalidTag as wrong:
        raise Refusal("keys_wrong_passphrase") from wrong
    return {name: base64.b64decode(text) for name, text in files.items()}


def put_in_place(files: dict[str, bytes], folder: Path) -> None:
    """Write the keys into `folder` in place of those there, and use them in this process."""
    for name, data in files.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise Refusal("keys_unreadable", file=name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(path.name + ".part")
        part.touch(mode=0o600)
        part.write_bytes(data)
        part.replace(path)
    keys.install(keys.load(folder))


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **_COST).derive(passphrase.encode())
