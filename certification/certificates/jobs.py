"""Jobs of this room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certification.certificates.actions import batches
from foundation.jobs.kinds import JobKind, Progress
from foundation.permission import Actor


def check(arguments: dict[str, Any], _actor: Actor, progress: Progress) -> dict[str, Any]:
    """Every gate of a batch."""
    batches.check_batch(UUID(arguments["batch"]), progress=progress)
    return {}


def make(arguments: dict[str, Any], actor: Actor, progress: Progress) -> dict[str, Any]:
    """Make what waits in a batch."""
    return dict(batches.make_batch(UUID(arguments["batch"]), run=arguments["run"], actor=actor, progress=progress))


KINDS = (JobKind(batches.CHECK_JOB, check), JobKind(batches.MAKE_JOB, make))
