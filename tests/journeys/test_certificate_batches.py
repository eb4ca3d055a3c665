"""An officer makes a batch, sees who is stopped and why, starts it, takes the bundle; uploads and ranges on the way."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from accounts.access.roles import Role
from certification.certificates.actions.issuing import number_certificates
from certification.certificates.actions.ranges import void_numbers
from certification.certificates.actions.reports import make_report, note_receipt
from certification.certificates.queries import register
from foundation.clock import china_day, now
from foundation.db import session
from foundation.jobs.actions import run_job
from foundation.jobs.queries import unfinished_jobs
from foundation.permission import MACHINE
from tests.certification.certificates.test_actions_reports import receipt_of
from tests.factories import certification as factory
from tests.factories.accounts import make_account, make_grant, make_person
from tests.journeys.test_certificates import look, sign_in
from tests.journeys.test_set_up import PICTURES


def run_everything() -> None:
    session().rollback()
    for job in unfinished_jobs():
        run_job(job, lease=timedelta(seconds=300))


@pytest.mark.browser
def test_a_batch_from_choice_to_bundle(app: Flask, server: str, chromium: Any) -> None:
    PICTURES.mkdir(exist_ok=True)
    officer = make_person("郑评价")
    make_account(officer, "zhengpj")
    make_grant(officer, Role.EVALUATION_OFFICER)
    issuer = factory.make_issuer()
    for name, photo in (("林晓禾", True), ("欧阳修远", True), ("龙𬭎䶮", True), ("周无照", False)):
        factory.make_reported(issuer, factory.make_holder(name, with_photo=photo))
    void_numbers(issuer, "L2", 9, "此前已在纸质证书上使用", actor=MACHINE, at=now())
    sent = [factory.make_approved(issuer, factory.make_holder(name)) for name in ("钱一", "孙二")]
    number_certificates(sent, actor=MACHINE, at=now())
    (upload,) = make_report(sent, china_day(now()), actor=MACHINE, at=now())
    first, second = (register.certificate(key).number for key in sent)
    note_receipt(
        upload,
        "江人社回执〔2026〕9号",
        receipt_of([(first, "成功", ""), (second, "失败", "身份信息与库中不一致")]),
        actor=MACHINE,
        at=now(),
    )
    context = chromium.new_context(locale="zh-CN", accept_downloads=True)
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, server, "zhengpj")
    look(page, server, {"batches-waiting": "/certificates/batches"}, (1440, 900))
    page.goto(f"{server}/certificates/batches?lang=zh")
    page.get_by_role("button", name="建立批次并检查").click()
    page.wait_for_url("**/certificates/batches/*")
    address = page.url.removeprefix(server).partition("?")[0]
    look(page, server, {"batch-gates": address}, (1440, 900))
    page.goto(f"{server}{address}?lang=zh")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="制作 4 份证书").click()
    page.get_by_text("制作中").first.wait_for()
    look(page, server, {"batch-running": address}, (1440, 900))
    run_everything()
    look(page, server, {"batch-done": address, "batches": "/certificates/batches", "uploads": "/certificates/reports",
                        "upload": f"/certificates/reports/{upload}", "ranges": f"/certificates/ranges/{issuer}"}, (1440, 900))  # fmt: skip
    page.goto(f"{server}{address}?lang=zh")
    with page.expect_download() as loading:
        page.get_by_role("link", name="打包下载（ZIP）").click()
    with zipfile.ZipFile(io.BytesIO(loading.value.path().read_bytes())) as packed:
        assert packed.testzip() is None
        assert len(packed.namelist()) == 6
    look(page, server, {"batch-phone": address}, (390, 844))
    context.close()
