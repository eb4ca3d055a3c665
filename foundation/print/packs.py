"""Packs: a design's folder as one sequence of bytes, and back, so that what was printed with can be printed with for ever."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from foundation.print.designs import Design, design

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOST_BYTES = 50_000_000
_folders: list[Path] = []


def install(folder: Path) -> None:
    """Where packs are laid out on disk; what lies there can be removed at any time and comes back from the packs."""
    _folders[:] = [folder]


def pack(found: Design) -> bytes:
    """All files of a design, the shared ones included: the same folder gives the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in found.files:
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), (found.root / name).read_bytes(), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def laid_out(key: str, digest: str) -> Design | None:
    """The design of that hash, where its pack was laid out before and is unharmed."""
    root = _folders[0] / digest
    if not (root / key / "design.toml").is_file():
        return None
    found = design(key, root)
    return found if found.hash == digest else None


def lay_out(key: str, digest: str, data: bytes) -> Design:
    """Lay a pack out on disk and read its design. Raises ValueError when it is not the design of that hash."""
    _folders[0].mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=_folders[0], prefix=".part-"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_BYTES:
                raise ValueError("a pack of this size is no design")
            for one in packed.infolist():
                name = PurePosixPath(one.filename)
                if name.is_absolute() or ".." in name.parts:
                    raise ValueError(f"a pack reaches out of its folder: {one.filename}")
                path = beside / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(packed.read(one))
        if design(key, beside).hash != digest:
            raise ValueError("the pack is not the design it is kept as")
        root = _folders[0] / digest
        if root.exists() and laid_out(key, digest) is None:
            shutil.rmtree(root)
        if not root.exists():
            try:
                beside.rename(root)
            except OSError:  # another process was faster
                if laid_out(key, digest) is None:
                    raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return design(key, _folders[0] / digest)
