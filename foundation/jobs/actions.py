"""Ordering, running and sweeping jobs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from foundation.clock import new_id, now
from foundation.db import after_commit, transaction
from foundation.jobs import queries
from foundation.jobs.kinds import handler_of
from foundation.jobs.models import Job, JobState
from foundation.jobs.queue import queue
from foundation.permission import Actor, Via
from foundation.refusal import Refusal

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3


def order_job(kind: str, arguments: dict[str, Any], *, actor: Actor, at: datetime) -> UUID:
    """Write a job in the open transaction and offer it to the workers after COMMIT. Arguments are JSON values."""
    handler_of(kind)
    job_id = new_id()
    with transaction() as writing:
        writing.add(Job(id=job_id, kind=kind, arguments=arguments, actor_id=actor.person, created_at=at))
        after_commit(lambda: queue().put(job_id))
    return job_id


def run_job(job_id: UUID, *, lease: timedelta) -> bool:
    """Run a job that is queued or whose worker fell silent. False when somebody else has it or it is finished.

    A Refusal ends it with its sentence; any other error is tried again, three times in all.
    """
    claimed = _claim(job_id, lease)
    if claimed is None:
        return False
    kind, arguments, actor = claimed
    try:
        with _heartbeat(job_id, lease):
            result = handler_of(kind)(arguments, actor, lambda done, total: _note_progress(job_id, done, total, lease))
    except Refusal as refusal:
        facts = {name: str(value) for name, value in refusal.facts.items()}
        _finish(job_id, JobState.FAILED, refusal={"code": refusal.code, "facts": facts})
    except Exception:
        log.exception("job %s (%s) failed", job_id, kind)
        _give_back(job_id)
        raise
    else:
        _finish(job_id, JobState.SUCCEEDED, result=result or {})
    return True


def sweep(at: datetime) -> int:
    """Offer again what was queued but never reached a worker, and what a silent worker left behind."""
    due = queries.due_jobs(at)
    for job_id in due:
        queue().put(job_id)
    return len(due)


def _claim(job_id: UUID, lease: timedelta) -> tuple[str, dict[str, Any], Actor] | None:
    at = now()
    with transaction() as writing:
        job = writing.get(Job, job_id, with_for_update=True)
        expired = job is not None and job.lease_until is not None and job.lease_until < at
        if job is None or not (job.state == JobState.QUEUED or (job.state == JobState.RUNNING and expired)):
            return None
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.finished_at = JobState.FAILED, at
            job.refusal = {"code": "job_gave_up", "facts": {"attempts": str(job.attempts)}}
            return None
        job.state = JobState.RUNNING
        job.attempts += 1
        job.lease_until = at + lease
        return job.kind, dict(job.arguments), Actor(job.actor_id, Via.JOB)


@contextmanager
def _heartbeat(job_id: UUID, lease: timedelta) -> Iterator[None]:
    """Renew the lease while the handler works, so that one slow step is not taken for a dead worker."""
    context = queue().thread_context
    stop = threading.Event()

    def renew() -> None:
        while not stop.wait(lease.total_seconds() / 3):
            with context(), transaction() as writing:
                job = writing.get(Job, job_id)
                if job is not None and job.state == JobState.RUNNING:
                    job.lease_until = now() + lease

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _note_progress(job_id: UUID, done: int, total: int, lease: timedelta) -> None:
    with transaction() as writing:
        job = writing.get_one(Job, job_id)
        job.done, job.total, job.lease_until = done, total, now() + lease


def _finish(job_id: UUID, state: JobState, **outcome: Any) -> None:
    with transaction() as writing:
        job = writing.get_one(Job, job_id)
        job.state, job.finished_at, job.lease_until = state, now(), None
        for name, value in outcome.items():
            setattr(job, name, value)


def _give_back(job_id: UUID) -> None:
    with transaction() as writing:
        job = writing.get_one(Job, job_id)
        job.state = JobState.QUEUED
        job.lease_until = now() + timedelta(seconds=5 * job.attempts)
