"""An organizer enters a person; the person claims the entry on a phone, completes it and holds the pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from accounts.access.roles import Role
from competitions.entries.actions import entering as actions
from competitions.entries.queries import entries as queries
from competitions.programme.actions import move_competition
from foundation.clock import now
from foundation.permission import MACHINE
from tests.factories.accounts import PASSWORD, make_account, make_grant, make_person
from tests.factories.competitions import make_competition
from tests.factories.entries import identity_number, member_facts, picture
from tests.factories.rows import make_event
from tests.journeys.test_set_up import serious

PICTURES = Path(__file__).resolve().parents[2] / "test-artifacts"


def look(page: Any, address: str, name: str, size: tuple[int, int]) -> None:
    """Screenshots and axe in both languages."""
    PICTURES.mkdir(exist_ok=True)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for language in ("zh", "en"):
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        page.screenshot(path=PICTURES / f"entries-{name}-{language}.png", full_page=True)
        assert serious(page) == [], (name, language)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, language)


@pytest.mark.browser
def test_from_the_form_to_the_pass(server: str, chromium: Any, tmp_path: Path) -> None:
    officer = make_person("周敏")
    make_account(officer, "zhoumin")
    make_grant(officer, Role.ORGANIZER)
    competition = make_competition(venue="江州会展中心")
    for move in ("announce", "open_registration"):
        move_competition(competition, move, actor=MACHINE, at=now())
    event = make_event(competition, code="HJ", divisions=("worker", "student"))
    number = identity_number()
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    page.goto(f"{server}/events/{event}/entries/new")
    page.get_by_label("用户名或手机号").fill("zhoumin")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.get_by_label("姓名（与证件一致）").fill("林晓禾")
    page.get_by_label("证件号码").fill(number[:-1] + ("1" if number[-1] != "1" else "2"))
    page.get_by_label("单位（学校）").fill("江州重工")
    page.get_by_role("button", name="提交报名").click()
    page.get_by_text("校验").first.wait_for()
    assert page.get_by_label("单位（学校）").input_value() == "江州重工"
    console.clear()  # the browser notes the answer 422
    page.get_by_label("证件号码").fill(number)
    page.get_by_role("button", name="提交报名").click()
    page.get_by_role("heading", name="参赛资格核查").wait_for()
    page.get_by_role("button", name="审核通过").click()
    page.get_by_text("审核结果已保存。").wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="生成认领码").click()
    code = page.locator(".claim-code").inner_text()
    page.screenshot(path=PICTURES / "entries-code.png", full_page=True)
    entry = queries.entries_of_event(event)[0]
    for name, facts in (
        ("张伟", {"unit_name": "江州重工"}),
        ("张伟", {"unit_name": "江州技师学院", "identity_class": "student"}),
        ("李䶮", {}),
    ):
        made = actions.enter(event, entry.division_id, [member_facts(name_zh=name, **facts)], actor=MACHINE, at=now())
        actions.keep_photo(made, 1, picture(), actor=MACHINE, at=now())
        actions.review_entry(made, "accept", actor=MACHINE, at=now())
    actions.enter(
        event,
        entry.division_id,
        [member_facts(name_zh="何小满", document_number="", titles=("全国技术能手",))],
        actor=MACHINE,
        at=now(),
    )
    actions.issue_passes(event, actor=MACHINE, at=now())
    for address, name in (
        (f"/competitions/{competition}/entries", "list"), (f"/events/{event}/entries", "event"),
        (f"/entries/{entry.id}", "entry"), (f"/entries/{queries.entries_of_event(event)[-1].id}", "entry-open"),
        (f"/events/{event}/entries/new", "form"), (f"/events/{event}/check-in", "check-in"),
        (f"/competitions/{competition}/check-in", "check-in-events"), (f"/competitions/{competition}/entries/group-text", "group"),
        (f"/competitions/{competition}", "board"),
    ):  # fmt: skip
        look(page, server + address, name, (1440, 900))
    look(page, f"{server}/entries/{entry.id}/check-in", "check-in-one", (820, 1180))
    assert console == []
    page.close()

    phone = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    look(phone, f"{server}/claim", "claim", (390, 844))
    phone.goto(f"{server}/claim")
    phone.get_by_label("认领码").fill(code)
    phone.get_by_label("姓名（与证件一致）").fill("林晓禾")
    phone.get_by_label("证件号码").fill(number)
    phone.get_by_label("手机号").fill("13800138000")
    phone.locator("#new_password").fill("guihuaxiang")
    phone.get_by_label("再输一次").or_(phone.get_by_label("确认密码")).or_(phone.locator("#again")).first.fill(
        "guihuaxiang"
    )
    phone.get_by_role("button", name="认领").click()
    phone.get_by_text("认领成功").wait_for()
    look(phone, f"{server}/my", "my", (390, 844))
    look(phone, f"{server}/my/entries/{entry.id}", "my-entry", (390, 844))
    phone.goto(f"{server}/my/entries/{entry.id}")
    photo = tmp_path / "me.jpg"
    photo.write_bytes(picture())
    phone.locator("#photo").set_input_files(str(photo))
    phone.get_by_role("button", name="上传照片").click()
    phone.get_by_text("照片已上传").wait_for()
    phone.get_by_label("民族").select_option("01")
    phone.get_by_label("文化程度").select_option("47")
    phone.get_by_label("通讯地址").fill("江州市学府路1号")
    phone.get_by_label("手机号").fill("13800138000")
    phone.get_by_label("从事本职业年限").fill("8")
    phone.get_by_role("button", name="保存信息").click()
    phone.get_by_text("办证信息齐全").first.wait_for()
    got = phone.request.get(f"{server}/my/entries/{entry.id}/pass.png")
    (PICTURES / "entries-pass.png").write_bytes(got.body())
    assert (
        zxingcpp.read_barcodes(Image.open(PICTURES / "entries-pass.png"))[0].text
        == f"{server}/entries/{entry.id}/check-in"
    )
    phone.screenshot(path=PICTURES / "entries-my-done.png", full_page=True)
    look(phone, f"{server}/register/{competition}", "register", (390, 844))
    phone.close()
