"""Background work of this room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from competitions.entries.actions import importing, photos
from foundation.jobs.kinds import JobKind, Progress
from foundation.permission import Actor


def store_roster(arguments: dict[str, Any], actor: Actor, progress: Progress) -> dict[str, Any]:
    """Enter the rows of a large roster."""
    at = datetime.fromisoformat(arguments["at"])
    return {"entries": importing.store_roster(UUID(arguments["roster"]), actor=actor, at=at, progress=progress)}


def file_photos(arguments: dict[str, Any], actor: Actor, progress: Progress) -> dict[str, Any]:
    """Crop and file the photos of a large archive."""
    at = datetime.fromisoformat(arguments["at"])
    batch, again = UUID(arguments["batch"]), bool(arguments["replace"])
    return {"filed": photos.file_photos(batch, replace=again, actor=actor, at=at, progress=progress)}


KINDS = (JobKind(importing.JOB, store_roster), JobKind(photos.JOB, file_photos))
