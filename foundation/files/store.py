"""Where the bytes lie: a folder, or any store fsspec knows, always sealed with the installation's key."""

from __future__ import annotations

from uuid import UUID

import fsspec

from foundation.encryption import sealing


class Store:
    """Puts, reads and erases sealed bytes by id."""

    def __init__(self, url: str) -> None:
        self._system, self._root = fsspec.core.url_to_fs(url, auto_mkdir=True)

    def _path(self, key: UUID) -> str:
        return f"{self._root}/{key.hex[:2]}/{key.hex}"

    def put(self, key: UUID, data: bytes) -> None:
        """Store `data`; complete or not at all (written beside, then moved)."""
        self.put_sealed(key, sealing.seal_bytes(data, f"file:{key}"))

    def read(self, key: UUID) -> bytes:
        """The plain bytes. Raises FileNotFoundError, SealBroken."""
        return sealing.open_bytes(self.sealed(key), f"file:{key}")

    def sealed(self, key: UUID) -> bytes:
        """The bytes as they lie, sealed: for a backup. Raises FileNotFoundError."""
        found: bytes = self._system.cat_file(self._path(key))
        return found

    def put_sealed(self, key: UUID, data: bytes) -> None:
        """Put back what `sealed` gave."""
        path = self._path(key)
        self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._system.pipe_file(path + ".part", data)
        self._system.mv(path + ".part", path)

    def erase(self, key: UUID) -> None:
        """Remove the bytes; repeating it does nothing."""
        if self._system.exists(self._path(key)):
            self._system.rm_file(self._path(key))


_installed: list[Store] = []


def install(store: Store) -> None:
    """Make `store` this process's store."""
    _installed[:] = [store]


def store() -> Store:
    """This process's store."""
    return _installed[0]
