"""A certificate's life as its people see it: downloaded on a phone, checked by its QR code, checked with a saved page and no
network, revoked by two officers, checked again; a link given away and withdrawn; a correction asked for by the holder."""

from __future__ import annotations

import contextvars
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from accounts.access.roles import Role
from certification.certificates.actions import keys
from certification.certificates.actions.life import ChangeFacts, ask_own_change
from certification.certificates.queries import register
from certification.rules.certificate_states import Act
from foundation.db import session
from foundation.files.queries import file_row
from foundation.permission import Actor
from tests.conftest import AT
from tests.factories import certification as factory
from tests.factories.accounts import make_account, make_grant, make_person
from tests.journeys.test_certificates import look, sign_in
from tests.journeys.test_set_up import PICTURES, serious


def offline_verdict(browser: Any, page_file: Path, file: Path, picture: str) -> str:
    """What the saved page says of a file, in a browser without any network."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", offline=True)
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert serious(page) == []
    page.locator("#file").set_input_files(file)
    page.locator("#answer[data-code]").wait_for()
    page.screenshot(path=PICTURES / f"offline-{picture}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert {address for address in asked if not address.startswith(("file:", "blob:", "data:"))} == set()
    said: str = page.locator("#answer").get_attribute("data-code")
    context.close()
    return said


def beside(work: Callable[[], UUID]) -> UUID:
    """Signing runs an event loop, and the browser's runs in this thread: do it in another one, in the same context."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(contextvars.copy_context().run, work).result()


@pytest.mark.browser
def test_issue_download_verify_revoke_verify(app: Flask, server: str, chromium: Any, tmp_path: Path) -> None:
    PICTURES.mkdir(exist_ok=True)
    first, second, holder = make_person("郑评价"), make_person("何核准"), factory.make_holder("林晓禾")
    for person, name, role in ((first, "zhengpj", Role.EVALUATION_OFFICER), (second, "hehz", Role.APPROVING_AUTHORITY)):
        make_account(person, name)
        make_grant(person, role)
    make_account(holder, "linxh")
    issuer = factory.make_issuer()
    keys.make_key(issuer, actor=Actor(first), at=AT)
    key = beside(lambda: factory.make_issued(issuer, holder, public_url=server))
    other = beside(lambda: factory.make_issued(issuer, factory.make_holder("欧阳修远"), public_url=server))
    session().rollback()
    number = register.certificate(key).number

    phone = chromium.new_page(viewport={"width": 360, "height": 740}, locale="zh-CN")
    sign_in(phone, server, "linxh")
    look(phone, server, {"own": f"/my/certificates/{key}", "own-change": f"/my/certificates/{key}/change"}, (360, 740))
    phone.goto(f"{server}/my/certificates/{key}?lang=zh")
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="PDF", exact=True).click()
    file = tmp_path / "certificate.pdf"
    waiting.value.save_as(file)
    phone.get_by_label("给谁看").fill("人事处")
    phone.get_by_role("button", name="生成链接").click()
    link = phone.get_by_label("链接", exact=True).input_value()
    phone.goto(f"{server}/my/certificates/{key}/image")
    picture = phone.request.get(phone.locator("img.whole").evaluate("img => img.src")).body()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))

    public = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    public.goto(code.text)
    public.get_by_text("有效：由本平台签发并登记").wait_for()
    public.get_by_text("校验链").click()
    public.screenshot(path=PICTURES / "verify-chain.png", full_page=True)
    assert serious(public) == []
    look(public, server, {"verify-page": "/verify", "shared": link.removeprefix(server)}, (390, 844))
    public.goto(f"{server}/verify?lang=zh")
    public.get_by_label("证书文件（PDF）或其凭证").set_input_files(file)
    public.get_by_role("button", name="查验文件").click()
    public.get_by_text("真实有效").wait_for()
    public.screenshot(path=PICTURES / "verify-file.png", full_page=True)
    with public.expect_download() as waiting:
        public.locator(f"a[href='/verify/offline/{issuer}.html']").click()
    saved = tmp_path / "check.html"
    waiting.value.save_as(saved)
    assert offline_verdict(chromium, saved, file, "genuine") == "genuine"
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 3] ^= 1
    (tmp_path / "altered.pdf").write_bytes(bytes(changed))
    assert offline_verdict(chromium, saved, tmp_path / "altered.pdf", "altered") == "altered"

    desk = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    desk.on("dialog", lambda dialog: dialog.accept())
    sign_in(desk, server, "zhengpj")
    desk.goto(f"{server}/certificates/{key}")
    desk.get_by_role("link", name="撤销、注销、更正换发、补发").click()
    desk.get_by_label("撤销：自始不应核发").check()
    desk.get_by_label("原因").fill("成绩复核后不符合核发条件")
    look(desk, server, {"life-form": f"/certificates/{key}/changes"}, (1440, 900))
    desk.goto(f"{server}/certificates/{key}/changes?lang=zh")
    desk.get_by_label("撤销：自始不应核发").check()
    assert not desk.get_by_label("正确姓名").is_visible()
    desk.get_by_label("原因").fill("成绩复核后不符合核发条件")
    desk.get_by_role("button", name="提交申请").click()
    desk.get_by_text("由他人决定").wait_for()
    assert desk.get_by_role("button", name="同意：撤销").count() == 0
    desk.close()

    authority = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    authority.on("dialog", lambda dialog: dialog.accept())
    sign_in(authority, server, "hehz")
    look(authority, server, {"changes": "/certificates/changes", "register": "/certificates",
                             "life-decide": f"/certificates/{key}/changes"}, (1440, 900))  # fmt: skip
    authority.goto(f"{server}/certificates/{key}/changes?lang=zh")
    authority.get_by_role("button", name="同意：撤销").click()
    authority.get_by_text("公众查验即时生效").wait_for()
    authority.close()

    public.goto(code.text)
    public.get_by_text("已撤销").first.wait_for()
    public.screenshot(path=PICTURES / "verify-revoked.png", full_page=True)
    public.goto(link)
    public.get_by_text("已撤销").first.wait_for()
    public.goto(f"{server}/verify?lang=zh")
    with public.expect_download() as waiting:
        public.locator(f"a[href='/verify/offline/{issuer}.html']").click()
    waiting.value.save_as(saved)
    public.close()
    assert offline_verdict(chromium, saved, file, "ended") == "ended"
    assert "状态" in saved.read_text(encoding="utf-8")

    phone.goto(f"{server}/my/certificates/{key}?lang=zh")
    phone.get_by_role("button", name="撤回链接").click()
    phone.get_by_text("链接已撤回").wait_for()
    phone.goto(link)
    phone.get_by_text("该链接无内容可显示").wait_for()
    phone.goto(f"{server}/messages")
    assert re.search(rf"证书 {number} 已撤销", phone.locator("main").inner_text())
    phone.close()

    row = register.certificate(other)
    assert row.file_id is not None
    assert file_row(row.file_id).media_type == "application/pdf"
    ask_own_change(other, Act.REISSUE, ChangeFacts("遗失"), actor=Actor(register.certificate(other).person_id), at=AT)
