"""`flask reference`: the facts that are shipped with Laurel."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from catalogue.codes.actions import load_code_values
from catalogue.occupations.actions import load_occupations, load_regions, load_standards

reference = AppGroup("reference", help="Shipped reference data: code sets, occupations, standards, regions.")
FOLDER = Path(__file__).resolve().parents[1] / "data" / "reference"


@reference.command("load")
def load() -> None:
    """Load or refresh the reference data; repeating it changes nothing."""
    for name, count in load_everything().items():
        click.echo(f"{name}: {count}")


def load_everything() -> dict[str, int]:
    """Load every shipped file; says how many rows each has."""
    return {
        "code values": load_code_values(FOLDER / "code_values.csv"),
        "occupations": load_occupations(FOLDER / "occupations.csv"),
        "occupational standards": load_standards(FOLDER / "occupation_standards.csv"),
        "regions": load_regions(FOLDER / "regions.csv"),
    }
