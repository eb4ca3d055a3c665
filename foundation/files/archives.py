"""Opening ZIP archives that strangers send: limits before anything is unpacked, paths that stay inside, names as they were meant."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from foundation.refusal import Refusal

MOST_FILES = 2000
MOST_BYTES = 400 * 1024 * 1024
MOST_EACH = 25 * 1024 * 1024
MOST_RATIO = 200
_FURNITURE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_UTF8, _LOCKED = 0x800, 0x1


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of an archive: its path as the sender sees it, and its bytes."""

    path: str
    data: bytes


def paths_in(data: bytes) -> tuple[str, ...]:
    """The paths of an archive's files in their order, without unpacking. Raises as `unpacked`."""
    with _opened(data) as archive:
        return tuple(path for path, _entry in _entries(archive))


def unpacked(data: bytes) -> Iterator[Packed]:
    """An archive's files one after another; at most one is in memory. What systems add (`__MACOSX`, `Thumbs.db`) is passed over.

    Raises Refusal archive_not_readable, archive_locked, archive_path, archive_too_many, archive_too_large: by what the archive says
    of itself before anything is unpacked, and by what really comes out.
    """
    total = 0
    with _opened(data) as archive:
        for path, entry in _entries(archive):
            try:
                with archive.open(entry) as file:
                    content = file.read(MOST_EACH + 1)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as broken:
                raise Refusal("archive_not_readable", field="file") from broken
            total += len(content)
            if len(content) > MOST_EACH or total > MOST_BYTES:
                raise _too_large()
            yield Packed(path, content)


def _opened(data: bytes) -> zipfile.ZipFile:
    if data[:4] != b"PK\x03\x04":
        raise Refusal("archive_not_readable", field="file")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as broken:
        raise Refusal("archive_not_readable", field="file") from broken


def _entries(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    found, total = [], 0
    for entry in archive.infolist():
        path = _name(entry)
        if entry.is_dir() or any(part in path for part in _FURNITURE):
            continue
        parts = path.replace("\\", "/").split("/")
        link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        if link or path.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in path:
            raise Refusal("archive_path", field="file", path=path[:60])
        if entry.flag_bits & _LOCKED:
            raise Refusal("archive_locked", field="file")
        total += entry.file_size
        if (
            entry.file_size > MOST_EACH
            or total > MOST_BYTES
            or entry.file_size > MOST_RATIO * max(entry.compress_size, 1000)
        ):
            raise _too_large()
        found.append((path.replace("\\", "/"), entry))
        if len(found) > MOST_FILES:
            raise Refusal("archive_too_many", field="file", limit=MOST_FILES)
    return found


def _too_large() -> Refusal:
    return Refusal("archive_too_large", field="file", limit=MOST_BYTES // 1024 // 1024, each=MOST_EACH // 1024 // 1024)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: Windows in China writes GBK, some write UTF-8 without saying so."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
