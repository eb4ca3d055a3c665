"""The only callers of the machine's clock and randomness: random in service, seeded in tests and demo."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(slots=True)
class _Arranged:
    at: datetime
    rng: random.Random


# For the whole process on purpose: the threads of a test's server must see the same moment as the test.
_arranged: list[_Arranged] = []


def now() -> datetime:
    """The present moment, aware, UTC, in microseconds."""
    return _arranged[-1].at if _arranged else datetime.now(UTC)


def china_day(at: datetime) -> date:
    """The calendar day of `at` in Asia/Shanghai, by which notices and deadlines count."""
    return at.astimezone(CHINA).date()


def new_id() -> UUID:
    """A random key. Version 4 on purpose: a time-ordered key would tell the order of registration."""
    return UUID(bytes=random_bytes(16), version=4)


def random_bytes(count: int) -> bytes:
    """Unpredictable bytes; repeatable inside `arranged()`."""
    return _arranged[-1].rng.randbytes(count) if _arranged else secrets.token_bytes(count)


def random_source() -> random.Random:
    """A generator to hand to a rule; unpredictable in service, repeatable inside `arranged()`."""
    return _arranged[-1].rng if _arranged else secrets.SystemRandom()


@contextmanager
def arranged(at: datetime, seed: int = 0) -> Iterator[None]:
    """Inside, the clock stands at `at` and ids follow from `seed`. For tests and the demo only."""
    _arranged.append(_Arranged(at, random.Random(seed)))  # noqa: S311  # nosec B311
    try:
        yield
    finally:
        _arranged.pop()


def set_arranged(at: datetime) -> None:
    """Move an arranged clock. Raises RuntimeError outside `arranged()`."""
    if not _arranged:
        raise RuntimeError("the clock is not arranged")
    _arranged[-1].at = at
