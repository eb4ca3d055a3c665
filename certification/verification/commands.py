"""`flask verify`: anyone with the database can walk the chain from the marks to the certificates."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from certification.verification.walking import walk
from foundation.audit import evidence
from foundation.audit.actions import seal_evidence
from foundation.clock import now

verify = AppGroup("verify", help="Evidence from the marks to the certificates.")


@verify.command("seal")
def seal() -> None:
    """Seal what the append-only tables gained since the last seal; prints the checkpoint to keep elsewhere."""
    made = seal_evidence(now())
    click.echo(f"{made.number}:{made.hash}")


@verify.command("chain")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--checkpoint", default="", help="NUMBER:HASH as `flask verify seal` printed it once.")
def chain(as_json: bool, checkpoint: str) -> None:
    """Work out every link mark → run → publication → award case → certificate anew, and every seal.

    Exit status 1 when one does not hold.
    """
    found = walk(_checkpoint(checkpoint))
    if as_json:
        broken = [{"kind": one.kind, "key": one.key} for one in found.broken]
        click.echo(json.dumps({"ok": not broken, "checked": found.checked, "broken": broken}))
    else:
        for kind, count in sorted(found.checked.items()):
            click.echo(f"{kind}: {count} checked")
        for one in found.broken:
            click.echo(f"BROKEN {one.kind} {one.key}")
    if found.broken:
        raise SystemExit(1)


def _checkpoint(text: str) -> evidence.Checkpoint | None:
    if not text:
        return None
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise click.BadParameter("NUMBER:HASH, as `flask verify seal` printed it", param_hint="--checkpoint")
    return evidence.Checkpoint(int(number), digest, 0)
