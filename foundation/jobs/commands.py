"""`flask jobs`: the worker."""

from __future__ import annotations

import threading
from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from foundation.clock import now
from foundation.jobs import actions, queries
from foundation.jobs.queue import queue

jobs = AppGroup("jobs", help="Background work.")


@jobs.command("work")
@click.option("--workers", default=1, show_default=True, help="How many jobs run at the same time.")
@click.option("--sweep-seconds", default=5.0, show_default=True, help="How often lost jobs are looked for.")
def work(workers: int, sweep_seconds: float) -> None:
    """Run jobs until stopped. Several workers may run; a job is run by one of them."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    stop = threading.Event()

    def sweep() -> None:
        while True:
            with application.app_context():
                actions.sweep(now())
            if stop.wait(sweep_seconds):
                return

    threading.Thread(target=sweep, daemon=True).start()
    consumer = queue().huey.create_consumer(
        workers=workers, worker_type="thread", initial_delay=0.05, max_delay=0.5, periodic=False
    )
    try:
        consumer.run()
    finally:
        stop.set()


@jobs.command("run-pending")
def run_pending() -> None:
    """Run what is waiting now, one after the other, and end. For installations without a worker and for tests."""
    lease = timedelta(seconds=int(current_app.config["LAUREL_JOB_LEASE_SECONDS"]))
    for job_id in queries.unfinished_jobs():
        actions.run_job(job_id, lease=lease)
