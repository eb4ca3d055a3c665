"""An officer changes a design with the picture beside, publishes it, issues prizes; a winner saves theirs on a phone; anybody scans it."""

from __future__ import annotations

import io
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import select

from accounts.access.roles import Role
from certification.certificates.models.certificates import Certificate
from foundation.db import session
from foundation.jobs.actions import run_job
from foundation.jobs.models import Job
from tests.certification.certificates.test_actions_awards import announced
from tests.factories import certification as factory
from tests.factories.accounts import make_account, make_grant, make_person
from tests.journeys.test_certificates import look, sign_in
from tests.journeys.test_set_up import PICTURES


@pytest.mark.browser
def test_prizes_from_the_design_to_the_winners_phone(app: Flask, server: str, chromium: Any) -> None:
    from datetime import timedelta

    from competitions.entries.models.entries import EntryMember

    PICTURES.mkdir(exist_ok=True)
    officer = make_person("方圆")
    make_account(officer, "fangyuan")
    make_grant(officer, Role.EVALUATION_OFFICER)
    issuer = factory.make_issuer(name="江州省第三届职业技能大赛组织委员会", route="organising_committee")
    ready, _publication = announced()
    winner = session().scalars(select(EntryMember.person_id).where(EntryMember.entry_id == ready.entries["王强"])).one()
    make_account(winner, "wangqiang")
    base = f"/evaluation-organizations/{issuer}"

    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page.set_default_timeout(120_000)  # every picture is printed; a busy machine takes its time
    sign_in(page, server, "fangyuan")
    page.goto(f"{server}{base}/designs/prize")
    before = page.locator("[data-preview-picture]").get_attribute("src")
    with page.expect_response(lambda answer: answer.url.endswith("/preview.png")) as answered:
        page.get_by_label("标题", exact=True).fill("优胜证书")
    assert answered.value.status == 200
    page.wait_for_function("before => document.querySelector('[data-preview-picture]').src !== before", arg=before)
    with page.expect_response(lambda answer: answer.url.endswith("/preview.png")):
        page.get_by_label("标题", exact=True).fill("国家证书")
    page.get_by_text("须经备案才能使用的字样").wait_for()
    page.get_by_label("标题", exact=True).fill("优胜证书")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_text("草稿已保存").wait_for()
    page.get_by_label("版本名称").fill("第三届大赛")
    page.get_by_role("button", name="发布", exact=True).click()
    page.get_by_text("已发布，新证书").wait_for()
    version = page.url.removeprefix(server).split("?")[0]
    look(page, server, {"designs": f"{base}/designs", "design": f"{base}/designs/prize", "design-version": version,
                        "keys": f"{base}/keys", "issuers-awards": "/certificates/issuers"}, (1440, 900))  # fmt: skip

    page.goto(f"{server}{base}/awards")
    page.get_by_role("link", name="颁发证书").click()
    page.get_by_text("4 人将获得证书").wait_for()
    chosen = page.url.removeprefix(server)
    look(page, server, {"awards": f"{base}/awards", "award": chosen}, (1440, 900))
    page.goto(f"{server}{chosen}")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="发证", exact=True).click()
    page.wait_for_url("**/jobs/**")
    job = session().scalars(select(Job.id).where(Job.kind == "certificates.issue_awards")).one()
    run_job(job, lease=timedelta(seconds=60))
    session().rollback()
    page.goto(f"{server}/certificates?kind=prize")
    page.get_by_text("一等奖").first.wait_for()
    look(page, server, {"register-prizes": "/certificates?kind=prize"}, (1440, 900))
    page.close()

    mine = session().scalars(select(Certificate).where(Certificate.person_id == winner)).one()
    phone = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    phone.set_default_timeout(120_000)
    sign_in(phone, server, "wangqiang")
    look(phone, server, {"prize-mine": "/my/certificates", "prize-own": f"/my/certificates/{mine.id}"}, (390, 844))
    phone.goto(f"{server}/my/certificates")
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="PDF").click()
    assert waiting.value.path().read_bytes()[:5] == b"%PDF-"
    phone.goto(f"{server}/my/certificates/{mine.id}/image")
    picture = phone.request.get(phone.locator("img.whole").evaluate("img => img.src")).body()
    (PICTURES / "prize-certificate.png").write_bytes(picture)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    phone.close()

    public = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    public.goto(code.text)
    public.get_by_text("有效：由本平台签发并登记").wait_for()
    said = public.locator("main").inner_text()
    assert "王强" in said
    assert "获奖证书" in said
    look(public, server, {"prize-verified": code.text.removeprefix(server)}, (390, 844))
    public.close()
