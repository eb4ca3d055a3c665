"""`flask translate` and `flask serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import click
from flask import current_app
from flask.cli import AppGroup

from foundation.web import catalogues

translate = AppGroup("translate", help="The translations.")


@translate.command("check")
def check() -> None:
    """Say what is untranslated, fuzzy or unused. Exit status 1 when anything is."""
    found = catalogues.problems()
    for problem in found:
        click.echo(problem)
    if found:
        raise SystemExit(1)


@translate.command("missing")
@click.argument("prefix", default="")
def missing(prefix: str) -> None:
    """Print the untranslated msgids under a path (`competitions/entries`) in .po form, ready to be filled in."""
    whole = catalogues.merged()
    for message_id, place in sorted(catalogues.used_messages().items(), key=lambda pair: pair[1]):
        if place.startswith((prefix, f"templates/{prefix}")) and whole.get(message_id) is None:
            single = message_id if isinstance(message_id, str) else message_id[0]
            quoted = single.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            click.echo(f'#: {place}\nmsgid "{quoted}"\nmsgstr ""\n')


@click.command("serve")
def serve() -> None:
    """Run the web server and one worker until interrupted."""
    config = current_app.config
    environment = dict(os.environ)
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "jobs", "work"], env=environment)
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "app:create_app()", "--worker-class", "gthread", "--workers", "1",
            "--threads", config["LAUREL_THREADS"], "--bind", f"{config['LAUREL_HOST']}:{config['LAUREL_PORT']}",
            "--log-level", "warning",
        ],
        env=environment,
    )  # fmt: skip
    both = (server, worker)

    def stop(_signal: int, _frame: object) -> None:
        for process in both:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo(f"\n  Laurel 桂冠  {config['PUBLIC_URL']}   (Ctrl-C stops it)\n")
    while all(process.poll() is None for process in both):
        time.sleep(0.3)
    stop(0, None)
    for process in both:
        process.wait()
    raise SystemExit(server.returncode or 0)
