"""The chain from the marks to the certificates: whole when nobody touched it, broken in the right place when somebody did."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from certification.certificates.models.certificates import Certificate, CertificateNumber, CertificatePrint
from certification.certificates.queries import register
from certification.promotion.models import AwardCase
from certification.verification.walking import Break, walk
from foundation.db import session, transaction
from foundation.files.store import store
from tests.factories import certification as factory


def breaks() -> set[Break]:
    session().rollback()
    return set(walk().broken)


def test_every_link_is_counted_and_the_invented_publication_alone_is_missed(app: Flask) -> None:
    key = factory.make_issued(factory.make_issuer())
    case = session().get_one(AwardCase, register.certificate(key).award_case_id)
    found = walk()
    # The factory's list stands on a publication that was never made: exactly that is found.
    assert found.broken == (Break("publication_of_list", str(case.award_list_id)),)
    assert (found.checked["award_case"], found.checked["certificate"]) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "table", "values"),
    [
        ("certificate", Certificate, {"hash": "f" * 64}),
        ("certificate", Certificate, {"previous_hash": "f" * 64}),
        ("certificate", Certificate, {"grade": "L1"}),
        ("certificate", Certificate, {"printed_commitment": "f" * 64}),
        ("certificate", Certificate, {"hash": ""}),
        ("file", Certificate, {"file_sha256": "f" * 64}),
        ("state", Certificate, {"state": "withdrawn"}),
        ("number", CertificateNumber, {"state": "voided"}),
        ("print", CertificatePrint, {"values": '{"name": "别人"}'}),
        ("award_case", AwardCase, {"decision": {"grade": "L1"}}),
        ("award_case", AwardCase, {"hash": "f" * 64}),
        ("award_case", AwardCase, {"grade": "L1"}),
    ],
)
def test_one_changed_value_is_found(app: Flask, kind: str, table: Any, values: dict[str, Any]) -> None:
    factory.make_issued(factory.make_issuer())
    before = breaks()
    with transaction() as writing:
        writing.execute(update(table).values(**values))
    assert kind in {one.kind for one in breaks() - before}


def test_a_revoked_certificate_put_back_into_force_is_found(app: Flask) -> None:
    key = factory.make_issued(factory.make_issuer())
    factory.change(key, "revoke", "查实")
    before = breaks()
    with transaction() as writing:
        writing.execute(update(Certificate).values(state="issued", ended_on=None))
    assert breaks() - before == {Break("state", str(key))}


def test_a_stored_file_that_was_exchanged_is_found(app: Flask) -> None:
    key = factory.make_issued(factory.make_issuer())
    before = breaks()
    file_id = register.certificate(key).file_id
    assert file_id is not None
    store().put(file_id, b"%PDF-1.7 another")
    assert breaks() - before == {Break("file", str(key))}


def test_the_command_says_it_with_its_status(app: Flask) -> None:
    run = app.test_cli_runner()
    assert run.invoke(args=["verify", "chain"]).exit_code == 0
    factory.make_issued(factory.make_issuer())
    session().rollback()
    answer = run.invoke(args=["verify", "chain", "--json"])
    assert (answer.exit_code, json.loads(answer.output)["ok"]) == (1, False)
