"""Credentials in signed files, status lists, roots: and what of it can be checked with nothing but a file at hand."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from flask import Flask

from certification.certificates import credentials, offline
from certification.certificates.actions import keys
from certification.certificates.checking import check_file
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries import credentials as queries
from certification.certificates.queries import register
from certification.filings.queries import issuer as issuer_of
from certification.rules import status_list
from foundation.db import session
from foundation.files.queries import file_bytes
from foundation.permission import Actor
from tests.conftest import AT
from tests.factories import certification as factory
from tests.factories.accounts import make_person


def issuer_with_keys() -> UUID:
    issuer = factory.make_issuer()
    keys.make_key(issuer, actor=Actor(make_person()), at=AT)
    return issuer


def pdf_of(key: UUID) -> bytes:
    session().rollback()
    row = register.certificate(key)
    assert row.file_id is not None
    return file_bytes(row.file_id)


def bundle_of(issuer: UUID) -> dict[str, Any]:
    session().rollback()
    made: dict[str, Any] = json.loads(json.dumps(offline.bundle(issuer_of(issuer), public_url=factory.PUBLIC, at=AT)))
    return made


def test_a_signed_file_carries_its_credential_and_stays_pdf_a3_shaped(app: Flask, at: datetime, tmp_path: Path) -> None:
    issuer = issuer_with_keys()
    key = factory.make_issued(issuer, factory.make_holder("龙𬭎"))
    path = tmp_path / "c.pdf"
    path.write_bytes(pdf_of(key))
    row = register.certificate(key)
    kept = queries.credential_of(key, 1)
    assert kept is not None
    token = kept.token.revealed()
    with pikepdf.open(path) as opened:
        (name,) = opened.attachments.keys()
        assert (name, opened.attachments[name].get_file().read_bytes()) == ("credential.jwt", token.encode())
        (carried,) = opened.Root.AF
        assert carried.AFRelationship == "/Data"
    checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert credentials.token_in(path.read_bytes()) == token
    known = {credentials.kid(one): credentials.jwk(one) for one in queries.credential_keys(issuer)}
    said = credentials.opened(token, known, credentials.CREDENTIAL)
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert offline.facts_of(said) == {
        "issuer": "江州省职业技能评价中心", "number": row.number, "name": "龙𬭎", "title": "焊工 二级/技师", "valid_from": "2026-11-22",
    }  # fmt: skip
    paper = register.printed_values(row)["document_number"]
    assert paper not in json.dumps(said, ensure_ascii=False)
    assert said["credentialSubject"]["achievement"]["achievementType"] == "Certification"


def test_the_status_list_knows_what_ended_and_what_was_replaced(app: Flask, at: datetime) -> None:
    issuer = issuer_with_keys()
    good, revoked, corrected = (
        factory.make_issued(issuer, factory.make_holder(name)) for name in ("周一", "周二", "周三")
    )
    factory.change(revoked, "revoke")
    factory.correct(corrected, name="周叁")
    slots = queries.slots([good, revoked, corrected])
    assert sorted(edition for _key, edition in slots) == [1, 1, 1, 2]
    expected = sorted([slots[revoked, 1].place, slots[corrected, 1].place])
    assert list(queries.ended_places(issuer, 0)) == expected
    made = bundle_of(issuer)
    known = {key["kid"]: key for key in made["keys"]}
    (listed,) = made["status"]
    said = credentials.opened(listed, known, credentials.STATUS)
    assert said["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    set_places = [
        slot.place
        for slot in slots.values()
        if status_list.is_set(said["credentialSubject"]["encodedList"], slot.place)
    ]
    assert sorted(set_places) == expected


def test_a_file_is_checked_without_the_register(app: Flask, at: datetime) -> None:
    issuer, other = issuer_with_keys(), issuer_with_keys()
    key, revoked = (factory.make_issued(issuer, factory.make_holder(name)) for name in ("周一", "周二"))
    file, gone = pdf_of(key), pdf_of(revoked)
    factory.change(revoked, "revoke")
    made, away = bundle_of(issuer), bundle_of(other)
    token = credentials.token_in(file)
    assert token is not None
    verdict = offline.check(file, [away, made])
    assert (verdict.code, verdict.passed) == ("genuine", ("signature", "credential", "status", "root"))
    assert verdict.facts["number"] == register.certificate(key).number
    assert offline.check(token.encode(), [made]).code == "genuine"
    assert offline.check(gone, [made]).code == "ended"
    assert offline.check(file, [away]).code == "key_unknown"
    assert offline.check(token.encode(), [away]).code == "key_unknown"
    assert offline.check(b"%PDF-1.7 nothing", [made]).code == "foreign"
    changed = bytearray(file)
    changed[len(file) // 3] ^= 1
    assert offline.check(bytes(changed), [made]).code == "altered"
    head, body, signature = token.split(".")
    assert offline.check(f"{head}.{body[:-2]}xx.{signature}".encode(), [made]).code == "altered"
    assert offline.check(file, [made | {"roots": []}]).code == "unlisted"
    assert offline.check(file, [made | {"status": []}]).code == "incomplete"
    root = made["roots"][0]
    forged = [{"token": root["token"], "leaves": [*root["leaves"], "00" * 32]}]
    assert offline.check(file, [made | {"roots": forged}]).code == "unlisted"


def test_a_credential_on_its_own_is_known_to_the_register(app: Flask, at: datetime) -> None:
    issuer = issuer_with_keys()
    key = factory.make_issued(issuer, factory.make_holder("林小禾"))
    first = credentials.token_in(pdf_of(key))
    assert first is not None
    assert check_file(first.encode()).code == "genuine"
    factory.correct(key, name="林晓禾")
    second = credentials.token_in(pdf_of(key))
    assert second is not None
    assert [check_file(one.encode()).code for one in (first, second)] == ["replaced", "genuine"]
    factory.change(key, "revoke")
    assert check_file(second.encode()).code == "revoked"
    head, body, signature = second.split(".")
    assert check_file(f"{head}.{body[:-2]}xx.{signature}".encode()).code == "altered"
    row = session().get_one(Certificate, key)
    own = queries.credential_keys(issuer)[0]
    lost = credentials.credential(
        row, {"name": "别人"}, credentials.Slot(0, 7), own, public_url=factory.PUBLIC, edition=9, at=AT
    )
    assert check_file(lost.token.encode()).code == "unregistered"
    assert check_file(b"eyJhbGciOiJub25lIn0.e30.").code in ("altered", "foreign")


def test_one_root_covers_what_was_issued_since_the_last(app: Flask, at: datetime) -> None:
    issuer = issuer_with_keys()
    one = factory.make_issued(issuer, factory.make_holder("周一"))
    session().rollback()
    first = queries.root_of_edition(one, 1)
    assert first is not None
    assert (first.number, first.leaves) == (1, [status_list.leaf(register.certificate(one).file_sha256)])
    factory.correct(one, name="周壹")
    second = queries.root_of_edition(one, 2)
    assert second is not None
    assert second.number == 2
    assert second.root == status_list.merkle_root(second.leaves)


def test_an_issuer_without_keys_issues_as_before(app: Flask, at: datetime) -> None:
    key = factory.make_issued(factory.make_issuer())
    assert (queries.credential_of(key, 1), credentials.token_in(pdf_of(key))) == (None, None)


def test_the_command_checks_offline_with_its_status(app: Flask, at: datetime, tmp_path: Path) -> None:
    issuer = issuer_with_keys()
    key = factory.make_issued(issuer, factory.make_holder("周一"))
    (tmp_path / "c.pdf").write_bytes(pdf_of(key))
    (tmp_path / "b.json").write_text(json.dumps(bundle_of(issuer)))
    (tmp_path / "x.json").write_text("[]")
    run = app.test_cli_runner()
    command = ["certificates", "verify", str(tmp_path / "c.pdf"), "--bundle"]
    assert run.invoke(args=[*command, str(tmp_path / "b.json")]).exit_code == 0
    assert run.invoke(args=[*command, str(tmp_path / "x.json")]).exit_code == 1
    factory.change(key, "withdraw")
    (tmp_path / "b.json").write_text(json.dumps(bundle_of(issuer)))
    assert run.invoke(args=[*command, str(tmp_path / "b.json")]).exit_code == 1


@pytest.mark.parametrize("url", ["https://laurel.example", "http://127.0.0.1:8000", "https://a.example/skills"])
def test_a_did_names_host_port_and_path(url: str) -> None:
    key = UUID(int=7)
    expected = {
        "https://laurel.example": f"did:web:laurel.example:issuers:{key}",
        "http://127.0.0.1:8000": f"did:web:127.0.0.1%3A8000:issuers:{key}",
        "https://a.example/skills": f"did:web:a.example:skills:issuers:{key}",
    }
    assert credentials.did(url, key) == expected[url]
