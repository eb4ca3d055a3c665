"""One COMMIT for many: everybody's piece is there when they are answered, a failing one fails alone, nobody waits for ever."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from foundation import db as database
from foundation import group_commit
from foundation.audit.chain import record, verify
from foundation.db import db, transaction
from foundation.group_commit import grouped
from foundation.permission import MACHINE
from foundation.refusal import Busy, Refusal
from tests.conftest import AT

STREAM = "INSERT INTO mark_stream (stream, sequence, hash) VALUES (:name, 0, '')"


def storing(name: str, *, fails: bool = False) -> Any:
    def work(writing: Session) -> str:
        writing.execute(text(STREAM), {"name": name})
        record(MACHINE, "session:started", "person", name, at=AT)
        if fails:
            raise Refusal("code_wrong")
        return name

    return work


def stored() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(text("SELECT stream FROM mark_stream")))


def together(app: Flask, works: dict[str, Any]) -> dict[str, Any]:
    """All at once, behind a lock that is held until everybody waits."""
    answers: dict[str, Any] = {}

    def send(name: str, work: Any) -> None:
        with app.app_context():
            try:
                answers[name] = (grouped(work), name in stored())
            except Refusal as refusal:
                answers[name] = refusal.code

    threads = [threading.Thread(target=send, args=pair) for pair in works.items()]
    with database._sqlite_queue:
        for thread in threads:
            thread.start()
        while len(group_commit._waiting) < len(threads):
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    return answers


def test_many_pieces_share_a_commit_and_a_failing_one_fails_alone(app: Flask) -> None:
    commits: list[Any] = []

    def note(connection: Any) -> None:
        commits.append(connection)

    event.listen(db.engines["writer"], "commit", note)
    try:
        works = {f"s{n:02}": storing(f"s{n:02}", fails=n == 5) for n in range(20)}
        answers = together(app, works)
    finally:
        event.remove(db.engines["writer"], "commit", note)
    assert answers == {name: "code_wrong" if name == "s05" else (name, True) for name in works}
    assert (len(commits), stored()) == (1, [name for name in works if name != "s05"])
    assert [report.broken_at for report in verify()] == [None]
    assert db.session.scalar(text("SELECT count(*) FROM audit_entry WHERE subject_id LIKE 's%'")) == 19


def test_more_than_a_group_holds_is_committed_in_turns(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MOST_IN_A_GROUP", 3)
    works = {f"s{n:02}": storing(f"s{n:02}") for n in range(10)}
    assert together(app, works) == {name: (name, True) for name in works}
    assert group_commit._led == [False]


def test_a_commit_that_fails_is_nobodys_success(app: Flask) -> None:
    def broken(_connection: Any) -> None:
        raise Refusal("code_locked")

    event.listen(db.engines["writer"], "commit", broken)
    try:
        answers = together(app, {f"s{n}": storing(f"s{n}") for n in range(4)})
    finally:
        event.remove(db.engines["writer"], "commit", broken)
    assert (set(answers.values()), stored()) == ({"code_locked"}, [])
    with transaction() as writing:  # the lock is free again
        writing.execute(text(STREAM), {"name": "after"})
    assert stored() == ["after"]


def test_nobody_waits_for_ever(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_FOR_LOCK", 0.05)
    monkeypatch.setattr(group_commit, "WAIT_FOR_LOCK", 0.05)
    with database._sqlite_queue, pytest.raises(Busy):
        grouped(storing("never"))
    assert (stored(), list(group_commit._waiting), group_commit._led) == ([], [], [False])
    assert grouped(storing("later")) == "later"
