"""The queue: huey on SQLite or Redis, carrying ids in JSON and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID

from huey import RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Messages as JSON: a queue that somebody can write to must not be able to run code by unpickling."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(list(data) if isinstance(data, tuple) else data).encode()

    def _deserialize(self, data: bytes) -> Any:
        loaded = json.loads(data)
        return Message(*loaded) if isinstance(loaded, list) and len(loaded) == len(Message._fields) else loaded


class JobQueue:
    """What puts job ids in front of workers."""

    def __init__(self, folder: Path, redis_url: str, name: str = "laurel") -> None:
        options = {"results": False, "serializer": JsonSerializer()}
        if redis_url:
            self.huey = RedisHuey(name, url=redis_url, **options)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self.huey = SqliteHuey(name, filename=str(folder / "queue.db"), fsync=True, **options)
        self._run: Any = None
        self.thread_context: Callable[[], AbstractContextManager[Any]] = nullcontext

    def connect(self, run: Callable[[UUID], object], thread_context: Callable[[], AbstractContextManager[Any]]) -> None:
        """Say what a worker calls with each id, and the context that a thread of a job needs to reach the database."""
        self.thread_context = thread_context

        def run_job(job_id: str) -> None:
            run(UUID(job_id))

        self._run = self.huey.task(name="run_job")(run_job)

    def put(self, job_id: UUID) -> None:
        """Offer a job to the workers. Losing the message is harmless: the sweep finds the row."""
        self._run(str(job_id))


_installed: list[JobQueue] = []


def install(queue: JobQueue) -> None:
    """Make `queue` this process's queue."""
    _installed[:] = [queue]


def queue() -> JobQueue:
    """This process's queue."""
    return _installed[0]
