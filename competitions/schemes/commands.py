"""`flask schemes`: look at a marking scheme's workbook without importing it; `flask scoring`: try a scoring method."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from competitions.rules.scheme import Finding, mark_text, totals
from competitions.schemes.trial import options_of, report, run_trial, setting_of
from competitions.schemes.workbooks import checked_workbook
from foundation.exact import exact
from foundation.refusal import Refusal
from foundation.translation import sentence

schemes = AppGroup("schemes", help="Marking schemes.")


@schemes.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(file: Path, as_json: bool) -> None:
    """Check a workbook: totals by criterion, section and kind, counts, warnings, errors. Exit status 1 on errors."""
    try:
        checked = checked_workbook(file.read_bytes())
    except Refusal as refusal:
        problem = {"code": refusal.code, "message": sentence(refusal.code, **refusal.facts)}
        click.echo(
            json.dumps({"ok": False, "errors": [problem]}, ensure_ascii=False) if as_json else problem["message"]
        )
        raise SystemExit(1) from refusal
    sums = totals(checked.draft)
    report: dict[str, Any] = {
        "ok": not checked.errors,
        "layout": checked.layout,
        "title": checked.draft.title,
        "total": mark_text(sums.total),
        "counts": dict(sums.counts),
        "criteria": {code: mark_text(marks) for code, marks in sums.criteria.items()},
        "sections": {code: mark_text(marks) for code, marks in sums.sections.items()},
        "kinds": {kind: mark_text(marks) for kind, marks in sums.kinds.items()},
        "warnings": [_said(finding) for finding in checked.warnings],
        "errors": [_said(finding) for finding in checked.errors],
    }
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _plain(report))
    if checked.errors:
        raise SystemExit(1)


def _said(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code, "sheet": place.sheet, "row": place.row, "cell": place.cell,
        "message": sentence(f"scheme_finding:{finding.code}", **finding.facts),
        "facts": {name: str(value) for name, value in finding.facts.items()},
    }  # fmt: skip


def _plain(report: dict[str, Any]) -> str:
    lines = [f"{report['title']} ({report['layout']})", f"total {report['total']}"]
    for name in ("counts", "criteria", "sections", "kinds"):
        lines += [f"{name}:", *(f"  {key}: {value}" for key, value in report[name].items())]
    for name in ("warnings", "errors"):
        lines.append(f"{name}: {len(report[name])}")
        lines += [f"  {each['sheet']} {each['cell'] or each['row']}: {each['message']}" for each in report[name]]
    return "\n".join(lines)


scoring = AppGroup("scoring", help="Scoring methods.")


@scoring.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--method", required=True, help="Key of the method: points, judgement_0_3, deduction, …")
@click.option("--options", default="{}", help="Options of the method as JSON.")
@click.option("--max-mark", default="", help="Maximum mark of an item, where the method has one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def try_scoring(file: Path, method: str, options: str, max_mark: str, as_json: bool) -> None:
    """Run a scoring method on a spreadsheet: columns entry, item, one for each judge, optionally factor and module.

    Prints per item and per entry what was computed and why. Exit status 1 when anything is wrong.
    """
    try:
        setting = setting_of(method, options_of(options), _max_mark(max_mark))
        found = run_trial(method, setting, file.read_bytes())
    except Refusal as refusal:
        message = sentence(refusal.code, **refusal.facts)
        problem = {"row": 0, "column": "", "code": refusal.code, "message": message}
        answer = json.dumps({"ok": False, "errors": [problem]}, ensure_ascii=False)
        click.echo(answer if as_json else message, err=not as_json)
        raise SystemExit(1) from refusal
    said = report(method, setting, found)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _print_trial(said)
    if found.wrong:
        raise SystemExit(1)


def _max_mark(text: str) -> Fraction | None:
    try:
        found = exact(text) if text else None
    except ValueError as wrong:
        raise Refusal("trial_max_mark_wrong", value=text[:20]) from wrong
    if found is not None and found <= 0:
        raise Refusal("trial_max_mark_wrong", value=text[:20])
    return found


def _print_trial(said: dict[str, Any]) -> None:
    for one in said["errors"]:
        click.echo(one["message"], err=True)
    for one in said["items"]:
        click.echo(f"{one['entry']} · {one['item']}: {one['points'] or '–'}  {one['why']}")
    for one in said["entries"]:
        click.echo(f"{one['rank'] or '–'}  {one['entry']}: {one['total'] or '–'}  {one['why']}")
