"""The pages of designs: who reaches them, what is refused, and that nothing hostile reaches out."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from accounts.access.roles import Role
from certification.certificates.queries import designs as queries
from foundation.print.printer import print_html
from tests.certification.certificates.test_actions_designs import picture
from tests.factories import certification as factory


def filled(**more: Any) -> dict[str, Any]:
    return {
        "title": "获奖证书", "body": "在{competition}中荣获", "closing": "特发此证", "issuer": "江州省职业技能大赛组委会", "seal": "space",
        "colour_title": "#8c1c1c", **more,
    }  # fmt: skip


def test_change_preview_publish_compare(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    issuer = factory.make_issuer()
    officer = signed_in(Role.EVALUATION_OFFICER)
    base = f"/evaluation-organizations/{issuer}/designs"
    assert officer.get(f"{base}/prize").status_code == 200
    shown = officer.post(f"{base}/prize/preview.png", data=filled(logo=(io.BytesIO(picture()), "logo.png")))
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert Image.open(io.BytesIO(shown.data)).size[0] > 1000
    assert queries.draft(issuer, "prize") is None
    wrong = officer.post(f"{base}/prize/preview.png", data=filled(title="国家奖"))
    assert (wrong.status_code, "国家" in wrong.get_json()["problem"]) == (422, True)
    refused = officer.post(f"{base}/prize", data=filled(closing="在{somewhere}颁发"))
    text = refused.get_data(as_text=True)
    assert (refused.status_code, "没有叫“somewhere”的填充项" in text, "在{somewhere}颁发" in text) == (422, True, True)
    assert officer.post(f"{base}/prize", data=filled()).status_code == 302
    nameless = officer.post(f"{base}/prize/publish", data={})
    assert (nameless.status_code, "请填写名称" in nameless.get_data(as_text=True)) == (422, True)
    first = officer.post(f"{base}/prize/publish", data={"name": "初版"}).headers["Location"]
    officer.post(f"{base}/prize", data=filled(title="优胜证书"))
    second = officer.post(f"{base}/prize/publish", data={"name": "改标题"}).headers["Location"]
    page = officer.get(second).get_data(as_text=True)
    assert "<del>获奖证书</del>" in page
    assert "<ins>优胜证书</ins>" in page
    assert officer.get(f"{first}.png").mimetype == "image/png"
    listed = officer.get(base).get_data(as_text=True)
    assert "2 · 改标题" in listed
    assert "1 · 初版" in listed
    other = factory.make_issuer()
    assert officer.get(second.replace(str(issuer), str(other))).status_code == 404
    assert officer.get(f"{base}/award").status_code == 404


def test_a_draft_is_dropped(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    issuer = factory.make_issuer()
    officer = signed_in(Role.EVALUATION_OFFICER)
    base = f"/evaluation-organizations/{issuer}/designs/prize"
    officer.post(base, data=filled(title="优胜证书"))
    assert "优胜证书" in officer.get(base).get_data(as_text=True)
    officer.post(f"{base}/drop")
    assert "优胜证书" not in officer.get(base).get_data(as_text=True)


class Ear(BaseHTTPRequestHandler):
    """Notes whoever calls."""

    calls: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.calls.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x")

    do_POST = do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_arguments: Any) -> None:
        return


@pytest.fixture
def ear() -> Iterator[tuple[str, list[str]]]:
    """A loopback server that hears every call."""
    Ear.calls = []
    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", Ear.calls
    server.shutdown()
    thread.join()
    server.server_close()


def hostile(address: str, secret: Path) -> list[str]:
    """Texts that would reach out if anything took them for more than text."""
    return [
        f'<img src="{address}/img">', f'<link rel="stylesheet" href="{address}/css">', f'<iframe src="file://{secret}"></iframe>',
        f"<style>@import url({address}/import);</style>", f'<object data="{address}/object"></object>',
        f'<svg><image href="{address}/svg"/></svg>', f'<link rel="attachment" href="file://{secret}">',
        "{{ ''.__class__.__mro__[1].__subclasses__() }}"[:60], "{% include '/etc/passwd' %}", "<script>fetch('/')</script>",
    ]  # fmt: skip


def test_hostile_texts_stay_texts(
    app: Flask, signed_in: Callable[..., FlaskClient], ear: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, calls = ear
    secret = tmp_path / "s"
    secret.write_text("机密内容")
    issuer = factory.make_issuer()
    officer = signed_in(Role.EVALUATION_OFFICER)
    path = f"/evaluation-organizations/{issuer}/designs/prize/preview.png"
    for text in hostile(address, secret):
        answer = officer.post(path, data=filled(body=text, closing="", issuer=text[:60], title_en=text[:60]))
        assert answer.status_code in (200, 422), text
    for name, value in {"colour_title": f"red;background:url({address}/c)", "seal": "<b>"}.items():
        assert officer.post(path, data=filled(**{name: value})).status_code == 422, name
    assert calls == []


@pytest.mark.parametrize(
    "page",
    [
        '<img src="{address}/img"><img src="file://{secret}">',
        '<link rel="stylesheet" href="{address}/css"><style>@import "{address}/import"; @font-face {{ font-family: x; src: url({address}/font) }} body {{ font-family: x; background: url({address}/bg) }}</style>x',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="50" height="50"><image xlink:href="{address}/image" width="9" height="9"/><use href="{address}/use#a"/><style>@import url({address}/svgcss);</style></svg>',
        '<img src="data:image/svg+xml;base64,{svg}">',
        '<a rel="attachment" href="file://{secret}">x</a><link rel="attachment" href="{address}/attached"><object data="{address}/object"></object><embed src="file://{secret}"><iframe src="{address}/frame"></iframe>',
        '<img src="asset:../../../../../../../../etc/passwd"><img src="asset:/etc/passwd"><img src="asset:%2e%2e/%2e%2e/app.py">',
    ],
)
def test_a_hostile_page_reaches_nothing(page: str, ear: tuple[str, list[str]], tmp_path: Path) -> None:
    import base64

    address, calls = ear
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET-CONTENT")
    inner = (
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY f SYSTEM "file://{secret}"><!ENTITY a "aaaaaaaaaa">]>'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="50" height="50">'
        f'<image xlink:href="{address}/inner" width="9" height="9"/><text>&a;</text></svg>'
    )
    html = page.format(address=address, secret=secret, svg=base64.b64encode(inner.encode()).decode())
    printed = print_html(html)
    assert calls == []
    assert b"TOP-SECRET-CONTENT" not in printed.data
    assert b"/EmbeddedFile" not in printed.data
    assert b"root:" not in printed.data


@pytest.mark.parametrize(
    "upload",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:1/x'/></svg>",
        b"%PDF-1.7 not a picture",
        b"GIF89a" + b"\x00" * 200,
        b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x06\x00\x00\x00" + b"\x00" * 64,
        b"",
    ],
    ids=["svg", "pdf", "gif", "huge png", "empty"],
)
def test_a_hostile_picture_is_refused(app: Flask, signed_in: Callable[..., FlaskClient], upload: bytes) -> None:
    issuer = factory.make_issuer()
    officer = signed_in(Role.EVALUATION_OFFICER)
    answer = officer.post(
        f"/evaluation-organizations/{issuer}/designs/prize", data=filled(logo=(io.BytesIO(upload), "logo.png"))
    )
    assert answer.status_code == (302 if not upload else 422)
    assert queries.draft(issuer, "prize") is None or not queries.draft(issuer, "prize").logo_id  # type: ignore[union-attr]
