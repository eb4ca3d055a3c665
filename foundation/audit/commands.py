"""`flask audit`: anyone with the database can check the chains."""

from __future__ import annotations

import dataclasses
import json

import click
from flask.cli import AppGroup

from foundation.audit import chain

audit = AppGroup("audit", help="The audit log.")


@audit.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(as_json: bool) -> None:
    """Check every chain of the audit log. Exit status 1 when one is broken."""
    reports = chain.verify()
    broken = [report for report in reports if report.broken_at is not None]
    if as_json:
        click.echo(json.dumps({"ok": not broken, "chains": [dataclasses.asdict(report) for report in reports]}))
    else:
        for report in reports:
            state = "holds" if report.broken_at is None else f"BROKEN at {report.broken_at}"
            click.echo(f"{report.chain}: {report.entries} entries, head {report.head[:16]}…, {state}")
    if broken:
        raise SystemExit(1)
