"""Signed files: pyHanko's own command agrees, a changed byte is found, keys are made by named people and kept apart."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from flask import Flask
from sqlalchemy import select

from accounts.people.models import Qualification
from certification.certificates import signing
from certification.certificates.actions import keys
from certification.certificates.checking import check_file
from certification.certificates.models.keys import CertificateSignature
from certification.certificates.queries import keys as queries
from certification.certificates.queries import register
from foundation.db import session
from foundation.encryption.private_keys import private_key
from foundation.files.queries import file_bytes
from foundation.permission import MACHINE, Actor
from foundation.print.signatures import signature_holds, signature_in
from foundation.refusal import Refusal
from tests.conftest import AT
from tests.factories import certification as factory
from tests.factories.accounts import make_person


def issuer_with_key() -> UUID:
    issuer = factory.make_issuer()
    keys.make_key(issuer, actor=Actor(make_person()), at=AT)
    return issuer


def pdf_of(certificate_id: UUID) -> bytes:
    row = register.certificate(certificate_id)
    assert row.file_id is not None
    return file_bytes(row.file_id)


def test_pyhankos_command_judges_an_issued_file_valid(app: Flask, tmp_path: Path) -> None:
    issuer = issuer_with_key()
    certificate_id = factory.make_issued(issuer)
    (tmp_path / "c.pdf").write_bytes(pdf_of(certificate_id))
    key = queries.key_in_force(issuer, "pdf", AT)
    assert key is not None
    (tmp_path / "c.pem").write_text(key.public_key)
    command = [
        sys.executable, "-m", "pyhanko", "sign", "validate", "--pretty-print", "--trust", "c.pem", "--trust-replace",
        "--no-revocation-check", "c.pdf",
    ]  # fmt: skip
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "The signature is judged VALID" in said.stdout, said.stdout + said.stderr
    assert "The signature covers the entire file" in said.stdout
    checked = subprocess.run(["qpdf", "--check", "c.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    note = session().get_one(CertificateSignature, certificate_id)
    assert (note.signing_key_id, note.signed_at) == (key.id, AT)


def test_of_a_thousand_altered_files_a_thousand_are_rejected(app: Flask) -> None:
    issuer = issuer_with_key()
    pdf = pdf_of(factory.make_issued(issuer))
    key = queries.key_in_force(issuer, "pdf", AT)
    assert key is not None
    own = x509.load_pem_x509_certificate(key.public_key.encode())
    found = signature_in(pdf)
    assert found is not None
    assert signature_holds(found, own)
    assert check_file(pdf).code == "genuine"
    rng, place, missed = random.Random(20261125), pdf.rfind(b"/Contents"), []
    for turn in range(1000):
        # Every second one in the signature itself, where a weak check looks away.
        at = rng.randrange(place, place + 4800) if turn % 2 else rng.randrange(len(pdf))
        altered = bytearray(pdf)
        altered[at] ^= 1 << rng.randrange(8)
        found = signature_in(bytes(altered))
        if found is not None and signature_holds(found, own):
            missed.append((at - place, pdf[at : at + 1], bytes(altered[at : at + 1])))
        if turn % 25 == 0:
            assert check_file(bytes(altered)).code != "genuine"
    assert missed == []
    for altered_whole in (pdf + b"\n", pdf[:-1], pdf + pdf[-1200:], b"%PDF-1.7\n" + pdf):
        found = signature_in(altered_whole)
        assert found is None or not signature_holds(found, own)
        assert check_file(altered_whole).code in ("altered", "foreign")


def test_what_a_file_turns_out_to_be(app: Flask) -> None:
    issuer = issuer_with_key()
    signed = pdf_of(factory.make_issued(issuer))
    sample = pdf_of(factory.make_issued(factory.make_issuer(switched_on=False), factory.make_holder("周一")))
    revoked, withdrawn = (factory.make_issued(issuer, factory.make_holder(name)) for name in ("周二", "周三"))
    factory.change(revoked, "revoke", "查实")
    factory.change(withdrawn, "withdraw", "本人申请")
    lost = signing.sign(issuer, sample, at=AT)
    assert lost is not None
    verdicts = [check_file(data).code for data in (signed, sample, pdf_of(revoked), pdf_of(withdrawn), lost.data, b"x")]
    assert verdicts == ["genuine", "sample", "revoked", "withdrawn", "unregistered", "foreign"]
    unsigned = factory.make_issued(factory.make_issuer(), factory.make_holder("周四"))
    assert check_file(pdf_of(unsigned)).facts["signed"] is False


def test_a_key_nobody_knows_here(app: Flask) -> None:
    issuer, other = issuer_with_key(), issuer_with_key()
    pdf = pdf_of(factory.make_issued(issuer))
    key = queries.key_in_force(other, "pdf", AT)
    assert key is not None
    found = signature_in(pdf)
    assert found is not None
    assert not signature_holds(found, x509.load_pem_x509_certificate(key.public_key.encode()))


def test_only_named_people_handle_keys_and_retired_ones_still_check(app: Flask) -> None:
    issuer, person = factory.make_issuer(), make_person()
    with pytest.raises(Refusal, match="signing_key_needs_person"):
        keys.make_key(issuer, actor=MACHINE, at=AT)
    key_id = keys.make_key(issuer, actor=Actor(person), at=AT)
    assert queries.key(key_id).made_by == person
    pdf = pdf_of(factory.make_issued(issuer))
    with pytest.raises(Refusal, match="signing_key_reason_missing"):
        keys.retire_key(key_id, " ", actor=Actor(person), at=AT)
    keys.retire_key(key_id, "换用 CA 证书", actor=Actor(person), at=AT)
    assert signing.signer_of(issuer, at=AT) is None
    assert check_file(pdf).code == "genuine"
    assert check_file(pdf[:900] + b"!" + pdf[901:]).code == "altered"


def test_a_key_certified_elsewhere_is_imported_and_signs(app: Flask) -> None:
    home, away = issuer_with_key(), factory.make_issuer()
    made = queries.key_in_force(home, "pdf", AT)
    assert made is not None
    private = serialization.load_der_private_key(private_key(made.fingerprint), None)
    box = pkcs12.serialize_key_and_certificates(
        b"k", private, x509.load_pem_x509_certificate(made.public_key.encode()), None,  # type: ignore[arg-type]
        serialization.BestAvailableEncryption(b"secret"),
    )  # fmt: skip
    actor = Actor(make_person())
    for data, passphrase in ((box, "wrong"), (b"no key", "")):
        with pytest.raises(Refusal, match="signing_file_wrong"):
            keys.import_key(away, data, passphrase, actor=actor, at=AT)
    with pytest.raises(Refusal, match="signing_key_expired"):
        keys.import_key(away, box, "secret", actor=actor, at=AT + timedelta(days=4000))
    imported = keys.import_key(away, box, "secret", actor=actor, at=AT)
    assert (queries.key(imported).origin, queries.key(imported).fingerprint) == ("imported", made.fingerprint)
    plain = factory.make_issued(factory.make_issuer(), factory.make_holder("郑某"))
    signed = signing.sign(away, pdf_of(plain), at=AT)
    assert signed is not None
    assert signed.signing_key_id == imported


def test_revoking_ends_the_grade_that_was_noted(app: Flask) -> None:
    person = factory.make_holder("吴某")
    key = factory.make_issued(factory.make_issuer(), person)
    factory.change(key, "revoke", "查实")
    held = session().scalars(select(Qualification).where(Qualification.person_id == person)).one()
    assert (held.state, held.held_until) == ("ended", register.certificate(key).issued_on)


def test_the_command_answers_with_its_status(app: Flask, tmp_path: Path) -> None:
    issuer = issuer_with_key()
    key = factory.make_issued(issuer)
    path = tmp_path / "c.pdf"
    path.write_bytes(pdf_of(key))
    run = app.test_cli_runner()
    assert run.invoke(args=["certificates", "verify", str(path)]).exit_code == 0
    assert run.invoke(args=["certificates", "export", "--out", str(tmp_path / "out")]).exit_code == 0
    number = register.certificate(key).number
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"index.csv", f"{number}.pdf", f"{number}.jwt"}
    assert (tmp_path / "out" / f"{number}.pdf").read_bytes() == path.read_bytes()
    factory.change(key, "withdraw", "本人申请")
    session().rollback()
    assert run.invoke(args=["certificates", "verify", str(path)]).exit_code == 1
    person = make_person()
    prefix = register.certificate(key).issuer.prefix
    made = run.invoke(args=["certificates", "make-key", prefix, "--by", str(person)])
    assert (made.exit_code, len(queries.keys_of(issuer))) == (0, 2)
