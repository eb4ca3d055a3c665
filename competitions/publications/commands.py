"""`flask results`: anyone with the database can check that what was published is what was computed."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from competitions.publications import queries as publications
from competitions.results import queries as results

command = AppGroup("results", help="Standings and publications.")


@command.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(as_json: bool) -> None:
    """Work out the hash of every run and publication anew. Exit status 1 when one does not hold."""
    runs, published = results.verify_runs(), publications.verify_publications()
    hashes = {run.run_id for run in runs if run.holds and run.signatures_hold}
    broken = {
        "run": [str(run.run_id) for run in runs if run.run_id not in hashes],
        "publication": [str(row.publication_id) for row in published if not row.holds],
        "names": [str(row.publication_id) for row in published if row.names_hold is False],
    }
    broken = {kind: keys for kind, keys in broken.items() if keys}
    if as_json:
        click.echo(json.dumps({"ok": not broken, "runs": len(runs), "publications": len(published), "broken": broken}))
    else:
        click.echo(f"{len(runs)} runs and {len(published)} publications checked")
        for kind, keys in broken.items():
            for key in keys:
                click.echo(f"BROKEN {kind} {key}")
    if broken:
        raise SystemExit(1)
