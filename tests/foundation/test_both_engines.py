"""The foundation's promises, on both engines."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from accounts.people.models import IdentityDocument, Person
from foundation.audit import chain
from foundation.audit.models import AuditEntry
from foundation.db import Exact, ExactFraction, UtcDateTime, after_commit, db, session, transaction
from foundation.encryption import sealing
from foundation.encryption.personal import Personal
from foundation.permission import MACHINE
from tests.factories.accounts import make_person


def audited(count: int, at: datetime) -> None:
    for number in range(count):
        with transaction():
            chain.record(MACHINE, "test:done", "thing", str(number), at=at, number=number)


def test_a_transaction_is_all_or_nothing_and_only_the_outermost_commits(app: Flask, at: datetime) -> None:
    with pytest.raises(RuntimeError, match="stop"), transaction():
        make_person("张三")
        raise RuntimeError("stop")
    assert session().scalars(select(Person)).all() == []
    assert chain.verify() == []


def test_what_waits_for_commit_runs_after_it_and_not_without_it(app: Flask) -> None:
    seen: list[int] = []
    with transaction():
        make_person("张三")
        after_commit(lambda: seen.append(len(session().scalars(select(Person)).all())))
    assert seen == [1]
    with pytest.raises(RuntimeError, match="stop"), transaction():
        after_commit(lambda: seen.append(9))
        raise RuntimeError("stop")
    assert seen == [1]


def test_the_reading_session_cannot_write(app: Flask) -> None:
    with pytest.raises(DBAPIError):
        db.session.execute(text("INSERT INTO audit_head VALUES ('x', 1, 'y')"))
    db.session.rollback()


def test_column_types_keep_what_they_promise(app: Flask) -> None:
    dialect = db.engine.dialect
    moment = datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
    kind = UtcDateTime()
    assert kind.process_result_value(kind.process_bind_param(moment, dialect), dialect) == moment
    with pytest.raises(ValueError, match="naive"):
        kind.process_bind_param(datetime(2026, 1, 1), dialect)
    assert Exact(2).process_bind_param(Decimal("99.75"), dialect) == 9975
    assert Exact(2).process_result_value(9975, dialect) == Decimal("99.75")
    with pytest.raises(ValueError, match="decimals"):
        Exact(2).process_bind_param(Decimal("0.333"), dialect)
    assert ExactFraction().process_result_value("7/9", dialect) == Fraction(7, 9)


ATTACKS = (
    "UPDATE audit_entry SET verb = 'x' WHERE sequence = 2",
    "DELETE FROM audit_entry WHERE sequence = 2",
    "DELETE FROM audit_entry",
)
ATTACKS_BY_ENGINE = {
    "sqlite": (
        "REPLACE INTO audit_entry SELECT id, chain, sequence, at, actor_id, via, 'x', subject_type, subject_id, facts, "
        "hash_version, previous_hash, hash FROM audit_entry WHERE sequence = 2",
        "INSERT OR REPLACE INTO audit_entry SELECT lower(hex(randomblob(16))), chain, sequence, at, actor_id, via, 'x', "
        "subject_type, subject_id, facts, hash_version, previous_hash, hash FROM audit_entry WHERE sequence = 2",
        "UPDATE OR REPLACE audit_entry SET sequence = 1 WHERE sequence = 2",
    ),
    "postgresql": (
        "TRUNCATE audit_entry",
        "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 2 "
        "ON CONFLICT (chain, sequence) DO UPDATE SET verb = 'x'",
        "SET LOCAL session_replication_role = replica; DELETE FROM audit_entry",
    ),
}


def test_append_only_tables_withstand_attacks(app: Flask, at: datetime) -> None:
    audited(3, at)
    before = [(e.sequence, e.verb, e.hash) for e in session().scalars(select(AuditEntry).order_by(AuditEntry.sequence))]
    db.session.rollback()  # TRUNCATE waits for readers
    engine = db.engines["writer"]
    for attack in (*ATTACKS, *ATTACKS_BY_ENGINE[engine.dialect.name]):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")  # as a stranger's connection would have it
            for statement in attack.split("; "):
                connection.exec_driver_sql(statement)
    db.session.rollback()
    after = [(e.sequence, e.verb, e.hash) for e in session().scalars(select(AuditEntry).order_by(AuditEntry.sequence))]
    assert after == before


def test_the_audit_chain_holds_and_a_change_by_hand_is_found(app: Flask, at: datetime) -> None:
    audited(5, at)
    assert [(r.chain, r.entries, r.broken_at) for r in chain.verify()] == [("platform", 5, None)]
    db.session.rollback()
    engine = db.engines["writer"]
    with engine.begin() as connection:
        for trigger in ("audit_entry_no_update",) if engine.dialect.name == "sqlite" else ("audit_entry_no_change",):
            place = "" if engine.dialect.name == "sqlite" else " ON audit_entry"
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}{place}")
        connection.exec_driver_sql("UPDATE audit_entry SET verb = 'other:done' WHERE sequence = 3")
    db.session.rollback()
    assert [(r.chain, r.broken_at) for r in chain.verify()] == [("platform", 3)]


def test_a_chain_whose_end_was_cut_off_is_found_by_its_head(app: Flask, at: datetime) -> None:
    audited(3, at)
    with db.engines["writer"].begin() as connection:
        connection.exec_driver_sql("UPDATE audit_head SET sequence = 4")
    db.session.rollback()
    assert [(r.chain, r.broken_at) for r in chain.verify()] == [("platform", 4)]


def test_writers_at_the_same_time_make_one_unbroken_chain(app: Flask, at: datetime) -> None:
    def write() -> None:
        with app.app_context():
            audited(5, at)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(r.entries, r.broken_at) for r in chain.verify()] == [(30, None)]


def test_facts_come_back_as_they_were_written() -> None:
    facts = {"b": "一:2", "a": 1, "empty": ""}
    assert chain.facts_read(chain.facts_text(facts)) == {"a": "1", "b": "一:2", "empty": ""}


def test_personal_data_is_sealed_masked_and_bound_to_its_row(app: Flask) -> None:
    number = "11010519491231002X"
    with transaction() as writing:
        person = make_person()
        index = sealing.blind_index("identity:card", number)
        writing.add(
            IdentityDocument(
                person_id=person, kind="card", number=Personal(number), number_index=index, created_at=datetime.now(UTC)
            )
        )
    row = session().scalars(select(IdentityDocument)).one()
    assert (str(row.number), f"{row.number!r}", row.number.revealed()) == ("*" * 14 + "002X", "*" * 14 + "002X", number)
    stored = session().scalar(text("SELECT number FROM identity_document"))
    assert number not in stored
    assert sealing.opened_matching(stored, "identity_document.number", "identity:card", index) == number
    with pytest.raises(sealing.SealBroken):
        sealing.opened_matching(
            stored, "identity_document.number", "identity:card", sealing.blind_index("identity:card", "x")
        )
    with pytest.raises(sealing.SealBroken):
        sealing.open_text(stored, "person.phone")
