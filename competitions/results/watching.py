"""The last board of each event and language, kept while nothing has changed: watchers share one computation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from uuid import UUID

MOST = 32
_kept: OrderedDict[tuple[UUID, str], tuple[str, str]] = OrderedDict()
_lock = Lock()


def snapshot(event_id: UUID, language: str, stamp: str, make: Callable[[], str]) -> str:
    """What `make` gave when the stamp was this one; made anew only when the stamp is another."""
    with _lock:
        held = _kept.get((event_id, language))
    if held is not None and held[0] == stamp:
        return held[1]
    made = make()
    with _lock:
        _kept[event_id, language] = (stamp, made)
        _kept.move_to_end((event_id, language))
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made
