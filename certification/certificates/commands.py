"""`flask certificates`: keys of issuers, and checking a file."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import click
from flask.cli import AppGroup

from accounts.people.queries import person
from certification.certificates import checking, exporting, offline
from certification.certificates.actions import keys as actions
from certification.certificates.actions.shares import note_export
from certification.certificates.queries import keys as queries
from certification.filings.queries import issuer_with_prefix
from foundation.clock import now
from foundation.permission import MACHINE, Actor, Via
from foundation.refusal import Refusal
from foundation.translation import sentence

certificates = AppGroup("certificates", help="Keys of issuers; checking a certificate's file.")


def _issuer(prefix: str) -> UUID:
    found = issuer_with_prefix(prefix)
    if found is None:
        raise click.ClickException(f"no issuer has the prefix {prefix}")
    return found.id


def _named(person_id: UUID) -> Actor:
    return Actor(person(person_id).id, via=Via.COMMAND)


@certificates.command("make-key")
@click.argument("prefix")
@click.option("--by", required=True, type=click.UUID, help="Id of the person who makes it.")
def make_key(prefix: str, by: UUID) -> None:
    """Make a signing key for the issuer with this prefix."""
    key = queries.key(actions.make_key(_issuer(prefix), actor=_named(by), at=now()))
    click.echo(f"{key.id} SHA-256 {key.fingerprint}")


@certificates.command("import-key")
@click.argument("prefix")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, type=click.UUID, help="Id of the person who imports it.")
@click.option("--passphrase", prompt=True, hide_input=True, default="", help="Of the PKCS#12 file.")
def import_key(prefix: str, file: Path, by: UUID, passphrase: str) -> None:
    """Import a key that an authority certified (.p12, .pfx)."""
    try:
        key_id = actions.import_key(_issuer(prefix), file.read_bytes(), passphrase, actor=_named(by), at=now())
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal.code, **refusal.facts)) from refusal
    click.echo(f"{key_id} SHA-256 {queries.key(key_id).fingerprint}")


@certificates.command("use-token")
@click.argument("prefix")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--module", required=True, help="The device's PKCS#11 library.")
@click.option("--token", required=True, help="Label of the token.")
@click.option("--label", required=True, help="Label of the key.")
@click.option("--by", required=True, type=click.UUID, help="Id of the person who registers it.")
def use_token(prefix: str, file: Path, module: str, token: str, label: str, by: UUID) -> None:
    """Sign with a key that stays in a device; FILE holds its certificate and chain (PEM). The PIN is PKCS11_PIN."""
    try:
        key_id = actions.register_token(
            _issuer(prefix), file.read_bytes(), module=module, token=token, label=label, actor=_named(by), at=now()
        )
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal.code, **refusal.facts)) from refusal
    click.echo(f"{key_id} SHA-256 {queries.key(key_id).fingerprint}")


@certificates.command("export")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@click.option("--prefix", default="", help="Of one issuer alone.")
def export(out: Path, prefix: str) -> None:
    """Write every issued file as NUMBER.pdf, and index.csv with number, state, SHA-256; a second run writes the same.

    Prints the SHA-256 of index.csv, which the audit log keeps too: with it the whole folder can be checked later.
    """
    digest = exporting.export(out, _issuer(prefix) if prefix else None)
    note_export(digest, actor=MACHINE, at=now())
    click.echo(f"{out}\nindex.csv SHA-256 {digest}")


@certificates.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--bundle", "bundles", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Keys, status lists and roots of an issuer (/verify/offline/ISSUER.json): the register is not asked.",
)  # fmt: skip
def verify(file: Path, bundles: tuple[Path, ...]) -> None:
    """Check a certificate's file or credential against this register. Exit status 0 only when it is genuine and in force.

    With --bundle nothing else is read: neither database nor network. What was revoked after the bundle was fetched it cannot know.
    """
    if bundles:
        _verify_offline(file, bundles)
        return
    verdict = checking.check_file(file.read_bytes())
    click.echo(sentence(f"file_verdict:{verdict.code}"))
    for name, value in verdict.facts.items():
        click.echo(f"  {name}: {value}")
    if verdict.code != "genuine":
        raise SystemExit(1)


def _verify_offline(file: Path, paths: tuple[Path, ...]) -> None:
    try:
        found = [json.loads(path.read_bytes()) for path in paths]
    except ValueError as wrong:
        raise click.ClickException("a bundle is a JSON file as /verify/offline/ISSUER.json hands it out") from wrong
    if any(not isinstance(one, dict) or one.get("schema") != offline.SCHEMA for one in found):
        raise click.ClickException("a bundle is a JSON file as /verify/offline/ISSUER.json hands it out")
    verdict = offline.check(file.read_bytes(), found)
    click.echo(sentence(f"offline:{verdict.code}"))
    for step in verdict.passed:
        click.echo(f"  + {sentence(f'offline_step:{step}')}")
    for name, value in verdict.facts.items():
        click.echo(f"  {name}: {value}")
    if verdict.code != "genuine":
        raise SystemExit(1)
