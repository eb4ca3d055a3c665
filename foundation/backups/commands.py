"""`flask backup`, `flask restore` and `flask keys`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from foundation.backups import backup as backups
from foundation.backups import sealed_keys
from foundation.clock import now
from foundation.refusal import Refusal
from foundation.translation import sentence

keys = AppGroup("keys", help="The keys that open personal data and stored files.")


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal.code, **refusal.facts)) from refusal


def _passphrase(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Read the passphrase from a file."
    )(command)  # fmt: skip


def _asked(file: Path | None, *, confirm: bool = False) -> str:
    if file is not None:
        return file.read_text().strip()
    found: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm)
    return found


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(folder: Path) -> None:
    """Back everything but the keys up into an empty FOLDER, while the server runs."""
    start = time.monotonic()
    with _said():
        done = backups.make(folder, current_app.config["DATA_FOLDER"], at=now())
    spent = time.monotonic() - start
    click.echo(f"{done.tables} tables, {done.rows} rows, {done.files} files in {spent:.1f} s: {folder}")
    for name in done.missing:
        click.echo(f"  file {name} is named by the database and not in the store", err=True)
    click.echo("The keys are not in it. Seal them once: flask keys export FILE")


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--keys",
    "key_file",
    type=click.Path(path_type=Path, exists=True),
    help="The sealed key file of `flask keys export`.",
)
@_passphrase
def restore(folder: Path, key_file: Path | None, passphrase_file: Path | None) -> None:
    """Bring a backup back into an empty database and LAUREL_DATA; compared with the backup before it says so."""
    start, data = time.monotonic(), current_app.config["DATA_FOLDER"]
    with _said():
        if key_file is not None:
            _take_keys(key_file, passphrase_file)
        done = backups.restore(folder, data)
    spent = time.monotonic() - start
    click.echo(f"{done.tables} tables, {done.rows} rows, {done.files} files restored and compared in {spent:.1f} s.")
    for name in done.missing:
        click.echo(f"  file {name} was missing when the backup was made", err=True)
    click.echo("Check the ledger too: flask marking verify && flask marking rebuild --check")
    click.echo("Tablets bring marks given since the backup by themselves; keep the lists unconfirmed until they have.")


@keys.command("export")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@_passphrase
def export(target: Path, passphrase_file: Path | None) -> None:
    """Seal the keys of this installation into TARGET with a passphrase. Keep both apart from each other and from backups."""
    with _said():
        count = sealed_keys.export(
            current_app.config["DATA_FOLDER"] / "keys", target, _asked(passphrase_file, confirm=True)
        )
    click.echo(f"{count} keys sealed in {target}. Without the passphrase nobody can open it, we neither.")


@keys.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_passphrase
def take(source: Path, passphrase_file: Path | None) -> None:
    """Put the keys of a sealed file in place, before anything is stored here."""
    with _said():
        _take_keys(source, passphrase_file)
    click.echo("The keys are in place.")


def _take_keys(source: Path, passphrase_file: Path | None) -> None:
    files = sealed_keys.opened(source, _asked(passphrase_file))
    try:
        backups.refuse_filled()
    except Refusal as filled:
        raise Refusal("keys_in_use") from filled
    sealed_keys.put_in_place(files, current_app.config["DATA_FOLDER"] / "keys")
