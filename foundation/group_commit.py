"""One COMMIT for many: what several requests want to store at the same moment becomes durable together."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from foundation.db import WAIT_FOR_LOCK, db, transaction, writes_alone
from foundation.refusal import Busy

T = TypeVar("T")
MOST_IN_A_GROUP = 64


@dataclass(slots=True)
class _Waiting:
    work: Callable[[Session], Any]
    woken: threading.Event = field(default_factory=threading.Event)
    result: Any = None
    error: BaseException | None = None
    taken: bool = False
    leads: bool = False


_waiting: deque[_Waiting] = deque()
_waiting_lock = threading.Lock()
_led = [False]


def grouped(work: Callable[[Session], T]) -> T:
    """Do a small piece of writing, on SQLite in one COMMIT with whatever else waits; return after that COMMIT.

    One thread at a time leads: it takes the lock, does every waiting piece in a savepoint of its own, commits once and wakes the
    others. A piece that fails undoes itself alone; when the COMMIT fails, all fail. On PostgreSQL, and inside `transaction()`, an
    ordinary transaction. Raises Busy after WAIT_FOR_LOCK: the piece may still be stored, so it must be safe to repeat.
    """
    if not writes_alone():
        with transaction() as writing:
            return work(writing)
    mine = _Waiting(work)
    with _waiting_lock:
        _waiting.append(mine)
        leading = not _led[0]
        _led[0] = True
    if not leading:
        mine.woken.wait(WAIT_FOR_LOCK)
        with _waiting_lock:
            leading = mine.leads
            if not leading and not mine.woken.is_set():
                if not mine.taken:
                    _waiting.remove(mine)
                raise Busy
    if leading:
        _lead()
    db.session.rollback()  # end the reader's snapshot, as after every write
    if mine.error is not None:
        raise mine.error
    return cast("T", mine.result)


def _lead() -> None:
    """Commit what waits, the leader's own piece first, and hand the lead on."""
    group: list[_Waiting] = []
    try:
        with transaction() as writing:
            with _waiting_lock:
                while _waiting and len(group) < MOST_IN_A_GROUP:
                    group.append(_waiting.popleft())
                    group[-1].taken = True
            for one in group:
                _do(one, writing)
    except BaseException as error:  # noqa: BLE001 - whatever it is, nobody may believe that it was stored
        with _waiting_lock:
            group = group or [_waiting.popleft()]  # the lock was never ours: the leader answers for itself alone
        for one in group:
            one.result, one.error = None, error
    finally:
        with _waiting_lock:
            following = _waiting[0] if _waiting else None
            _led[0] = following is not None
            if following is not None:
                following.leads = True
                following.woken.set()
        for one in group:
            one.woken.set()


def _do(one: _Waiting, writing: Session) -> None:
    noted = {name: list(kept) for name, kept in writing.info.items() if isinstance(kept, list)}
    try:
        with writing.begin_nested():
            one.result = one.work(writing)
    except OperationalError:
        raise  # the disk or the lock, not this piece: the transaction is lost
    except Exception as error:  # noqa: BLE001 - a piece fails alone; its sender gets the error
        writing.info.update(
            {name: noted.get(name, []) for name, kept in writing.info.items() if isinstance(kept, list)}
        )
        one.error = error
