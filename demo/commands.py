"""`flask demo` and `flask prepare`."""

from __future__ import annotations

import click
import flask_migrate

from catalogue.commands import load_everything
from certification.policies.actions import load_policies
from demo import ground
from foundation.clock import now
from foundation.permission import MACHINE


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when somebody already has an account.")
@click.option(
    "--stage", type=click.Choice(ground.STAGES), default=ground.STAGES[-1], show_default=True, help="How far to go."
)
@click.option("--seed", default=7, show_default=True, help="The same seed makes the same demo.")
def demo(if_empty: bool, stage: str, seed: int) -> None:
    """Build the demo and print its sign-ins."""
    ground.build(stage=stage, seed=seed, if_empty=if_empty)
    click.echo(ground.sign_ins())


@click.command("prepare")
@click.option("--demo/--no-demo", "with_demo", default=True, help="Build the demo when nobody has an account yet.")
def prepare(with_demo: bool) -> None:
    """Bring the installation up to date before serving: migrations, reference data, award policies (in force for
    nobody until a person puts them in force), the demo."""
    flask_migrate.upgrade()
    load_everything()
    load_policies(actor=MACHINE, at=now())
    if with_demo:
        ground.build(stage=ground.STAGES[-1], seed=7, if_empty=True)
        click.echo(ground.sign_ins())
