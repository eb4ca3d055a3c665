"""A backup of everything but the keys, made while judges mark; and bringing it back on an empty machine.

A folder: `manifest.json` (written last: without it the backup was not finished), `tables/*.jsonl.gz` (the canonical dump of one
snapshot), `files/` (the stored files as they lie, sealed), `data/` (certificates of the hall, fonts, designs). It opens with the
keys alone, which lie elsewhere. The same form on both engines: what was made on SQLite can be restored on PostgreSQL and back.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import flask_migrate
from sqlalchemy import Connection, Table, column, func, inspect, select, table, text
from sqlalchemy.schema import AddConstraint, DropConstraint

from foundation.backups import dump, sealed_keys
from foundation.db import db
from foundation.files.models import StoredFile
from foundation.files.store import store
from foundation.refusal import Refusal

FORMAT = "laurel.backup.1"
BESIDE = ("tls", "fonts", "designs")  # folders of LAUREL_DATA that are neither database, files nor keys


@dataclass(frozen=True, slots=True)
class Done:
    """What a backup or a restore moved. `missing` are files the database names and the store has not."""

    tables: int
    rows: int
    files: int
    missing: tuple[str, ...] = ()


def make(folder: Path, data: Path, *, at: datetime) -> Done:
    """Back up into an empty `folder`. `data` is LAUREL_DATA. Raises Refusal backup_folder_used."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Refusal("backup_folder_used", folder=str(folder))
    (folder / "tables").mkdir()
    found: dict[str, Any] = {}
    with dump.snapshot() as connection:
        revision = connection.scalar(select(column("version_num")).select_from(table("alembic_version")))
        for one in dump.tables():
            found[one.name] = _write_table(connection, one, folder / "tables" / f"{one.name}.jsonl.gz")
        kept = connection.execute(select(StoredFile.id).where(StoredFile.erased_at.is_(None)).order_by(StoredFile.id))
        ids: list[UUID] = [row.id for row in kept]
        engine = connection.dialect.name
    files, missing = _copy_files(ids, folder / "files")
    beside = {}
    for name in BESIDE:
        for path in sorted((data / name).rglob("*")):
            if path.is_file():
                beside[str(path.relative_to(data))] = _copied(path, folder / "data" / path.relative_to(data))
    manifest = {
        "format": FORMAT, "made_at": at.isoformat(), "engine": engine, "revision": revision, "keys": sealed_keys.key_check(),
        "tables": found, "files": files, "missing": missing, "data": beside,
    }  # fmt: skip
    written = folder / "manifest.json.part"
    written.write_text(json.dumps(manifest, indent=1, sort_keys=True))
    written.replace(folder / "manifest.json")
    return Done(len(found), sum(one["rows"] for one in found.values()), len(files), tuple(missing))


def restore(folder: Path, data: Path) -> Done:
    """Bring a backup back into an empty database and LAUREL_DATA, with the keys already in place.

    Nothing is written before every part was compared with the manifest; the database comes last, in one transaction; then it is
    dumped again and compared. Repeating an interrupted one is safe. Raises Refusal backup_unreadable, backup_damaged,
    backup_other_version, keys_do_not_fit, restore_not_empty, restore_differs.
    """
    manifest = checked(folder)
    if manifest["keys"] != sealed_keys.key_check():
        raise Refusal("keys_do_not_fit")
    refuse_filled()
    flask_migrate.upgrade()
    with db.engines["writer"].connect() as connection:
        ours = connection.scalar(select(column("version_num")).select_from(table("alembic_version")))
    if ours != manifest["revision"]:
        raise Refusal("backup_other_version", theirs=manifest["revision"], ours=ours)
    for name in manifest["files"]:
        store().put_sealed(UUID(name), (folder / "files" / name[:2] / name).read_bytes())
    for name in manifest["data"]:
        _copied(folder / "data" / name, data / name)
    _load(folder, manifest)
    db.session.rollback()
    with dump.snapshot() as connection:
        for name, (count, digest) in dump.digests(connection).items():
            if manifest["tables"][name] != {"rows": count, "sha256": digest}:
                raise Refusal("restore_differs", table=name)
    whole = sum(one["rows"] for one in manifest["tables"].values())
    return Done(len(manifest["tables"]), whole, len(manifest["files"]), tuple(manifest["missing"]))


def checked(folder: Path) -> dict[str, Any]:
    """The manifest, after every part was compared with it. Raises Refusal backup_unreadable, backup_damaged."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError) as wrong:
        raise Refusal("backup_unreadable", folder=str(folder)) from wrong
    if manifest.get("format") != FORMAT:
        raise Refusal("backup_unreadable", folder=str(folder))
    ours = {one.name for one in dump.tables()}
    if set(manifest["tables"]) != ours:
        raise Refusal("backup_damaged", part=", ".join(sorted(ours ^ set(manifest["tables"]))))
    for name, said in manifest["tables"].items():
        digest, count = hashlib.sha256(), 0
        try:
            for line in _lines(folder, name):
                digest.update(line)
                count += 1
        except (OSError, EOFError) as wrong:
            raise Refusal("backup_damaged", part=f"tables/{name}") from wrong
        if (count, digest.hexdigest()) != (said["rows"], said["sha256"]):
            raise Refusal("backup_damaged", part=f"tables/{name}")
    for kind, paths in (("files", {f"{name[:2]}/{name}": said for name, said in manifest["files"].items()}), ("data", manifest["data"])):  # fmt: skip
        for name, said in paths.items():
            path = folder / kind / name
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != said:
                raise Refusal("backup_damaged", part=f"{kind}/{name}")
    return manifest


def _write_table(connection: Connection, one: Table, path: Path) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1, mtime=0) as file:
        for line in dump.lines(connection, one):
            digest.update(line)
            file.write(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _copy_files(ids: list[UUID], folder: Path) -> tuple[dict[str, str], list[str]]:
    files, missing = {}, []
    for key in ids:
        try:
            data = store().sealed(key)
        except FileNotFoundError:
            missing.append(key.hex)
            continue
        path = folder / key.hex[:2] / key.hex
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        files[key.hex] = hashlib.sha256(data).hexdigest()
    return files, missing


def _copied(source: Path, target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return hashlib.sha256(target.read_bytes()).hexdigest()


def _lines(folder: Path, name: str) -> Iterator[bytes]:
    with gzip.open(folder / "tables" / f"{name}.jsonl.gz", "rb") as file:
        yield from file


def refuse_filled() -> None:
    """Raise Refusal restore_not_empty unless the database holds nothing."""
    engine = db.engines["writer"]
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        for one in dump.tables():
            if one.name in there and connection.scalar(select(func.count()).select_from(one)):
                raise Refusal("restore_not_empty", table=one.name)


def _load(folder: Path, manifest: dict[str, Any]) -> None:
    """Every row in one transaction; references are checked at its end."""
    every = dump.tables()
    with db.engines["writer"].begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        bound = [key for each in every for key in each.foreign_key_constraints]
        if sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        else:
            for key in bound:
                connection.execute(DropConstraint(key))
        for one in every:
            if not manifest["tables"][one.name]["rows"]:
                continue
            names = dump.columns(one)
            bare = table(one.name, *(column(name, dump.plain(one.c[name].type)) for name in names))
            found = dump.rows(one, _lines(folder, one.name))
            while part := list(itertools.islice(found, dump.AT_ONCE)):
                connection.execute(bare.insert(), part)
        if not sqlite:
            for key in bound:
                connection.execute(AddConstraint(key))
