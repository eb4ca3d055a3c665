"""`flask policies`: award policy files."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from certification.policies.actions import load_policies
from certification.policies.reading import read_policy, told
from foundation.clock import now
from foundation.permission import MACHINE

policies = AppGroup("policies", help="Award policies: check a file, load the shipped ones.")


@policies.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check(file: Path, as_json: bool) -> None:
    """Check a policy file. Exit status 1 when anything is wrong; every problem is named at once."""
    read = read_policy(file.read_bytes(), file.name)
    sentences = [told(problem, file.name) for problem in read.problems]
    if as_json:
        problems = [
            {"clause": p.clause, "key": p.key, "code": p.code, "sentence": text}
            for p, text in zip(read.problems, sentences, strict=True)
        ]
        answer = {"ok": not problems, "file": file.name, "problems": problems, "clauses": 0, "content_hash": ""}
        if read.policy is not None:
            answer |= {"key": read.policy.key, "clauses": len(read.policy.clauses), "content_hash": read.content_hash}
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for text in sentences:
            click.echo(text)
        if read.policy is not None:
            click.echo(f"{file.name}: {read.policy.key}, {len(read.policy.clauses)} clauses, {read.content_hash[:16]}")
    if sentences:
        raise SystemExit(1)


@policies.command("load")
def load() -> None:
    """Load the shipped policies; repeating it changes nothing. A person puts them in force."""
    for key, version in load_policies(actor=MACHINE, at=now()).items():
        click.echo(f"{key}: {version}")
