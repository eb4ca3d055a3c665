"""Numbers of an own range: no serial without a row, none given twice, voided ones with their reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from flask import Flask

from certification.certificates.actions import issuing
from certification.certificates.actions.ranges import void_numbers
from certification.certificates.queries import ranges as queries
from certification.certificates.queries import register
from foundation.db import session
from foundation.permission import MACHINE
from foundation.refusal import Missing, Refusal
from tests.certification.certificates.test_actions import together
from tests.certification.publishing import forget_standard
from tests.factories import certification as factory


def test_voided_serials_are_skipped_and_keep_their_reason(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer(prefix="S000032000001")
    first = factory.make_approved(issuer, factory.make_holder("林一"))
    issuing.number_certificates([first], actor=MACHINE, at=at)
    assert void_numbers(issuer, "L2", 5, "此前已在纸质证书上使用", actor=MACHINE, at=at) == 4
    assert void_numbers(issuer, "L2", 5, "again", actor=MACHINE, at=at) == 0
    second = factory.make_approved(issuer, factory.make_holder("林二"))
    issuing.number_certificates([second], actor=MACHINE, at=at)
    assert [register.certificate(key).number for key in (first, second)] == [
        "S000032000001262000001", "S000032000001262000006",
    ]  # fmt: skip
    (one,) = queries.ranges(issuer)
    assert (one.year, one.digit, one.used, one.voided, one.last, one.without_row) == (2026, "2", 2, 4, 6, 0)
    rows = session().execute(queries.numbers(issuer, 2026, "2")).all()
    assert [(row.serial, row.state, row.reason, key) for row, key in rows] == [
        (1, "used", "", first), *[(n, "voided", "此前已在纸质证书上使用", None) for n in (2, 3, 4, 5)], (6, "used", "", second),
    ]  # fmt: skip
    assert len(session().execute(queries.numbers(issuer, 2026, "2", state="voided")).all()) == 4


def test_numbering_and_voiding_at_once_leave_no_gap(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer()
    works: list[Callable[[], object]] = []
    for n in range(5):
        key = factory.make_approved(issuer, factory.make_holder(f"选手{n}"))
        works.append(partial(issuing.number_certificates, [key], actor=MACHINE, at=at))
        works.append(partial(void_numbers, issuer, "L2", 3 * n + 3, "x", actor=MACHINE, at=at))
    left = iter(works)

    def one_of_them() -> object:
        return next(left)()

    together(app, one_of_them, times=10)
    session().rollback()
    (one,) = queries.ranges(issuer)
    assert (one.used, one.without_row, one.first) == (5, 0, 1)


def test_a_range_is_voided_with_a_reason_by_its_own_issuer_within_bounds(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer()
    for code, facts in (
        ("void_reason_missing", {"reason": " "}), ("void_too_many", {"up_to": 30_000}), ("void_year_wrong", {"year": 2020}),
        ("number_grade_unknown", {"grade": "apprentice"}), ("number_grade_letter_missing", {"grade": "special_technician"}),
    ):  # fmt: skip
        given = {"grade": "L2", "up_to": 3, "reason": "x"} | facts
        with pytest.raises(Refusal, match=code):
            void_numbers(issuer, actor=MACHINE, at=at, **given)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="issuer_numbers_returned"):
        void_numbers(factory.make_issuer(number_source="returned"), "L2", 3, "x", actor=MACHINE, at=at)
    with pytest.raises(Missing):
        void_numbers(factory.make_holder(), "L2", 3, "x", actor=MACHINE, at=at)
    assert queries.ranges(issuer) == []


def test_a_special_grade_is_numbered_with_the_issuers_letter(app: Flask, at: datetime) -> None:
    forget_standard()
    issuer = factory.make_issuer(prefix="Y000032000001", grades=("special_technician",), special_letter="T")
    key = factory.make_approved(issuer, grade="special_technician")
    issuing.number_certificates([key], actor=MACHINE, at=at)
    row = register.certificate(key)
    assert (row.number, register.printed_values(row)["grade_text"]) == ("Y00003200000126T000001", "特级技师")


def test_a_contest_committees_numbers_have_its_own_first_part(app: Flask, at: datetime) -> None:
    issuer = factory.make_issuer(prefix="JS2026HJ00001", number_form="competition")
    key = factory.make_approved(issuer)
    issuing.number_certificates([key], actor=MACHINE, at=at)
    assert register.certificate(key).number == "JS2026HJ00001262000001"
