"""`flask translate`, `flask tls` and `flask serve`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from foundation import tls
from foundation.clock import now
from foundation.refusal import Refusal
from foundation.translation import sentence
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


certificates = AppGroup("tls", help="The hall's own certificates.")


@certificates.command("init")
@click.option("--name", "names", multiple=True, help="A further name of this host (repeatable).")
@click.option("--address", "addresses", multiple=True, help="A further address of this host (repeatable).")
@click.option("--certificate", type=click.Path(path_type=Path), help="Use this certificate instead of making one.")
@click.option("--key", type=click.Path(path_type=Path), help="The private key of --certificate.")
@click.option(
    "--authority", type=click.Path(path_type=Path), help="The authority tablets must install for --certificate."
)
@click.option("--new-authority", is_flag=True, help="Make the authority anew; every tablet must install it again.")
def init(
    names: tuple[str, ...], addresses: tuple[str, ...], certificate: Path | None, key: Path | None,
    authority: Path | None, new_authority: bool,
) -> None:  # fmt: skip
    """Make or renew the server's certificate for this host's names and addresses; the first time the authority too.

    Repeating it renews the server's certificate under the same authority: tablets need nothing new.
    """
    papers = tls.Papers(current_app.config["DATA_FOLDER"])
    try:
        if certificate and key:
            tls.take(papers, certificate, key, authority)
            fresh = authority is not None
        else:
            if new_authority:
                papers.authority_key.unlink(missing_ok=True)
            own, found = tls.own_names()
            fresh = tls.make(papers, [*names, *own], [*addresses, *found], at=now())
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal.code, **refusal.facts)) from refusal
    _say_certificate(papers)
    if fresh:
        click.echo("  Install the authority once on every tablet: the page /authority shows how.")


def _say_certificate(papers: tls.Papers) -> None:
    made = tls.certificate_of(papers)
    if made is None:
        return
    days = made.days_left(now())
    click.echo(f"  Certificate for {', '.join(made.names)}")
    click.echo(
        f"  valid until {made.ends_at:%Y-%m-%d} ({days} days). Renew: flask --app app tls init, then start again."
    )
    if days < tls.RENEWAL_DAYS:
        click.echo("  ** RENEW IT NOW: tablets stop opening pages when it has ended. **", err=True)


@click.command("serve")
def serve() -> None:
    """Run the web server and one worker until interrupted; with TLS=yes HTTPS and the plain door beside it."""
    config = current_app.config
    papers = tls.Papers(config["DATA_FOLDER"])
    secured = config["LAUREL_TLS"] == "yes"
    if secured and tls.certificate_of(papers) is None:
        tls.make(papers, *tls.own_names(), at=now())
    environment = dict(os.environ)
    processes = [subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "jobs", "work"], env=environment)]
    options = ["--certfile", str(papers.server), "--keyfile", str(papers.server_key)] if secured else []
    processes.append(_gunicorn(config["LAUREL_PORT"], config["LAUREL_THREADS"], options, environment))
    if secured:
        processes.append(_gunicorn(config["LAUREL_DOOR_PORT"], "4", [], environment | {"DOOR": "yes"}))

    def stop(_signal: int, _frame: object) -> None:
        for process in processes:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    address = config["PUBLIC_URL"]
    if secured:
        names = (tls.certificate_of(papers) or tls.ServerCertificate((), now())).names
        address = config["LAUREL_PUBLIC_URL"] or f"https://{tls.address_for_people(names)}:{config['LAUREL_PORT']}"
        _say_certificate(papers)
        door = address.removeprefix("https://").rpartition(":")[0]
        click.echo(f"  Tablets first: http://{door}:{config['LAUREL_DOOR_PORT']}/authority")
    click.echo(f"\n  Laurel 桂冠  {address}   (Ctrl-C stops it)\n")
    while all(process.poll() is None for process in processes):
        time.sleep(0.3)
    stop(0, None)
    for process in processes:
        process.wait()
    raise SystemExit(processes[1].returncode or 0)


def _gunicorn(port: str, threads: str, options: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "app:create_app()", "--worker-class", "gthread", "--workers", "1",
            "--threads", threads, "--bind", f"{current_app.config['LAUREL_HOST']}:{port}", "--log-level", "warning", *options,
        ],
        env=environment,
    )  # fmt: skip
