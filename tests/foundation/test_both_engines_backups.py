"""A backup made on one engine, restored on an empty machine with the other: the same database, the same files, only with the keys."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.exc import DBAPIError

from competitions.marking.ledger import receive_marks
from competitions.marking.models.marks import Mark
from foundation.backups import backup, dump, sealed_keys
from foundation.db import db, session
from foundation.encryption import keys
from foundation.files.actions import keep_file
from foundation.permission import MACHINE
from foundation.refusal import Refusal
from tests.conftest import AT, POSTGRES_URL, ROOT, WORKER
from tests.factories.marking import make_hall

PASSPHRASE = "桂冠 laurel 2026 ✓"


@pytest.fixture
def other_database(app: Flask, tmp_path: Path) -> Iterator[str]:
    """An empty database of the other engine."""
    if db.engine.dialect.name == "postgresql":
        yield f"sqlite:///{tmp_path / 'restored.db'}"
        return
    url, name = make_url(POSTGRES_URL), f"laurel_restored_{WORKER}"
    admin = url.set(drivername="postgresql").render_as_string(False)
    try:
        server = psycopg.connect(admin, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield f"sqlite:///{tmp_path / 'restored.db'}"
        return
    with server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
    yield url.set(database=name).render_as_string(False)
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def flask(data: Path, database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "LAUREL_DATA": str(data),
        "DATABASE_URL": database,
        "SECRET_KEY": "x",
        "TESTING": "yes",
    }
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments], env=environment, cwd=ROOT, check=False, capture_output=True, text=True,
        timeout=240,
    )  # fmt: skip


def filled() -> bytes:
    """A hall with marks and a stored file."""
    hall = make_hall()
    for seat in range(3):
        receive_marks(hall.whole(seat, 0), actor=hall.judges[seat], at=AT)
    document = b"%PDF-1.7 " + os.urandom(2000)
    keep_file(document, media_type="application/pdf", name="成绩单.pdf", actor=MACHINE, at=AT)
    return document


def test_what_is_restored_is_what_was_backed_up(app: Flask, other_database: str, tmp_path: Path) -> None:
    filled()
    data, folder, key_file = app.config["DATA_FOLDER"], tmp_path / "backup", tmp_path / "keys.sealed"
    word = tmp_path / "passphrase"
    word.write_text(PASSPHRASE)
    done = backup.make(folder, data, at=AT)
    assert (done.files, done.missing) == (1, ())
    assert sealed_keys.export(data / "keys", key_file, PASSPHRASE) >= 3
    empty = tmp_path / "machine"
    found = flask(
        empty, other_database, "restore", str(folder), "--keys", str(key_file), "--passphrase-file", str(word)
    )
    assert found.returncode == 0, found.stderr
    [name] = json.loads((folder / "manifest.json").read_text())["files"]
    assert (empty / "files" / name[:2] / name).read_bytes() == (folder / "files" / name[:2] / name).read_bytes()
    assert (empty / "keys" / "data.key").read_bytes() == (data / "keys" / "data.key").read_bytes()
    wanted = select(Mark.sequence, Mark.hash, Mark.value, Mark.server_at).order_by(Mark.sequence)
    there = create_engine(other_database)
    with there.connect() as restored:
        assert restored.execute(wanted).all() == session().execute(wanted).all()
        with pytest.raises(DBAPIError, match="append-only"):
            restored.execute(text("DELETE FROM mark"))
    there.dispose()


def test_other_keys_do_not_open_a_backup(app: Flask, tmp_path: Path) -> None:
    backup.make(tmp_path / "backup", app.config["DATA_FOLDER"], at=AT)
    ours = keys.ring()
    keys.install(keys.KeyRing(b"o" * 32, b"t" * 32, b"h" * 32))
    try:
        with pytest.raises(Refusal, match="keys_do_not_fit"):
            backup.restore(tmp_path / "backup", app.config["DATA_FOLDER"])
    finally:
        keys.install(ours)


def test_a_damaged_or_unfinished_backup_is_refused_before_anything_is_written(app: Flask, tmp_path: Path) -> None:
    filled()
    folder = tmp_path / "backup"
    backup.make(folder, app.config["DATA_FOLDER"], at=AT)
    backup.checked(folder)
    with pytest.raises(Refusal, match="backup_folder_used"):
        backup.make(folder, app.config["DATA_FOLDER"], at=AT)
    [stored] = (folder / "files").rglob("*" * 1 + "?" * 31)
    for path in (stored, folder / "tables" / "mark.jsonl.gz"):
        right = path.read_bytes()
        path.write_bytes(right[:-9] + bytes([right[-9] ^ 1]) + right[-8:])
        with pytest.raises(Refusal, match="backup_damaged"):
            backup.checked(folder)
        path.write_bytes(right)
    lines = gzip.decompress((folder / "tables" / "mark.jsonl.gz").read_bytes()).splitlines(keepends=True)
    (folder / "tables" / "mark.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[:-1])))
    with pytest.raises(Refusal, match="backup_damaged"):
        backup.checked(folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(Refusal, match="backup_unreadable"):
        backup.checked(folder)


def test_a_filled_database_is_not_restored_into(app: Flask, tmp_path: Path) -> None:
    filled()
    backup.make(tmp_path / "backup", app.config["DATA_FOLDER"], at=AT)
    with pytest.raises(Refusal, match="restore_not_empty"):
        backup.restore(tmp_path / "backup", app.config["DATA_FOLDER"])


def test_the_key_file_opens_with_its_passphrase_alone(app: Flask, tmp_path: Path) -> None:
    folder, target = app.config["DATA_FOLDER"] / "keys", tmp_path / "keys.sealed"
    with pytest.raises(Refusal, match="keys_passphrase_short"):
        sealed_keys.export(folder, target, "kurz")
    sealed_keys.export(folder, target, PASSPHRASE)
    assert target.stat().st_mode & 0o777 == 0o600
    assert (folder / "data.key").read_bytes() not in target.read_bytes()
    with pytest.raises(Refusal, match="keys_file_there"):
        sealed_keys.export(folder, target, PASSPHRASE)
    with pytest.raises(Refusal, match="keys_wrong_passphrase"):
        sealed_keys.opened(target, PASSPHRASE + "x")
    assert sealed_keys.opened(target, PASSPHRASE)["data.key"] == (folder / "data.key").read_bytes()
    target.write_text(target.read_text()[:200])
    with pytest.raises(Refusal, match="keys_unreadable"):
        sealed_keys.opened(target, PASSPHRASE)


def test_no_personal_datum_stands_in_a_backup_in_plain_text(app: Flask, tmp_path: Path) -> None:
    filled()
    backup.make(tmp_path / "backup", app.config["DATA_FOLDER"], at=AT)
    found = gzip.decompress((tmp_path / "backup" / "tables" / "stored_file.jsonl.gz").read_bytes()).decode()
    assert "成绩单" not in found
    assert found.count("\n") == 1


def test_a_dump_stands_still_while_others_write(app: Flask) -> None:
    hall = make_hall()
    receive_marks([hall.mark(0, "A1-2", "2")], actor=hall.judges[0], at=AT)
    with dump.snapshot() as connection:
        before = dump.digests(connection)
        receive_marks([hall.mark(1, "A1-2", "2")], actor=hall.judges[1], at=AT)
        assert dump.digests(connection) == before
    with dump.snapshot() as connection:
        assert dump.digests(connection)["mark"][0] == before["mark"][0] + 1
