"""The service for electronic seals: off by default, asked on loopback, looked at before anything is kept."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote

import pikepdf
import pytest
from flask import Flask

from certification.certificates.actions import designs, issuing, keys
from certification.certificates.models.keys import CertificateSignature
from certification.certificates.queries import register
from certification.verification import queries as verification
from foundation.db import session
from foundation.files.queries import file_bytes
from foundation.permission import MACHINE
from foundation.print import seals
from foundation.refusal import Refusal
from tests.certification.certificates.test_actions_designs import named
from tests.factories import certification as factory


class Service(BaseHTTPRequestHandler):
    """Marks what it is sent, or misbehaves as it is told."""

    manner: ClassVar[str] = "seals"
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((unquote(self.headers["X-Seal-Owner"]), self.headers["Authorization"]))
        if self.manner == "moves":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        self.send_response(503 if self.manner == "fails" else 200)
        self.end_headers()
        self.wfile.write({"seals": _marked, "other": lambda _data: OTHER, "noise": lambda _data: b"<html>"}.get(
            self.manner, _marked)(data))  # fmt: skip

    def log_message(self, *_arguments: Any) -> None:
        return


def _marked(pdf: bytes) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.docinfo["/Sealed"] = "yes"
        opened.save(target)
    return target.getvalue()


def _other() -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(target)
    return target.getvalue()


OTHER = _other()


@pytest.fixture
def service() -> Iterator[type[Service]]:
    """A seal service on loopback."""
    Service.manner, Service.asked[:] = "seals", []
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    seals.install(seals.HttpSealService(f"http://127.0.0.1:{server.server_port}/seal", "word"))
    yield Service
    seals.install(None)
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_a_service_there_is_no_such_version(app: Flask, at: datetime) -> None:
    issuer, officer = factory.make_issuer(), named()
    settings = replace(designs.in_hand(issuer, "grade").settings, seal="service")
    designs.save_draft(issuer, "grade", designs.Given(settings), actor=officer, at=at)
    with pytest.raises(Refusal, match="seal_service_off"):
        designs.publish_version(issuer, "grade", "电子印章", pictures_allowed=False, actor=officer, at=at)


def test_the_sealed_file_is_kept_and_not_signed_again(app: Flask, at: datetime, service: type[Service]) -> None:
    issuer, officer = factory.make_issuer(), named()
    keys.make_key(issuer, actor=officer, at=at)
    settings = replace(designs.in_hand(issuer, "grade").settings, seal="service")
    designs.save_draft(issuer, "grade", designs.Given(settings), actor=officer, at=at)
    designs.publish_version(issuer, "grade", "电子印章", pictures_allowed=False, actor=officer, at=at)
    waiting = factory.make_reported(issuer)
    for manner, code in (("fails", "seal_service_failed"), ("moves", "seal_service_failed"), ("other", "seal_answer_wrong"),
                         ("noise", "seal_answer_wrong")):  # fmt: skip
        service.manner = manner
        with pytest.raises(Refusal, match=code):
            issuing.issue_certificate(waiting, public_url=factory.PUBLIC, actor=MACHINE, at=at)
        assert register.certificate(waiting).file_id is None, manner
    service.manner = "seals"
    service.asked.clear()
    issuing.issue_certificate(waiting, public_url=factory.PUBLIC, actor=MACHINE, at=at)
    row = register.certificate(waiting)
    assert row.file_id is not None
    assert row.token is not None
    data = file_bytes(row.file_id)
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert str(opened.docinfo["/Sealed"]) == "yes"
    assert b"/ByteRange" not in data
    assert session().get(CertificateSignature, waiting) is None
    assert service.asked == [("江州省职业技能评价中心", "Bearer word")]
    found = verification.by_token(row.token.revealed())
    assert found is not None
    assert found.seal == "service"
