"""Background work of this room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from competitions.entries.actions import importing
from foundation.jobs.kinds import JobKind, Progress
from foundation.permission import Actor


def store_roster(arguments: dict[str, Any], actor: Actor, progress: Progress) -> dict[str, Any]:
    """Enter the rows of a large roster."""
    at = datetime.fromisoformat(arguments["at"])
    return {"entries": importing.store_roster(UUID(arguments["roster"]), actor=actor, at=at, progress=progress)}


KINDS = (JobKind(importing.JOB, store_roster),)
