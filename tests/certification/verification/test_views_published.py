"""What is published for checking elsewhere: documents, lists, the page to keep; limits; unknown and mistyped alike on bytes."""

from __future__ import annotations

import re
import tempfile
from typing import Any

import flask_migrate
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from certification.certificates import credentials
from certification.certificates.queries import credentials as queries
from certification.certificates.queries import register
from foundation.clock import new_id
from tests.benchmarks.own_process import apart
from tests.certification.certificates.test_actions_credentials import issuer_with_keys, pdf_of
from tests.factories import certification as factory


def test_documents_lists_and_the_page_to_keep(app: Flask, client: FlaskClient) -> None:
    issuer = issuer_with_keys()
    key = factory.make_issued(issuer, factory.make_holder("周一"))
    url = app.config["PUBLIC_URL"]
    document: dict[str, Any] = client.get(f"/issuers/{issuer}/did.json").get_json(force=True)
    own = credentials.did(url, issuer)
    (method,) = document["verificationMethod"]
    assert (document["id"], method["controller"], document["assertionMethod"]) == (own, own, [method["id"]])
    known = {method["publicKeyJwk"]["kid"]: method["publicKeyJwk"]}
    kept = queries.credential_of(key, 1)
    assert kept is not None
    said = credentials.opened(kept.token.revealed(), known, credentials.CREDENTIAL)
    address = said["credentialStatus"]["statusListCredential"].removeprefix(factory.PUBLIC)
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/vc+jwt")
    assert credentials.opened(answer.text, known, credentials.STATUS)["id"].endswith(address)
    page = client.get(f"/verify/offline/{issuer}.html")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert not re.search(r'(src|href)="(?!data:)', page.text)  # nothing is fetched
    assert "周一" not in page.text
    assert client.get(f"/verify/offline/{issuer}.json").get_json(force=True)["issuer"]["did"] == own
    listed = client.get("/verify").text
    assert f"/verify/offline/{issuer}.html" in listed
    for missing in (f"/issuers/{new_id()}/did.json", f"/issuers/{factory.make_issuer()}/did.json",
                    f"/credentials/status/{issuer}/1", f"/verify/offline/{new_id()}.html"):  # fmt: skip
        assert client.get(missing).status_code == 404, missing


def test_a_dropped_credential_is_checked(app: Flask, client: FlaskClient) -> None:
    import io

    token = credentials.token_in(pdf_of(factory.make_issued(issuer_with_keys())))
    assert token is not None
    answer = client.post("/verify/file", data={"file": (io.BytesIO(token.encode()), "credential.jwt")})
    assert "真实有效" in answer.text


def test_unknown_mistyped_and_not_issued_answer_with_the_same_bytes(app: Flask, client: FlaskClient) -> None:
    """The whole answer, what was typed into the field apart: neither a word nor a header tells one from the other."""
    issuer = factory.make_issuer()
    waiting = register.certificate(factory.make_reported(issuer)).number
    issued = register.certificate(factory.make_issued(issuer, factory.make_holder("周一"))).number
    assert waiting is not None
    assert issued is not None
    mistyped = issued[:-1] + ("1" if issued[-1] != "1" else "2") + ""
    answers = set()
    for number in ("S999999999999262000999", mistyped[:-2] + "99", waiting, "x", "职业", "1" * 40):
        page = client.post("/verify", data={"number": number, "name": "周一"})
        headers = {name: value for name, value in page.headers if name not in ("Date", "Set-Cookie", "Content-Length")}
        body = page.get_data(as_text=True).replace(f'value="{number}"', "")
        body = re.sub(r'nonce-[\w-]+|csrf_token" value="[^"]*"', "", body)
        answers.add((page.status_code, tuple(sorted(headers.items())), body))
    assert len(answers) == 1


def guesses() -> dict[str, list[int]]:
    """What an application with its limits on answers to somebody who guesses; in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"LAUREL_DATA": folder, "DATABASE_URL": f"sqlite:///{folder}/laurel.db", "TESTING": "yes"})
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            flask_migrate.upgrade()
        client = app.test_client()
        return {
            "numbers": [client.post("/verify", data={"number": f"S{n:021d}"}).status_code for n in range(22)],
            "page": [client.get("/verify").status_code],
            "codes": [client.get(f"/verify/{n:032d}").status_code for n in range(62)],
            "links": [client.get(f"/shared/{n:032d}").status_code for n in range(62)],
            "files": [client.post("/verify/file", data={}).status_code for _ in range(21)],
        }


def test_guessing_is_stopped() -> None:
    assert apart(guesses) == {
        "numbers": [200] * 20 + [429] * 2, "page": [200], "codes": [200] * 60 + [429] * 2, "links": [200] * 60 + [429] * 2,
        "files": [422] * 20 + [429],
    }  # fmt: skip
