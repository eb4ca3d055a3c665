"""`flask marking`: anyone with the database can check the ledger and what was made of it."""

from __future__ import annotations

import dataclasses
import json
from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import select

from competitions.marking import verification
from competitions.marking.actions import rebuild as rebuilding
from competitions.marking.models.marks import MarkStream
from foundation.db import session

marking = AppGroup("marking", help="The ledger of marks.")


@marking.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(as_json: bool) -> None:
    """Check every chain of marks. Exit status 1 when one is broken."""
    reports = verification.verify()
    broken = [report for report in reports if report.broken_at is not None]
    if as_json:
        click.echo(json.dumps({"ok": not broken, "streams": [dataclasses.asdict(report) for report in reports]}))
    else:
        for report in reports:
            state = "holds" if report.broken_at is None else f"BROKEN at {report.broken_at}"
            click.echo(f"{report.stream}: {report.marks} marks, head {report.head[:16]}…, {state}")
    if broken:
        raise SystemExit(1)


@marking.command("rebuild")
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 when anything differs from the ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rebuild(check: bool, as_json: bool) -> None:
    """Compute anew from the ledger: the value in force of every cell, which sheets are complete, what lists are bound to."""
    events = [UUID(stream.removeprefix("event:")) for stream in session().scalars(select(MarkStream.stream))]
    heads = {str(event): len(rebuilding.rebuild_heads(event, check=check)) for event in sorted(events, key=str)}
    sheets = {str(event): len(rebuilding.rebuild_sheets(event, check=check)) for event in sorted(events, key=str)}
    different = any(heads.values()) or any(sheets.values())
    if as_json:
        click.echo(json.dumps({"ok": not different, "different": heads, "sheets": sheets}))
    else:
        for event, count in heads.items():
            rebuilt = "" if check or not (count or sheets[event]) else ", rebuilt"
            click.echo(f"event:{event}: {count} heads and {sheets[event]} sheets differ{rebuilt}")
    if check and different:
        raise SystemExit(1)
