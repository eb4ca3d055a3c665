"""The hall's certificates, the page that installs the authority, the plain door and the red banner."""

from __future__ import annotations

import ssl
import threading
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from foundation import tls
from foundation.refusal import Refusal

AT = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_client_that_trusts_the_authority_alone_reaches_the_server(tmp_path: Path) -> None:
    papers = tls.Papers(tmp_path)
    assert tls.make(papers, ["hall.local"], ["127.0.0.1"], at=datetime.now(UTC))
    app = Flask("hall")
    app.add_url_rule("/", "hall", lambda: "hall")
    server = make_server("127.0.0.1", 0, app, ssl_context=(str(papers.server), str(papers.server_key)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        trusting = ssl.create_default_context(cafile=str(papers.authority))
        with urllib.request.urlopen(f"https://127.0.0.1:{server.server_port}/", context=trusting, timeout=10) as answer:
            assert answer.read() == b"hall"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_renewal_keeps_the_authority_and_says_until_when(tmp_path: Path) -> None:
    papers = tls.Papers(tmp_path)
    assert tls.make(papers, ["hall.local"], ["10.0.0.5"], at=AT)
    authority, first = papers.authority.read_bytes(), papers.server.read_bytes()
    assert not tls.make(papers, ["hall.local"], ["10.0.0.6"], at=AT + timedelta(days=300))
    assert papers.authority.read_bytes() == authority
    assert papers.server.read_bytes() != first
    found = tls.certificate_of(papers)
    assert found is not None
    assert (found.names, found.days_left(AT + timedelta(days=300))) == (("hall.local", "10.0.0.6"), 397)
    assert papers.authority_key.stat().st_mode & 0o777 == papers.server_key.stat().st_mode & 0o777 == 0o600


def test_the_authority_vouches_for_this_host_and_private_networks_alone(tmp_path: Path) -> None:
    papers = tls.Papers(tmp_path)
    tls.make(papers, ["hall.example.cn"], ["203.0.113.9"], at=AT)
    for names, addresses in ((["bank.com"], []), (["hall.local"], ["8.8.8.8"])):
        with pytest.raises(Refusal) as refused:
            tls.make(papers, names, addresses, at=AT)
        assert refused.value.code == "tls_outside_authority"
    constraint = x509.load_pem_x509_certificate(papers.authority.read_bytes()).extensions.get_extension_for_class(
        x509.NameConstraints
    )
    assert constraint.critical


def test_files_from_elsewhere_must_belong_together(tmp_path: Path) -> None:
    one, other = tls.Papers(tmp_path / "one"), tls.Papers(tmp_path / "other")
    for papers in (one, other):
        tls.make(papers, ["hall.local"], [], at=AT)
    taken = tls.Papers(tmp_path / "taken")
    with pytest.raises(Refusal) as refused:
        tls.take(taken, one.server, other.server_key, None)
    assert refused.value.code == "tls_files_wrong"
    tls.take(taken, one.server, one.server_key, one.authority)
    assert tls.authority_bytes(taken) == tls.authority_bytes(one)


def test_the_page_offers_the_authority_and_its_fingerprint(app: Flask, client: FlaskClient) -> None:
    papers = tls.Papers(app.config["DATA_FOLDER"])
    tls.make(papers, ["hall.local"], ["127.0.0.1"], at=AT)
    try:
        for platform, file in (("android", "crt"), ("ipados", "mobileconfig"), ("windows", "crt")):
            page = client.get(f"/authority?on={platform}").get_data(as_text=True)
            assert page.count('class="screen"') == 3
            assert f"/authority.{file}" in page
        given = client.get("/authority.crt")
        assert x509.load_der_x509_certificate(given.data).public_bytes is not None
        assert given.mimetype == "application/x-x509-ca-cert"
        assert b"com.apple.security.root" in client.get("/authority.mobileconfig").data
    finally:
        papers.authority.unlink()
    assert client.get("/authority.crt").status_code == 404


@pytest.mark.parametrize(("address", "warned"), [("http://192.168.1.5:8000", True), ("http://127.0.0.1:8000", False),
                                                 ("http://localhost:8000", False), ("https://192.168.1.5:8000", False)])  # fmt: skip
def test_a_plain_network_is_said_in_red(client: FlaskClient, address: str, warned: bool) -> None:
    assert ("plain-network" in client.get("/", base_url=address).get_data(as_text=True)) == warned
