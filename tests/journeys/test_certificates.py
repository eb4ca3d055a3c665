"""An officer numbers, reports and issues; the holder saves the certificate on a phone; anybody follows its QR code."""

from __future__ import annotations

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from accounts.access.roles import Role
from tests.factories import certification as factory
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.journeys.test_set_up import PICTURES, serious


def sign_in(page: Any, server: str, name: str) -> None:
    page.goto(f"{server}/sign-in")
    page.get_by_label("用户名或手机号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_load_state()


def look(page: Any, server: str, pages: dict[str, str], size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for language in ("zh", "en"):
        for name, address in pages.items():
            page.goto(f"{server}{address}?lang={language}")
            page.screenshot(path=PICTURES / f"certificate-{name}-{language}.png", full_page=True)
            assert serious(page) == [], (name, language)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, language)


@pytest.mark.browser
def test_a_certificate_from_approval_to_the_check(server: str, chromium: Any) -> None:
    PICTURES.mkdir(exist_ok=True)
    officer, holder = make_person("郑评价"), factory.make_holder("林晓禾")
    make_account(officer, "zhengpj")
    make_account(holder, "linxh")
    make_grant(officer, Role.EVALUATION_OFFICER)
    issuer = factory.make_issuer()
    factory.make_issued(issuer, factory.make_holder("欧阳修远"), public_url=server)
    factory.make_approved(issuer, factory.make_holder("赵无照", with_photo=False))
    key = factory.make_reported(issuer, holder)

    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    sign_in(page, server, "zhengpj")
    look(
        page,
        server,
        {"steps": "/certificates/steps", "register": "/certificates", "issuers": "/certificates/issuers"},
        (1440, 900),
    )
    page.goto(f"{server}/certificates/steps")
    page.get_by_role("button", name="发证").click()
    page.get_by_text("证书已签发").wait_for()
    look(page, server, {"one": f"/certificates/{key}"}, (1440, 900))
    page.close()

    phone = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    sign_in(phone, server, "linxh")
    look(phone, server, {"record": "/my/record", "mine": "/my/certificates", "image": f"/my/certificates/{key}/image",
                         "show": f"/my/certificates/{key}/show"}, (390, 844))  # fmt: skip
    phone.goto(f"{server}/my/certificates")
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="PDF").click()
    assert waiting.value.path().read_bytes()[:5] == b"%PDF-"
    phone.goto(f"{server}/my/certificates/{key}/image")
    picture = phone.request.get(phone.locator("img.whole").evaluate("img => img.src")).body()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert code.text.startswith(f"{server}/verify/")
    phone.close()

    public = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    public.goto(code.text)
    public.get_by_text("有效：由本平台签发并登记").wait_for()
    assert "林晓禾" in public.locator("main").inner_text()
    look(
        public,
        server,
        {"verified": code.text.removeprefix(server), "unknown": "/verify/none", "verify": "/verify"},
        (390, 844),
    )
    public.close()
