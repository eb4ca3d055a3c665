"""`flask demo`: an invented competition, built through the real actions."""

from __future__ import annotations

import click

from demo import ground


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
