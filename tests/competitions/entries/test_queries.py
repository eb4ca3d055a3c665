from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event as sql_event

from competitions.entries.actions import entering as actions
from competitions.entries.queries import entries as queries
from competitions.programme import queries as programme
from foundation.db import db, session
from foundation.permission import MACHINE, ScopeKind
from tests.factories.competitions import make_competition
from tests.factories.entries import member_facts, picture
from tests.factories.rows import make_event


@pytest.fixture
def place(app: Flask) -> tuple[UUID, UUID]:
    competition = make_competition()
    return competition, make_event(competition, code="HJ")


def enter(event: UUID, at: datetime, **facts: Any) -> UUID:
    return actions.enter(event, programme.event(event).divisions[0].id, [member_facts(**facts)], actor=MACHINE, at=at)


def names(competition: UUID, **asked: Any) -> list[str]:
    rows = session().scalars(queries.entries_of_competition(competition, **asked)).unique()
    return [row.members[0].person.name_zh for row in rows]


def test_search_by_name_pinyin_unit_and_number(place: tuple[UUID, UUID], at: datetime) -> None:
    competition, event = place
    enter(event, at, name_zh="张伟", unit_name="江州重工")
    enter(event, at, name_zh="李䶮", unit_name="技师学院")
    for search in ("张", "zhangwei", "zw", "重工", "1"):
        assert names(competition, search=search) == ["张伟"], search
    assert names(competition, search="%") == []


def test_filters_and_orders(place: tuple[UUID, UUID], at: datetime) -> None:
    competition, event = place
    other = make_event(competition, code="DG", position=2)
    first, _second = enter(event, at, name_zh="张伟"), enter(other, at, name_zh="安然")
    actions.review_entry(first, "accept", actor=MACHINE, at=at)
    assert names(competition, state="accepted") == ["张伟"]
    assert names(competition, event="DG") == ["安然"]
    assert names(competition, order="name") == ["安然", "张伟"]
    assert names(competition, order="name", descending=True) == ["张伟", "安然"]
    assert names(competition, attendance="present") == []


_HELD = {"held_grade": "L3", "held_occupation_name": "焊工"}


@pytest.mark.parametrize(
    "change",
    [{}, {"phone": ""}, {"address": ""}, {"education": ""}, {"ethnic_group": ""}, {"unit_name": ""}, {"years_in_trade": None},
     {"document_number": ""}, _HELD, _HELD | {"held_number": "S1"}],
)  # fmt: skip
def test_the_light_says_the_same_in_python_and_in_sql(
    place: tuple[UUID, UUID], at: datetime, change: dict[str, Any]
) -> None:
    competition, event = place
    made = enter(event, at, **change)
    for photo in (False, True):
        if photo:
            actions.keep_photo(made, 1, picture(), actor=MACHINE, at=at)
        gaps = queries.certificate_gaps(queries.entry(made).members[0])
        assert names(competition, light="missing") == (["林晓禾"] if gaps else [])
        assert names(competition, light="ready") == ([] if gaps else ["林晓禾"])
    assert bool(gaps) == (change not in ({}, _HELD | {"held_number": "S1"}))


def test_the_chain_of_scopes_ends_with_the_members_themselves(place: tuple[UUID, UUID], at: datetime) -> None:
    _competition, event = place
    made = enter(event, at)
    scopes = queries.entry_scopes(made)
    assert scopes is not None
    person = queries.entry(made).members[0].person_id
    assert [(scope.kind, scope.key) for scope in scopes[-2:]] == [
        (ScopeKind.EVENT, str(event)), (ScopeKind.SELF, str(person)),
    ]  # fmt: skip


def test_the_list_takes_as_many_queries_for_one_as_for_ten(place: tuple[UUID, UUID], at: datetime) -> None:
    competition, event = place
    statements: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    def count() -> int:
        db.session.rollback()
        statements.clear()
        for row in session().scalars(queries.entries_of_competition(competition)).unique():
            _seen = (
                [(member.person.name_zh, queries.certificate_gaps(member)) for member in row.members],
                row.division.name_zh,
            )
        return len(statements)

    sql_event.listen(db.engine, "before_cursor_execute", note)
    try:
        enter(event, at)
        one = count()
        for number in range(9):
            enter(event, at, name_zh=f"测试{'一二三四五六七八九'[number]}")
        assert count() == one
    finally:
        sql_event.remove(db.engine, "before_cursor_execute", note)
