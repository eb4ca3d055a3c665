"""`flask verify`: anyone with the database can walk the chain from the marks to the certificates."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from certification.verification.walking import walk

verify = AppGroup("verify", help="Evidence from the marks to the certificates.")


@verify.command("chain")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def chain(as_json: bool) -> None:
    """Work out every link mark → run → publication → award case → certificate anew. Exit status 1 when one does not hold."""
    found = walk()
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
